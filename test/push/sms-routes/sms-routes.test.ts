// Which road a push goes by, and when another one gets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes, type Push } from '../../../src/push/index.ts';
import { createSmsRoutes, reportOfRoad, type SmsRoute } from '../../../src/push/sms-routes/index.ts';
import { type FakeRoad, fakeRoad, inDoubt, refusedForGood, refusedForNow } from './fake-road.ts';

const never = new AbortController().signal;
const german = { number: '+491701234567' };
const other = { number: '+15550100' };

function pushOf(id: string): Push {
  return { id, contentType: contentTypes['dm1.3'], body: Uint8Array.of(1) };
}

function bench(
  routes: readonly SmsRoute[] = [
    { prefix: '+49', roads: ['a', 'b'] },
    { prefix: '', roads: ['c'] },
  ],
  roads: Readonly<Record<string, FakeRoad>> = { a: fakeRoad('a'), b: fakeRoad('b'), c: fakeRoad('c') },
) {
  const told: string[] = [];
  const binding = createSmsRoutes({
    roads: new Map(Object.entries(roads)),
    routes,
    onFallOver: ({ from, to, reason }) => told.push(`${from} ${to} ${reason}`),
  });
  const send = (id: string, to = german) => binding.send(pushOf(id), to, never);
  return { binding, send, told, roads };
}

test('the longest prefix of the number decides, and the reference names the road', async () => {
  const { send, binding } = bench();
  assert.deepEqual(await send('p'), { outcome: 'accepted', reference: 'a/a:p' });
  assert.deepEqual(await send('q', other), { outcome: 'accepted', reference: 'c/c:q' });
  assert.deepEqual(binding.carriers?.names, ['sms:a+b', 'sms:c', 'sms:a!', 'sms:b!']);
  assert.deepEqual(binding.carriers?.held, ['sms:a!', 'sms:b!']);
  assert.equal(binding.carriers?.of(german), 'sms:a+b');
  assert.equal(binding.carriers?.of(other), 'sms:c');
});

test('of any set of prefixes the longest that fits is taken', () => {
  const digits = fc.stringMatching(/^[0-9]{0,4}$/);
  fc.assert(
    fc.property(fc.uniqueArray(digits, { minLength: 1, maxLength: 8 }), digits, (prefixes, number) => {
      const roads = new Map(prefixes.map((prefix) => [`r${prefix}`, fakeRoad(`r${prefix}`)]));
      const routes = prefixes.map((prefix) => ({ prefix, roads: [`r${prefix}`] }));
      const binding = createSmsRoutes({ roads, routes });
      const fitting = prefixes.filter((prefix) => number.startsWith(prefix));
      const longest = fitting.sort((one, two) => two.length - one.length)[0];
      if (longest === undefined) assert.throws(() => binding.carriers?.of({ number }), ValueError);
      else assert.equal(binding.carriers?.of({ number }), `sms:r${longest}`);
    }),
    { numRuns: 200 },
  );
});

test('a refusal for now, or a carrier that cannot be reached, leaves it to the next road', async () => {
  const { send, told, roads } = bench();
  roads.a?.errors.push(refusedForNow());
  assert.deepEqual(await send('p'), { outcome: 'accepted', reference: 'b/b:p' });
  assert.deepEqual([told, roads.a?.sent, roads.b?.sent], [['a b BUSY'], [], ['p']]);
});

test('what is in doubt is not sent by another road, and what is refused for good ends it', async () => {
  for (const error of [inDoubt(), refusedForGood(), new ValueError('TOO_LONG', 'too long', 'body')]) {
    const { send, roads } = bench();
    roads.a?.errors.push(error);
    await assert.rejects(send('p'), error);
    assert.deepEqual(roads.b?.sent, []);
  }
});

test('when all refuse for now, the error says what each said, and that it was not taken', async () => {
  const { send, roads } = bench();
  roads.a?.errors.push(refusedForNow());
  roads.b?.errors.push(refusedForNow());
  await assert.rejects(send('p'), (error) => {
    assert.ok(error instanceof PushError && error.retryable && error.notTaken);
    assert.match(error.message, /^a: not now; b: not now$/);
    return true;
  });
});

test('a road that is down is passed over at once; where all are down, the first one is asked', async () => {
  const { send, roads, told } = bench();
  const { a, b } = roads;
  assert.ok(a !== undefined && b !== undefined);
  a.up = false;
  await send('p');
  assert.deepEqual([a.sent, b.sent, told], [[], ['p'], ['a b down']]);
  b.up = false;
  await send('q');
  assert.deepEqual([a.sent, b.sent], [['q'], ['p']]);
});

