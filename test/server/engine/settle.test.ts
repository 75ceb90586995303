// What comes of an attempt: what every address said, and when and where it goes on (docs/architecture.md, "Life of a push";
// spec-notes ruling 25). Half of what chance may give is given: pauses of 500 ms, 1 s, 2 s and so on, waits of 570 s, 1140 s.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SendResult } from '../../../src/push/index.ts';
import { RetryAfters } from '../../../src/server/engine/retry-afters.ts';
import {
  type Attempt,
  type RouteOutcome,
  type SettleContext,
  settle,
} from '../../../src/server/engine/settle.ts';
import { pushPolicyDefaults } from '../../../src/server/index.ts';
import type { PushRecord } from '../../../src/store/index.ts';
import { FakeBinding, ManualClock } from '../../../src/testing/index.ts';
import { madeOn, storedMessage, storedNotification } from './stored.ts';

const minute = 60_000;
const [a, b, c, gone] = ['wap:127.0.0.1', 'sms:+491701234567', 'sip:one@ims', 'obex://peer'] as const;
const named = (scheme: 'wap' | 'sms' | 'sip') =>
  Object.assign(new FakeBinding(`${scheme} binding`), {
    carriers: {
      names: [`${scheme}:1`],
      of: () => `${scheme}:1`,
      free: () => 1,
      onFree: () => () => undefined,
    },
  });
const bindings = { wap: named('wap'), sms: named('sms'), sip: named('sip') };
/** The content was made 2 s ago. */
const now = madeOn + 2000;
const mark = { lease: 7, attempt: 4, node: 'node-1' };
const notification = storedNotification({ attempts: 4 });
const message = storedMessage({ attempts: 4 });
/** 30 minutes from a TIMESTAMP of 20 minutes ago: every push of it has promised the same end. */
const timed = {
  format: 'dm1.3',
  fields: { timeoutMinutes: 30, timestamp: madeOn / 1000 - 1200 },
  expiresAt: madeOn + 10 * minute,
} as const;
const goneRefusal = {
  address: gone,
  detail: 'no binding is configured for obex:',
  code: 'NO_ROUTE',
  final: true,
} as const;
const goneFailed = {
  ...mark,
  event: 'attempt-failed',
  address: gone,
  detail: 'no binding is configured for obex:',
  cause: 'NO_ROUTE',
  refusedAddress: gone,
};

function contextOf(schemes: SettleContext['policy']['schemes'] = {}): SettleContext & { clock: ManualClock } {
  const clock = new ManualClock(now);
  const policy = { ...pushPolicyDefaults, attempts: 3, schemes };
  return { bindings, policy, clock, random: () => 0.5, node: 'node-1', retryAfters: new RetryAfters(clock) };
}

/** An attempt over `address`, which has its turn. */
function over(
  address: string,
  turn: number,
  addresses: readonly string[],
  push: PushRecord = notification,
  passed: Attempt['passed'] = [],
): Attempt {
  const scheme = address.slice(0, 3) as 'wap' | 'sms' | 'sip';
  const to = { scheme, uri: address };
  const route = { address, to, binding: bindings[scheme], carrier: `${scheme}:1`, turn };
  const contentType = { mime: 'application/vnd.syncml.notification', code: 0x44 };
  return { push, addresses, contentType, route, passed, madeAt: madeOn };
}

function nowhere(addresses: readonly string[], push: PushRecord, passed: Attempt['passed'] = []): Attempt {
  const { route: _, ...attempt } = over(a, 0, addresses, push, passed);
  return attempt;
}

const taken = (receipt: SendResult): RouteOutcome => ({ taken: true, receipt });
const sent = taken({ outcome: 'sent' });
const busy: RouteOutcome = { taken: false, why: 'busy', code: 'BUSY', retryable: true };
const never: RouteOutcome = { taken: false, why: 'never', code: 'NEVER', retryable: false };
const asksFor = (retryAfterMs: number): RouteOutcome => ({ ...busy, retryAfterMs });
/** What is said of why, as a code. */
const codes: Readonly<Record<string, object>> = {
  busy: { cause: 'BUSY' },
  never: { cause: 'NEVER' },
  'it has no address': { cause: 'NO_ROUTE' },
  'every address refused it for good': { cause: 'REJECTED' },
  'no binding is configured for obex:': { cause: 'NO_ROUTE' },
};
const bindingOf = (address: string) => `${address.slice(0, 3)} binding`;
const carrierOf = (address: string) => `${address.slice(0, 3)}:1`;

