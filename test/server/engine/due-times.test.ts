import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DueTimes } from '../../../src/server/engine/due-times.ts';
import type { Waiting } from '../../../src/store/index.ts';

/** Due times of a lane whose queue answers with what `dueAt` says when it is asked. */
function lane(dueAt: () => Promise<number | undefined>) {
  const asked: (Waiting | undefined)[] = [];
  const nextDueAt = (of?: Waiting) => {
    asked.push(of);
    return dueAt();
  };
  return { asked, times: new DueTimes({ nextDueAt }, 'wap') };
}

test('what was asked is known until something is said, of its purpose or of any', async () => {
  const { times, asked } = lane(() => Promise.resolve(500));
  assert.equal(times.of('notification'), undefined);
  assert.equal(await times.ask('notification'), 500);
  assert.deepEqual(asked, [{ carrier: 'wap', purpose: 'notification' }]);
  assert.equal(times.of('notification'), 500);
  assert.equal(times.of('message'), undefined);
  times.forget('message');
  assert.equal(times.of('notification'), 500);
  times.forget('notification');
  assert.equal(times.of('notification'), undefined);
  await times.ask('notification');
  times.forget();
  assert.equal(times.of('notification'), undefined);
});

test('where nothing will be due, that is known too', async () => {
  const { times } = lane(() => Promise.resolve(undefined));
  assert.equal(await times.ask('relayed'), Number.POSITIVE_INFINITY);
  assert.equal(times.of('relayed'), Number.POSITIVE_INFINITY);
});

test('a push that is due sooner than what was known is; one that is due later, or then, is nothing new', async () => {
  const { times } = lane(() => Promise.resolve(500));
  await times.ask('message');
  assert.equal(times.hear('message', 500), false);
  assert.equal(times.hear('message', 501), false);
  assert.equal(times.of('message'), 500);
  assert.equal(times.hear('message', 499), true);
  assert.equal(times.of('message'), 499);
});

test('while nothing is known, whoever sleeps wakes for a push when it is due, and looks for others', () => {
  const { times } = lane(() => Promise.resolve(500));
  assert.equal(times.hear('message', 900), true);
  assert.equal(times.of('message'), undefined);
});

test('an answer counts for nothing known when something was said before it came', async () => {
  for (const say of [
    (times: DueTimes) => times.hear('message', 900),
    (times: DueTimes) => times.forget('message'),
  ]) {
    const answer = Promise.withResolvers<number>();
    const { times } = lane(() => answer.promise);
    const asked = times.ask('message');
    say(times);
    answer.resolve(500);
    assert.equal(await asked, 500);
    assert.equal(times.of('message'), undefined);
  }
});
