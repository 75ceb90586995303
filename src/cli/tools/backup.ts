// reveille backup: a consistent copy of a store, of a server that runs or of one that is stopped.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { copyStore, databaseName, writeCopy } from '../../store/sqlite/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, openApi } from '../remote/api-client.ts';

interface BackupOptions extends ApiOptions {
  readonly data?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** The `backup` command. */
export function backupCommand(io: Io): Command {
  return new Command('backup')
    .summary('copy the store of a server into a file')
    .description(
      'Writes a consistent copy of a whole store into FILE, with mode 0600: it holds all secrets. The copy is checked before it ' +
        'gets its name. A server that runs goes on meanwhile; the copy takes room for as long beside its database. With --data the ' +
        'command reads the store of a server that is stopped.',
    )
    .argument('<FILE>', 'where to')
    .option('--server <url>', 'REST API of a Reveille server, such as http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with a token that has the scope admin; the environment variable REVEILLE_API_TOKEN works too',
    )
    .option('--data <folder>', 'folder of the database of a server that is stopped, in place of --server')
    .option('--force', 'replace FILE when it is there')
    .option('--json', 'what was written, as JSON')
    .addHelpText(
      'after',
      `
Examples:
  reveille backup monday.sqlite --server http://127.0.0.1:8081 --token-file admin
  reveille restore monday.sqlite --data /var/lib/reveille`,
    )
    .action(async (file: string, options: BackupOptions) => backup(io, file, options));
}

async function backup(io: Io, file: string, options: BackupOptions): Promise<void> {
  const { data, server, force: replace = false, json = false } = options;
  if (file === '-') {
    throw new UsageError(
      'a copy is checked before it gets its name, so it is written to a file and not to standard output: name one (./- if it is to be called so)',
    );
  }
  if ((data === undefined) === (server === undefined)) {
    throw new UsageError('give --server URL, or --data FOLDER of a server that is stopped');
  }
  const written =
    data === undefined
      ? await fromServer(io, file, options, replace)
      : await copyStore(await databaseIn(data), file, { replace });
  io.stdout(
    json
      ? `${JSON.stringify({ file, ...written })}\n`
      : `${file}: ${written.octets} octets, version ${written.version} of the database\n`,
  );
}

async function fromServer(io: Io, file: string, options: ApiOptions, replace: boolean) {
  const api = await openApi(io, options);
  return await writeCopy(file, api.octets('/v1/backup'), undefined, { replace });
}

async function databaseIn(folder: string): Promise<string> {
  const file = join(folder, databaseName);
  await access(file).catch((cause: unknown) => {
    throw new UsageError(`--data ${folder}: there is no ${databaseName} in it (${Object(cause).code})`);
  });
  return file;
}