/** What the timeline says of an address that may take it later, and of one that never will. */
const laterOf = (address: string, detail = 'busy') =>
  ({
    ...mark,
    event: 'attempt-failed',
    address,
    detail,
    ...codes[detail],
    binding: bindingOf(address),
  }) as const;
const neverOf = (address: string, detail = 'never') =>
  ({ ...laterOf(address, detail), refusedAddress: address }) as const;
const queued = (address: string, failures: number, waitMs: number, detail = 'busy') =>
  ({ ...mark, event: 'queued', detail, dueAt: now + waitMs, failures, carrier: carrierOf(address) }) as const;
const failed = (detail: string) => ({ ...mark, event: 'failed', detail, ...codes[detail] }) as const;

describe('an attempt that was taken', () => {
  it('says who took it, over which address, and what the carrier calls it; an answer is waited for', () => {
    const to = { ...mark, binding: 'wap binding', address: a, dueAt: now + 570_000 };
    for (const [receipt, said] of [
      [{ outcome: 'sent' }, { event: 'sent' }],
      [
        { outcome: 'accepted', reference: 'r1' },
        { event: 'accepted', reference: 'r1' },
      ],
      [{ outcome: 'delivered' }, { event: 'delivered' }],
      [
        { outcome: 'delivered', reference: 'r2' },
        { event: 'delivered', reference: 'r2' },
      ],
    ] as const) {
      assert.deepEqual(settle(contextOf(), over(a, 0, [a]), taken(receipt)), [{ ...to, ...said }]);
    }
  });

  it('waits twice as long with each push that stayed unanswered, as its scheme says, and no longer than it lives', () => {
    const dueAt = (sends: number, context: SettleContext, expiresAt = notification.expiresAt) =>
      (settle(context, over(a, 0, [a], { ...notification, sends, expiresAt }), sent)[0]?.dueAt ?? 0) - now;
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((sends) => dueAt(sends, contextOf())),
      [570_000, 1_140_000, 2_280_000, 4_560_000, 4_560_000],
    );
    assert.equal(dueAt(0, contextOf({ wap: { answerTimeoutMs: 1000 }, sms: { answerTimeoutMs: 9 } })), 950);
    for (const [life, wait] of [
      [569_999, 569_999],
      [570_000, 570_000],
      [570_001, 570_000],
    ] as const) {
      assert.equal(dueAt(0, contextOf(), now + life), wait);
    }
  });

  it('names the carrier of the next address, which has its turn when nobody answers', () => {
    const carrierAfter = (sends: number, address: string, push: Partial<PushRecord> = {}) => {
      const record = { ...notification, ...push, sends } as PushRecord;
      return settle(contextOf(), over(address, 0, [a, b, c], record), sent)[0]?.carrier;
    };
    assert.deepEqual(
      [carrierAfter(0, a), carrierAfter(1, b), carrierAfter(2, c)],
      ['sms:1', 'sip:1', 'wap:1'],
    );
    assert.equal(carrierAfter(0, a, { refusedAddresses: [b] }), 'sip:1');
    // Addresses that were passed over now are left out as well.
    const passed = [{ address: b, detail: 'never', final: true }];
    const changes = settle(contextOf(), over(a, 0, [a, b, c], notification, passed), sent);
    assert.equal(changes.at(-1)?.carrier, 'sip:1');
    const later = [{ address: b, detail: 'busy', final: false }];
    const after = settle(contextOf(), over(a, 0, [a, b, c], notification, later), sent);
    assert.equal(after.at(-1)?.carrier, 'sms:1');
  });

  it('comes after the addresses that were passed over on the way', () => {
    const passed = [goneRefusal, { address: c, detail: 'not there', binding: 'sip binding', final: false }];
    const attempt = over(b, 2, [gone, c, b], notification, passed);
    assert.deepEqual(settle(contextOf(), attempt, taken({ outcome: 'accepted', reference: 'r' })), [
      goneFailed,
      laterOf(c, 'not there'),
      {
        ...mark,
        event: 'accepted',
        binding: 'sms binding',
        address: b,
        reference: 'r',
        dueAt: now + 570_000,
        carrier: 'sip:1',
      },
    ]);
  });

  it('of a message has its carrier say the rest for as long as it lives', () => {
    for (const purpose of ['message', 'relayed'] as const) {
      const push = { ...message, purpose, expiresAt: now + 999_999 };
      assert.deepEqual(settle(contextOf(), over(b, 0, [b, a], push), sent), [
        {
          ...mark,
          event: 'sent',
          binding: 'sms binding',
          address: b,
          dueAt: now + 999_999,
          carrier: 'wap:1',
        },
      ]);
    }
  });

  it('ends what its addresses asked for; what those of others did stays', () => {
    const context = contextOf();
    context.retryAfters.note('n', b, 5000);
    context.retryAfters.note('another', b, 5000);
    settle(context, over(a, 0, [a, b]), sent);
    assert.equal(context.retryAfters.leftMs('n', b), undefined);
    assert.equal(context.retryAfters.leftMs('another', b), 5000);
  });
});

