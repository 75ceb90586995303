// reveille seal: keys that secrets in the database are sealed under, and what lies open.
import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { openSecretsText, readSealKeys, type SealKey, sealKeyOctets } from '../../store/index.ts';
import { databaseName, openSqliteStore, type ResealProgress, resealStore } from '../../store/sqlite/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readSealKeyOption, sealKeyHelp } from '../io/seal-keys.ts';

interface SealOptions {
  readonly data: string;
  readonly sealKey?: string;
  readonly json?: boolean;
}

/** Records between two lines of progress. */
const toldEach = 10_000;

/** The `seal` command. */
export function sealCommand(io: Io): Command {
  const command = new Command('seal')
    .summary('seal the secrets in the database of a server')
    .description(
      'Secrets in the database of a server are sealed with AES-256-GCM where it has a key (reveille serve --seal-key). These ' +
        'commands make keys, and seal what was there before, also under another key. docs/sealing.md says what is sealed.',
    )
    .addHelpText(
      'after',
      `
Examples:
  (umask 077; reveille seal new-key > seal.key)
  reveille seal apply --data /var/lib/reveille --seal-key seal.key
  reveille serve --data /var/lib/reveille --seal-key seal.key`,
    );
  command
    .command('new-key')
    .summary('make a key')
    .description(
      `Prints a new key: ${sealKeyOctets} random octets in Base64. Keep it apart from copies of the database.`,
    )
    .option('--json', 'the key and its id as one JSON object')
    .action(({ json }: { readonly json?: boolean }) => {
      const key = newKey();
      const [made] = readSealKeys(key, 'the key');
      io.stdout(`${json === true ? JSON.stringify({ key, id: made?.id }) : key}\n`);
    });
  common(command.command('status'))
    .summary('say which keys a database needs, and which secrets lie open')
    .description(
      'Needs no key. The server has to be stopped; while it runs, its log says the same when it starts.',
    )
    .action(async (options: SealOptions) => status(io, options));
  common(command.command('apply'))
    .summary('seal every secret under the first key')
    .description(
      'Seals every secret in the database of a server that is stopped, also those that are sealed under another of the keys: ' +
        'that is how a key is replaced. The file is written anew, so that nothing of before is left in it; that takes as much ' +
        'room again. Killed, it goes on where it was when it is run again.',
    )
    .option('--seal-key <file>', sealKeyHelp)
    .action(async (options: SealOptions) => reseal(io, options, false));
  common(command.command('remove'))
    .summary('lay every secret open again')
    .description(
      'Opens every sealed secret in the database of a server that is stopped: it needs no key from then on.',
    )
    .option('--seal-key <file>', sealKeyHelp)
    .action(async (options: SealOptions) => reseal(io, options, true));
  return command;
}

function common(command: Command): Command {
  return command
    .requiredOption('--data <folder>', 'folder of the database of a server that is stopped')
    .option('--json', 'what was found or done, as JSON');
}

/** A key that `readSealKeys` takes: of random octets, it takes all but one in 10^11. */
function newKey(): string {
  for (;;) {
    const key = randomBytes(sealKeyOctets).toString('base64');
    try {
      readSealKeys(key, 'the key');
      return key;
    } catch {
      // It looks weak by chance.
    }
  }
}

async function databaseIn(folder: string): Promise<string> {
  const file = join(folder, databaseName);
  await access(file).catch((cause: unknown) => {
    throw new UsageError(`--data ${folder}: there is no ${databaseName} in it (${Object(cause).code})`);
  });
  return file;
}

async function status(io: Io, { data, json = false }: SealOptions): Promise<void> {
  const store = await openSqliteStore({ file: await databaseIn(data), sealKeys: 'unused' });
  try {
    const { needed, open } = await store.sealing();
    if (json) io.stdout(`${JSON.stringify({ needed, open })}\n`);
    else {
      io.stdout(`keys that are needed: ${needed.length === 0 ? 'none' : needed.join(', ')}\n`);
      io.stdout(`secrets that lie open: ${open.length === 0 ? 'none' : openSecretsText(open)}\n`);
    }
  } finally {
    await store.close();
  }
}

async function reseal(io: Io, options: SealOptions, layOpen: boolean): Promise<void> {
  const { data, json = false } = options;
  const keys = await readSealKeyOption(io, options.sealKey);
  const [first] = keys;
  if (first === undefined) throw new UsageError('name the file with the keys: --seal-key FILE');
  const { records, values } = await resealStore({
    file: await databaseIn(data),
    keys,
    layOpen,
    onProgress: (progress) => {
      const { done, of } = progress;
      if (done === of || done % toldEach === 0) io.stderr(`reveille: ${progressText(progress)}\n`);
    },
    signal: io.stop,
  });
  if (json) {
    io.stdout(`${JSON.stringify({ ...(!layOpen && { keyId: first.id }), records, values })}\n`);
    return;
  }
  io.stdout(`${records} records, ${values} secrets ${outcomeText(first, layOpen)}\n`);
}

function outcomeText({ id }: SealKey, layOpen: boolean): string {
  return layOpen
    ? 'laid open; no key is needed any more'
    : `sealed anew; all are sealed under the key ${id}, and no other is needed any more`;
}

function progressText({ table, done, of }: ResealProgress): string {
  return `${table}: ${done} of ${of} records`;
}
