// What a server would be started with, out of the options of `serve`; what cannot be is found, and the rest is looked at.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Command } from 'commander';
import { ConfigError } from '../../core/index.ts';
import { readSealKeys } from '../../store/index.ts';
import { type Finding, tellerOf } from '../doctor-base/finding.ts';
import { secretFileFinding } from '../doctor-base/secret-files.ts';
import type { Door, SetUp } from '../doctor-base/set-up.ts';
import { reasonOf, repeated } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readListen } from '../io/listen-address.ts';

/** The options. */
export interface SetUpOptions {
  readonly data: string;
  readonly sealKey?: string;
  readonly dm: string;
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly trustProxy?: string;
  readonly url?: string;
  readonly api: string;
  readonly apiHost?: readonly string[];
  readonly apiTlsCertificate?: string;
  readonly apiTlsKey?: string;
  readonly apiWithoutTls?: boolean;
  readonly metrics?: string;
  readonly tokenFile?: string;
}

/** Adds them, as `serve` has them. */
export function addSetUpOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'folder of the database', 'reveille-data')
    .option(
      '--seal-key <file>',
      'keys that secrets in the database are sealed under; the environment variable REVEILLE_SEAL_KEY works too',
    )
    .option('--dm <host:port>', 'where devices open their sessions', '127.0.0.1:8080')
    .option('--tls-certificate <file>', 'certificate chain (PEM) of the DM endpoint')
    .option('--tls-key <file>', 'its private key (PEM)')
    .option('--client-ca <file>', 'authorities of client certificates (PEM) at the DM endpoint')
    .option('--trust-proxy <addresses>', 'proxies in front of the DM endpoint')
    .option('--url <url>', 'the DM endpoint as devices know it')
    .option('--api <host:port>', 'where the REST API listens', '127.0.0.1:8081')
    .option('--api-host <host>', 'a further name of the REST API, HOST or HOST:PORT (repeatable)', repeated)
    .option('--api-tls-certificate <file>', 'certificate chain (PEM) of the REST API')
    .option('--api-tls-key <file>', 'its private key (PEM)')
    .option('--api-without-tls', 'the REST API listens for other machines although it speaks plain HTTP')
    .option('--metrics <host:port>', 'where metrics are shown without a token')
    .option(
      '--token-file <file>',
      'tokens of the REST API, one a line; --server is asked with the first. The environment variable REVEILLE_API_TOKEN works too',
    );
}

/** @throws {UsageError} for an address that is none */
export function readSetUp(io: Io, options: SetUpOptions, found: Finding[]): SetUp {
  const { metrics } = options;
  const doors = [dmDoor(options), apiDoor(options)];
  if (metrics !== undefined) {
    const text = /^[0-9]+$/.test(metrics) ? `127.0.0.1:${metrics}` : metrics;
    doors.push({ name: 'metrics', listen: readListen(text, '--metrics', 9464), knownAs: [] });
  }
  found.push(...pairs(options));
  const sealKeys = readKeys(io, options, found);
  return { data: options.data, doors, sealKeys, tokens: readTokens(io, options, found) };
}

function dmDoor({ dm, tlsCertificate, tlsKey, clientCa, trustProxy, url }: SetUpOptions): Door {
  return {
    name: 'DM endpoint',
    listen: readListen(dm, '--dm', 8080),
    certificate: tlsCertificate,
    key: tlsKey,
    clientCa,
    // Behind a proxy that does TLS the name is that of the proxy.
    knownAs:
      url === undefined || trustProxy !== undefined ? [] : [{ host: hostOfUrl(url), where: `--url ${url}` }],
    plain: trustProxy === undefined ? undefined : 'proxy',
  };
}

function apiDoor({ api, apiHost = [], apiTlsCertificate, apiTlsKey, apiWithoutTls }: SetUpOptions): Door {
  const listen = readListen(api, '--api', 8081);
  const names = apiHost.map((text) => ({ host: hostOf(text), where: `--api-host ${text}` }));
  const own = isIP(listen.host) === 0 ? [{ host: listen.host, where: `--api ${api}` }] : [];
  return {
    name: 'REST API',
    listen,
    certificate: apiTlsCertificate,
    key: apiTlsKey,
    knownAs: [...names, ...own],
    plain: apiWithoutTls === true ? 'on purpose' : undefined,
  };
}

/** @throws {UsageError} */
function hostOfUrl(url: string): string {
  if (!URL.canParse(url)) throw new UsageError(`--url ${url}: not a URL such as https://dm.example.com/dm`);
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** The host of HOST or HOST:PORT. */
function hostOf(text: string): string {
  return isIP(text) === 0 ? text.replace(/:[0-9]+$/, '').replace(/^\[|\]$/g, '') : text;
}

/** Options of which one alone does nothing. */
function pairs(options: SetUpOptions): readonly Finding[] {
  const tell = tellerOf('options');
  const both = [
    ['--tls-certificate', options.tlsCertificate, '--tls-key', options.tlsKey],
    ['--api-tls-certificate', options.apiTlsCertificate, '--api-tls-key', options.apiTlsKey],
  ] as const;
  const found = both.flatMap(([one, certificate, other, key]) => {
    if ((certificate === undefined) === (key === undefined)) return [];
    const [given, missing] = certificate === undefined ? [other, one] : [one, other];
    return [tell.error(given, `it does nothing without ${missing}`, `give ${missing} too`)];
  });
  const { clientCa, tlsCertificate, apiWithoutTls, apiTlsCertificate } = options;
  if (clientCa !== undefined && tlsCertificate === undefined) {
    found.push(
      tell.error(
        '--client-ca',
        'it does nothing without a certificate',
        'give --tls-certificate and --tls-key',
      ),
    );
  }
  if (apiWithoutTls === true && apiTlsCertificate !== undefined) {
    found.push(tell.error('--api-without-tls', 'it excludes --api-tls-certificate', 'leave one of them out'));
  }
  return found;
}

/** Ids of the keys of the file, or of the environment variable. The file stays as it is. */
function readKeys(io: Io, { sealKey }: SetUpOptions, found: Finding[]): SetUp['sealKeys'] {
  const text = io.env.REVEILLE_SEAL_KEY ?? '';
  if (sealKey === undefined && text === '') return { where: 'this set-up, for want of --seal-key,', ids: [] };
  const where = sealKey ?? 'REVEILLE_SEAL_KEY';
  try {
    if (sealKey !== undefined) found.push(...secretFileFinding(sealKey));
    const keys = readSealKeys(sealKey === undefined ? text : readFileSync(sealKey, 'utf8'), where);
    return { where, ids: keys.map(({ id }) => id) };
  } catch (error) {
    const what = error instanceof ConfigError ? error.message : `it cannot be read: ${reasonOf(error)}`;
    found.push(
      tellerOf('secrets').error(where, what, 'give a file with one key a line: reveille seal new-key'),
    );
    return undefined;
  }
}

/** Lines of the token file, or of the environment variable. */
function readTokens(io: Io, { tokenFile }: SetUpOptions, found: Finding[]): SetUp['tokens'] {
  const where = tokenFile ?? 'REVEILLE_API_TOKEN';
  let text = io.env.REVEILLE_API_TOKEN ?? '';
  if (tokenFile !== undefined) {
    try {
      text = readFileSync(tokenFile, 'utf8');
    } catch (error) {
      const what = `it cannot be read: ${reasonOf(error)}`;
      found.push(tellerOf('secrets').error(where, what, 'give a file with one token a line, with mode 0600'));
      return undefined;
    }
  }
  const list = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return list.length === 0 && tokenFile === undefined ? undefined : { where, file: tokenFile, list };
}
