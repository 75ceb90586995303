// reveille status: how a running server stands.
import { Command } from 'commander';
import { printable, sleep, systemClock } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';
import { carrierLine, durationText, queueText } from './carrier-line.ts';

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
        'taken in a second of late, how many wait for it and for how long, since when and why it is suspended, what went wrong last, and of a modem the network ' +
        'and the signal.',
    )
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
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
  const api = await openApi(io, options);
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
  const api = await openApi(io, options);
  const answer = await api.get('/readyz');
  io.stdout(options.json === true ? `${JSON.stringify(answer)}\n` : 'ready\n');
}

function textOf(status: JsonObject): string {
  const lines = [headLine(status), ...storeLines(status), ...pushLines(status.pushes), ...queueLines(status)];
  const { carriers } = status;
  for (const carrier of Array.isArray(carriers) ? carriers : []) lines.push(carrierLine(carrier, status.at));
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
  if (state === 'stopping') return ['STOPPING: what is under way comes to its end, and nothing new begins'];
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
