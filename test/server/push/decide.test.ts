// What happens to a push that is due, or that its carrier gave up, case by case (docs/architecture.md, "Life of a push";
// spec-notes ruling 25).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideDue, decideGivenUp, pushPolicyDefaults } from '../../../src/server/index.ts';
import {
  type MessagePush,
  messageStates,
  type NotificationPush,
  notificationStates,
  type PushRecord,
} from '../../../src/store/index.ts';
import { samplePushMessage } from '../../../src/testing/index.ts';

const policy = { ...pushPolicyDefaults, attempts: 3 };
const due: NotificationPush = {
  purpose: 'notification',
  id: 'n',
  deviceId: 'd',
  serverId: 's',
  sessionId: 1,
  format: 'dm1.3',
  fields: {},
  state: 'queued',
  attempts: 0,
  sends: 0,
  failures: 0,
  refusedAddresses: [],
  defaultNonce: 'none',
  resynchronise: false,
  lease: 0,
  version: 0,
  dueAt: 1,
  expiresAt: 1000,
  createdAt: 1,
  updatedAt: 1,
};
const promised = { ...due, fields: { timeoutMinutes: 5 } };

describe('a notification that is due', () => {
  it('queued or left in sending: it is sent, however often it was before', () => {
    for (const state of ['queued', 'sending'] as const) {
      for (const sends of [0, 2, 3, 50]) {
        assert.deepEqual(decideDue({ ...due, state, sends }, policy, 999), { event: 'sending' });
      }
    }
  });

  it('sent, accepted or delivered without an answer: again, up to the attempts of the policy', () => {
    for (const state of ['sent', 'accepted', 'delivered'] as const) {
      for (const sends of [1, 2]) {
        assert.deepEqual(decideDue({ ...due, state, sends }, policy, 999), {
          event: 'sending',
          detail: 'no answer so far',
        });
      }
      for (const sends of [3, 4]) {
        const end = decideDue({ ...due, state, sends }, policy, 999);
        assert.deepEqual(end, {
          event: 'failed',
          detail: `no answer after ${sends} pushes`,
          cause: 'NO_ANSWER',
        });
      }
    }
    const once = decideDue(
      { ...due, state: 'sent', sends: 1, reason: 'gone' },
      { ...policy, attempts: 1 },
      999,
    );
    assert.deepEqual(once, {
      event: 'failed',
      detail: 'no answer after 1 push; met on the way: gone',
      cause: 'NO_ANSWER',
    });
  });

  it('at its end it expires, with what was met on the way; not a millisecond before', () => {
    for (const state of ['queued', 'sending', 'sent', 'accepted', 'delivered'] as const) {
      assert.notEqual(decideDue({ ...due, state, sends: 1 }, policy, 999).event, 'expired', state);
      for (const now of [1000, 1001]) {
        assert.deepEqual(decideDue({ ...due, state, sends: 0 }, policy, now), {
          event: 'expired',
          detail: 'its time ended before a push went out',
        });
        assert.deepEqual(decideDue({ ...due, state, sends: 1, reason: 'no route' }, policy, now), {
          event: 'expired',
          detail: 'its time ended unanswered after 1 push; met on the way: no route',
        });
        assert.equal(
          decideDue({ ...due, state, sends: 2 }, policy, now).detail,
          'its time ended unanswered after 2 pushes',
        );
      }
    }
  });

  it('answered by a session that broke off: sent again, or failed; it never expires', () => {
    const answered = { ...due, state: 'answered', sends: 1 } as const;
    const again = decideDue(answered, policy, 999);
    assert.deepEqual(again, { event: 'sending', detail: 'the session did not go on' });
    assert.equal(decideDue({ ...answered, reason: 'killed' }, policy, 999).detail, 'killed');
    assert.deepEqual(decideDue({ ...answered, sends: 3 }, policy, 999), {
      event: 'failed',
      detail: 'after 3 pushes: the session did not go on',
      cause: 'SESSION',
    });
    assert.deepEqual(decideDue({ ...answered, sends: 4, reason: 'killed' }, policy, 999), {
      event: 'failed',
      detail: 'after 4 pushes: killed',
      cause: 'SESSION',
    });
    for (const now of [1000, 1001]) {
      assert.deepEqual(decideDue(answered, policy, now), {
        event: 'failed',
        detail: 'no time left for another push: the session did not go on',
        cause: 'SESSION',
      });
    }
  });

  it('ruling 25: with a TIMEOUT it is kept until its end, without another push', () => {
    for (const state of ['sent', 'accepted', 'delivered', 'answered'] as const) {
      const kept = decideDue({ ...promised, state, sends: 3 }, policy, 999);
      assert.equal(kept.event, 'note', state);
      assert.equal(kept.dueAt, 1000);
      assert.match(kept.detail ?? '', /^no more pushes after 3; its Session-ID stays valid/);
      const end = decideDue({ ...promised, state, sends: 3 }, policy, 1000);
      assert.equal(end.event, state === 'answered' ? 'failed' : 'expired', state);
      assert.equal(decideDue({ ...promised, state, sends: 2 }, policy, 999).event, 'sending');
    }
  });
});

const message: MessagePush = {
  ...samplePushMessage({}),
  purpose: 'message',
  id: 'm',
  octets: 5,
  state: 'queued',
  attempts: 1,
  sends: 1,
  failures: 0,
  refusedAddresses: [],
  lease: 7,
  version: 0,
  dueAt: 1,
  expiresAt: 10_000,
  resultFailures: 0,
  createdAt: 1,
  updatedAt: 1,
};

