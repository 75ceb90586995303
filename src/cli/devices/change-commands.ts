// reveille devices label, suspend, resume and delete: of devices that are named, or of a filter.
import { Command } from 'commander';
import type { DeviceChange } from '../../client/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { openApi } from '../remote/api-client.ts';
import {
  chosenBy,
  type DevicesOptions,
  type SelectionOptions,
  withSelection,
  withServer,
} from './selection.ts';
import { tellLines } from './told-lines.ts';

interface ChangeOptions extends DevicesOptions, SelectionOptions {
  readonly dryRun?: boolean;
}

const jsonHelp = 'print the answers as the server gives them, one a line';

/** The `label` command. */
export function labelCommand(io: Io): Command {
  return changing(
    new Command('label')
      .summary('set and remove labels')
      .description(
        'Sets labels of devices, and removes those that are written with "=" behind and nothing more.',
      )
      .argument('<LABEL...>', 'NAME=VALUE, or NAME= to remove it; devices that are named come behind "--id"')
      .option('--id <id...>', 'devices, by their ids'),
  ).action(async (given: readonly string[], options: ChangeOptions & { readonly id?: readonly string[] }) => {
    await change(io, options.id ?? [], options, { labels: labelsOf(given) });
  });
}

/** The `suspend` command. */
export function suspendCommand(io: Io): Command {
  return changing(
    new Command('suspend')
      .summary('have nothing sent to devices until they are resumed')
      .description('Suspends devices: what is asked for them is refused, and what was queued fails.')
      .argument('[ID...]', 'devices, by their ids'),
  ).action((ids: readonly string[], options: ChangeOptions) => change(io, ids, options, { suspended: true }));
}

/** The `resume` command. */
export function resumeCommand(io: Io): Command {
  return changing(
    new Command('resume')
      .summary('have suspended devices served again')
      .description('Resumes devices that were suspended.')
      .argument('[ID...]', 'devices, by their ids'),
  ).action((ids: readonly string[], options: ChangeOptions) =>
    change(io, ids, options, { suspended: false }),
  );
}

/** The `delete` command. */
export function deleteCommand(io: Io): Command {
  return changing(
    new Command('delete')
      .summary('remove devices and their history')
      .description(
        'Removes devices; those that have live notifications, jobs or messages stay, and are named.',
      )
      .argument('[ID...]', 'devices, by their ids'),
  ).action(async (ids: readonly string[], options: ChangeOptions) => {
    const api = await openApi(io, options);
    const body = { ...chosenBy(ids, options), ...dryRunOf(options) };
    await tellLines(io, api.told('/v1/devices/delete', body), { json: options.json === true });
  });
}

function changing(command: Command): Command {
  return withServer(
    withSelection(command).option('--dry-run', 'write nothing, and say what would come of it'),
    jsonHelp,
  );
}

async function change(
  io: Io,
  ids: readonly string[],
  options: ChangeOptions,
  fields: DeviceChange,
): Promise<void> {
  const api = await openApi(io, options);
  const body = { ...chosenBy(ids, options), change: fields, ...dryRunOf(options) };
  await tellLines(io, api.told('/v1/devices/change', body), { json: options.json === true });
}

function dryRunOf({ dryRun }: ChangeOptions): { readonly dryRun?: true } {
  return dryRun === true ? { dryRun } : {};
}

/** @throws {UsageError} */
function labelsOf(given: readonly string[]): Record<string, string | null> {
  const labels = given.map((each) => {
    const at = each.indexOf('=');
    if (at <= 0) throw new UsageError(`${each} is no label`, 'Write NAME=VALUE, or NAME= to remove it');
    const value = each.slice(at + 1);
    return [each.slice(0, at), value === '' ? null : value];
  });
  return Object.fromEntries(labels);
}