describe('ruling 25: a notification with a TIMEOUT that was taken', () => {
  /** When it is looked at again, of the moment its content was made. */
  const lookedAt = (push: Partial<PushRecord>) => {
    const format = { format: 'dm1.3', fields: { timeoutMinutes: 30 } };
    const record = { ...notification, ...format, ...push } as PushRecord;
    return (settle(contextOf(), over(a, 0, [a], record), sent)[0]?.dueAt ?? 0) - madeOn;
  };
  const expiresAt = madeOn + 25 * minute + 1;

  it('is pushed again while attempts are left', () => {
    assert.equal(lookedAt({ expiresAt, sends: 0 }), 572_000);
    assert.equal(lookedAt({ expiresAt, sends: 1 }), 1_142_000);
  });

  it('then it is kept for as long as the device was told, the minute that was rounded up included', () => {
    for (const sends of [2, 3]) assert.equal(lookedAt({ expiresAt, sends }), 26 * minute);
    assert.equal(lookedAt({ expiresAt: madeOn + 25 * minute, sends: 2 }), 25 * minute);
  });

  it('so it is when its time is over before the next push', () => {
    for (const [life, at] of [
      [571_999, 10 * minute],
      [572_000, 10 * minute],
      [572_001, 572_000],
    ] as const) {
      assert.equal(lookedAt({ expiresAt: madeOn + life, sends: 0 }), at, `a life of ${life} ms`);
    }
  });

  it('days of dm1.3-2010 count from the sending', () => {
    const draft = { format: 'dm1.3-2010', fields: { timeoutDays: 3 }, sends: 2 } as const;
    const day = 1440 * minute;
    assert.equal(lookedAt({ ...draft, expiresAt: madeOn + day + 1 }), 2 * day);
    assert.equal(lookedAt({ ...draft, expiresAt: madeOn + day }), day);
  });

  it('with none asked for it waits for an answer as any other', () => {
    const none = { fields: { timeoutMinutes: 0 } };
    assert.equal(lookedAt({ ...none, expiresAt: madeOn + 200 * minute, sends: 2 }), 2_282_000);
    assert.equal(lookedAt({ ...none, expiresAt, sends: 2 }), 25 * minute + 1);
  });
});

