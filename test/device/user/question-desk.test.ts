// The user's attention: one question at a time, in turn, for a limited time, and a bounded number of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Asked,
  QuestionDesk,
  type QuestionDeskOptions,
} from '../../../src/device/user/question-desk.ts';
import { ManualClock } from '../../../src/testing/index.ts';

function scene(more: Partial<QuestionDeskOptions> = {}) {
  const clock = new ManualClock();
  const ender = new AbortController();
  const desk = new QuestionDesk({
    clock,
    timeoutMs: 1000,
    signal: ender.signal,
    maxQuestions: 4,
    maxQuestionsPerServer: 2,
    ...more,
  });
  const shown: string[] = [];
  const answers = new Map<string, (value: string) => void>();
  const withdrawn: string[] = [];
  const question = (about: string) => ({
    ask: (unwanted: AbortSignal) => {
      shown.push(about);
      unwanted.addEventListener('abort', () => withdrawn.push(about));
      return new Promise<string>((resolve) => answers.set(about, resolve));
    },
  });
  const ask = (who: string, about: string): Promise<Asked<string>> => desk.ask(who, question(about));
  return { clock, ender, desk, shown, answers, withdrawn, question, ask };
}

/** Lets everything that is ready run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const silence = (asked: Asked<string>): string =>
  'silence' in asked ? asked.silence : `given ${asked.given}`;

test('one question is on the screen at a time, and whoever asks takes turns', async () => {
  const { desk, shown, answers, ask, question } = scene();
  const asked = [ask('a', 'a1'), ask('a', 'a2'), ask('b', 'b1'), desk.askForStranger(question('pin'))];
  for (let count = 1; count <= 4; count += 1) {
    await settle();
    assert.equal(shown.length, count);
    const now = shown.at(-1) ?? '';
    answers.get(now)?.(`to ${now}`);
  }
  assert.deepEqual((await Promise.all(asked)).map(silence), [
    'given to a1',
    'given to a2',
    'given to b1',
    'given to pin',
  ]);
  // The second of one server stands behind the first of the others.
  assert.deepEqual(shown, ['a1', 'b1', 'a2', 'pin']);
  assert.deepEqual(desk.counters, { asked: 4, unanswered: 0, refused: 0 });
});

test('a question ends after its time, is withdrawn, and the next one is shown', async () => {
  const { clock, desk, shown, withdrawn, ask } = scene();
  const first = ask('a', 'a1');
  const second = ask('b', 'b1');
  clock.advance(500);
  assert.deepEqual(shown, ['a1']);
  clock.advance(500);
  assert.equal(silence(await first), 'unanswered');
  assert.deepEqual(withdrawn, ['a1']);
  await settle();
  assert.deepEqual(shown, ['a1', 'b1']);
  clock.advance(1000);
  assert.equal(silence(await second), 'unanswered');
  assert.equal(desk.counters.unanswered, 2);
  assert.equal(clock.waiting, 0);
});

test('a question that gets its turn has its whole time', async () => {
  const { clock, shown, answers, ask } = scene();
  const first = ask('a', 'a1');
  clock.advance(600);
  const second = ask('b', 'b1');
  clock.advance(400);
  assert.equal(silence(await first), 'unanswered');
  await settle();
  assert.deepEqual(shown, ['a1', 'b1']);
  clock.advance(999);
  answers.get('b1')?.('late but in time');
  assert.equal(silence(await second), 'given late but in time');
  assert.equal(clock.waiting, 0);
});

test('a question that never gets its turn ends as well', async () => {
  const { clock, shown, ask } = scene({ maxQuestions: 8 });
  const asked = ['a', 'b', 'c', 'd'].map((who) => ask(who, who));
  for (let step = 0; step < 50; step += 1) {
    await settle();
    clock.advance(100);
  }
  for (const each of asked) assert.equal(silence(await each), 'unanswered');
  assert.deepEqual(shown, ['a', 'b']);
  assert.equal(clock.waiting, 0);
});

test('a server may make its question shorter, and not longer', async () => {
  const { clock, desk, question } = scene();
  const short = desk.ask('a', { ...question('short'), timeoutMs: 10 });
  clock.advance(10);
  assert.equal(silence(await short), 'unanswered');
  const long = desk.ask('a', { ...question('long'), timeoutMs: 999_999_999_000 });
  await settle();
  clock.advance(1000);
  assert.equal(silence(await long), 'unanswered');
});

test('questions of one server, and of all, are bounded; who is refused is told why and counted', async () => {
  const { desk, ask, question } = scene();
  const held = [ask('a', 'a1'), ask('a', 'a2')];
  const third = await ask('a', 'a3');
  assert.deepEqual(third, {
    silence: 'full',
    detail: '2 questions of this server wait for the user already',
  });
  held.push(ask('b', 'b1'), ask('b', 'b2'));
  const fifth = await ask('c', 'c1');
  assert.deepEqual(fifth, { silence: 'full', detail: '4 questions wait for the user already' });
  // Strangers have a place of their own, and one only.
  const pin = desk.askForStranger(question('pin'));
  assert.equal(silence(await desk.askForStranger(question('pin2'))), 'full');
  assert.equal(desk.counters.refused, 3);
  void held;
  void pin;
});

test('a place is free again once its question is over, whatever ended it', async () => {
  const { clock, ender, desk, answers, ask, question } = scene({ maxQuestionsPerServer: 1 });
  const one = ask('a', 'answered');
  answers.get('answered')?.('yes');
  assert.equal(silence(await one), 'given yes');
  const two = ask('a', 'silent');
  await settle();
  clock.advance(1000);
  assert.equal(silence(await two), 'unanswered');
  const own = new AbortController();
  const three = desk.ask('a', { ...question('taken back'), signal: own.signal });
  own.abort();
  assert.equal(silence(await three), 'stopped');
  const four = desk.ask('a', { ask: () => Promise.reject(new Error('no screen')) });
  assert.equal(silence(await four), 'unanswered');
  const five = ask('a', 'at the end');
  ender.abort();
  assert.equal(silence(await five), 'stopped');
  assert.equal(silence(await ask('a', 'too late')), 'stopped');
  assert.equal(clock.waiting, 0);
});

test('what is taken back while it waits is never shown', async () => {
  const { shown, answers, desk, ask, question } = scene();
  const first = ask('a', 'a1');
  const own = new AbortController();
  const second = desk.ask('b', { ...question('b1'), signal: own.signal });
  own.abort();
  assert.equal(silence(await second), 'stopped');
  answers.get('a1')?.('yes');
  await first;
  await settle();
  assert.deepEqual(shown, ['a1']);
});
