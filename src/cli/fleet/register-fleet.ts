// Makes a fleet known to a server, and has the server wake it: over the REST API, a bounded number of requests at a time.

import type { ApiClient, DeviceChange, NewDevice } from '../../client/index.ts';
import { ReveilleError, sleep, systemClock } from '../../core/index.ts';
import type { DeviceRecord, Fleet } from '../../fleet/index.ts';

/** Requests at a time. */
const atOnce = 16;
/** Tries of one request while the server is not to be reached or asks for patience, and the pause between them. */
const tries = 10;
const pauseMs = 1000;
/** Between two looks whether all were woken, in milliseconds. */
const lookMs = 100;
const passing: ReadonlySet<string> = new Set(['UNREACHABLE', 'HTTP_429', 'HTTP_502', 'HTTP_503', 'HTTP_504']);

/**
 * Creates the account, unless the server has it, and each device. One that the server has gets its present addresses, and when it
 * was never pushed to, the credentials that it begins with.
 * @throws {ReveilleError} with what the server said
 */
export async function registerFleet(
  api: Pick<ApiClient, 'post' | 'patch'>,
  fleet: Fleet,
  account: { readonly serverId: string; readonly url: string },
  stop: AbortSignal,
): Promise<void> {
  await unlessThere(() => again(() => api.post('/v1/accounts', { body: { ...account } }), stop));
  await inParallel(fleet.records(), stop, async (record) => {
    if (await unlessThere(() => again(() => api.post('/v1/devices', { body: record as NewDevice }), stop)))
      return;
    const body = changeOf(record, fleet.device(record.id).pushes > 0);
    await again(() => api.patch('/v1/devices/{id}', { params: { path: { id: record.id } }, body }), stop);
  });
}

/**
 * Has each device woken once, `perSecond` in a second at most, when the carriers know them all; resolves when all are asked for,
 * or `stop` aborts.
 * @throws {ReveilleError} with what the server said
 */
export async function wakeFleet(
  api: Pick<ApiClient, 'post' | 'patch'>,
  fleet: Fleet,
  options: { readonly perSecond?: number | undefined; readonly run: string },
  stop: AbortSignal,
): Promise<void> {
  await readyOrStopped(fleet, stop);
  const clock = systemClock();
  const startMs = clock.monotonic();
  let asked = 0;
  await inParallel(fleet.records(), stop, async ({ id }) => {
    const dueMs = options.perSecond === undefined ? 0 : startMs + (asked * 1000) / options.perSecond;
    asked += 1;
    await sleep(clock, Math.max(0, dueMs - clock.monotonic()), stop);
    if (stop.aborted) return;
    fleet.requested(id);
    const params = { header: { 'idempotency-key': `${options.run}-${id}` } };
    await again(() => api.post('/v1/notifications', { params, body: { device: id } }), stop);
  });
}

/** Resolves when every device that is up was woken, or `stop` aborts. */
export async function awaitWoken(fleet: Fleet, stop: AbortSignal): Promise<void> {
  const clock = systemClock();
  while (!stop.aborted && fleet.status().woken < fleet.status().up) await sleep(clock, lookMs, stop);
}

/** Waits for the carriers. Rejects when they never come to know all devices. */
async function readyOrStopped(fleet: Fleet, stop: AbortSignal): Promise<void> {
  const ready = fleet.ready().catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
  await Promise.race([ready, aborted(stop)]);
}

/** Resolves when it aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function changeOf(record: DeviceRecord, pushed: boolean): DeviceChange {
  const { id: _, serverId: __, ...rest } = record;
  // It is a record as a server takes it, whatever the fleet has in it.
  const all = rest as DeviceChange;
  return pushed && all.addresses !== undefined ? { addresses: all.addresses } : all;
}

/** False when the server has it already. */
async function unlessThere(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (error instanceof ReveilleError && error.code === 'ALREADY_EXISTS') return false;
    throw error;
  }
}

async function again<Result>(run: () => Promise<Result>, stop: AbortSignal): Promise<Result> {
  for (let left = tries; ; left -= 1) {
    try {
      return await run();
    } catch (error) {
      const passes = error instanceof ReveilleError && passing.has(error.code);
      if (!passes || left <= 1 || stop.aborted) throw error;
      await sleep(systemClock(), pauseMs, stop);
    }
  }
}

async function inParallel<Item>(
  items: Iterable<Item>,
  stop: AbortSignal,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && !failed && !stop.aborted; next = iterator.next()) {
      try {
        await run(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}
