// reveille restore: a store put back from a copy.
import { Command } from 'commander';
import { restoreStore } from '../../store/sqlite/index.ts';
import type { Io } from '../io/io.ts';
import { readSealKeyOption, sealKeyHelp } from '../io/seal-keys.ts';

interface RestoreOptions {
  readonly data: string;
  readonly force?: boolean;
  readonly sealKey?: string;
  readonly json?: boolean;
}

/** The `restore` command. */
export function restoreCommand(io: Io): Command {
  return new Command('restore')
    .summary('put the store of a server back from a copy')
    .description(
      'Puts a copy that `reveille backup` made into a folder, for a server that is stopped. Nobody knows what went out after the ' +
        'copy was made: so pushes and jobs that were not over are held until `reveille pushes release`, campaigns are paused, webhooks ' +
        'suspended, and nonces of devices count as unknown. A command that is killed leaves the folder as it was.',
    )
    .argument('<FILE>', 'the copy')
    .requiredOption('--data <folder>', 'folder of the database; made when it does not exist')
    .option('--force', 'the folder may have a store, which is replaced, or other files, which stay')
    .option('--seal-key <file>', sealKeyHelp)
    .option('--json', 'what was put back, as JSON')
    .action(async (file: string, { data, force = false, sealKey, json = false }: RestoreOptions) => {
      const sealKeys = await readSealKeyOption(io, sealKey);
      const { octets, version, held } = await restoreStore({ file, folder: data, force, sealKeys });
      if (json) {
        io.stdout(`${JSON.stringify({ octets, version, held })}\n`);
        return;
      }
      const { campaigns = 0, webhooks = 0 } = held;
      const paused = campaigns > 0 ? `; paused: ${campaigns} campaigns` : '';
      const suspended = webhooks > 0 ? `; suspended: ${webhooks} webhooks` : '';
      io.stdout(
        `${data}: ${octets} octets put back; held: ${held.pushes} pushes, ${held.jobs} jobs${paused}${suspended}\n`,
      );
      const next = [
        ...(held.pushes + held.jobs > 0 ? ['reveille pushes release'] : []),
        ...(campaigns > 0 ? ['reveille campaign resume'] : []),
        ...(webhooks > 0 ? ['reveille webhook update --resume'] : []),
      ];
      if (next.length > 0) {
        io.stderr(`reveille: start the server, then let go what is to go out: ${next.join(', ')}\n`);
      }
    });
}
