// What happens to a push that is due, case by case (docs/architecture.md, "Life of a push"; spec-notes ruling 25).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pushPolicyDefaults } from '../../../src/server/index.ts';
import { decide } from '../../../src/server/push/decide.ts';
import { decideGivenUp, decideMessage } from '../../../src/server/push/decide-message.ts';
import type { NotificationRecord, PushMessageEvent, PushMessageRecord } from '../../../src/store/index.ts';
import { samplePushMessage } from '../../../src/testing/index.ts';

const policy = { ...pushPolicyDefaults, attempts: 3 };
const due: NotificationRecord = {
  id: 'n',
  deviceId: 'd',
  serverId: 's',
  sessionId: 1,
  format: 'dm1.3',
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
const promised = { ...due, message: { timeoutMinutes: 5 } };

describe('a notification that is due', () => {
  it('queued or left in sending: it is sent, however often it was before', () => {
    for (const state of ['queued', 'sending'] as const) {
      for (const sends of [0, 2, 3, 50]) {
        assert.deepEqual(decide({ ...due, state, sends }, policy, 999), { event: 'sending' });
      }
    }
  });

  it('sent, accepted or delivered without an answer: again, up to the attempts of the policy', () => {
    for (const state of ['sent', 'accepted', 'delivered'] as const) {
      for (const sends of [1, 2]) {
        assert.deepEqual(decide({ ...due, state, sends }, policy, 999), {
          event: 'sending',
          detail: 'no answer so far',
        });
      }
      for (const sends of [3, 4]) {
        const end = decide({ ...due, state, sends }, policy, 999);
        assert.deepEqual(end, { event: 'failed', detail: `no answer after ${sends} pushes` });
      }
    }
    const once = decide({ ...due, state: 'sent', sends: 1, reason: 'gone' }, { ...policy, attempts: 1 }, 999);
    assert.deepEqual(once, { event: 'failed', detail: 'no answer after 1 push; met on the way: gone' });
  });

  it('at its end it expires, with what was met on the way; not a millisecond before', () => {
    for (const state of ['queued', 'sending', 'sent', 'accepted', 'delivered'] as const) {
      assert.notEqual(decide({ ...due, state, sends: 1 }, policy, 999).event, 'expired', state);
      for (const now of [1000, 1001]) {
        assert.deepEqual(decide({ ...due, state, sends: 0 }, policy, now), {
          event: 'expired',
          detail: 'its time ended before a push went out',
        });
        assert.deepEqual(decide({ ...due, state, sends: 1, reason: 'no route' }, policy, now), {
          event: 'expired',
          detail: 'its time ended unanswered after 1 push; met on the way: no route',
        });
        assert.equal(
          decide({ ...due, state, sends: 2 }, policy, now).detail,
          'its time ended unanswered after 2 pushes',
        );
      }
    }
  });

  it('answered by a session that broke off: sent again, or failed; it never expires', () => {
    const answered = { ...due, state: 'answered', sends: 1 } as const;
    const again = decide(answered, policy, 999);
    assert.deepEqual(again, { event: 'sending', detail: 'the session did not go on' });
    assert.equal(decide({ ...answered, reason: 'killed' }, policy, 999).detail, 'killed');
    assert.deepEqual(decide({ ...answered, sends: 3 }, policy, 999), {
      event: 'failed',
      detail: 'after 3 pushes: the session did not go on',
    });
    assert.deepEqual(decide({ ...answered, sends: 4, reason: 'killed' }, policy, 999), {
      event: 'failed',
      detail: 'after 4 pushes: killed',
    });
    for (const now of [1000, 1001]) {
      assert.deepEqual(decide(answered, policy, now), {
        event: 'failed',
        detail: 'no time left for another push: the session did not go on',
      });
    }
  });

  it('ruling 25: with a TIMEOUT it is kept until its end, without another push', () => {
    for (const state of ['sent', 'accepted', 'delivered', 'answered'] as const) {
      const kept = decide({ ...promised, state, sends: 3 }, policy, 999);
      assert.equal(kept.event, 'note', state);
      assert.equal(kept.dueAt, 1000);
      assert.match(kept.detail ?? '', /^no more pushes after 3; its Session-ID stays valid/);
      const end = decide({ ...promised, state, sends: 3 }, policy, 1000);
      assert.equal(end.event, state === 'answered' ? 'failed' : 'expired', state);
      assert.equal(decide({ ...promised, state, sends: 2 }, policy, 999).event, 'sending');
    }
  });
});

const message: PushMessageRecord = {
  ...samplePushMessage({}),
  id: 'm',
  octets: 5,
  state: 'queued',
  attempts: 1,
  sends: 1,
  failures: 0,
  refusedAddresses: [],
  lease: 7,
  dueAt: 1,
  expiresAt: 10_000,
  resultFailures: 0,
  createdAt: 1,
  updatedAt: 1,
};

describe('a push message that is due', () => {
  it('is sent until its end', () => {
    for (const state of ['queued', 'sending'] as const) {
      assert.deepEqual(decideMessage({ ...message, state }, 9999), { event: 'sending' });
      for (const now of [10_000, 10_001]) {
        assert.deepEqual(decideMessage({ ...message, state }, now), {
          event: 'expired',
          detail: 'its time ended before it was taken',
        });
      }
      const met = decideMessage({ ...message, state, reason: 'no route' }, 10_000);
      assert.equal(met.detail, 'its time ended before it was taken; met on the way: no route');
    }
  });

  it('accepted: nobody said what became of it', () => {
    for (const now of [1, 10_000]) {
      assert.equal(decideMessage({ ...message, state: 'accepted' }, now).event, 'unreported');
    }
  });
});

describe('a push message that its carrier gave up', () => {
  const entry = { sequence: 1, messageId: 'm', at: 1, state: 'accepted' } as const;
  const accepted: PushMessageEvent = { ...entry, event: 'accepted', reference: 'r1', address: 'sms:+491' };
  const report: PushMessageEvent = {
    ...entry,
    event: 'attempt-failed',
    reference: 'r1',
    detail: 'r1 undeliverable',
  };
  const context = { policy, now: 5000, random: () => 0.5 };

  it('goes back into the queue with a pause that doubles, of the claim that it belongs to', () => {
    const open = { ...message, state: 'accepted' } as const;
    const queued = { event: 'queued', lease: 7, detail: 'r1 undeliverable' };
    assert.deepEqual(decideGivenUp(open, [accepted, report], context), { ...queued, dueAt: 5500 });
    const twice = decideGivenUp({ ...open, failures: 2 }, [accepted, report], context);
    assert.deepEqual(twice, { ...queued, dueAt: 7000 });
    const late = decideGivenUp({ ...open, failures: 9 }, [accepted, report], context);
    assert.deepEqual(late, { ...queued, dueAt: 10_000 });
  });

  it('with the pause of the scheme over which it went', () => {
    const schemes = { sms: { backOffBaseMs: 4000 } };
    const change = decideGivenUp({ ...message, state: 'accepted' }, [accepted, report], {
      ...context,
      policy: { ...policy, schemes },
    });
    assert.equal(change?.dueAt, 7000);
    const { address: _, ...nowhere } = accepted;
    const other = decideGivenUp({ ...message, state: 'accepted' }, [nowhere, report], {
      ...context,
      policy: { ...policy, schemes },
    });
    assert.equal(other?.dueAt, 5500);
  });

  it('fails after the attempts of the policy, at its end, and when nothing was waited for any more', () => {
    const failed = { event: 'failed', lease: 7, detail: 'r1 undeliverable' };
    const timeline = [accepted, report];
    const open = { ...message, state: 'accepted' } as const;
    assert.equal(decideGivenUp({ ...open, sends: 2 }, timeline, context)?.event, 'queued');
    for (const sends of [3, 4]) {
      assert.deepEqual(decideGivenUp({ ...open, sends }, timeline, context), failed);
    }
    assert.equal(decideGivenUp(open, timeline, { ...context, now: 9999 })?.event, 'queued');
    assert.deepEqual(decideGivenUp(open, timeline, { ...context, now: 10_000 }), failed);
    assert.deepEqual(decideGivenUp({ ...message, state: 'unreported' }, timeline, context), failed);
    const { detail: _, ...bare } = report;
    assert.equal(decideGivenUp(open, [accepted, bare], context)?.detail, 'the carrier gave it up');
  });

  it('only by a report on the push that it stands at', () => {
    const open = { ...message, state: 'accepted' } as const;
    const second: PushMessageEvent = { ...accepted, reference: 'r2' };
    assert.equal(decideGivenUp(open, [accepted, report, second], context), undefined);
    assert.equal(decideGivenUp(open, [accepted], context), undefined);
    const { reference: _, ...refusal } = report;
    const { reference: __, ...unnamed } = accepted;
    assert.equal(decideGivenUp(open, [unnamed, refusal], context), undefined, 'an address refused it');
    assert.equal(decideGivenUp(open, [accepted, { ...report, event: 'note' }], context), undefined);
    assert.equal(decideGivenUp(open, [], context), undefined);
    for (const state of [
      'queued',
      'sending',
      'sent',
      'delivered',
      'failed',
      'expired',
      'cancelled',
    ] as const) {
      assert.equal(decideGivenUp({ ...message, state }, [accepted, report], context), undefined, state);
    }
    const latest = [accepted, report, second, { ...report, reference: 'r2', detail: 'r2 rejected' }];
    assert.equal(decideGivenUp(open, latest, context)?.detail, 'r2 rejected');
  });
});