describe('an attempt that was refused', () => {
  it('goes on with the next address of the round at once', () => {
    assert.deepEqual(settle(contextOf(), over(a, 0, [a, b, c]), busy), [laterOf(a), queued(b, 1, 0)]);
    assert.deepEqual(settle(contextOf(), over(b, 1, [a, b, c]), busy), [laterOf(b), queued(c, 2, 0)]);
    assert.deepEqual(settle(contextOf(), over(a, 3, [a, b, c]), busy), [laterOf(a), queued(b, 4, 0)]);
    // Unanswered once, it began with the second.
    const again = { ...notification, sends: 1 };
    assert.deepEqual(settle(contextOf(), over(c, 1, [a, b, c], again), busy), [laterOf(c), queued(a, 2, 0)]);
    assert.deepEqual(settle(contextOf(), over(a, 0, [a, b], message), busy), [laterOf(a), queued(b, 1, 0)]);
  });

  it('begins a new round after a pause that doubles from one to the next, up to the longest', () => {
    for (const [turn, waitMs] of [
      [1, 500],
      [3, 1000],
      [5, 2000],
      [19, 150_000],
      [99, 150_000],
    ] as const) {
      const changes = settle(contextOf(), over(b, turn, [a, b]), busy);
      assert.deepEqual(changes, [laterOf(b), queued(a, turn + 1, waitMs)]);
    }
    assert.deepEqual(settle(contextOf(), over(a, 0, [a]), busy), [laterOf(a), queued(a, 1, 500)]);
    assert.deepEqual(settle(contextOf(), over(a, 2, [a]), busy), [laterOf(a), queued(a, 3, 2000)]);
  });

  it('with the pause of the scheme over which it goes then', () => {
    const context = contextOf({ wap: { backOffBaseMs: 8000 }, sms: { backOffBaseMs: 3000 } });
    assert.deepEqual(settle(context, over(b, 1, [a, b]), busy), [laterOf(b), queued(a, 2, 4000)]);
  });

  it('looks at it at the end of its life when the pause is longer', () => {
    for (const [life, waitMs] of [
      [499, 499],
      [500, 500],
      [501, 500],
    ] as const) {
      const push = { ...notification, expiresAt: now + life };
      const changes = settle(contextOf(), over(a, 0, [a], push), busy);
      assert.deepEqual(changes, [laterOf(a), queued(a, 1, waitMs)]);
    }
  });

  it('leaves out who refused for good, now or before', () => {
    const refusals = settle(contextOf(), over(a, 0, [a, b]), never);
    assert.deepEqual(refusals, [neverOf(a), queued(b, 1, 0, 'never')]);
    const push = { ...notification, refusedAddresses: [c] };
    assert.deepEqual(settle(contextOf(), over(b, 1, [a, b, c], push), never), [
      neverOf(b),
      queued(a, 3, 500, 'never'),
    ]);
    // The last that is left, with every round.
    const alone = { ...notification, refusedAddresses: [a, c] };
    const changes = settle(contextOf(), over(b, 1, [a, b, c], alone), busy);
    assert.deepEqual(changes, [laterOf(b), queued(b, 4, 500)]);
    const passed = [{ address: c, detail: 'never', code: 'NEVER', binding: 'sip binding', final: true }];
    const onward = settle(contextOf(), over(a, 1, [c, a, b], notification, passed), never);
    assert.deepEqual(onward, [neverOf(c), neverOf(a), queued(b, 2, 0, 'never')]);
  });

  it('tells of addresses that cannot take it: before it, and those that are passed over after it', () => {
    const attempt = over(a, 1, ['fax:1', a, gone, b], notification, [
      { address: 'fax:1', detail: 'what is fax', final: true },
    ]);
    assert.deepEqual(settle(contextOf(), attempt, busy), [
      { ...mark, event: 'attempt-failed', address: 'fax:1', detail: 'what is fax', refusedAddress: 'fax:1' },
      laterOf(a),
      goneFailed,
      queued(b, 3, 0),
    ]);
  });

  it('is the end when no address is left, for the reason of this one; what was asked for is forgotten', () => {
    for (const [push, addresses] of [
      [notification, [a]],
      [{ ...notification, refusedAddresses: [b] }, [a, b]],
      [{ ...message, sends: 2 }, [a]],
      // Without a TIMEOUT nothing was promised to a device that had an earlier push.
      [{ ...notification, sends: 1 }, [a]],
    ] as const) {
      const context = contextOf();
      context.retryAfters.note(push.id, 'sip:former@ims', 5000);
      assert.deepEqual(settle(context, over(a, 0, addresses, push), never), [neverOf(a), failed('never')]);
      assert.equal(context.retryAfters.leftMs(push.id, 'sip:former@ims'), undefined);
    }
    assert.deepEqual(settle(contextOf(), over(a, 0, [a, gone]), never), [
      neverOf(a),
      goneFailed,
      failed('never'),
    ]);
  });

  it('ruling 25: but not of a notification whose Session-ID a device was promised', () => {
    const promised = { ...notification, ...timed };
    const detail = 'never; its Session-ID stays valid until its time ends';
    for (const sends of [1, 2, 9]) {
      const context = contextOf();
      context.retryAfters.note('n', b, 5000);
      assert.deepEqual(settle(context, over(a, 0, [a], { ...promised, sends }), never), [
        neverOf(a),
        { ...mark, event: 'queued', detail, dueAt: timed.expiresAt },
      ]);
      assert.equal(context.retryAfters.leftMs('n', b), undefined);
    }
    // No device has had a push of it.
    const first = settle(contextOf(), over(a, 0, [a], promised), never);
    assert.deepEqual(first, [neverOf(a), failed('never')]);
  });
});

