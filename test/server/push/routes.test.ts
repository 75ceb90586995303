// Choosing the route of a push: which addresses it has, which of them has its turn, over which binding and carrier, and
// which never will (docs/architecture.md, "Addresses").
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  addressesOf,
  contentTypeOfPush,
  firstCarrier,
  isLaterRound,
  nextRoute,
  roundOf,
} from '../../../src/server/push/routes.ts';
import {
  addresses,
  bindingOf,
  bindings,
  context,
  device,
  fresh,
  message,
  notification,
  one,
  three,
  to,
  two,
  type,
  wap,
} from './route-samples.ts';

describe('an address that refused the push for good', () => {
  const next = (turn: number, refusedAddresses: readonly string[]) =>
    nextRoute(context, { sends: 0, refusedAddresses }, type, addresses, turn);

  it('is passed over, into the next round too', () => {
    assert.deepEqual(next(1, [two]), { route: to(three, 2), passed: [] });
    assert.deepEqual(next(2, [three, one]), { route: to(two, 4), passed: [] });
    assert.deepEqual(next(0, addresses), { passed: [] });
  });
});

describe('the addresses of a push', () => {
  it('of a notification, and of a message to a device: those that the device has now, in its order', () => {
    const forDevice = { ...message, deviceId: 'd' };
    assert.deepEqual(addressesOf(notification, device), addresses);
    assert.doesNotThrow(() => addressesOf(forDevice, device), 'it need not name schemes');
    assert.deepEqual(addressesOf(forDevice, device), addresses);
    const moved = { ...device, addresses: [three] };
    assert.deepEqual([addressesOf(notification, moved), addressesOf(forDevice, moved)], [[three], [three]]);
  });

  it('of a device that is gone there are none', () => {
    for (const push of [notification, { ...message, deviceId: 'd' }]) {
      assert.doesNotThrow(() => addressesOf(push, undefined));
      assert.deepEqual(addressesOf(push, undefined), []);
    }
  });

  it('of a message to addresses: its own, whatever device there is', () => {
    const own = { ...message, addresses: [two] };
    assert.deepEqual([addressesOf(own, undefined), addressesOf(own, device)], [[two], [two]]);
    assert.deepEqual(addressesOf({ ...own, purpose: 'relayed' }, undefined), [two]);
    assert.deepEqual(addressesOf(message, device), []);
  });

  it('of a message that names schemes: those of these schemes, in the order of the addresses', () => {
    const [forDevice, own] = [
      { ...message, deviceId: 'd' },
      { ...message, addresses },
    ];
    for (const push of [forDevice, own]) {
      assert.deepEqual(addressesOf({ ...push, schemes: ['http', 'wap'] }, device), [one, three]);
      assert.deepEqual(addressesOf({ ...push, schemes: ['sip'] }, device), []);
      assert.deepEqual(addressesOf({ ...push, schemes: [] }, device), []);
    }
  });
});

describe('the content type of a push', () => {
  it('of a notification: that of its format', () => {
    for (const [format, mime, code] of [
      ['dm1.2', 'application/vnd.syncml.notification', 0x44],
      ['dm1.3-2010', 'application/vnd.syncml.dm.notification', 0x44],
      ['dm1.3', 'application/vnd.syncml.dm.notification', 0x58],
    ] as const) {
      assert.deepEqual(contentTypeOfPush({ ...notification, format }), { mime, code });
    }
  });

  it('of every other push: its own', () => {
    assert.deepEqual(contentTypeOfPush(message), { mime: 'text/plain', code: 3 });
    const relayed = { ...message, purpose: 'relayed' } as const;
    assert.deepEqual(contentTypeOfPush(relayed), { mime: 'text/plain', code: 3 });
  });
});

describe('turns', () => {
  const next = (turn: number, push = fresh, of: readonly string[] = addresses) =>
    nextRoute(context, push, type, of, turn);

  it('go around: each address once in a round', () => {
    for (const [turn, address] of [one, two, three, one, two].entries()) {
      assert.deepEqual(next(turn), { route: to(address, turn), passed: [] });
    }
  });

  it('begin with the address after the one that took the push before', () => {
    for (const [sends, address] of [one, two, three, one].entries()) {
      assert.deepEqual(next(0, { ...fresh, sends }), { route: to(address, 0), passed: [] });
    }
    assert.deepEqual(next(1, { ...fresh, sends: 1 }), { route: to(three, 1), passed: [] });
  });

  it('are counted in rounds: a later one begins when every address was asked', () => {
    const rounds = [0, 1, 2, 3, 5, 6, 7].map((turn) => roundOf(turn, addresses));
    assert.deepEqual(rounds, [0, 0, 0, 1, 1, 2, 2]);
    const later = [
      isLaterRound(3, 2, addresses),
      isLaterRound(2, 0, addresses),
      isLaterRound(6, 0, addresses),
    ];
    assert.deepEqual(later, [true, false, true]);
    assert.equal(isLaterRound(2, 3, addresses), false);
  });

  it('of a device without addresses, each turn is a round', () => {
    assert.deepEqual([roundOf(0, []), roundOf(3, [])], [0, 3]);
    assert.deepEqual([isLaterRound(3, 2, []), isLaterRound(3, 3, [])], [true, false]);
  });
});

