// reveille log-level: how much the log of a running server says, shown and changed.
import { Argument, Command } from 'commander';
import type { components } from '../../client/index.ts';
import { longestLogLevelSeconds, printable } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { logLevels } from '../io/logger.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';

interface LogLevelOptions extends ApiOptions {
  readonly for?: string;
  readonly reset?: true;
  readonly json?: boolean;
}

const path = '/v1/log-level';

type NewLogLevel = components['schemas']['NewLogLevel'];

/** The `log-level` command. */
export function logLevelCommand(io: Io): Command {
  return new Command('log-level')
    .summary('show or change how much the log of a running server says')
    .description(
      'Shows the level of the log of a running server. With a level, the log says that much from then on: for so many seconds, or ' +
        'until the server starts anew. What was asked for here counts before what is configured, also when that is read again. ' +
        'It takes a token with the scope admin.',
    )
    .addArgument(new Argument('[level]', 'what to change it to').choices(logLevels))
    .option('--for <seconds>', 'after so many seconds, up to 86400, what is configured counts again')
    .option('--reset', 'what is configured counts again, at once')
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--json', 'the answer as JSON')
    .addHelpText(
      'after',
      `
Examples:
  reveille log-level
  reveille log-level debug --for 600
  reveille log-level --reset`,
    )
    .action(async (level: string | undefined, options: LogLevelOptions) => {
      const state = await askFor(io, level, options);
      io.stdout(options.json === true ? `${JSON.stringify(state)}\n` : `${textOf(state)}\n`);
    });
}

async function askFor(io: Io, level: string | undefined, options: LogLevelOptions): Promise<JsonObject> {
  if (level === undefined && options.for !== undefined) throw new UsageError('--for belongs to a level');
  if (level !== undefined && options.reset === true) {
    throw new UsageError('--reset brings back what is configured: leave the level out');
  }
  const seconds =
    options.for === undefined ? undefined : readInteger(options.for, '--for', 1, longestLogLevelSeconds);
  const api = await openApi(io, options);
  if (options.reset === true) return await api.delete(path);
  if (level === undefined) return await api.get(path);
  return await api.put(path, {
    body: { level: level as NewLogLevel['level'], ...(seconds !== undefined && { seconds }) },
  });
}

/** `debug until …, then info`. */
function textOf({ level, configured, until }: JsonObject): string {
  const text =
    until !== undefined
      ? `${String(level)} until ${String(until)}, then ${String(configured)}`
      : level === configured
        ? String(level)
        : `${String(level)} until the server starts anew, configured is ${String(configured)}`;
  return printable(text);
}
