// What is decided about a push that is due in the lane of a carrier: over, elsewhere, or sent, and how (docs/architecture.md,
// "Life of a push"; spec-notes rulings 12 and 26).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Binding, DeviceAddress } from '../../../src/push/index.ts';
import { type PlanContext, planOf } from '../../../src/server/engine/plan.ts';
import { RetryAfters } from '../../../src/server/engine/retry-afters.ts';
import { pushPolicyDefaults } from '../../../src/server/index.ts';
import type { DeviceRecord, PushRecord } from '../../../src/store/index.ts';
import { FakeBinding, ManualClock } from '../../../src/testing/index.ts';
import { madeOn, storedDevice, storedMessage, storedNotification, withoutNonce } from './stored.ts';

const clock = new ManualClock(madeOn);
const wap = new FakeBinding('wap');
const sms: Binding<DeviceAddress> = Object.assign(new FakeBinding('sms'), {
  carriers: {
    names: ['sms:home', 'sms:abroad'],
    of: ({ user = '' }: DeviceAddress) => (user.startsWith('+49') ? 'sms:home' : 'sms:abroad'),
    free: () => 1,
    onFree: () => () => undefined,
  },
});
const addresses = ['wap:127.0.0.1', 'sms:+491701234567', 'sms:+441234567'] as const;
const [overWap, home, abroad] = addresses;
const routes = {
  wap: {
    address: overWap,
    to: { scheme: 'wap', uri: overWap, host: '127.0.0.1', port: 2948 },
    binding: wap,
    carrier: 'wap',
  },
  home: {
    address: home,
    to: { scheme: 'sms', uri: home, user: '+491701234567' },
    binding: sms,
    carrier: 'sms:home',
  },
  abroad: {
    address: abroad,
    to: { scheme: 'sms', uri: abroad, user: '+441234567' },
    binding: sms,
    carrier: 'sms:abroad',
  },
} as const;
const device = storedDevice({ addresses });
const notification = storedNotification();
const contentType = { mime: 'application/vnd.syncml.notification', code: 0x44 };
/** How the sample is sent over the first address. */
const plain = {
  passed: [],
  route: { ...routes.wap, turn: 0 },
  addresses,
  contentType,
  need: 'stored',
  nonce: 'stored',
};

function contextOf(): PlanContext {
  const bindings = { wap, sms, waps: wap };
  const isSuspended = () => false;
  return { bindings, policy: pushPolicyDefaults, clock, retryAfters: new RetryAfters(clock), isSuspended };
}

function decided(carrier: string, push: PushRecord, to: DeviceRecord | undefined = device) {
  return planOf(contextOf(), carrier, push, to);
}

describe('a push that is not to be sent', () => {
  it('is over, whatever carrier has it: no plan, and its device has no say', () => {
    const late = { ...notification, expiresAt: madeOn };
    const expired = { event: 'expired', detail: 'its time ended before a push went out' };
    assert.deepEqual(decided('wap', late), { changes: [expired] });
    assert.deepEqual(decided('sms:home', late), { changes: [expired] });
    assert.deepEqual(decided('wap', late, withoutNonce({ addresses })), { changes: [expired] });
    assert.notEqual(decided('wap', { ...notification, expiresAt: madeOn + 1 }).plan, undefined);
  });

  it('has used up its attempts', () => {
    const last = { ...notification, state: 'sent', sends: 3 } as const;
    const failed = { event: 'failed', detail: 'no answer after 3 pushes', cause: 'NO_ANSWER' };
    assert.deepEqual(decided('wap', last), { changes: [failed] });
  });

  it('was accepted by a carrier that said nothing more', () => {
    const { changes, plan, ...rest } = decided('wap', storedMessage({ state: 'accepted' }));
    assert.deepEqual([changes.map(({ event }) => event), plan, rest], [['unreported'], undefined, {}]);
  });
});