describe('an address that will never do', () => {
  const next = (of: readonly string[], table = bindings) =>
    nextRoute({ ...context, bindings: table }, fresh, type, of, 0);

  it('is told once, with why, and the next one has its turn', () => {
    const unbound = {
      address: 'sip:a@b',
      detail: 'no binding is configured for sip:',
      code: 'NO_ROUTE',
      final: true,
    };
    assert.deepEqual(next(['sip:a@b', two]), { route: { ...to(two, 1) }, passed: [unbound] });
    assert.deepEqual(next(['sip:a@b']), { passed: [unbound] });
    assert.deepEqual(next(['sip:a@b', 'sip:c@d']), { passed: [unbound, { ...unbound, address: 'sip:c@d' }] });
    assert.deepEqual(next([one, 'sip:a@b']), { route: to(one, 0), passed: [] }, 'not before its turn');
  });

  it('that the policy leaves out: why, and under the name of its binding', () => {
    const { passed } = next(['waps:127.0.0.1', one], { wap, waps: bindingOf('secure') });
    const told = { address: 'waps:127.0.0.1', code: 'INSECURE', binding: 'secure', final: true };
    const said = passed.map(({ detail, ...rest }) => [/§7\.1/.test(detail), rest]);
    assert.deepEqual(said, [[true, told]]);
  });

  it('that nobody can read: what is wrong with it, and no binding', () => {
    assert.doesNotThrow(() => next(['sms:mother']));
    const { passed } = next(['sms:mother']);
    const said = passed.map(({ detail, ...rest }) => [
      /"mother" is not a telephone number/.test(detail),
      rest,
    ]);
    assert.deepEqual(said, [[true, { address: 'sms:mother', code: 'NO_ROUTE', final: true }]]);
  });

  it('that its binding has no carrier for: what it says, under its name', () => {
    for (const [thrown, detail] of [
      [new Error('no account takes +49'), 'no account takes +49'],
      ['not today', 'not today'],
    ] as const) {
      const picky = bindingOf('short', () => {
        throw thrown;
      });
      assert.deepEqual(next([two, one], { wap, sms: picky }), {
        route: to(one, 1),
        passed: [{ address: two, detail, code: 'NO_ROUTE', final: true, binding: 'short' }],
      });
    }
  });
});

describe('an address that asked to wait', () => {
  const next = (waits: Readonly<Record<string, number>>, turn = 0) =>
    nextRoute(context, fresh, type, addresses, turn, (address) => waits[address]);

  it('is passed over while another has not, and is told as the one to come back to', () => {
    assert.deepEqual(next({ [two]: 50 }), { route: to(one, 0), passed: [] }, 'not before its turn');
    assert.deepEqual(next({ [one]: 50 }), { route: to(two, 1), waiting: to(one, 0), passed: [] });
    assert.deepEqual(next({ [two]: 50 }, 1), {
      route: to(three, 2),
      waiting: to(two, 1),
      passed: [],
    });
  });

  it('of several, the one that waits for the shortest; of equals, the first in turn', () => {
    assert.deepEqual(next({ [one]: 50, [two]: 40 }), {
      route: to(three, 2),
      waiting: to(two, 1),
      passed: [],
    });
    assert.deepEqual(next({ [one]: 40, [two]: 50 }), {
      route: to(three, 2),
      waiting: to(one, 0),
      passed: [],
    });
    assert.deepEqual(next({ [one]: 50, [two]: 40, [three]: 45 }), {
      waiting: to(two, 1),
      passed: [],
    });
    assert.deepEqual(next({ [one]: 40, [two]: 40, [three]: 40 }), {
      waiting: to(one, 0),
      passed: [],
    });
    assert.deepEqual(next({ [one]: 40, [two]: 40, [three]: 40 }, 2), {
      waiting: to(three, 2),
      passed: [],
    });
  });

  it('one that will never do is told beside it', () => {
    const refusal = {
      address: 'sip:a@b',
      detail: 'no binding is configured for sip:',
      code: 'NO_ROUTE',
      final: true,
    };
    const way = nextRoute(context, fresh, type, ['sip:a@b', one], 0, () => 7);
    assert.deepEqual(way, { waiting: to(one, 1), passed: [refusal] });
    const waits = (address: string): number | undefined => (address === one ? 7 : undefined);
    const other = nextRoute(context, fresh, type, ['sip:a@b', one, two], 0, waits);
    assert.deepEqual(other, { route: to(two, 2), waiting: to(one, 1), passed: [refusal] });
  });
});

describe('the carrier that a new push begins with', () => {
  it('is that of the first address that has a route, over the schemes that it names', () => {
    assert.equal(firstCarrier(context, type, addresses), 'wap');
    assert.equal(firstCarrier(context, type, [two, one]), 'centre');
    assert.equal(firstCarrier(context, type, ['sip:a@b', 'waps:127.0.0.1', three]), 'host');
    assert.equal(firstCarrier(context, type, addresses, ['http', 'sms']), 'centre');
  });

  it('is none where no address has a route, or where there is none', () => {
    assert.deepEqual(nextRoute(context, fresh, type, [], 0), { passed: [] });
    assert.doesNotThrow(() => firstCarrier(context, type, ['sip:a@b']));
    for (const some of [[], ['sip:a@b'], ['nonsense']]) {
      assert.equal(firstCarrier(context, type, some), undefined);
    }
    assert.equal(firstCarrier(context, type, addresses, ['sip']), undefined);
  });
});
