// Requests about many devices: which of them are meant.
import { ValueError } from '../../core/index.ts';
import type { BulkSelection } from '../../server/index.ts';
import type { DeviceSelection } from '../../store/index.ts';
import type { Caller } from '../access/caller.ts';
import { devicesOf, readCreated } from '../request/list-query.ts';
import { mostIds } from './bulk-shapes.ts';

/** What a query names devices by. */
interface SelectedDevices {
  readonly filter?: string | undefined;
  readonly serverId?: string | undefined;
  readonly label?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The devices that a query means, of those that the caller may see. @throws {FilterError} {ValueError} */
export function selectionOf(query: SelectedDevices, { accounts }: Pick<Caller, 'accounts'>): DeviceSelection {
  const { serverId } = query;
  const filter = devicesOf(query, readCreated(query));
  return {
    ...(filter !== undefined && { filter }),
    ...(serverId !== undefined && { serverId }),
    ...(accounts !== 'all' && { accounts }),
  };
}

/** Ids that the audit log is told; of more it is told how many. */
const namedIds = 10;

/** Which devices are meant, in the words of whoever asked, for the audit log. */
export function selectionWords({ ids, filter, serverId, label, since, until }: GivenSelection): string {
  const more = (ids?.length ?? 0) - namedIds;
  const parts = [
    ...(ids === undefined
      ? []
      : [`ids ${ids.slice(0, namedIds).join(' ')}${more > 0 ? ` and ${more} more` : ''}`]),
    ...(serverId === undefined ? [] : [`account ${serverId}`]),
    ...(label === undefined ? [] : [`label ${label}`]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(filter === undefined ? [] : [`filter ${filter}`]),
  ];
  return parts.length === 0 ? 'all devices' : parts.join(', ');
}

/** What a request may name devices by. */
interface GivenSelection extends SelectedDevices {
  readonly ids?: readonly string[] | undefined;
}

/** Which devices are meant, and whether anything is written. */
export interface ManyRequest {
  readonly selection: BulkSelection;
  readonly dryRun: boolean;
  /** The selection in words. */
  readonly words: string;
}

/** Reads `{ ids }` or `{ filter?, serverId?, label?, since?, until? }`, and `dryRun`. @throws {ValueError} for the first thing wrong */
export function readMany(body: unknown, caller: Caller): ManyRequest {
  const { change: _, ...read } = readSelection(body, [], caller);
  return read;
}

/** The same with `change`, the body of a change of one. @throws {ValueError} for the first thing wrong */
export function readChangeMany(body: unknown, caller: Caller): ManyRequest & { readonly change: object } {
  const { change, ...read } = readSelection(body, ['change'], caller);
  if (typeof change !== 'object' || change === null || Array.isArray(change)) {
    throw new ValueError('WRONG_TYPE', 'must be an object of fields', 'change');
  }
  return { ...read, change };
}

/** What a body may choose devices by, in place of naming them. */
const choices = [
  'filter',
  'serverId',
  'label',
  'since',
  'until',
] as const satisfies readonly (keyof SelectedDevices)[];

function readSelection(body: unknown, others: readonly string[], caller: Caller) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ValueError('WRONG_TYPE', 'must be a JSON object');
  }
  const { ids, dryRun = false, ...rest } = body as Readonly<Record<string, unknown>>;
  const known: readonly string[] = [...choices, ...others];
  const unknown = Object.keys(rest).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const fields = ['ids', ...choices, 'dryRun', ...others].join(', ');
    throw new ValueError('UNKNOWN_FIELD', `not a field here; the fields are ${fields}`, unknown.slice(0, 64));
  }
  if (typeof dryRun !== 'boolean') throw new ValueError('WRONG_TYPE', 'must be true or false', 'dryRun');
  const given: { -readonly [Name in keyof SelectedDevices]: SelectedDevices[Name] } = {};
  for (const name of choices) {
    const value = rest[name];
    if (value === undefined) continue;
    if (typeof value !== 'string') throw new ValueError('WRONG_TYPE', 'must be a string', name);
    given[name] = value;
  }
  const { change } = rest;
  const chosen = Object.keys(given).length > 0;
  if (ids === undefined) {
    if (!chosen) {
      // All devices are nobody's wish by mistake.
      throw new ValueError('MISSING', `must be given, or one or more of ${choices.join(', ')}`, 'ids');
    }
    const selection: BulkSelection = selectionOf(given, caller);
    return { selection, dryRun, change, words: selectionWords(given) };
  }
  if (chosen) throw new ValueError('OUT_OF_RANGE', `stands alone: leave out ${choices.join(', ')}`, 'ids');
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
    throw new ValueError('WRONG_TYPE', 'must be an array of strings', 'ids');
  }
  if (ids.length === 0 || ids.length > mostIds) {
    throw new ValueError('OUT_OF_RANGE', `must have 1 to ${mostIds} entries`, 'ids');
  }
  const selection: BulkSelection = { ids };
  return { selection, dryRun, change, words: selectionWords({ ids }) };
}
