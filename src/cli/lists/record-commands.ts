// reveille notifications, messages and jobs: what a server keeps of them.
import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import { type RecordKind, recordKinds } from './kinds.ts';
import { type ListOptions, listRecords } from './list-records.ts';
import { type ShowOptions, showRecord } from './show-record.ts';

/** The `notifications` command. */
export const notificationsCommand = (io: Io): Command => recordCommand(io, recordKinds.notifications);
/** The `messages` command. */
export const messagesCommand = (io: Io): Command => recordCommand(io, recordKinds.messages);
/** The `jobs` command. */
export const jobsCommand = (io: Io): Command => recordCommand(io, recordKinds.jobs);

function recordCommand(io: Io, kind: RecordKind): Command {
  const { name, one } = kind;
  const tale = kind.timeline ? 'its timeline' : 'what the device said to each command';
  const list = ofServer(new Command('list'))
    .summary(`list ${name}, the newest first`)
    .description(
      `Prints a line for each ${one} of a server: when it was created, its state, its id, its device, how far it came, and why it failed.`,
    )
    .option(
      '--since <moment>',
      'created from then on: a moment such as 2026-12-01T06:00:00Z, or an age such as 30m, 12h, 7d',
    )
    .option('--until <moment>', 'created before then')
    .option('--state <states>', `in one of these states, with commas: ${kind.states.join(', ')}`)
    .option('--device <id>', 'of this device')
    .option(
      '--filter <filter>',
      'of devices that it means, such as \'labels.region = "north"\' (docs/filters.md)',
    )
    .option('--label <name=value>', 'of devices with this label')
    .option('--limit <number>', 'this many at most', '100')
    .option('--follow', 'the newest last, and then each one that is created, until it is stopped')
    .option('--json', 'one JSON object a line, as the REST API has it')
    .action(async (options: ListOptions) => listRecords(io, kind, options));
  const show = ofServer(new Command('show'))
    .summary(`show a ${one} with ${tale}`)
    .description(`Prints a ${one} of a server with ${tale}.`)
    .argument('<ID>', `id of the ${one}`)
    .option('--follow', 'and what happens until it is over')
    .option('--json', 'one JSON object; with --follow a second one when it is over')
    .action(async (id: string, options: ShowOptions) => showRecord(io, kind, id, options));
  return new Command(name)
    .summary(`list and show the ${name} of a server`)
    .description(`What a running server keeps of its ${name}.`)
    .addCommand(list)
    .addCommand(show)
    .addHelpText(
      'after',
      `
Examples:
  reveille ${name} list --since 12h --state failed
  reveille ${name} list --device IMEI:493005100592800 --json
  reveille ${name} show 019a… --follow`,
    );
}

function ofServer(command: Command): Command {
  return command
    .option('--server <url>', 'REST API of the server', 'http://127.0.0.1:8081')
    .option(
      '--token-file <file>',
      'file with the API token; the environment variable REVEILLE_API_TOKEN works too',
    );
}
