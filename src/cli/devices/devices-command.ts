// reveille devices: the devices of a server, one or by the thousand.
import { Command } from 'commander';
import type { Io } from '../io/io.ts';
import { deleteCommand, labelCommand, resumeCommand, suspendCommand } from './change-commands.ts';
import { exportCommand } from './export-command.ts';
import { importCommand } from './import-command.ts';
import { countCommand, listCommand, showCommand } from './list-commands.ts';

/** The `devices` command. */
export function devicesCommand(io: Io): Command {
  const command = new Command('devices')
    .summary('take in, list, label, suspend and remove the devices of a server')
    .description(
      'Works on the devices of a running server over its REST API: one, several by their ids, or those of a filter ' +
        '(docs/filters.md).',
    )
    .addHelpText(
      'after',
      `
Examples:
  reveille devices import devices.csv --mode upsert
  reveille devices list --filter 'labels.region = "north" and lastSession within 30d'
  reveille devices suspend --filter 'labels.region = "north"'
  reveille devices export --format csv > devices.csv`,
    );
  for (const create of [
    importCommand,
    exportCommand,
    listCommand,
    countCommand,
    showCommand,
    labelCommand,
    suspendCommand,
    resumeCommand,
    deleteCommand,
  ]) {
    command.addCommand(create(io));
  }
  return command;
}
