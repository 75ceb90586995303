// reveille devices list, count and show.
import { Command, InvalidArgumentError } from 'commander';
import { printable } from '../../core/index.ts';
import type { Io } from '../io/io.ts';
import { type JsonObject, openApi } from '../remote/api-client.ts';
import {
  type DevicesOptions,
  queryOf,
  type SelectionOptions,
  withSelection,
  withServer,
} from './selection.ts';

/** Devices of one request. */
const pageSize = 500;

interface ListOptions extends DevicesOptions, SelectionOptions {
  readonly limit?: number;
}

/** The `list` command. */
export function listCommand(io: Io): Command {
  const command = new Command('list')
    .summary('list devices, one a line')
    .description('Prints id, account, format, addresses, labels and last session of devices, in order of id.')
    .option('--limit <count>', 'at most so many; default: all', countOf);
  return withServer(withSelection(command), 'print each device as JSON, one a line').action(
    async (options: ListOptions) => {
      const api = await openApi(io, options);
      let left = options.limit ?? Number.POSITIVE_INFINITY;
      const query = { ...queryOf(options), limit: Math.min(pageSize, left) };
      for await (const device of api.items('/v1/devices', query)) {
        io.stdout(options.json === true ? `${JSON.stringify(device)}\n` : `${lineOf(device)}\n`);
        left -= 1;
        if (left <= 0) return;
      }
    },
  );
}

/** The `count` command. */
export function countCommand(io: Io): Command {
  const command = new Command('count')
    .summary('count devices')
    .description('Prints how many devices there are.');
  return withServer(withSelection(command)).action(async (options: DevicesOptions & SelectionOptions) => {
    const api = await openApi(io, options);
    const answer = await api.get('/v1/devices/count', { params: { query: queryOf(options) } });
    io.stdout(options.json === true ? `${JSON.stringify(answer)}\n` : `${String(answer.count)}\n`);
  });
}

/** The `show` command. */
export function showCommand(io: Io): Command {
  const command = new Command('show')
    .summary('show all that is known of a device but its secrets')
    .description('Prints a device as JSON.')
    .argument('<ID>', 'its DevId, such as IMEI:490154203237518');
  return withServer(command, 'on one line').action(async (id: string, options: DevicesOptions) => {
    const api = await openApi(io, options);
    const device = await api.get('/v1/devices/{id}', { params: { path: { id } } });
    io.stdout(`${options.json === true ? JSON.stringify(device) : safeJson(device)}\n`);
  });
}

function lineOf({ id, serverId, format, addresses, labels, suspended, lastSessionAt }: JsonObject): string {
  const named = Object.entries(Object(labels)).map(([name, value]) => `${name}=${String(value)}`);
  const parts = [
    String(id),
    String(serverId),
    String(format),
    Array.isArray(addresses) ? addresses.join(',') : '',
    named.join(','),
    suspended === true ? 'suspended' : '',
    lastSessionAt === undefined ? 'never seen' : `seen ${String(lastSessionAt)}`,
  ];
  return printable(parts.filter((part) => part !== '').join('  '));
}

/** What would steer a terminal is written as an escape of JSON. */
function safeJson(value: JsonObject): string {
  return JSON.stringify(value, undefined, 2).replace(
    /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function countOf(text: string): number {
  const count = /^[1-9][0-9]{0,8}$/.test(text) ? Number(text) : undefined;
  if (count === undefined) throw new InvalidArgumentError('must be a number, 1 or more.');
  return count;
}
