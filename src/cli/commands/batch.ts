// reveille batch: many notifications, jobs or messages through a server, one a line.
import { createReadStream } from 'node:fs';
import { Command, Option } from 'commander';
import type { LineAnswer } from '../../client/index.ts';
import { ConfigError, printable } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';
import { AlreadyReported, type Io } from '../io/io.ts';
import { type ApiOptions, openApi, refusalText, tellWarnings } from '../remote/api-client.ts';

interface BatchOptions extends ApiOptions {
  readonly of: 'notifications' | 'jobs' | 'messages';
  readonly json?: boolean;
}

/** The `batch` command. */
export function batchCommand(io: Io): Command {
  return new Command('batch')
    .summary('have a server take in many notifications, jobs or messages, one a line')
    .description(
      'Sends lines of JSON to a server, each the body of a request of its own (docs/server.md), and says which of them it ' +
        'refused. Lines are sent and answered as they come, however many there are.',
    )
    .argument('<FILE>', 'one JSON object a line; "-" reads standard input')
    .addOption(
      new Option('--of <what>', 'what the lines are')
        .choices(['notifications', 'jobs', 'messages'])
        .default('notifications'),
    )
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--json', 'print the answers as the server gives them, one a line')
    .addHelpText(
      'after',
      `
Exit status: 0 when every line was taken; 1 otherwise; 2 usage. Lines with an "idempotencyKey" can be sent again.

Examples:
  reveille batch campaign.ndjson
  reveille batch --of jobs --json jobs.ndjson > answers.ndjson
  generate | reveille batch - --server https://dm.example.com:8081 --token-file token.txt`,
    )
    .action(async (file: string, options: BatchOptions) => sendBatch(io, file, options));
}

async function sendBatch(io: Io, file: string, options: BatchOptions): Promise<void> {
  const api = await openApi(io, options);
  const counts = { taken: 0, before: 0, refused: 0 };
  let last = 0;
  const sum = (): string =>
    `${counts.taken} taken (${counts.before} of them before), ${counts.refused} refused`;
  try {
    const body = { octets: file === '-' ? io.stdin : octetsOf(file) };
    for await (const answer of api.exchange(`/v1/${options.of}/batch`, body)) {
      last = answer.line;
      if (answer.status === 202) {
        counts.taken += 1;
        if (answer.created === false) counts.before += 1;
      } else counts.refused += 1;
      tell(io, answer, options.json === true);
    }
  } catch (error) {
    if (last > 0) io.stderr(`reveille: it broke off behind the answer to line ${last}: ${sum()}\n`);
    throw error;
  }
  const write = options.json === true ? io.stderr : io.stdout;
  write(`${sum()}\n`);
  if (counts.refused > 0) throw new AlreadyReported();
}

function tell(io: Io, answer: LineAnswer, json: boolean): void {
  if (json) {
    io.stdout(`${JSON.stringify(answer)}\n`);
    return;
  }
  if (answer.status === 202) {
    tellWarnings(io, answer);
    if (answer.pinForUser !== undefined) {
      io.stdout(
        `line ${String(answer.line)}: tell the user the PIN ${printable(String(answer.pinForUser))}\n`,
      );
    }
    return;
  }
  io.stderr(`reveille: line ${String(answer.line)}: ${printable(refusalText(answer))}\n`);
}

/** @throws {ConfigError} when it cannot be read */
async function* octetsOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}
