// The life of a push as a pure function: every state with every event for each purpose, what moves, what is only noted, what
// is refused, and what the record says after it (docs/architecture.md, "Life of a push").
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  attemptOf,
  type ChangeVerdict,
  changedPush,
  isOpenPush,
  judgeChange,
  type MessagePush,
  type PushChange,
  type PushEventName,
  type PushRecord,
  pushRemarks,
  pushStates,
} from '../../../src/store/index.ts';
import {
  facts,
  inState,
  lateVerdictOf,
  message,
  notification,
  openStates,
  relayed,
  samples,
  verdictOf,
} from './support.ts';

const events: readonly PushEventName[] = [...pushStates, ...pushRemarks];
const now = 77;
/** Everything that a change can say, but for the lease and the result. */
const said = {
  dueAt: 900,
  carrier: 'other',
  detail: 'why',
  refusedAddress: 'sms:+2',
  reference: 'new',
  defaultNonce: 'offered',
} as const;
const reasons = ['queued', 'failed', 'expired', 'cancelled', 'attempt-failed', 'session-failed'];
const ofAttempts = ['sending', 'sent', 'accepted', 'queued', 'attempt-failed', 'resynchronising'];
const isRemark = (event: PushEventName) => pushRemarks.some((remark) => remark === event);

/** What the record says of attempts and of carriers' names after a change. */
function attemptsAfter(before: PushRecord, { event, reference }: PushChange, moved: boolean) {
  const taken = moved && before.state === 'sending' && facts.includes(event);
  const begun = moved && event === 'sending';
  const overtook =
    before.state === 'sending' && event === 'attempt-failed' && reference !== before.reference
      ? reference
      : undefined;
  const names = {
    reference:
      (moved && facts.includes(event) ? reference : undefined) ?? (taken ? undefined : before.reference),
    givenUp: begun ? undefined : (before.givenUp ?? overtook),
  };
  return {
    attempts: before.attempts + (begun ? 1 : 0),
    sends: before.sends + (taken ? 1 : 0),
    failures: taken
      ? 0
      : before.failures + (moved && before.state === 'sending' && event === 'queued' ? 1 : 0),
    ...(names.reference !== undefined && { reference: names.reference }),
    ...(names.givenUp !== undefined && { givenUp: names.givenUp }),
  };
}

/** The whole record after a change that got this verdict; `rules`: the change may say when the engine looks again. */
function expected(before: PushRecord, change: PushChange, verdict: ChangeVerdict, rules: boolean): unknown {
  const moved = verdict === 'changed';
  const state = moved ? change.event : before.state;
  const open = openStates[before.purpose].some((each) => each === state);
  const { dueAt, endedAt, reference: _, givenUp: __, ...rest } = before;
  const due = rules && change.dueAt !== undefined ? change.dueAt : dueAt;
  const refused = change.refusedAddress;
  const ended = moved && !open;
  const told = before.purpose !== 'notification' && ended && before.initiator?.notifyTo !== undefined;
  return {
    ...rest,
    ...attemptsAfter(before, change, moved),
    state,
    updatedAt: now,
    version: before.version + 1,
    refusedAddresses: refused === undefined || refused === 'sms:+1' ? ['sms:+1'] : ['sms:+1', refused],
    ...(open && { dueAt: due }),
    ...(open &&
      rules &&
      change.dueAt !== undefined &&
      change.carrier !== undefined && { carrier: change.carrier }),
    ...(before.purpose === 'notification' &&
      rules &&
      change.defaultNonce !== undefined && { defaultNonce: change.defaultNonce }),
    ...(!open && { endedAt: endedAt ?? now }),
    ...(change.detail !== undefined &&
      verdict !== 'refused' &&
      reasons.includes(change.event) && { reason: change.detail }),
    ...(before.purpose !== 'notification' && ended && { body: new Uint8Array(0) }),
    ...(told && { resultDueAt: now, resultFailures: 0 }),
  };
}

