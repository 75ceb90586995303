// What holds of every life of a push, whatever changes come, in whatever order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  changedPush,
  isOpenPush,
  judgeChange,
  type MessagePush,
  messageStates,
  type NotificationPush,
  notificationStates,
  type PushChange,
  type PushRecord,
  type PushState,
  pushRemarks,
  pushStates,
} from '../../../src/store/index.ts';
import { message, notification, relayed } from './support.ts';

const fresh = { attempts: 0, sends: 0, failures: 0, refusedAddresses: [], lease: 0, dueAt: 1 } as const;
const queued: NotificationPush = { ...notification, ...fresh };
const pushes: readonly PushRecord[] = [queued, { ...message, ...fresh }, { ...relayed, ...fresh }];

const anyChange: fc.Arbitrary<PushChange> = fc.record(
  {
    event: fc.constantFrom(...pushStates, ...pushRemarks),
    lease: fc.integer({ min: 0, max: 1 }),
    dueAt: fc.integer({ min: 1, max: 10_000 }),
    refusedAddress: fc.constantFrom('sms:1', 'sms:2'),
    detail: fc.string(),
    reference: fc.constantFrom('sim:1', 'sim:2'),
    resultDueAt: fc.option(fc.integer({ min: 1, max: 10_000 })),
    resultOf: fc.constantFrom(...pushStates),
  },
  { requiredKeys: ['event'], noNullPrototype: true },
);

/** The records that these changes lead through, each with the one before it. */
function* lives(
  push: PushRecord,
  changes: readonly PushChange[],
): Generator<[PushRecord, PushRecord, PushChange]> {
  let record = push;
  for (const change of changes) {
    if (judgeChange(record, change) === 'refused') continue;
    const next = changedPush(record, change, 2);
    yield [record, next, change];
    record = next;
  }
}

/** Checks each step of many lives of each push. */
function always(check: (before: PushRecord, after: PushRecord, change: PushChange) => void): void {
  for (const push of pushes) {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
        for (const [before, after, change] of lives(push, changes)) check(before, after, change);
      }),
    );
  }
}

test('property: what is over stays over; nothing of it is due, sent or held in memory, whatever comes', () => {
  always((before, after) => {
    const open = isOpenPush(after);
    if (!isOpenPush(before)) {
      assert.ok(!open, after.state);
      assert.equal(after.attempts, before.attempts);
      assert.equal(after.endedAt, before.endedAt);
    }
    assert.equal(after.dueAt !== undefined, open);
    assert.equal(after.endedAt === undefined, open);
    if (after.purpose !== 'notification') assert.equal(after.body.length, open ? after.octets : 0);
  });
});

test('property: a state that ends a push is never left, but for an unreported one whose carrier reports after all', () => {
  always((before, after, change) => {
    if (isOpenPush(before) || before.state === after.state) return;
    assert.equal(before.state, 'unreported');
    assert.ok(after.state === 'delivered' || after.state === 'failed');
    assert.equal(change.event, after.state);
  });
});

test('property: progress never goes back, except to be sent again', () => {
  const ranks = { notification: notificationStates, message: messageStates, relayed: messageStates };
  const rank = ({ purpose, state }: PushRecord) => (ranks[purpose] as readonly PushState[]).indexOf(state);
  always((before, after) => {
    assert.ok(rank(after) >= 0, `${after.purpose} is never ${after.state}`);
    if (after.state === 'sending' || after.state === 'queued' || before.state === 'unreported') return;
    assert.ok(rank(after) >= rank(before), `${before.state} to ${after.state}`);
  });
});

test('property: what is counted goes up by one at most, and agrees', () => {
  always((before, after) => {
    assert.ok(
      after.sends + after.failures <= after.attempts,
      'each attempt was taken, or refused, or is under way',
    );
    assert.ok([0, 1].includes(after.attempts - before.attempts));
    assert.ok([0, 1].includes(after.sends - before.sends));
    assert.ok(after.failures === 0 || [0, 1].includes(after.failures - before.failures));
    assert.equal(new Set(after.refusedAddresses).size, after.refusedAddresses.length);
    if (after.purpose === 'notification') assert.equal(after.sessionId, queued.sessionId);
  });
});

test('property: what a carrier gave up is of the attempt under way, and only of one that has no receipt', () => {
  always((before, after, change) => {
    if (after.givenUp === before.givenUp) return;
    if (after.givenUp === undefined) assert.equal(change.event, 'sending');
    else {
      assert.deepEqual(
        [before.state, change.event, change.reference],
        ['sending', 'attempt-failed', after.givenUp],
      );
      assert.notEqual(after.givenUp, before.reference);
    }
  });
});

test('property: an end is told unless it was told: no change about another state takes its result away', () => {
  const working = anyChange.map((change) =>
    change.resultDueAt === undefined || change.resultOf !== undefined
      ? change
      : ({ ...change, resultOf: 'queued' } as const),
  );
  fc.assert(
    fc.property(fc.array(working, { maxLength: 30 }), (changes) => {
      let told: string | undefined;
      let record: MessagePush = { ...relayed, ...fresh };
      for (const change of changes) {
        if (judgeChange(record, change) === 'refused') continue;
        record = changedPush(record, change, 2);
        if (change.resultDueAt === null && change.resultOf === record.state) told = record.state;
        const toTell = !isOpenPush(record) && told !== record.state;
        if (toTell) assert.notEqual(record.resultDueAt, undefined);
      }
    }),
  );
});

test('only a push that went out can be completed: completed follows answered and nothing else', () => {
  for (const push of pushes) {
    for (const state of pushStates) {
      const verdict = judgeChange({ ...push, state }, { event: 'completed' });
      const allowed = push.purpose === 'notification' && state === 'answered';
      assert.equal(verdict, allowed ? 'changed' : 'refused', state);
    }
  }
});

test('a session under way cannot be cancelled or expire', () => {
  for (const event of ['cancelled', 'expired'] as const) {
    assert.equal(judgeChange({ ...queued, state: 'answered' }, { event }), 'refused');
  }
});

test('a message that is being sent cannot be cancelled, and one that a carrier took cannot expire', () => {
  for (const push of pushes.slice(1)) {
    const judge = (state: PushRecord['state'], event: PushChange['event']) =>
      judgeChange({ ...push, state }, { event });
    assert.equal(judge('queued', 'cancelled'), 'changed');
    for (const state of ['sending', 'accepted'] as const) assert.equal(judge(state, 'cancelled'), 'refused');
    assert.equal(judge('accepted', 'expired'), 'refused');
    assert.equal(judge('accepted', 'unreported'), 'changed');
    assert.equal(judge('queued', 'unreported'), 'refused');
  }
});
