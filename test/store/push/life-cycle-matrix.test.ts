// Every state with every event, for both kinds of pushes: what moves, what is only noted, what is refused, and what each
// does to the record. The tables here are written from docs/architecture.md and share nothing with the code's own.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  changedMessage,
  changedRecord,
  isLive,
  isOpenMessage,
  judgeChange,
  judgeMessageChange,
  type NotificationRecord,
  type NotificationState,
  notificationRemarks,
  notificationStates,
  type PushMessageRecord,
  type PushMessageState,
  pushMessageStates,
} from '../../../src/store/index.ts';
import { samplePushMark, samplePushMessage } from '../../../src/testing/index.ts';

/** One letter for each event in the order of its list: m(oves), n(oted), and a dash for refused. */
type Row = string;

/** queued sending sent accepted delivered answered completed failed expired cancelled, then five remarks. */
const notifications: Readonly<Record<NotificationState, Row>> = {
  queued: '-m nnn m- mmm nnnnn',
  sending: 'mm mmm m- mmm nnnnn',
  sent: '-m nmm m- mmm nnnnn',
  accepted: '-m nnm m- mmm nnnnn',
  delivered: '-m nnn m- mmm nnnnn',
  answered: '-m nnn nm m-- nnnnn',
  completed: '-- nnn n- --- nnnnn',
  failed: '-- nnn n- --- nnnnn',
  expired: '-- nnn n- --- nnnnn',
  cancelled: '-- nnn n- --- nnnnn',
};

/** queued sending accepted sent delivered failed expired cancelled unreported, then four remarks. */
const messages: Readonly<Record<PushMessageState, Row>> = {
  queued: '-m nnm mmm - nnnn',
  sending: 'mm mmm mm- - nnnn',
  accepted: 'm- nnm m-- m nnnn',
  sent: '-- nnn --- - nnnn',
  delivered: '-- nnn --- - nnnn',
  failed: '-- nnn --- - nnnn',
  expired: '-- nnn --- - nnnn',
  cancelled: '-- nnn --- - nnnn',
  unreported: '-- nnm m-- - nnnn',
};

const verdicts = { m: 'changed', n: 'kept', '-': 'refused' } as const;

function expected(row: Row, index: number): 'changed' | 'kept' | 'refused' {
  const letter = row.replaceAll(' ', '')[index];
  assert.ok(letter === 'm' || letter === 'n' || letter === '-', `no letter ${index} in ${row}`);
  return verdicts[letter];
}

const notification: NotificationRecord = {
  id: 'n',
  deviceId: 'd',
  serverId: 's',
  sessionId: 1,
  format: 'dm1.2',
  message: {},
  state: 'queued',
  attempts: 3,
  sends: 2,
  failures: 1,
  refusedAddresses: ['sms:+1'],
  defaultNonce: 'none',
  resynchronise: false,
  lease: 7,
  dueAt: 500,
  expiresAt: 1000,
  reason: 'before',
  createdAt: 1,
  updatedAt: 1,
};

const message: PushMessageRecord = {
  ...samplePushMessage({}),
  id: 'm',
  octets: 5,
  state: 'queued',
  attempts: 3,
  sends: 2,
  failures: 1,
  refusedAddresses: ['sms:+1'],
  lease: 7,
  dueAt: 500,
  reason: 'before',
  resultFailures: 4,
  createdAt: 1,
  updatedAt: 1,
};

const reasons = ['queued', 'failed', 'expired', 'cancelled', 'attempt-failed', 'session-failed'];
const taken = ['sent', 'accepted', 'delivered', 'answered'];