describe('a push that is due', () => {
  it('goes out over the address whose turn it is, in the lane of its carrier', () => {
    for (const [sends, failures, lane, route] of [
      [0, 0, 'wap', routes.wap],
      [0, 1, 'sms:home', routes.home],
      [0, 2, 'sms:abroad', routes.abroad],
      [0, 3, 'wap', routes.wap],
      [1, 0, 'sms:home', routes.home],
      [1, 1, 'sms:abroad', routes.abroad],
      [2, 7, 'wap', routes.wap],
    ] as const) {
      // Where the offer of the default nonce is used, every push is signed alike.
      const push = { ...notification, sends, failures, defaultNonce: 'used' } as const;
      assert.deepEqual(decided(lane, push), {
        changes: [{ event: 'sending' }],
        plan: { ...plain, route: { ...route, turn: failures } },
      });
    }
  });

  it('says why it is sent once more', () => {
    const again = { ...notification, state: 'sent', sends: 1, defaultNonce: 'used' } as const;
    assert.deepEqual(decided('sms:home', again), {
      changes: [{ event: 'sending', detail: 'no answer so far' }],
      plan: { ...plain, route: { ...routes.home, turn: 0 } },
    });
  });

  it('waits in the lane of another carrier that reaches it by now, from this moment on; that is no attempt', () => {
    for (const [lane, failures, right] of [
      ['sms:home', 0, 'wap'],
      ['wap', 1, 'sms:home'],
      ['sms:home', 2, 'sms:abroad'],
      // A carrier that the configuration has no more.
      ['sms', 1, 'sms:home'],
    ] as const) {
      const moved = { event: 'note', detail: `it goes over ${right}`, dueAt: madeOn, carrier: right };
      assert.deepEqual(decided(lane, { ...notification, failures }), { changes: [moved] });
      // Nor does a first contact begin with it.
      const first = decided(lane, { ...notification, failures }, withoutNonce({ addresses }));
      assert.deepEqual(first, { changes: [moved] });
    }
  });

  it('is one of a message: its own type, the addresses of its device or its own, no nonce to be chosen', () => {
    const own = { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 };
    const plan = { ...plain, contentType: own };
    for (const to of [device, withoutNonce({ addresses })]) {
      assert.deepEqual(decided('wap', storedMessage(), to), { changes: [{ event: 'sending' }], plan });
    }
    const { deviceId: _, ...free } = storedMessage({ addresses: [abroad, overWap], schemes: ['sms'] });
    assert.deepEqual(decided('sms:abroad', free, undefined), {
      changes: [{ event: 'sending' }],
      plan: { ...plan, addresses: [abroad], route: { ...routes.abroad, turn: 0 } },
    });
  });

  it('tells of the addresses that had their turn before and will never take it; those that refused are left out', () => {
    const to = storedDevice({ addresses: ['obex://peer', 'waps:127.0.0.1', home, overWap] });
    const passed = [
      { address: 'obex://peer', detail: 'no binding is configured for obex:', code: 'NO_ROUTE', final: true },
      {
        address: 'waps:127.0.0.1',
        detail:
          'a notification goes by non-secure connectionless push (DM-NOTI-1.2, DM-NOTI-1.3-2010 and DM-NOTI-1.3 §7.1), so ' +
          'not over waps: unless the section "waps" says "notifications": true',
        code: 'INSECURE',
        binding: 'wap',
        final: true,
      },
    ];
    const plan = { ...plain, passed, addresses: to.addresses };
    const changes = [{ event: 'sending' }];
    const overHome = { ...plan, route: { ...routes.home, turn: 2 } };
    assert.deepEqual(decided('sms:home', notification, to), { changes, plan: overHome });
    const refused = { ...notification, refusedAddresses: [home] };
    const overLast = { ...plan, route: { ...routes.wap, turn: 3 } };
    assert.deepEqual(decided('wap', refused, to), { changes, plan: overLast });
  });

  it('has no route when no address is left: it is claimed all the same, so that its end is told', () => {
    const { route: _, ...pathless } = plain;
    const changes = [{ event: 'sending' }];
    const refused = { ...notification, refusedAddresses: [...addresses] };
    assert.deepEqual(decided('wap', refused), { changes, plan: pathless });
    const none = planOf(contextOf(), 'wap', notification, undefined);
    assert.deepEqual(none, { changes, plan: { ...pathless, addresses: [] } });
    const obex = storedDevice({ addresses: ['obex://peer'] });
    const passed = [
      { address: 'obex://peer', detail: 'no binding is configured for obex:', code: 'NO_ROUTE', final: true },
    ];
    const plan = { ...pathless, passed, addresses: obex.addresses };
    assert.deepEqual(decided('any', notification, obex), { changes, plan });
  });
});

