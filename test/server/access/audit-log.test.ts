// The audit log as it is written: at once, behind an answer, or summed up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError, silentLogger } from '../../../src/core/index.ts';
import { AuditLog } from '../../../src/server/index.ts';
import type { AuditEntry } from '../../../src/store/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { memoryStore } from '../../store/sql/in-memory.ts';

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function withLog() {
  const { store, clock } = memoryStore();
  const log = new AuditLog({ store, clock, logger: silentLogger });
  return {
    store,
    clock,
    log,
    entries: async () =>
      (await log.list({ limit: 1000 })).items.map(({ sequence: _, ...entry }) => entry).reverse(),
  };
}

const done = { action: 'POST /v1/devices', outcome: 'done' } as const;

test('an entry is on disk when it is asked for; others within a second, in order, or at the end', async () => {
  const { clock, log, entries } = withLog();
  const at = clock.now();
  await log.add(done);
  assert.deepEqual(await entries(), [{ ...done, at }]);
  log.later({ ...done, actor: 'a' });
  clock.advance(999);
  log.later({ ...done, actor: 'b' });
  await settled();
  assert.equal((await entries()).length, 1);
  clock.advance(1);
  await settled();
  assert.deepEqual(
    (await entries()).map(({ actor, at: when }) => [actor, when - at]),
    [
      [undefined, 0],
      ['a', 0],
      ['b', 999],
    ],
  );
  log.later(done);
  await log.end();
  assert.equal((await entries()).length, 4);
  for (let count = 0; count < 500; count += 1) log.later(done);
  await settled();
  assert.equal((await entries()).length, 504, 'many are not gathered for a second');
  assert.equal(clock.waiting, 0);
});

test('strangers fill nothing: refusals of one kind and source are one entry, then one a minute; of many sources, few', async () => {
  const { clock, log, entries } = withLog();
  const refused = { action: 'GET /v1/devices', outcome: 'refused', detail: 'UNAUTHORIZED' } as const;
  for (let count = 0; count < 10_000; count += 1) log.refused('UNAUTHORIZED', '192.0.2.1', refused);
  clock.advance(60_000);
  for (let count = 0; count < 5; count += 1) log.refused('UNAUTHORIZED', '192.0.2.1', refused);
  await log.end();
  const one = { ...refused, source: '192.0.2.1' };
  assert.deepEqual(
    (await entries()).map(({ at: _, ...entry }) => entry),
    [
      one,
      { ...one, detail: 'UNAUTHORIZED: 9999 more within 60 s, the last one as here' },
      { ...one, detail: 'UNAUTHORIZED: 5 more within 60 s, the last one as here' },
    ],
  );
  for (let source = 0; source < 5000; source += 1) {
    log.refused('UNAUTHORIZED', `2001:db8:${source.toString(16)}::1`, refused);
  }
  await log.end();
  assert.ok((await entries()).length <= 3 + 34, String((await entries()).length));
});

test('a store that takes nothing refuses what waits, and what does not wait is told to the log and let go', async () => {
  const logged: unknown[] = [];
  const logger = { ...silentLogger, error: (...line: unknown[]) => void logged.push(line) };
  const clock = new ManualClock();
  const taken: AuditEntry[] = [];
  let full = true;
  const store = {
    addAudit: async (entries: readonly AuditEntry[]) => {
      if (full) throw new StoreError('FULL', 'the disk is full');
      taken.push(...entries);
    },
    listAudit: async () => ({ items: [] }),
    removeAudit: async () => 0,
  };
  const log = new AuditLog({ store, clock, logger });
  await assert.rejects(log.add(done), { code: 'FULL' });
  log.later(done);
  await log.end();
  assert.deepEqual(logged, [
    [{ entries: 1, error: 'StoreError: the disk is full' }, 'the audit log could not be written'],
  ]);
  full = false;
  log.later(done);
  await log.end();
  assert.equal(taken.length, 1);
});