for (const [name, push] of Object.entries(samples)) {
  describe(`${name}: every state and event`, () => {
    for (const state of pushStates) {
      const before = inState(push, state);
      const open = openStates[push.purpose].includes(state);

      it(`${state}: whatever is told, nothing is thrown`, () => {
        for (const event of events) {
          for (const change of [{ event }, { event, ...said }, { event, lease: 6 }]) {
            assert.doesNotThrow(() => changedPush(before, change, now), event);
          }
        }
      });

      it(`${state}: what moves, what is noted, what is refused`, () => {
        assert.equal(isOpenPush(before), open);
        for (const event of events) {
          const verdict = verdictOf(before, event);
          assert.equal(judgeChange(before, { event }), verdict, event);
          assert.equal(judgeChange(before, { event, lease: 7 }), verdict, `${event}, the claim's own`);
          for (const lease of [0, 6, 8]) {
            const late = judgeChange(before, { event, lease });
            assert.equal(late, lateVerdictOf(before, event), `${event} of claim ${lease}`);
          }
        }
      });

      it(`${state}: what becomes of the record`, () => {
        for (const named of [{}, { reference: 'old' }, { reference: 'old', givenUp: 'lost' }]) {
          const current = Object.freeze({ ...before, ...named });
          for (const event of events) {
            const verdict = verdictOf(before, event);
            const rules = verdict === 'changed' || isRemark(event);
            for (const change of [{ event }, { event, ...said }, { event, lease: 7, ...said }] as const) {
              const after = changedPush(current, change, now);
              assert.deepEqual(after, expected(current, change, verdict, rules), event);
            }
            const again = { event, refusedAddress: 'sms:+1', reference: 'old' } as const;
            assert.deepEqual(
              changedPush(current, again, now),
              expected(current, again, verdict, rules),
              event,
            );
          }
        }
      });

      it(`${state}: an older claim moves nothing and rules nothing`, () => {
        for (const event of events) {
          const verdict = lateVerdictOf(before, event);
          for (const lease of [6, 8]) {
            const late = { event, lease, ...said } as const;
            assert.deepEqual(changedPush(before, late, now), expected(before, late, verdict, false), event);
          }
        }
      });

      it(`${state}: which attempt an event tells of`, () => {
        for (const event of events) {
          const tells = ofAttempts.includes(event);
          assert.equal(attemptOf(before, { event }), tells ? 3 : undefined, event);
          assert.equal(attemptOf(before, { event, attempt: 2 }), tells ? 2 : undefined, event);
          assert.equal(attemptOf({ ...before, attempts: 1 }, { event }), tells ? 1 : undefined, event);
          assert.equal(attemptOf({ ...before, attempts: 0 }, { event }), undefined, event);
        }
      });
    }
  });
}

describe('what else a change may say', () => {
  for (const [name, push] of Object.entries(samples)) {
    it(`${name}: a carrier counts where a due time does`, () => {
      const before = inState({ ...push, carrier: 'one' }, 'queued');
      const after = (change: PushChange) => changedPush(before, change, now);
      assert.equal(after({ event: 'note', carrier: 'two' }).carrier, 'one');
      assert.equal(after({ event: 'note', carrier: 'two', dueAt: 5 }).carrier, 'two');
      assert.equal(after({ event: 'note', dueAt: 5 }).carrier, 'one', 'none is named');
      assert.equal(after({ event: 'note', carrier: 'two', dueAt: 5, lease: 6 }).carrier, 'one', 'outdated');
      assert.equal(after({ event: 'failed', carrier: 'two', dueAt: 5 }).carrier, 'one', 'it is over');
      assert.equal(after({ event: 'sending' }).carrier, 'one');
    });

    it(`${name}: what its campaigns keep back goes on by the next wait, by an attempt, or is over`, () => {
      const before = inState(push, 'queued');
      const kept = changedPush(before, { event: 'note', dueAt: 5, gated: true }, now);
      assert.deepEqual([kept.gated, kept.dueAt], [true, 5]);
      assert.equal(changedPush(before, { event: 'note', gated: true }, now).gated, undefined, 'until when?');
      const after = (change: PushChange) => changedPush(kept, change, now);
      assert.equal(after({ event: 'note', dueAt: 6, lease: 6 }).gated, true, 'outdated');
      assert.equal(after({ event: 'note' }).gated, true);
      assert.equal(after({ event: 'note', dueAt: 6, gated: true }).gated, true);
      for (const change of [
        { event: 'note', dueAt: 6 },
        { event: 'sending' },
        { event: 'cancelled' },
      ] as const)
        assert.ok(!('gated' in after(change)), change.event);
      // Of a message nobody answers; a second answer to a notification changes no state, and lets go all the same.
      for (const state of ['sent', 'answered'] as const)
        assert.ok(
          !('gated' in changedPush({ ...inState(push, state), gated: true }, { event: 'answered' }, now)),
          state,
        );
    });

    it(`${name}: turns of its addresses may be counted by whoever sends it, and no other change counts them`, () => {
      const sending = inState(push, 'sending');
      assert.equal(changedPush(sending, { event: 'queued', dueAt: 5 }, now).failures, push.failures + 1);
      assert.equal(changedPush(sending, { event: 'queued', dueAt: 5, failures: 1 }, now).failures, 1);
      assert.equal(changedPush(sending, { event: 'note', failures: 9 }, now).failures, push.failures);
      assert.equal(changedPush(sending, { event: 'sent', failures: 9 }, now).failures, 0);
    });
  }
});

