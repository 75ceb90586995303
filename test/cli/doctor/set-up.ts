// A sound set-up on disk, which a test breaks at one place, and what the doctor says of it.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';
import { type Made, makeCertificate } from './openssl.ts';

/** What the doctor found. */
export interface Told {
  readonly check: string;
  readonly severity: string;
  readonly where: string;
  readonly what: string;
  readonly remedy?: string;
}

const root = mkdtempSync(join(tmpdir(), 'reveille-set-up-'));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

/** A new folder. */
export function newFolder(): string {
  count += 1;
  const folder = join(root, String(count));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Writes a file for its owner alone; gives its path. */
export function put(folder: string, name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(path, 0o600);
  return path;
}

let certificate: Made | undefined;

/** The certificate of sound set-ups, for dm.example.com and 127.0.0.1; made once. */
export function soundCertificate(): Made {
  certificate ??= makeCertificate(newFolder(), 'sound', { names: 'DNS:dm.example.com,IP:127.0.0.1' });
  return certificate;
}

/** A token that nobody guesses. */
export const soundToken = 'kD3xv9Qn0ZsT7mW1pYb5Lg';

/** Options of a set-up with which nothing is wrong. `data` is a folder with a database, which no server has open. */
export interface SetUp {
  readonly folder: string;
  readonly data: string;
  readonly options: Readonly<Record<string, string>>;
}

/** Makes one. */
export async function soundSetUp(): Promise<SetUp> {
  const folder = newFolder();
  const data = join(folder, 'data');
  const store = await openSqliteStore({ file: join(data, 'reveille.sqlite') });
  await store.close();
  const { certificate: chain, key } = soundCertificate();
  const options = {
    data,
    dm: '127.0.0.1:0',
    'server-id': 'com.example.dm',
    url: 'https://dm.example.com/dm',
    'tls-certificate': chain,
    'tls-key': key,
    api: '127.0.0.1:0',
    'token-file': put(folder, 'tokens', `${soundToken}\n`),
  };
  return { folder, data, options };
}

/** What is no fault of a set-up, but of the machine that tests run on. */
const ofTheMachine =
  statfsSync(tmpdir()).type === 0x01021994
    ? /in memory \(tmpfs\)|MiB are free|a write takes/
    : /MiB are free|a write takes/;

/** Findings of a set-up with other options: `undefined` takes one out. */
export async function findings(
  { options }: Pick<SetUp, 'options'>,
  other: Readonly<Record<string, string | undefined>> = {},
  {
    flags = [],
    env = {},
  }: { readonly flags?: readonly string[]; readonly env?: Record<string, string> } = {},
): Promise<readonly Told[]> {
  const given = Object.entries({ ...options, ...other }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  const { status, stdout, stderr, lines } = await runCli(['doctor', '--json', ...given, ...flags], { env });
  const found = lines.map((line) => (JSON.parse(line) as { finding: Told }).finding);
  if (stderr !== '') throw new Error(`status ${status}: ${stderr}\n${stdout}`);
  const wrong = found.some(({ severity }) => severity !== 'note');
  if (status !== (wrong ? 1 : 0)) throw new Error(`status ${status}\n${stdout}`);
  return found.filter(({ what }) => !ofTheMachine.test(what));
}

/** One line for each finding: severity, place without the folder and without line and column, and what. */
export function linesOf(found: readonly Told[], { folder }: Pick<SetUp, 'folder'>): readonly string[] {
  return found.map(({ severity, where, what }) =>
    `${severity} ${where.replace(/:\d+:\d+(?=$|:)/, '')}: ${what}`.replaceAll(folder, ''),
  );
}

/** A server that runs as a process of its own, on free ports; it is ended after the test. */
export async function startedServer(
  data: string,
  test: { after(end: () => Promise<void>): void },
): Promise<{ readonly pid: number; readonly dm: string; readonly api: string; readonly url: string }> {
  const args = ['serve', '--data', data, '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0', '--json'];
  const server = new CliProcess(args, { env: { REVEILLE_API_TOKEN: soundToken } });
  test.after(async () => void (await server.end('SIGKILL')));
  const [line] = await server.prints(/\{.*"dmUrl".*\}/);
  const { dmUrl, apiUrl } = JSON.parse(line) as { dmUrl: string; apiUrl: string };
  return { pid: server.pid, dm: new URL(dmUrl).host, api: new URL(apiUrl).host, url: apiUrl };
}