describe('notifications: every state and event', () => {
  const events = [...notificationStates, ...notificationRemarks];
  const over: readonly NotificationState[] = ['completed', 'failed', 'expired', 'cancelled'];

  for (const state of notificationStates) {
    it(state, () => {
      const before = { ...notification, state };
      assert.equal(isLive(state), !over.includes(state));
      for (const [index, event] of events.entries()) {
        const verdict = expected(notifications[state], index);
        assert.equal(judgeChange(before, { event }), verdict, event);
        assert.equal(judgeChange(before, { event, lease: 7 }), verdict, `${event}, the claim's own`);
        const late = verdict === 'changed' ? (taken.includes(event) ? 'kept' : 'refused') : verdict;
        assert.equal(judgeChange(before, { event, lease: 6 }), late, `${event} of an older claim`);
        assert.equal(judgeChange(before, { event, lease: 8 }), late, `${event} of a claim that is not known`);
      }
    });

    it(`${state}: what becomes of the record`, () => {
      const before = { ...notification, state };
      for (const [index, event] of events.entries()) {
        const verdict = expected(notifications[state], index);
        const moved = verdict === 'changed';
        const after = changedRecord(
          before,
          { event, dueAt: 900, detail: 'why', refusedAddress: 'sms:+2' },
          77,
        );
        assert.equal(after.updatedAt, 77, event);
        assert.equal(after.state, moved ? event : state, event);
        assert.equal(after.attempts, moved && event === 'sending' ? 4 : 3, `${event}: attempts`);
        const sent = moved && state === 'sending' && taken.includes(event);
        assert.equal(after.sends, sent ? 3 : 2, `${event}: sends`);
        assert.equal(after.failures, sent ? 0 : moved && event === 'queued' ? 2 : 1, `${event}: failures`);
        const ruled = moved || notificationRemarks.some((remark) => remark === event);
        const dueAt = over.includes(after.state) ? undefined : ruled ? 900 : 500;
        assert.equal(after.dueAt, dueAt, `${event}: due`);
        assert.deepEqual(after.refusedAddresses, ['sms:+1', 'sms:+2'], event);
        const told = reasons.includes(event) && verdict !== 'refused';
        assert.equal(after.reason, told ? 'why' : 'before', `${event}: reason`);
      }
    });

    it(`${state}: what is not said stays, and an older claim rules nothing`, () => {
      const before = { ...notification, state };
      for (const [index, event] of events.entries()) {
        const moved = expected(notifications[state], index) === 'changed';
        const plain = changedRecord(before, { event }, 77);
        assert.equal(plain.dueAt, over.includes(plain.state) ? undefined : 500, `${event}: due`);
        assert.equal(plain.reason, 'before', event);
        assert.deepEqual(plain.refusedAddresses, ['sms:+1'], event);
        assert.deepEqual(changedRecord(before, { event, refusedAddress: 'sms:+1' }, 77).refusedAddresses, [
          'sms:+1',
        ]);
        const late = changedRecord(before, { event, lease: 6, dueAt: 900 }, 77);
        assert.equal(late.state, state, `${event} of an older claim`);
        assert.equal(late.attempts, 3);
        assert.equal(late.dueAt, over.includes(state) ? undefined : 500, `${event} of an older claim: due`);
        assert.equal(changedRecord(before, { event, lease: 7 }, 77).state, moved ? event : state);
      }
    });
  }
});

