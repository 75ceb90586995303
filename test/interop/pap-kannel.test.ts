// Kannel (Debian package of that name) as push gateway: it takes our pushes by PAP and brings them to our device over UDP,
// and through our simulated message centre over SMS.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { bytesToHex } from '../../src/core/index.ts';
import { content, type Seen } from './pap-kannel-peer.ts';
import { runInPrivateNetwork } from './private-network.ts';

let seen: Seen;
before(async () => {
  seen = (await runInPrivateNetwork(new URL('pap-kannel-peer.ts', import.meta.url), [])) as Seen;
});

describe('pushes over UDP', () => {
  // Kannel writes a type as text that its version of WSP has no number for.
  const rows: readonly [string, string, string, string | undefined][] = [
    ['DM-NOTI-1.2', 'dm1.2', 'application/vnd.syncml.notification', undefined],
    ['DM-NOTI-1.3-2010', 'dm1.3-2010', 'application/vnd.syncml.notification', undefined],
    ['DM-NOTI-1.3', 'dm1.3', 'application/vnd.syncml.dm.notification', '58'],
    ['DM-PUSH §5.1', 'dm+wbxml', 'application/vnd.syncml.dm+wbxml', undefined],
    ['DM-PUSH §5.1', 'dm+xml', 'application/vnd.syncml.dm+xml', undefined],
  ];
  for (const [rule, name, mime, code] of rows) {
    for (const version of ['1.0', '2.0']) {
      test(`${rule}: ${name} by PAP ${version} arrives as ${mime}${code === undefined ? '' : `, 0x${code}`}`, () => {
        const { outcome, pushes } = seen.types[`${name} by PAP ${version}`] ?? {};
        assert.equal(outcome, 'accepted');
        const push = {
          binding: 'wap',
          mime,
          body: bytesToHex(content(40)),
          ...(code === undefined ? {} : { code }),
        };
        assert.deepEqual(pushes, [push]);
      });
    }
  }

  test('bodies of every size arrive as they are, 12 KB in one datagram', () => {
    assert.deepEqual(
      seen.sizes,
      [1, 55, 1000, 12 * 1024].map((size) => ({ size, outcome: 'accepted', octets: [size] })),
    );
  });

  test('our device drops nothing of what Kannel sends it', () => {
    assert.deepEqual(seen.drops, []);
  });
});

describe('pushes over SMS, through our simulated message centre', () => {
  test('one message, and several that our device puts together', () => {
    assert.deepEqual(
      seen.messages,
      [55, 1000].map((size) => ({
        size,
        outcome: 'accepted',
        pushes: [
          {
            binding: 'sms',
            mime: 'application/vnd.syncml.dm.notification',
            code: '58',
            body: bytesToHex(content(size)),
          },
        ],
      })),
    );
  });

  test('what Kannel does: its delivery reports arrive; result notifications it sends none', () => {
    assert.deepEqual(
      seen.reports,
      [55, 1000].map((size) => ({
        pushId: `n-${size}`,
        outcome: 'delivered',
        detail: 'Kannel: delivered to the phone',
      })),
    );
    assert.equal(seen.notifications, 0);
  });
});

describe('what Kannel does with what a gateway of its kind is not sent, unless by force', () => {
  const dm13 = { mime: 'application/vnd.syncml.dm.notification', code: '58' };
  const whole = (binding: string, size: number, type: object = dm13): object[] => [
    { binding, ...type, body: bytesToHex(content(size)) },
  ];
  const arriving: readonly [string, object[]][] = [
    // Without SEC and MAC, which `parameters` would show.
    ['SEC and MAC', whole('wap', 40, { mime: 'application/vnd.wap.connectivity-wbxml' })],
    ['the last octet of ten messages', whole('sms', 1268)],
    ['the last octet with a type in text', whole('sms', 1237, { mime: 'application/vnd.syncml.dm+wbxml' })],
    ['a bearer of IP for an IP address', whole('wap', 5)],
    ['more messages, as configured', whole('sms', 2548)],
  ];
  for (const [name, pushes] of arriving) {
    test(`${name}: arrives as it is here`, () => {
      assert.deepEqual(seen.forced[name], { outcome: 'accepted', pushes, next: true });
    });
  }

  test('a number with separators: arrives without them, while the next one, with them, does not', () => {
    const expected = { outcome: 'accepted', pushes: whole('sms', 5), next: false };
    assert.deepEqual(seen.forced['a number with separators'], expected);
  });

  for (const [name, size] of [
    ['one octet more', 1269],
    ['one octet more with a type in text', 1238],
    ['more than these', 2549],
  ] as const) {
    test(`${name}: the rest is cut off, and nobody told`, () => {
      const { outcome, pushes = [] } = seen.forced[name] ?? {};
      assert.equal(outcome, 'accepted');
      assert.deepEqual(
        pushes.map(({ body }) => body),
        [bytesToHex(content(size).subarray(0, size - 1))],
      );
    });
  }

  for (const name of [
    'a bearer that it does not know',
    'a network that it does not know',
    'a bearer alone required',
    'a bearer of IP for a number',
    'a port in its name',
    'a name of a user',
    'a short IPv6 address',
  ]) {
    test(`${name}: refused with 2000, whatever is wrong`, () => {
      assert.match(seen.forced[name]?.outcome ?? '', /^PAP_BAD_REQUEST: .*answered 2000/);
    });
  }

  test('confirmed: accepted, but neither it nor the unconfirmed push behind it arrives', () => {
    assert.deepEqual(seen.forced.confirmed, { outcome: 'accepted', pushes: [], next: false });
  });
});

describe('what Kannel does: what Kannel says', () => {
  const outcomes: readonly [string, RegExp][] = [
    ['credentials in the URL', /^accepted$/],
    ['quality of service', /^accepted$/],
    ['results wanted', /^accepted$/],
    ['an end of its own', /^accepted$/],
    // It answers 2001 to the time, and takes the push without it.
    ['a time that has passed by its clock', /^accepted, warned: .*its clock is ahead$/],
    ['an address by user', /^PAP_BAD_REQUEST: /],
    // It knows pushes only.
    ['replace', /^PAP_BAD_REQUEST: /],
    ['cancel', /^PAP_BAD_REQUEST: /],
    ['status query', /^PAP_BAD_REQUEST: /],
    ['capabilities', /^PAP_BAD_REQUEST: /],
    // Its 404 repeats the headers of the request, Content-Length included, which no client should read.
    ['another path', /^PROTOCOL: .*does not answer in HTTP/],
    ['no credentials', /^CREDENTIALS_MISSING: /],
    ['wrong password', /^CREDENTIALS_REFUSED: /],
    ['Basic not allowed', /^CREDENTIALS_UNPROTECTED: /],
    ['wapbox killed', /^ECONNREFUSED, may pass: /],
    ['wapbox back', /^accepted$/],
  ];
  for (const [name, pattern] of outcomes) {
    test(`${name}: ${pattern.source}`, () => {
      assert.match(seen.outcomes[name] ?? 'nothing', pattern);
    });
  }

  test('no error tells a password', () => {
    for (const outcome of Object.values(seen.outcomes)) assert.doesNotMatch(outcome, /password=|bench:/);
  });

  test('a push after Kannel came back arrives', () => {
    assert.equal(seen.outcomes['wapbox back, arrived'], bytesToHex(content(2)));
  });
});