describe('an attempt over no route', () => {
  it('ends a push, with the reason', () => {
    for (const push of [notification, message]) {
      assert.deepEqual(settle(contextOf(), nowhere([], push), undefined), [failed('it has no address')]);
      const refused = { ...push, refusedAddresses: [a] };
      assert.deepEqual(settle(contextOf(), nowhere([a], refused), undefined), [
        failed('every address refused it for good'),
      ]);
      const changes = settle(contextOf(), nowhere([gone], push, [goneRefusal]), undefined);
      assert.deepEqual(changes, [goneFailed, failed('no binding is configured for obex:')]);
    }
  });

  it('ruling 25: a promise is kept', () => {
    const detail = 'it has no address; its Session-ID stays valid until its time ends';
    const push = { ...notification, ...timed, sends: 1 };
    assert.deepEqual(settle(contextOf(), nowhere([], push), undefined), [
      { ...mark, event: 'queued', detail, dueAt: timed.expiresAt },
    ]);
  });
});

describe('a carrier that asks to come later', () => {
  it('is not asked before, nor before the pause; another address has its turn at once', () => {
    for (const [asked, waitMs] of [
      [1, 500],
      [500, 500],
      [501, 501],
      [60_000, 60_000],
    ] as const) {
      const context = contextOf();
      assert.deepEqual(settle(context, over(a, 0, [a]), asksFor(asked)), [laterOf(a), queued(a, 1, waitMs)]);
      assert.equal(context.retryAfters.leftMs('n', a), asked);
    }
    const context = contextOf();
    assert.deepEqual(settle(context, over(a, 0, [a, b]), asksFor(60_000)), [laterOf(a), queued(b, 1, 0)]);
    assert.equal(context.retryAfters.leftMs('n', a), 60_000);
    const short = { ...notification, expiresAt: now + 40_000 };
    const changes = settle(contextOf(), over(a, 0, [a], short), asksFor(60_000));
    assert.deepEqual(changes, [laterOf(a), queued(a, 1, 40_000)]);
  });

  it('when all of them do, the one that waits for the shortest is next', () => {
    for (const [first, second, next, failures, waitMs] of [
      [60_000, 30_000, b, 3, 30_000],
      [20_000, 30_000, a, 2, 20_000],
      [20_000, 20_000, a, 2, 20_000],
    ] as const) {
      const context = contextOf();
      context.retryAfters.note('n', a, first);
      const changes = settle(context, over(b, 1, [a, b]), asksFor(second));
      assert.deepEqual(changes, [laterOf(b), queued(next, failures, waitMs)]);
    }
  });

  it('comes before one that is asked again after a pause when its time comes first, with no pause of its own', () => {
    for (const [asked, next, failures, waitMs] of [
      [300, a, 2, 300],
      [499, a, 2, 499],
      [500, b, 3, 500],
      [700, b, 3, 500],
    ] as const) {
      const context = contextOf();
      context.retryAfters.note('n', a, asked);
      // Of another push, it is nobody's business.
      context.retryAfters.note('another', b, 90_000);
      const changes = settle(context, over(b, 1, [a, b]), busy);
      assert.deepEqual(changes, [laterOf(b), queued(next, failures, waitMs)], `${asked} ms`);
    }
  });

  it('and whose time has come is asked at once, though a new round begins with it', () => {
    const context = contextOf();
    context.retryAfters.note('n', a, 400);
    context.clock.advance(400);
    const [, next] = settle(context, over(b, 1, [a, b]), busy);
    assert.deepEqual(next, queued(a, 2, 400));
  });

  it('and was asked again does so no more: it is asked as any other', () => {
    const context = contextOf();
    context.retryAfters.note('n', a, 400);
    context.retryAfters.note('n', b, 9000);
    context.clock.advance(400);
    assert.deepEqual(settle(context, over(a, 0, [a]), busy)[1], queued(a, 1, 900));
    assert.equal(context.retryAfters.leftMs('n', a), undefined);
    assert.equal(context.retryAfters.leftMs('n', b), 8600);
  });
});
