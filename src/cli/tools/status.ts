// reveille status: how a running server stands.
import { Command } from 'commander';
import { printable, sleep, systemClock } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, type JsonObject, ServerApi } from '../remote/api-client.ts';

interface StatusOptions extends ApiOptions {
  readonly json?: boolean;
  readonly ready?: true;
  readonly watch?: boolean | string;
}

/** The `status` command. */
export function statusCommand(io: Io): Command {
  return new Command('status')
    .summary('show how a running server and its carriers stand')
    .description(
      'Prints the version of a server and since when it runs, whether its store takes writes, how many pushes of each ' +
        'purpose are in which state, and a line for each carrier: its state, since when, how many pushes it takes now and has ' +
        'taken in a second of late, how many wait for it and for how long, what went wrong last, and of a modem the network ' +
        'and the signal.',
    )
    .requiredOption('--server <url>', 'REST API of a Reveille server, such as http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option(
      '--ready',
      'only whether it can do its work, without a token: exit status 0 when it can, 1 when not',
    )
    .option('--watch [seconds]', 'again and again, until it is stopped; every 2 seconds unless told')
    .option('--json', 'the answer of the server as one line of JSON')
    .action(async (options: StatusOptions) => showStatus(io, options));
}

async function showStatus(io: Io, options: StatusOptions): Promise<void> {
  const { watch = false, json = false } = options;
  if (options.ready === true) return await showReady(io, options);
  const pauseMs = readInteger(watch === false || watch === true ? '2' : watch, '--watch', 1, 86_400) * 1000;
  const api = await ServerApi.open(io, options);
  const clock = systemClock();
  const terminal = io.columns !== undefined && watch !== false && !json;
  for (;;) {
    const status = await api.get('/v1/status');
    const text = json ? `${JSON.stringify(status)}\n` : textOf(status);
    // On a terminal the new one takes the place of the old one.
    io.stdout(terminal ? `\u001b[H\u001b[2J${text}` : text);
    if (watch === false) return;
    await sleep(clock, pauseMs, io.stop);
    if (io.stop.aborted) return;
    if (!terminal && !json) io.stdout('\n');
  }
}

/** For health checks of containers and proxies. @throws {ReveilleError} with why it cannot do its work */
async function showReady(io: Io, options: StatusOptions): Promise<void> {
  if (options.watch !== undefined) throw new UsageError('--ready and --watch exclude each other');
  const api = await ServerApi.open(io, options);
  const answer = await api.get('/readyz');
  io.stdout(options.json === true ? `${JSON.stringify(answer)}\n` : 'ready\n');
}

function textOf(status: JsonObject): string {
  const lines = [headLine(status), ...storeLines(status), ...pushLines(status.pushes), ...queueLines(status)];
  const { carriers } = status;
  for (const carrier of Array.isArray(carriers) ? carriers : []) lines.push(lineOf(carrier, status.at));
  return `${lines.join('\n')}\n`;
}

function headLine({ version, node, uptimeSeconds, sessions }: JsonObject): string {
  const parts = [
    `Reveille ${String(version)}`,
    node === undefined ? '' : `node ${String(node)}`,
    uptimeSeconds === undefined ? '' : `up ${durationText(Number(uptimeSeconds))}`,
    sessions === undefined ? '' : `${String(sessions)} sessions`,
  ];
  return printable(parts.filter((part) => part !== '').join(', '));
}

function storeLines({ store }: JsonObject): readonly string[] {
  const { state = 'ok', detail } = Object(store);
  if (state === 'ok') return [];
  return [printable(`STORE ${String(state)}${detail === undefined ? '' : `: ${String(detail)}`}`)];
}

function queueLines({ unplaced, held, at }: JsonObject): readonly string[] {
  const text = queueText(unplaced, at);
  const { pushes = 0, jobs = 0 } = Object(held);
  return [
    ...(Number(pushes) + Number(jobs) === 0
      ? []
      : [
          printable(
            `HELD after a restore: ${String(pushes)} pushes, ${String(jobs)} jobs (reveille pushes release)`,
          ),
        ]),
    ...(text === '' ? [] : [printable(`no carrier yet: ${text}`)]),
  ];
}

/** `3 waiting for 12 s`, or nothing where none waits. */
function queueText(queue: unknown, at: unknown): string {
  const { due = 0, more, oldestDueAt } = Object(queue);
  if (Number(due) === 0) return '';
  const seconds = Math.round((Date.parse(String(at)) - Date.parse(String(oldestDueAt))) / 1000);
  const age = seconds > 0 ? ` for ${durationText(seconds)}` : '';
  return `${String(due)}${more === true ? '+' : ''} waiting${age}`;
}

/** The largest two units of so many seconds: `2 d 3 h`. */
function durationText(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return '0 s';
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, length] of units.slice(first, first + 2)) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** A line for each purpose, such as `notification: 3 queued, 10000+ completed`. */
function pushLines(pushes: unknown): readonly string[] {
  const byPurpose = new Map<string, string[]>();
  for (const push of Array.isArray(pushes) ? pushes : []) {
    const { purpose, state, count, more } = Object(push);
    const counts = byPurpose.get(String(purpose)) ?? [];
    counts.push(`${String(count)}${more === true ? '+' : ''} ${String(state)}`);
    byPurpose.set(String(purpose), counts);
  }
  return [...byPurpose].map(([purpose, counts]) => printable(`${purpose}: ${counts.join(', ')}`));
}

/** Of a PIN, what is as it should be. */
const harmless: ReadonlySet<string> = new Set(['not needed', 'given']);

function lineOf(carrier: JsonObject, at: unknown): string {
  const { name, state, since, free, rate, inFlight, queue, lastError, lastRefusal, modem } = carrier;
  const { registration, signalDbm, pin } = Object(modem);
  const parts = [
    `${String(name).padEnd(20)} ${String(state).padEnd(8)}`,
    since === undefined ? '' : `since ${String(since)}`,
    free === undefined ? '' : `takes ${String(free)}`,
    Number(rate ?? 0) === 0 ? '' : `took ${String(rate)}/s`,
    Number(inFlight ?? 0) === 0 ? '' : `${String(inFlight)} on their way`,
    queueText(queue, at),
    registration === undefined ? '' : `network ${String(registration)}`,
    signalDbm === undefined ? '' : `signal ${String(signalDbm)} dBm`,
    pin === undefined || harmless.has(String(pin)) ? '' : `PIN ${String(pin)}`,
    lastError === undefined ? '' : `last error: ${String(lastError)}`,
    lastError !== undefined || lastRefusal === undefined
      ? ''
      : `refused last: ${String(Object(lastRefusal).why)}`,
  ];
  return printable(parts.filter((part) => part !== '').join(' '));
}