test('a road without a place leaves it to one with places, and its carrier has room while one of them has', async () => {
  const roads = { a: fakeRoad('a', 1), b: fakeRoad('b', 2), c: fakeRoad('c') };
  const { send, binding } = bench(undefined, roads);
  const { carriers } = binding;
  assert.ok(carriers !== undefined);
  const freed: string[] = [];
  carriers.onFree((carrier) => freed.push(carrier));
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  roads.a.gate = gate;
  roads.b.gate = gate;
  assert.equal(carriers.free('sms:a+b'), 1);
  const first = send('p');
  assert.equal(carriers.free('sms:a+b'), 2);
  const more = [send('q'), send('r')];
  assert.equal(carriers.free('sms:a+b'), 0);
  assert.equal(carriers.free('sms:c'), 10);
  open();
  await Promise.all([first, ...more]);
  assert.deepEqual([roads.a.sent, roads.b.sent], [['p'], ['q', 'r']]);
  assert.ok(freed.includes('sms:a+b') && !freed.includes('sms:c'));
});

test('ranges of numbers that share their first road wait each for its own roads', () => {
  const roads = { a: fakeRoad('a', 4), b: fakeRoad('b', 2), c: fakeRoad('c', 8) };
  const routes = [
    { prefix: '+49', roads: ['a', 'b'] },
    { prefix: '+491', roads: ['a'] },
    { prefix: '', roads: ['a', 'c'] },
  ];
  const { binding } = bench(routes, roads);
  const rooms = () => ['sms:a+b', 'sms:a', 'sms:a+c'].map((carrier) => binding.carriers?.free(carrier));
  assert.deepEqual(rooms(), [4, 4, 4]);
  roads.a.up = false;
  // Where there is no other, it is asked all the same.
  assert.deepEqual(rooms(), [2, 4, 8]);
  assert.equal(binding.carriers?.free('sms:b'), 0);
});

test('what a road may have taken stays with it in later attempts, until it has taken or refused it for good', async () => {
  const { send, roads } = bench();
  roads.a?.errors.push(inDoubt(), refusedForNow(), refusedForGood());
  await assert.rejects(send('p'), PushError);
  // A refusal says nothing of the time before.
  await assert.rejects(send('p'), PushError);
  await assert.rejects(send('p'), PushError);
  assert.deepEqual(roads.b?.sent, []);
  roads.a?.errors.push(refusedForNow());
  assert.deepEqual(await send('q'), { outcome: 'accepted', reference: 'b/b:q' });
  roads.a?.errors.push(inDoubt());
  await assert.rejects(send('r'), PushError);
  assert.deepEqual(await send('r'), { outcome: 'accepted', reference: 'a/a:r' });
});

test('a push that a road may have taken waits for that road alone, also in the next process, and then for the list again', async () => {
  const { send, binding, roads } = bench();
  const { carriers } = binding;
  roads.a?.errors.push(inDoubt());
  await assert.rejects(send('p'), PushError);
  const heldBy = carriers?.heldBy?.('p');
  assert.equal(heldBy, 'sms:a!');
  assert.equal(carriers?.of(german, heldBy), 'sms:a!');
  // The number is another one by now, or the road is none of its roads any more.
  assert.equal(carriers?.of(other, heldBy), 'sms:c');
  assert.equal(carriers?.of(german, 'sms:x!'), 'sms:a+b');
  const next = bench(undefined, { a: fakeRoad('a', 3), b: fakeRoad('b', 5), c: fakeRoad('c') });
  assert.equal(next.binding.carriers?.free('sms:a!'), 3);
  const again = () => next.binding.send({ ...pushOf('p'), heldBy: heldBy ?? '' }, german, never);
  next.roads.a?.errors.push(refusedForNow());
  await assert.rejects(again(), PushError);
  assert.equal(next.binding.carriers?.heldBy?.('p'), 'sms:a!', 'a refusal says nothing of the time before');
  assert.deepEqual(await again(), { outcome: 'accepted', reference: 'a/a:p' });
  assert.equal(next.binding.carriers?.heldBy?.('p'), undefined);
  assert.deepEqual(next.roads.b?.sent, []);
});

test('while a road has a push under way, it is the one that may have it', async () => {
  const { send, binding, roads } = bench();
  const { a } = roads;
  assert.ok(a !== undefined);
  let open: () => void = () => {};
  a.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const sending = send('p');
  assert.equal(binding.carriers?.heldBy?.('p'), 'sms:a!');
  open();
  await sending;
  assert.equal(binding.carriers?.heldBy?.('p'), undefined);
});

