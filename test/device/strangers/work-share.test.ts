// Time and places for what strangers send: a share, in order, and none of it for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOf, senderOf } from '../../../src/device/strangers/push-source.ts';
import { StrangerPlaces } from '../../../src/device/strangers/stranger-places.ts';
import { WorkShare } from '../../../src/device/strangers/work-share.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

function scene() {
  const clock = new ManualClock();
  const ender = new AbortController();
  const share = new WorkShare({ clock, signal: ender.signal, share: 0.1, allowanceMs: 100 });
  const done: string[] = [];
  /** Work that takes `costMs`. */
  const work = (name: string, costMs: number, signal = never): Promise<string | undefined> =>
    share.run(() => {
      clock.advance(costMs);
      done.push(name);
      return name;
    }, signal);
  return { clock, ender, share, done, work };
}

test('a few are done at once; beyond the allowance work waits until its share of the time is there', async () => {
  const { clock, done, work } = scene();
  for (const name of ['a', 'b', 'c']) void work(name, 50);
  await settle();
  assert.deepEqual(done, ['a', 'b', 'c']);
  // 150 ms were used, of which the time itself gave 15 back.
  void work('d', 0);
  await settle();
  assert.deepEqual(done, ['a', 'b', 'c']);
  clock.advance(349);
  await settle();
  assert.equal(done.length, 3);
  clock.advance(51);
  await settle();
  assert.deepEqual(done, ['a', 'b', 'c', 'd']);
});

test('work never takes more than its share over time, and keeps the order of the calls', async () => {
  const { clock, done, work } = scene();
  const from = clock.monotonic();
  for (let index = 0; index < 40; index += 1) void work(String(index), 50);
  while (done.length < 40) {
    await settle();
    clock.advance(10);
  }
  assert.deepEqual(
    done,
    Array.from({ length: 40 }, (_, index) => String(index)),
  );
  // 2000 ms of work at a tenth, less what is allowed at once.
  assert.ok(clock.monotonic() - from >= 17_000);
});

test('what is given up before its turn is not done, and what fails holds nobody', async () => {
  const { clock, done, share, work } = scene();
  const own = new AbortController();
  await work('long', 1000);
  const given = work('given up', 1, own.signal);
  const failing = share.run(() => Promise.reject(new Error('no')), never);
  const last = work('last', 1);
  own.abort();
  assert.equal(await given, undefined);
  clock.advance(20_000);
  await assert.rejects(failing, /no/);
  assert.equal(await last, 'last');
  assert.deepEqual(done, ['long', 'last']);
  assert.equal(await work('too late', 1, own.signal), undefined);
});

test('the device ends all waits', async () => {
  const { clock, ender, work } = scene();
  await work('long', 1000);
  const waiting = work('waits', 1, ender.signal);
  await settle();
  assert.equal(clock.waiting, 1);
  ender.abort();
  assert.equal(await waiting, undefined);
  await settle();
  assert.equal(clock.waiting, 0);
});

test('strangers: a sender displaces itself, a host has a quarter, and who is proved stays', () => {
  const places = new StrangerPlaces({ total: 8, perSender: 2 });
  const from = (host: number, sender?: string) => ({
    from: `10.0.0.${host}:9`,
    ...(sender === undefined ? {} : { sender }),
  });
  const first = places.take(from(1));
  const second = places.take(from(1));
  const third = places.take(from(1));
  assert.deepEqual(
    [first, second, third].map((place) => place?.signal.aborted),
    [true, false, false],
  );
  // Many senders behind one host, as over SIP: two places of eight.
  const alice = places.take(from(2, 'sip:alice@example.com'));
  const bob = places.take(from(2, 'sip:bob@example.com'));
  const carol = places.take(from(2, 'sip:carol@example.com'));
  assert.deepEqual(
    [alice, bob, carol].map((place) => place?.signal.aborted),
    [true, false, false],
  );
  assert.equal(second?.signal.aborted, false);
  bob?.proved();
  for (let host = 3; host < 40; host += 1) assert.notEqual(places.take(from(host)), undefined);
  assert.equal(bob?.signal.aborted, false);
  assert.equal(second?.signal.aborted, true);
});

test('strangers: a push that needs more places than its sender has gets none, and takes none along', () => {
  const places = new StrangerPlaces({ total: 16, perSender: 4 });
  assert.equal(places.take({ from: '10.0.0.1:9' }, 5), undefined);
  const fits = places.take({ from: '10.0.0.1:9' }, 4);
  assert.equal(fits?.signal.aborted, false);
  fits?.release();
  fits?.release();
  assert.equal(places.take({ from: '10.0.0.1:9' }, 4)?.signal.aborted, false);
});

test('who a push is from: the address without its port, the network of IPv6, a number, or the URI of the sender', () => {
  const sources: readonly [from: string, host: string][] = [
    ['10.0.0.1:2948', '10.0.0.1'],
    ['[2001:db8::1:2]:2948', '2001:db8:0:0::/64'],
    ['[::ffff:10.0.0.1]:5', '10.0.0.1'],
    ['+491701234567', '+491701234567'],
    ['Operator', 'operator'],
    ['?:0', '?'],
    ['', ''],
  ];
  for (const [from, host] of sources) {
    assert.equal(hostOf({ from }), host, from);
    assert.equal(senderOf({ from }), host, from);
  }
  const push = { from: '10.0.0.1:5060', sender: 'sip:Alice@Example.com' };
  assert.equal(senderOf(push), 'sip:alice@example.com');
  assert.equal(hostOf(push), '10.0.0.1');
  assert.ok(senderOf({ from: 'x', sender: 'y'.repeat(10_000) }).length <= 256);
  assert.ok(hostOf({ from: 'y'.repeat(10_000) }).length <= 256);
});