describe('a push message that is due', () => {
  it('is sent until its end', () => {
    for (const state of ['queued', 'sending'] as const) {
      assert.deepEqual(decideDue({ ...message, state }, policy, 9999), { event: 'sending' });
      for (const now of [10_000, 10_001]) {
        assert.deepEqual(decideDue({ ...message, state }, policy, now), {
          event: 'expired',
          detail: 'its time ended before it was taken',
        });
      }
      const met = decideDue({ ...message, state, reason: 'no route' }, policy, 10_000);
      assert.equal(met.detail, 'its time ended before it was taken; met on the way: no route');
    }
  });

  it('accepted: nobody said what became of it', () => {
    for (const now of [1, 10_000]) {
      assert.equal(decideDue({ ...message, state: 'accepted' }, policy, now).event, 'unreported');
    }
  });
});

describe('a push that is due to a device which is suspended', () => {
  const failed = { event: 'failed', detail: 'the device is suspended', cause: 'SUSPENDED' } as const;

  it('fails where it would be sent, and ends as ever where it would not', () => {
    for (const push of [due, { ...due, state: 'sent', sends: 1 } as const, message]) {
      assert.equal(decideDue(push, policy, 999).event, 'sending');
      assert.deepEqual(decideDue(push, policy, 999, true), failed);
      assert.equal(decideDue(push, policy, 10_000, true).event, 'expired');
    }
    assert.equal(decideDue({ ...message, state: 'accepted' }, policy, 1, true).event, 'unreported');
  });

  it('ruling 25: one that is out with a TIMEOUT is kept until its end', () => {
    assert.deepEqual(decideDue(promised, policy, 999, true), failed);
    const kept = decideDue({ ...promised, state: 'sent', sends: 1 }, policy, 999, true);
    assert.deepEqual([kept.event, kept.dueAt], ['note', 1000]);
  });
});

/** Of both kinds, with what is the same of them. */
const common = { lease: 7, sends: 1, expiresAt: 10_000 } as const;
const kinds: readonly (readonly [string, PushRecord])[] = [
  ['notification', { ...due, ...common }],
  ['message', { ...message, ...common }],
];

for (const [purpose, push] of kinds) {
  describe(`a ${purpose} that its carrier gave up`, () => {
    const open = { ...push, state: 'accepted' } as const;
    const context = { policy, now: 5000, random: () => 0.5 };
    const why = 'r1 undeliverable';
    // A notification stands at its session; its next push need not wait for an answer any more.
    const event = purpose === 'notification' ? 'note' : 'queued';
    const again = { event, lease: 7, detail: why };

    it('goes out again after a pause that doubles with each push that was taken, of the claim that it belongs to', () => {
      const attempts = { ...policy, attempts: 20 };
      for (const [sends, dueAt] of [
        [1, 5500],
        [2, 6000],
        [3, 7000],
        [10, 10_000],
      ] as const) {
        const next = decideGivenUp({ ...open, sends, failures: 9 }, why, { ...context, policy: attempts });
        assert.deepEqual(next, { ...again, dueAt }, `${sends} sends`);
      }
    });

    it('with the pause of the scheme over which it went', () => {
      const schemes = { sms: { backOffBaseMs: 4000 } };
      const slow = { ...context, policy: { ...policy, schemes } };
      assert.equal(decideGivenUp(open, why, { ...slow, scheme: 'sms' })?.dueAt, 7000);
      assert.equal(decideGivenUp(open, why, slow)?.dueAt, 5500);
    });

    it('only where something is waited for', () => {
      const states = purpose === 'notification' ? notificationStates : messageStates;
      const waiting = states.filter((state) => decideGivenUp({ ...push, state }, why, context) !== undefined);
      assert.deepEqual(waiting, purpose === 'notification' ? ['accepted'] : ['accepted', 'unreported']);
    });
  });
}

describe('a giving up that is the end', () => {
  const context = { policy, now: 5000, random: () => 0.5 };
  const failed = { event: 'failed', lease: 7, detail: 'gone', cause: 'UNDELIVERED' };
  const open = { ...message, ...common, state: 'accepted' } as const;

  it('of a message: after the attempts of the policy, at its end, and when nothing was waited for any more', () => {
    assert.equal(decideGivenUp({ ...open, sends: 2 }, 'gone', context)?.event, 'queued');
    for (const sends of [3, 4]) {
      assert.deepEqual(decideGivenUp({ ...open, sends }, 'gone', context), failed);
    }
    assert.equal(decideGivenUp(open, 'gone', { ...context, now: 9999 })?.event, 'queued');
    assert.deepEqual(decideGivenUp(open, 'gone', { ...context, now: 10_000 }), failed);
    assert.deepEqual(decideGivenUp({ ...open, state: 'unreported' }, 'gone', context), failed);
  });

  it('of a notification: none, for the engine finds it due and says why', () => {
    const last = { ...due, ...common, state: 'accepted', sends: 3 } as const;
    const next = decideGivenUp(last, 'gone', context);
    assert.deepEqual([next?.event, next?.dueAt], ['note', 7000]);
    assert.equal(decideGivenUp(last, 'gone', { ...context, now: 10_000 })?.dueAt, 10_000);
    assert.equal(decideDue(last, policy, 7000).event, 'failed');
  });
});
