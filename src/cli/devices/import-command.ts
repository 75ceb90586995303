// reveille devices import: devices of a file, taken in by a server.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { ConfigError } from '../../core/index.ts';
import { importModes } from '../../server/index.ts';
import { reasonOf } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import { type JsonObject, openApi } from '../remote/api-client.ts';
import { type DevicesOptions, withServer } from './selection.ts';
import { tellLines } from './told-lines.ts';

interface ImportOptions extends DevicesOptions {
  readonly mode: (typeof importModes)[number];
  readonly dryRun?: boolean;
  readonly format?: 'ndjson' | 'csv';
}

/** The `import` command. */
export function importCommand(io: Io): Command {
  const command = new Command('import')
    .summary('take in devices from a file, by the thousand')
    .description(
      'Sends devices to a server, one a line: JSON objects as POST /v1/devices takes them, or CSV (docs/server.md, "Devices by ' +
        'the thousand"). What is refused is told with its line, field and reason, and holds up no other. Done again, it comes to the same.',
    )
    .argument('<FILE>', '"-" reads standard input')
    .addOption(
      new Option('--mode <mode>', 'new devices, changes of those that are there, or either')
        .choices([...importModes])
        .default('create'),
    )
    .option('--dry-run', 'write nothing, and say what would come of it')
    .addOption(
      new Option(
        '--format <format>',
        'form of the file; default: csv where its name ends so, else ndjson',
      ).choices(['ndjson', 'csv']),
    )
    .addHelpText(
      'after',
      `
Exit status: 0 when every device was taken; 1 otherwise; 2 usage.

Examples:
  reveille devices import devices.ndjson
  reveille devices import devices.csv --mode upsert --dry-run
  generate | reveille devices import - --server https://dm.example.com:8081 --token-file token.txt`,
    );
  return withServer(command, 'print the answers as the server gives them, one a line').action(
    async (file: string, options: ImportOptions) => {
      const api = await openApi(io, options);
      const format = options.format ?? (/\.csv$/i.test(file) ? 'csv' : 'ndjson');
      const query = { mode: options.mode, ...(options.dryRun === true && { dryRun: true }) };
      const octets = file === '-' ? undefined : await sizeOf(file);
      const body = {
        octets: file === '-' ? io.stdin : octetsOf(file),
        type: format === 'csv' ? ('text/csv' as const) : ('application/x-ndjson' as const),
      };
      const lines = api.exchange('/v1/devices/import', body, { query });
      const isGuessed = options.format === undefined && format === 'ndjson';
      await tellLines(io, isGuessed ? hinting(io, lines) : lines, { json: options.json === true, octets });
    },
  );
}

/** Passes lines on; of a file whose first line is no JSON, which CSV under another name is, says how CSV is asked for. */
async function* hinting(
  io: Io,
  lines: AsyncGenerator<JsonObject, void, undefined>,
): AsyncGenerator<JsonObject, void, undefined> {
  for await (const line of lines) {
    if (line.line === 1 && line.code === 'BAD_FORMAT' && line.path === undefined) {
      io.stderr('reveille: the file is read as lines of JSON; if it is CSV, give --format csv\n');
    }
    yield line;
  }
}

/** @throws {ConfigError} when it cannot be read */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}

/** @throws {ConfigError} when it cannot be read */
async function* octetsOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
}