test('an attempt that was given up before anything left changes nothing of the one by another road', async () => {
  const { send, binding, roads } = bench();
  const { a, b } = roads;
  assert.ok(a !== undefined && b !== undefined);
  a.out = false;
  const gates = [a, b].map((road) => {
    let open: () => void = () => {};
    road.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    return open;
  });
  a.errors.push(refusedForNow());
  const ends = new AbortController();
  const first = binding.send(pushOf('p'), german, ends.signal);
  assert.equal(binding.carriers?.heldBy?.('p'), undefined);
  ends.abort();
  a.up = false;
  const second = send('p');
  assert.equal(binding.carriers?.heldBy?.('p'), 'sms:b!');
  b.errors.push(inDoubt());
  gates[1]?.();
  await assert.rejects(second);
  gates[0]?.();
  await assert.rejects(first);
  assert.equal(binding.carriers?.heldBy?.('p'), 'sms:b!');
});

test('a road of a list that it is alone in holds nothing: there is no other', async () => {
  const { send, binding, roads } = bench();
  roads.c?.errors.push(inDoubt());
  await assert.rejects(send('p', other), PushError);
  assert.equal(binding.carriers?.heldBy?.('p'), undefined);
});

test('who has no place is told of too', async () => {
  const roads = { a: fakeRoad('a', 1), b: fakeRoad('b', 2), c: fakeRoad('c') };
  const { send, told } = bench(undefined, roads);
  let open: () => void = () => {};
  roads.a.gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = send('p');
  await send('q');
  open();
  await first;
  assert.deepEqual(told, ['a b full']);
});

test('after a restart a report is waited for by the road that the reference names', () => {
  const { binding, roads } = bench();
  binding.expectReport('p', 'b/c1:1 c1:2', german);
  assert.deepEqual(roads.b?.expected, [`p c1:1 c1:2 ${german.number}`]);
  for (const reference of ['c1:1', 'x/c1:1', '/c1:1', 'b/', '']) {
    assert.throws(() => binding.expectReport('p', reference, german), ValueError);
  }
  const report = { binding: 'sms', pushId: 'p', outcome: 'failed', detail: 'd' } as const;
  assert.deepEqual(reportOfRoad('b', { ...report, reference: 'x:1 x:2', references: ['x:1', 'x:2'] }), {
    ...report,
    reference: 'b/x:1 x:2',
    references: ['b/x:1', 'b/x:2'],
  });
});

test('closing closes every road', async () => {
  const { binding, roads } = bench();
  await binding.close();
  assert.deepEqual(
    Object.values(roads).map(({ closed }) => closed),
    [true, true, true],
  );
});

const faults: readonly (readonly [string, readonly SmsRoute[], RegExp])[] = [
  ['no route', [], /^routes: needs at least one route/],
  ['a prefix that is none', [{ prefix: '49-', roads: ['a'] }], /^routes\[0\]\.prefix: "49-"/],
  [
    'a prefix twice',
    [
      { prefix: '', roads: ['a'] },
      { prefix: '', roads: ['b'] },
    ],
    /^routes\[1\]\.prefix: "" is there twice/,
  ],
  ['a road that is not there', [{ prefix: '', roads: ['a', 'x'] }], /^routes\[0\]\.roads\[1\]: no road "x"/],
  ['a road twice', [{ prefix: '', roads: ['a', 'a'] }], /^routes\[0\]\.roads\[1\]: a is there twice/],
  ['a route without roads', [{ prefix: '', roads: [] }], /^routes\[0\]\.roads: needs at least one/],
];
for (const [name, routes, message] of faults) {
  test(`${name} is refused when it is made`, () => {
    assert.throws(
      () => bench(routes),
      (error) => error instanceof ValueError && message.test(error.message),
    );
  });
}

test('a name that would not fit references and paths is refused', () => {
  for (const name of ['', 'a/b', 'a b', 'é', 'x'.repeat(33)]) {
    const roads = new Map([[name, fakeRoad(name)]]);
    assert.throws(() => createSmsRoutes({ roads, routes: [{ prefix: '', roads: [name] }] }), ValueError);
  }
});

test('a road that is suspended gets nothing, the next one of its list does, and it is told; while all are, nobody does', async () => {
  const { send, binding, told, roads } = bench();
  const { carriers } = binding;
  carriers?.suspend?.(new Set(['sms:a']));
  assert.deepEqual(
    ['sms:a+b', 'sms:a!', 'sms:b!', 'sms:c'].map((name) => carriers?.isSuspended?.(name)),
    [false, true, false, false],
  );
  assert.deepEqual(await send('p'), { outcome: 'accepted', reference: 'b/b:p' });
  assert.deepEqual([told, roads.a?.sent], [['a b suspended'], []]);
  carriers?.suspend?.(new Set(['sms:a', 'sms:b']));
  assert.deepEqual([carriers?.isSuspended?.('sms:a+b'), carriers?.free('sms:a+b')], [true, 0]);
  const refused = { code: 'CARRIER_SUSPENDED', retryable: true, notTaken: true };
  await assert.rejects(send('q'), refused);
  carriers?.suspend?.(new Set());
  assert.deepEqual(await send('r'), { outcome: 'accepted', reference: 'a/a:r' });
});