describe('push messages: every state and event', () => {
  const events = [...pushMessageStates, 'attempt-failed', 'result-told', 'result-lost', 'note'] as const;
  const remarks = events.slice(pushMessageStates.length);
  const open: readonly PushMessageState[] = ['queued', 'sending', 'accepted'];

  for (const state of pushMessageStates) {
    it(state, () => {
      const before = { ...message, state };
      assert.equal(isOpenMessage(state), open.includes(state));
      for (const [index, event] of events.entries()) {
        const verdict = expected(messages[state], index);
        assert.equal(judgeMessageChange(before, { event }), verdict, event);
        assert.equal(judgeMessageChange(before, { event, lease: 7 }), verdict, `${event}, the claim's own`);
        const late = verdict === 'changed' ? (taken.includes(event) ? 'kept' : 'refused') : verdict;
        assert.equal(judgeMessageChange(before, { event, lease: 6 }), late, `${event} of an older claim`);
      }
    });

    it(`${state}: what becomes of the record`, () => {
      const before = { ...message, state };
      for (const [index, event] of events.entries()) {
        const verdict = expected(messages[state], index);
        const moved = verdict === 'changed';
        const after = changedMessage(
          before,
          { event, dueAt: 900, detail: 'why', refusedAddress: 'sms:+2' },
          77,
        );
        assert.equal(after.updatedAt, 77, event);
        assert.equal(after.state, moved ? event : state, event);
        assert.equal(after.attempts, moved && event === 'sending' ? 4 : 3, `${event}: attempts`);
        assert.equal(
          after.sends,
          moved && state === 'sending' && taken.includes(event) ? 3 : 2,
          `${event}: sends`,
        );
        assert.equal(after.failures, moved && event === 'queued' ? 2 : 1, `${event}: failures`);
        const ruled = moved || remarks.some((remark) => remark === event);
        assert.equal(
          after.dueAt,
          open.includes(after.state) ? (ruled ? 900 : 500) : undefined,
          `${event}: due`,
        );
        assert.deepEqual(after.refusedAddresses, ['sms:+1', 'sms:+2'], event);
        const told = reasons.includes(event) && verdict !== 'refused';
        assert.equal(after.reason, told ? 'why' : 'before', `${event}: reason`);
        const ended = moved && !open.includes(after.state);
        assert.equal(after.body.length, ended ? 0 : message.body.length, `${event}: body`);
        assert.equal(after.resultDueAt, undefined, `${event}: nobody asked for the result`);
        const late = changedMessage(before, { event, lease: 6, dueAt: 900 }, 77);
        assert.equal(late.state, state);
        assert.equal(late.dueAt, open.includes(state) ? 500 : undefined, `${event} of an older claim: due`);
        const again = changedMessage(before, { event, refusedAddress: 'sms:+1' }, 77);
        assert.deepEqual(again.refusedAddresses, ['sms:+1']);
        assert.equal(again.reason, 'before');
        assert.equal(again.dueAt, open.includes(again.state) ? 500 : undefined);
      }
    });

    it(`${state}: the result of one whose initiator asked for it`, () => {
      const initiator = samplePushMark();
      assert.notEqual(initiator.notifyTo, undefined);
      const before = { ...message, initiator, state };
      for (const [index, event] of events.entries()) {
        const ended = expected(messages[state], index) === 'changed' && !open.some((each) => each === event);
        const after = changedMessage(before, { event }, 77);
        assert.equal(after.resultDueAt, ended ? 77 : undefined, event);
        assert.equal(after.resultFailures, ended ? 0 : 4, event);
      }
    });
  }

  it('a result that was told is due no more, and one that could not be told is due again', () => {
    const due = { ...message, state: 'delivered', resultDueAt: 60, resultFailures: 2 } as const;
    const told = changedMessage(due, { event: 'result-told', resultDueAt: null, resultOf: 'delivered' }, 77);
    assert.equal(told.resultDueAt, undefined);
    assert.equal(told.resultFailures, 2);
    const failed = changedMessage(due, { event: 'note', resultDueAt: 90, resultOf: 'delivered' }, 77);
    assert.deepEqual([failed.resultDueAt, failed.resultFailures], [90, 3]);
    const overtaken = changedMessage(
      due,
      { event: 'result-told', resultDueAt: null, resultOf: 'unreported' },
      77,
    );
    assert.deepEqual([overtaken.resultDueAt, overtaken.resultFailures], [60, 2]);
    const without = changedMessage(due, { event: 'note', resultDueAt: 95 }, 77);
    assert.deepEqual([without.resultDueAt, without.resultFailures], [95, 3]);
    assert.equal(changedMessage(due, { event: 'note' }, 77).resultDueAt, 60);
  });
});
