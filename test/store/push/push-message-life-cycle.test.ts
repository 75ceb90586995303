// The life of a push message as a pure function (docs/architecture.md).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  changedMessage,
  isOpenMessage,
  judgeMessageChange,
  type PushMessageChange,
  type PushMessageRecord,
  pushMessageStates,
} from '../../../src/store/index.ts';
import { samplePushMark, samplePushMessage } from '../../../src/testing/index.ts';

const queued: PushMessageRecord = {
  ...samplePushMessage({ initiator: samplePushMark() }),
  id: 'm',
  octets: 5,
  state: 'queued',
  attempts: 0,
  sends: 0,
  failures: 0,
  refusedAddresses: [],
  lease: 0,
  dueAt: 1,
  resultFailures: 0,
  createdAt: 1,
  updatedAt: 1,
};

const remarks = ['attempt-failed', 'result-told', 'result-lost', 'note'] as const;

const anyChange: fc.Arbitrary<PushMessageChange> = fc.record(
  {
    event: fc.constantFrom(...pushMessageStates, ...remarks),
    lease: fc.integer({ min: 0, max: 1 }),
    dueAt: fc.integer({ min: 1, max: 10_000 }),
    refusedAddress: fc.constantFrom('sms:1', 'sms:2'),
    detail: fc.string(),
    resultDueAt: fc.option(fc.integer({ min: 1, max: 10_000 })),
    resultOf: fc.constantFrom(...pushMessageStates),
  },
  { requiredKeys: ['event'], noNullPrototype: true },
);

/** The records that these changes lead through. */
function* lives(changes: readonly PushMessageChange[]): Generator<[PushMessageRecord, PushMessageRecord]> {
  let record = queued;
  for (const change of changes) {
    if (judgeMessageChange(record, change) === 'refused') continue;
    const next = changedMessage(record, change, 2);
    yield [record, next];
    record = next;
  }
}

test('property: nothing is sent, due or held in memory of a message that is over, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
      for (const [before, after] of lives(changes)) {
        if (!isOpenMessage(before.state)) assert.ok(!isOpenMessage(after.state), after.state);
        assert.equal(after.body.length, isOpenMessage(after.state) ? after.octets : 0);
        assert.equal(after.dueAt !== undefined, isOpenMessage(after.state));
        assert.ok(after.sends <= after.attempts);
        assert.equal(new Set(after.refusedAddresses).size, after.refusedAddresses.length);
      }
    }),
  );
});

test('property: only an unreported message gets another end, which is what its carrier said', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 30 }), (changes) => {
      for (const [before, after] of lives(changes)) {
        if (isOpenMessage(before.state) || before.state === after.state) continue;
        assert.equal(before.state, 'unreported');
        assert.ok(after.state === 'delivered' || after.state === 'failed');
      }
    }),
  );
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
      let record = queued;
      for (const change of changes) {
        if (judgeMessageChange(record, change) === 'refused') continue;
        record = changedMessage(record, change, 2);
        if (change.resultDueAt === null && change.resultOf === record.state) told = record.state;
        const toTell = !isOpenMessage(record.state) && told !== record.state;
        if (toTell) assert.notEqual(record.resultDueAt, undefined);
      }
    }),
  );
});

test('a message that is being sent cannot be cancelled, and one that a carrier took cannot expire', () => {
  const judge = (state: PushMessageRecord['state'], event: PushMessageChange['event']) =>
    judgeMessageChange({ ...queued, state }, { event });
  assert.equal(judge('queued', 'cancelled'), 'changed');
  for (const state of ['sending', 'accepted'] as const) assert.equal(judge(state, 'cancelled'), 'refused');
  assert.equal(judge('accepted', 'expired'), 'refused');
  assert.equal(judge('accepted', 'unreported'), 'changed');
  assert.equal(judge('queued', 'unreported'), 'refused');
});
