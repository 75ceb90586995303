// The life cycle as a pure function (docs/architecture.md, "Life of a push").
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  changedRecord,
  isLive,
  judgeChange,
  type NotificationChange,
  type NotificationRecord,
  nextSessionId,
  notificationRemarks,
  notificationStates,
  takeResynchronisation,
} from '../../../src/store/index.ts';

const queued: NotificationRecord = {
  id: 'n',
  deviceId: 'd',
  serverId: 's',
  sessionId: 0x1234,
  format: 'dm1.2',
  message: {},
  state: 'queued',
  attempts: 0,
  sends: 0,
  failures: 0,
  refusedAddresses: [],
  defaultNonce: 'none',
  resynchronise: false,
  lease: 0,
  dueAt: 1,
  expiresAt: 1000,
  createdAt: 1,
  updatedAt: 1,
};

const anyChange: fc.Arbitrary<NotificationChange> = fc.record(
  {
    event: fc.constantFrom(...notificationStates, ...notificationRemarks),
    lease: fc.integer({ min: 0, max: 1 }),
    dueAt: fc.integer({ min: 1, max: 10_000 }),
    detail: fc.string(),
  },
  { requiredKeys: ['event'], noNullPrototype: true },
);

test('property: a terminal state is never left, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
      let record = queued;
      let over = false;
      for (const change of changes) {
        const verdict = judgeChange(record, change);
        if (over) assert.notEqual(verdict, 'changed');
        if (verdict !== 'refused') record = changedRecord(record, change, 2);
        over ||= !isLive(record.state);
        if (over) assert.equal(record.dueAt, undefined);
      }
    }),
  );
});

test('property: progress never goes back, except to be sent again', () => {
  const rank = (record: NotificationRecord) => notificationStates.indexOf(record.state);
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
      let record = queued;
      for (const change of changes) {
        if (judgeChange(record, change) === 'refused') continue;
        const next = changedRecord(record, change, 2);
        if (next.state !== 'sending' && next.state !== 'queued') assert.ok(rank(next) >= rank(record));
        record = next;
      }
    }),
  );
});

test('only a push that went out can be completed: completed follows answered and nothing else', () => {
  for (const state of notificationStates) {
    const verdict = judgeChange({ ...queued, state }, { event: 'completed' });
    assert.equal(verdict, state === 'answered' ? 'changed' : 'refused', state);
  }
});

test('a session under way cannot be cancelled or expire', () => {
  for (const event of ['cancelled', 'expired'] as const) {
    assert.equal(judgeChange({ ...queued, state: 'answered' }, { event }), 'refused');
  }
});

test('ruling 11: Session-IDs go up and round, from 65535 to 1', () => {
  const free = () => false;
  assert.equal(nextSessionId(0, free), 1);
  assert.equal(nextSessionId(0x1234, free), 0x1235);
  assert.equal(nextSessionId(65534, free), 65535);
  assert.equal(nextSessionId(65535, free), 1);
  assert.equal(
    nextSessionId(65535, (id) => id <= 3),
    4,
  );
  assert.equal(
    nextSessionId(10, () => true),
    undefined,
  );
  assert.equal(
    nextSessionId(10, (id) => id !== 10),
    10,
  );
});

test('ruling 12: a window of offers begins with its first one', () => {
  const none = { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 };
  const limit = { count: 1, windowMs: 100 };
  const first = takeResynchronisation(none, limit, 5000);
  assert.deepEqual(first, { inWindow: 1, windowStartedAt: 5000, offered: 1, completed: 0 });
  assert.ok(first);
  assert.equal(takeResynchronisation(first, limit, 5099), undefined);
  assert.deepEqual(takeResynchronisation(first, limit, 5100), {
    inWindow: 1,
    windowStartedAt: 5100,
    offered: 2,
    completed: 0,
  });
  assert.equal(takeResynchronisation(none, { count: 0, windowMs: 100 }, 5000), undefined);
});