describe('a push of which carriers asked to come later', () => {
  const changes = [{ event: 'sending' }];

  it('goes to another address meanwhile, and back when the time has come', () => {
    const context = contextOf();
    context.retryAfters.note('n', overWap, 1000);
    context.retryAfters.note('another', home, 1000);
    const overHome = { ...plain, route: { ...routes.home, turn: 1 } };
    assert.deepEqual(planOf(context, 'sms:home', notification, device), { changes, plan: overHome });
    clock.advance(999);
    assert.deepEqual(planOf(context, 'sms:home', notification, device), { changes, plan: overHome });
    clock.advance(1);
    assert.deepEqual(planOf(context, 'wap', notification, device), { changes, plan: plain });
  });

  it('goes to the one that waits for the shortest when all do: it is due, and nobody else is there', () => {
    const context = contextOf();
    context.retryAfters.note('n', overWap, 3000);
    context.retryAfters.note('n', home, 1000);
    context.retryAfters.note('n', abroad, 2000);
    const plan = { ...plain, route: { ...routes.home, turn: 1 } };
    assert.deepEqual(planOf(context, 'sms:home', notification, device), { changes, plan });
    const moved = {
      event: 'note',
      detail: 'it goes over sms:home',
      dueAt: clock.now(),
      carrier: 'sms:home',
    };
    assert.deepEqual(planOf(context, 'wap', notification, device), { changes: [moved] });
  });
});

describe('ruling 12: the nonce of a push that is sent', () => {
  const unknown = withoutNonce({ addresses });

  it('is the default one at a first contact, which the claim says before anything goes out', () => {
    const plan = { ...plain, need: 'first-contact', nonce: 'default' };
    assert.deepEqual(decided('wap', notification, unknown), {
      changes: [{ event: 'sending', defaultNonce: 'offered' }, { event: 'resynchronising' }],
      plan,
    });
    const again = { ...notification, state: 'delivered', sends: 1 } as const;
    assert.deepEqual(decided('sms:home', again, unknown), {
      changes: [
        { event: 'sending', detail: 'no answer so far', defaultNonce: 'offered' },
        { event: 'resynchronising' },
      ],
      plan: { ...plan, route: { ...routes.home, turn: 0 } },
    });
  });

  it('is not offered where nothing goes out', () => {
    const { route: _, ...pathless } = plain;
    const refused = { ...notification, refusedAddresses: [...addresses] };
    assert.deepEqual(decided('wap', refused, unknown), {
      changes: [{ event: 'sending' }],
      plan: { ...pathless, need: 'first-contact', nonce: 'default' },
    });
  });

  it('is the stored one until the store has said that the default one may be offered', () => {
    const asked = { ...notification, resynchronise: true };
    const plan = { ...plain, need: 'limited' };
    assert.deepEqual(decided('wap', asked), { changes: [{ event: 'sending' }], plan });
    const policy = { ...pushPolicyDefaults, resynchronise: 'never' } as const;
    const second = { ...notification, sends: 1 };
    const route = { ...routes.home, turn: 0 };
    const unasked = planOf({ ...contextOf(), policy }, 'sms:home', second, device);
    assert.deepEqual(unasked.plan, { ...plain, route });
    assert.deepEqual(decided('sms:home', second).plan, { ...plan, route });
  });
});
