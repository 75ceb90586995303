// Places and pace of a binding: what begins at once, what waits for its turn, and when whoever asks first is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pace, type Push, paced } from '../../src/push/index.ts';
import { FakeBinding, ManualClock } from '../../src/testing/index.ts';

const push: Push = { id: 'p', contentType: { mime: 'a/b', code: 1 }, body: new Uint8Array(1) };
const to = { scheme: 'wap', uri: 'wap:127.0.0.1' } as const;
const never = new AbortController().signal;
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function scene(pace: Pace) {
  const clock = new ManualClock();
  const inner = new FakeBinding('wap');
  const answers: (() => void)[] = [];
  const binding = paced(inner, { ...pace, clock });
  const { carriers } = binding;
  assert.ok(carriers !== undefined);
  const told: string[] = [];
  const leave = carriers.onFree((carrier) => told.push(carrier));
  /** From now on a push is under way until it is answered. */
  const hold = (): void => {
    inner.respond = () =>
      new Promise((resolve) => {
        answers.push(() => resolve({ outcome: 'sent' }));
      });
  };
  const free = (): number => carriers.free('wap');
  const send = (signal = never) => binding.send(push, to, signal);
  return { clock, inner, binding, carriers, answers, told, leave, hold, free, send };
}

test('one carrier has the name of the binding, and every address is its own', () => {
  const { carriers, binding, inner } = scene({});
  assert.deepEqual([carriers.names, carriers.of(to), carriers.free('wap')], [['wap'], 'wap', 256]);
  assert.deepEqual([binding.name, binding.maxPayload], [inner.name, inner.maxPayload]);
  assert.equal(carriers.free('sms'), 0);
});

test('places: what is under way has one, and who asked is told once when there are more', async () => {
  const { hold, free, send, answers, told } = scene({ places: 2 });
  hold();
  const sending = [send(), send()];
  assert.deepEqual([free(), told], [0, []]);
  answers[0]?.();
  await sending[0];
  await turns();
  assert.deepEqual([free(), told], [1, ['wap']]);
  answers[1]?.();
  await Promise.all(sending);
  await turns();
  assert.deepEqual([free(), told], [2, ['wap', 'wap']]);
  const third = send();
  answers[2]?.();
  await third;
  await turns();
  assert.deepEqual(told, ['wap', 'wap', 'wap']);
  const fourth = send();
  answers[3]?.();
  await fourth;
  await turns();
  // Nobody had asked since.
  assert.deepEqual(told, ['wap', 'wap', 'wap']);
});

test('places: callers beyond them wait in their order, and take no place that others were told of', async () => {
  const { hold, inner, free, send, answers, told } = scene({ places: 1 });
  hold();
  const sending = [send(), send(), send()];
  assert.equal(free(), 0);
  for (let nth = 1; nth <= 3; nth += 1) {
    await turns();
    assert.deepEqual([inner.pushes.length, told], [nth, []]);
    answers[nth - 1]?.();
  }
  await Promise.all(sending);
  await turns();
  assert.deepEqual([free(), told], [1, ['wap']]);
});

test('pace: one at once, then so many a second, fractions too', async () => {
  for (const [perSecond, everyMs] of [
    [1, 1000],
    [0.2, 5000],
    [4, 250],
  ] as const) {
    const { clock, inner, free, send, told } = scene({ perSecond });
    await send();
    for (let nth = 1; nth <= 3; nth += 1) {
      assert.equal(free(), 0);
      clock.advance(everyMs - 1);
      assert.deepEqual([free(), told.length], [0, nth - 1], `${perSecond} a second`);
      clock.advance(1);
      assert.deepEqual([free(), told.length], [1, nth]);
      await send();
    }
    assert.equal(inner.pushes.length, 4);
  }
});

test('pace: direct callers are held to it', async () => {
  const { clock, inner, send } = scene({ perSecond: 2 });
  const sending = [send(), send(), send()];
  await turns();
  assert.equal(inner.pushes.length, 1);
  clock.advance(499);
  await turns();
  assert.equal(inner.pushes.length, 1);
  clock.advance(1);
  await turns();
  assert.equal(inner.pushes.length, 2);
  clock.advance(500);
  await Promise.all(sending);
  assert.equal(inner.pushes.length, 3);
});

test('pace: what was left unused is made up for by a second, and never beyond the places', () => {
  const { clock, free } = scene({ perSecond: 10 });
  assert.equal(free(), 1, 'a new process begins with one');
  clock.advance(60_000);
  assert.equal(free(), 10);
  const few = scene({ perSecond: 10, places: 3 });
  few.clock.advance(60_000);
  assert.equal(few.free(), 3);
  const slow = scene({ perSecond: 0.1 });
  slow.clock.advance(60_000);
  assert.equal(slow.free(), 1);
});

test('pace: who claims for some is not told of each single one', async () => {
  const { clock, free, send, told } = scene({ perSecond: 1000 });
  await send();
  assert.equal(free(), 0);
  clock.advance(49);
  assert.deepEqual(told, []);
  clock.advance(1);
  assert.deepEqual([told, free()], [['wap'], 50]);
});

test('a caller that waits can be aborted, or is refused when the binding is closed; neither is sent', async () => {
  const { clock, inner, binding, send } = scene({ perSecond: 1 });
  await send();
  const aborter = new AbortController();
  const aborted = assert.rejects(send(aborter.signal), { code: 'ABORTED', retryable: true });
  const closed = assert.rejects(send(), { code: 'CLOSED', retryable: true });
  aborter.abort();
  await aborted;
  await binding.close();
  await closed;
  await assert.rejects(send(), { code: 'CLOSED' });
  assert.deepEqual([inner.pushes.length, inner.closed, clock.waiting], [1, true, 0]);
});

test('what a binding throws at once frees its place, and reporting bindings stay that', async () => {
  const clock = new ManualClock();
  const expected: unknown[] = [];
  const inner = {
    name: 'odd',
    maxPayload: 1,
    send: (): never => {
      throw new TypeError('at once');
    },
    close: async () => undefined,
    expectReport: (...report: unknown[]) => void expected.push(report),
  };
  const binding = paced(inner, { places: 1, clock });
  await assert.rejects(binding.send(push, to, never), /at once/);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(binding.carriers?.free('odd'), 1);
  binding.expectReport('id', 'reference', to);
  assert.deepEqual(expected, [['id', 'reference', to]]);
});

test('settings that are none are refused with their path', () => {
  const clock = new ManualClock();
  const inner = new FakeBinding('wap');
  for (const [pace, path] of [
    [{ places: 0 }, 'places'],
    [{ places: 1.5 }, 'places'],
    [{ places: 1_000_001 }, 'places'],
    [{ perSecond: 0 }, 'perSecond'],
    [{ perSecond: Number.NaN }, 'perSecond'],
    [{ perSecond: Number.POSITIVE_INFINITY }, 'perSecond'],
  ] as const) {
    assert.throws(() => paced(inner, { ...pace, clock }), { code: 'OUT_OF_RANGE', path });
  }
});
