// Devices of a store in memory, and their Session-IDs.
import type { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../../../src/store/index.ts';
import { addSamples, sampleDevice, sampleRequest } from '../../../../src/testing/index.ts';
import { enqueueOne } from '../../../../src/testing/store/store-contract-base.ts';
import { memoryStore, rowsOf } from '../in-memory.ts';

/** A store with the samples. */
export async function withSamples() {
  const memory = memoryStore();
  await addSamples(memory.store);
  return memory;
}

/** Queues notifications for the sample device one by one, and gives their Session-IDs. */
export async function sessionIds(store: Store, count: number): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await enqueueOne(store, sampleRequest())).sessionId);
  return ids;
}

/** The Session-ID that the sample device was given last. */
export function lastOf(database: DatabaseSync): unknown {
  return rowsOf(database, 'select id, last_session_id from devices').find(
    (row) => 'id' in row && row.id === sampleDevice().id,
  );
}

/** As if the sample device had been given that Session-ID last. */
export function setLast(database: DatabaseSync, last: number): void {
  database.prepare('update devices set last_session_id = ? where id = ?').run(last, sampleDevice().id);
}
