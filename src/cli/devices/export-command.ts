// reveille devices export: devices as an import takes them.
import { Command, Option } from 'commander';
import type { Io } from '../io/io.ts';
import { openApi } from '../remote/api-client.ts';
import {
  type DevicesOptions,
  queryOf,
  type SelectionOptions,
  withSelection,
  withServer,
} from './selection.ts';

interface ExportOptions extends DevicesOptions, SelectionOptions {
  readonly format: 'ndjson' | 'csv';
  readonly secrets?: boolean;
}

/** The `export` command. */
export function exportCommand(io: Io): Command {
  const command = new Command('export')
    .summary('print devices as import takes them')
    .description('Prints the devices of a server in order of id, without their credentials and keys.')
    .addOption(
      new Option('--format <format>', 'lines of JSON, or CSV').choices(['ndjson', 'csv']).default('ndjson'),
    )
    .option('--secrets', 'with credentials and keys; the token needs the scope secrets');
  return withServer(withSelection(command), 'the same as --format ndjson').action(
    async (options: ExportOptions) => {
      const api = await openApi(io, options);
      const format = options.json === true ? 'ndjson' : options.format;
      const query = { ...queryOf(options), format, ...(options.secrets === true && { secrets: true }) };
      const decoder = new TextDecoder();
      for await (const octets of api.octets('/v1/devices/export', query)) {
        if (io.write !== undefined) await io.write(octets);
        else io.stdout(decoder.decode(octets, { stream: true }));
      }
    },
  );
}
