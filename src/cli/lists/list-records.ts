// Lists of a server, page by page, and what comes after them.

import type { ApiClient, QueryOf } from '../../client/index.ts';
import { ReveilleError, sleep, systemClock } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readMoment } from '../io/moment.ts';
import { type ApiOptions, type JsonObject, openApi } from '../remote/api-client.ts';
import { type RecordKind, recordLine } from './kinds.ts';

/** Options of `list`. */
export interface ListOptions extends ApiOptions {
  readonly since?: string;
  readonly until?: string;
  readonly state?: string;
  readonly device?: string;
  readonly filter?: string;
  readonly label?: string;
  readonly limit: string;
  readonly json?: boolean;
  readonly follow?: boolean;
}

/** Where a list is. */
type RecordPath = `/v1/${RecordKind['name']}`;
type RecordQuery = NonNullable<QueryOf<RecordPath>>;

/** Items that one request asks for, at most. */
const pageSize = 500;

/** Pause between looks for what is new, in milliseconds. */
const followMs = 1000;

/** Prints a list, the newest first; with `--follow` the newest last, and then each one that is created. */
export async function listRecords(io: Io, kind: RecordKind, options: ListOptions): Promise<void> {
  const { follow = false, json = false, until } = options;
  if (follow && until !== undefined) throw new UsageError('--follow and --until exclude each other');
  const limit = readInteger(options.limit, '--limit', 1, 1_000_000);
  const query = queryOf(kind, options);
  const api = await openApi(io, options);
  const show = (item: JsonObject): void =>
    io.stdout(`${json ? JSON.stringify(item) : recordLine(kind, item)}\n`);
  const path = `/v1/${kind.name}` as const;
  if (!follow) {
    for await (const item of itemsOf(api, path, query, limit)) show(item);
    return;
  }
  const first: JsonObject[] = [];
  for await (const item of itemsOf(api, path, query, limit)) first.push(item);
  for (const item of first.reverse()) show(item);
  await followRecords(io, api, path, query, String(first.at(-1)?.id ?? ''), show);
}

/**
 * Ids are in the order of creation: what is new has a larger one than the last that was seen. A server that does not answer for a while,
 * as one that starts anew, is asked again, and that is told once.
 */
async function followRecords(
  io: Io,
  api: ApiClient,
  path: RecordPath,
  query: RecordQuery,
  seen: string,
  show: (item: JsonObject) => void,
): Promise<void> {
  const clock = systemClock();
  let last = seen;
  let away = false;
  while (!io.stop.aborted) {
    await sleep(clock, followMs, io.stop);
    if (io.stop.aborted) return;
    const fresh: JsonObject[] = [];
    try {
      for await (const item of itemsOf(api, path, query, Number.POSITIVE_INFINITY)) {
        if (String(item.id) <= last) break;
        fresh.push(item);
      }
    } catch (error) {
      if (!(error instanceof ReveilleError) || error.code !== 'UNREACHABLE') throw error;
      if (io.stop.aborted) return;
      if (!away) io.stderr(`reveille: ${error.message}; asking again\n`);
      away = true;
      continue;
    }
    away = false;
    for (const item of fresh.reverse()) show(item);
    last = String(fresh.at(-1)?.id ?? last);
  }
}

async function* itemsOf(
  api: ApiClient,
  path: RecordPath,
  query: RecordQuery,
  limit: number,
): AsyncGenerator<JsonObject> {
  let left = limit;
  for await (const item of api.items(path, { ...query, limit: Math.min(limit, pageSize) })) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}

function queryOf(kind: RecordKind, { since, until, state, device, filter, label }: ListOptions): RecordQuery {
  const now = Date.now();
  const query = {
    ...(since !== undefined && { since: readMoment(since, '--since', now) }),
    ...(until !== undefined && { until: readMoment(until, '--until', now) }),
    ...(device !== undefined && { device }),
    ...(filter !== undefined && { filter }),
    ...(label !== undefined && { label }),
  };
  if (state === undefined) return query;
  const unknown = state.split(',').find((each) => !kind.states.includes(each));
  if (unknown !== undefined) throw new UsageError(`--state ${unknown}: use ${kind.states.join(', ')}`);
  return { ...query, state };
}