describe('the result that a push initiator asked for', () => {
  const due: MessagePush = {
    ...relayed,
    state: 'delivered',
    body: new Uint8Array(0),
    resultDueAt: 60,
    resultFailures: 2,
  };

  const result = (push: MessagePush, change: PushChange) => {
    const { resultDueAt, resultFailures } = changedPush(push, change, now);
    return [resultDueAt, resultFailures];
  };

  it('a result that was told is due no more, and one that could not be told is due again', () => {
    for (const event of ['result-told', 'result-lost', 'note'] as const) {
      assert.deepEqual(result(due, { event, resultDueAt: null, resultOf: 'delivered' }), [undefined, 2]);
      assert.deepEqual(result(due, { event, resultDueAt: null }), [undefined, 2]);
      assert.deepEqual(result(due, { event, resultDueAt: 90, resultOf: 'delivered' }), [90, 3]);
      assert.deepEqual(result(due, { event, resultDueAt: 95 }), [95, 3]);
      assert.deepEqual(result(due, { event }), [60, 2]);
      assert.deepEqual(result(due, { event, resultOf: 'delivered' }), [60, 2]);
    }
  });

  it('what came of telling an earlier state changes nothing about the result of this one', () => {
    for (const resultDueAt of [null, 90]) {
      const told = { event: 'result-told', resultDueAt, resultOf: 'unreported' } as const;
      assert.deepEqual(result(due, told), [60, 2]);
    }
  });

  it('each end makes the result due at once, the belated one too, and its failures are counted anew', () => {
    const unreported = { ...due, state: 'unreported', endedAt: 50 } as const;
    for (const event of ['delivered', 'failed'] as const) {
      const late = changedPush(unreported, { event }, now);
      assert.deepEqual([late.resultDueAt, late.resultFailures, late.endedAt], [now, 0, 50]);
    }
    const { resultDueAt: _, ...told } = unreported;
    assert.deepEqual(result(told, { event: 'delivered' }), [now, 0]);
    assert.deepEqual(result(told, { event: 'sent' }), [undefined, 2], 'a fact that moves nothing is no end');
  });

  it('nothing is told of a push whose initiator did not ask, or that has none, or that is a notification', () => {
    const { notifyTo: _, ...mark } = relayed.initiator ?? { initiator: '', pushId: '', recipient: '' };
    for (const push of [message, { ...relayed, initiator: mark }]) {
      const ended = changedPush({ ...push, state: 'sending' }, { event: 'sent' }, now);
      assert.deepEqual([ended.resultDueAt, ended.resultFailures, ended.body.length], [undefined, 4, 0]);
    }
    const change = { event: 'failed', resultDueAt: 90, resultOf: 'failed' } as const;
    const failed = changedPush(notification, change, now);
    assert.ok(!('resultDueAt' in failed) && !('resultFailures' in failed) && !('body' in failed));
  });
});

it('looks at a message no later than when it ends, whatever was reckoned; a notification may be kept for longer', () => {
  const late: PushChange = { event: 'accepted', dueAt: 9_999_999_999_999 };
  for (const sample of Object.values(samples)) {
    const sending = { ...inState(sample, 'sending'), expiresAt: 5000 };
    const { dueAt } = changedPush(sending, late, now);
    assert.equal(dueAt, sample.purpose === 'notification' ? late.dueAt : 5000);
  }
});
