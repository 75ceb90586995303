// reveille run: commands on a device, through a server that wakes it.

import { Command } from 'commander';
import type { NewJob } from '../../client/index.ts';
import { printable, ReveilleError } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { AlreadyReported, type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi, tellWarnings } from '../remote/api-client.ts';
import { followJob } from '../remote/follow-job.ts';
import {
  argumentCommands,
  type CommandOptions,
  commandsOfArguments,
  jobOfFile,
} from '../remote/job-arguments.ts';
import { statusLines, terminalValue, valueLines } from '../remote/job-lines.ts';

interface RunOptions extends ApiOptions, CommandOptions {
  readonly job?: string;
  readonly wake: boolean;
  readonly timeout: string;
  readonly continue?: boolean;
  readonly json?: boolean;
}

/** How long the server gets to hear that a job is not wanted any more, in milliseconds. */
const farewellMs = 5000;

/** The `run` command. */
export function runCommand(io: Io): Command {
  return new Command('run')
    .summary('have a device of a server carry out commands, and print the answer')
    .description(
      'Has a server wake one of its devices, carry out commands in the session that follows, and prints what the device ' +
        'said: values on standard output, statuses on standard error. Commands are arguments or a file (--job).',
    )
    .argument('<DEVICE>', 'id of the device')
    .argument('[COMMAND]', argumentCommands.join(', '))
    .argument('[ARGUMENT...]')
    .option('--job <file>', 'commands as JSON in place of COMMAND; "-" reads standard input')
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--no-wake', 'do not wake the device: wait for a session that it begins')
    .option('--timeout <seconds>', 'the job ends at the latest after this time', '120')
    .option('--continue', 'go on after a command that failed')
    .option('--format <format>', 'format of the value: chr, int, bool, bin, xml, …')
    .option('--type <type>', 'type of the value, such as text/plain')
    .option('--file <file>', 'take the value from a file; octets unless --format says otherwise')
    .option('--correlator <text>', 'with exec: wait for the report of that name when the device answers 202')
    .option('--json', 'print the whole job as one line of JSON')
    .addHelpText(
      'after',
      `
Exit status: 0 when every command succeeded; 1 otherwise; 2 usage. A value that begins with "-" goes after "--".

Examples:
  reveille run IMEI:493005100592800 get ./DevDetail/FwV
  reveille run IMEI:493005100592800 replace ./FwUpdate/Main/Download/PkgURL https://dm.example.com/2.0.pkg
  reveille run IMEI:493005100592800 exec ./FwUpdate/Main/DownloadAndUpdate --correlator u1 --timeout 900
  reveille run IMEI:493005100592800 --job update.json --json`,
    )
    .action(async (device: string, command: string | undefined, values: string[], options: RunOptions) =>
      runJob(io, device, command, values, options),
    );
}

async function runJob(
  io: Io,
  device: string,
  command: string | undefined,
  values: readonly string[],
  options: RunOptions,
): Promise<void> {
  const timeoutSeconds = readInteger(options.timeout, '--timeout', 1, 30 * 86_400);
  const asked = await askedFor(io, command, values, options);
  const api = await openApi(io, options);
  const farewell = await openApi({ ...io, stop: new AbortController().signal }, options);
  const body = {
    ...(options.continue === true && { onFailure: 'continue' }),
    ...asked,
    device,
    timeoutSeconds,
    wake: options.wake,
  };
  // What a file says is for the server to judge.
  const created = await api.post('/v1/jobs', { body: body as unknown as NewJob });
  tellWarnings(io, created);
  const { id } = created;
  const end = await followJob(io, api, id, timeoutSeconds * 1000);
  if (end.how === 'over') return report(io, end.job, options.json === true);
  await Promise.race([
    farewell.post('/v1/jobs/{id}/cancel', { params: { path: { id } } }).catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, farewellMs).unref()),
  ]);
  const why = end.how === 'stopped' ? 'stopped' : `the device could not be woken: ${printable(end.reason)}`;
  throw new ReveilleError('NOT_DONE', `${why}; the job was cancelled`);
}

async function askedFor(
  io: Io,
  command: string | undefined,
  values: readonly string[],
  options: RunOptions,
): Promise<JsonObject> {
  if (options.job === undefined) {
    if (command === undefined) throw new UsageError('there is no command', 'Give COMMAND, or --job FILE.');
    return { commands: await commandsOfArguments(command, values, options) };
  }
  if (command !== undefined) throw new UsageError(`--job and ${command} exclude each other`);
  for (const option of ['file', 'format', 'type', 'correlator'] as const) {
    if (options[option] !== undefined) throw new UsageError(`--${option} does not go with --job`);
  }
  return jobOfFile(io, options.job);
}

function report(io: Io, job: JsonObject, json: boolean): void {
  if (json) io.stdout(`${JSON.stringify(job)}\n`);
  else {
    // A pipe gets what the device said; a terminal must not be steered by it.
    const terminal = io.columns !== undefined;
    for (const line of valueLines(job)) io.stdout(`${terminal ? terminalValue(line) : line}\n`);
    for (const line of statusLines(job)) io.stderr(`${line}\n`);
  }
  if (job.state === 'completed') return;
  const what = job.state === 'cancelled' ? 'was cancelled' : 'failed';
  io.stderr(`reveille: the job ${what}: ${printable(String(job.reason ?? 'no reason given'))}
`);
  throw new AlreadyReported();
}
