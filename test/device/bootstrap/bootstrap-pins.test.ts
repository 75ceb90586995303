// One question for the PIN of all bootstraps that wait for one: who is asked what, and what comes of each message.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PinProof } from '../../../src/device/bootstrap/bootstrap-pins.ts';
import { writeAccount } from '../../../src/tree/index.ts';
import { scene, taken, turns } from './pin-scene.ts';

const givenUp = { holds: false, inVain: false, detail: 'it gave way to newer ones, or the device stops' };

test('the PIN that holds makes the account, with the verdict of it', async () => {
  const { asked, comes, pin, takes } = scene();
  const one = comes('one');
  await turns();
  assert.deepEqual(
    asked.map(({ question }) => question),
    [{ sec: 'USERPIN', attempt: 1, left: 3 }],
  );
  assert.deepEqual([one.proof(), one.proved()], ['none yet', 0]);
  await pin(' 1234 ');
  assert.deepEqual(one.proof(), { holds: true, verdict: taken });
  assert.deepEqual([one.proved(), takes(), asked.length], [1, 1, 1]);
});

test('of copies one is taken, with one question, and the others are told', async () => {
  const { asked, comes, pin, takes } = scene();
  // The MAC is hex in either case.
  const copies = [comes('one'), comes('one'), comes('one', { letters: (mac) => mac.toLowerCase() })];
  await turns();
  await pin('1234');
  const detail = 'a copy of it was taken';
  assert.deepEqual(
    copies.map(({ proof }) => proof()),
    [
      { holds: true, verdict: taken },
      { holds: false, inVain: false, detail },
      { holds: false, inVain: false, detail },
    ],
  );
  assert.deepEqual(
    copies.map(({ proved }) => proved()),
    [1, 1, 1],
  );
  assert.deepEqual([asked.length, takes()], [1, 1]);
});

test('a wrong PIN is asked for again, three times for each message, and counts for all that wait', async () => {
  const { asked, comes, pin } = scene();
  const one = comes('one');
  await turns();
  await pin('0000');
  const two = comes('two', { pin: '5678' });
  await turns();
  await pin('x');
  assert.deepEqual([one.proof(), two.proof()], ['none yet', 'none yet']);
  await pin('0001');
  assert.deepEqual(one.proof(), { holds: false, inVain: true, detail: '3 wrong PINs' });
  assert.equal(two.proof(), 'none yet');
  await pin('5678');
  assert.deepEqual(two.proof(), { holds: true, verdict: taken });
  assert.deepEqual(
    asked.map(({ question: { attempt, left } }) => [attempt, left]),
    [
      [1, 3],
      [2, 2],
      [3, 1],
      [3, 1],
    ],
  );
});

test('two different ones that hold under the PIN are both refused; one under another PIN stays', async () => {
  const { asked, comes, pin, takes } = scene();
  const [one, two, other] = [comes('one'), comes('two'), comes('other', { pin: '5678' })];
  await turns();
  await pin('1234');
  const detail = 'different bootstraps hold under this PIN, so none is taken';
  for (const { proof } of [one, two]) assert.deepEqual(proof(), { holds: false, inVain: false, detail });
  assert.deepEqual([other.proof(), takes(), asked.length], ['none yet', 0, 2]);
});

test('what could be taken under no PIN is refused, and the user not asked', async () => {
  const { asked, comes } = scene();
  const known = comes('one', { refusal: async () => ({ detail: 'no room', serverId: 'a' }) });
  const broken = comes('two', { refusal: () => Promise.reject(new RangeError('a secret')) });
  const odd = comes('three', { refusal: () => Promise.reject('a secret') });
  await turns();
  assert.deepEqual(known.proof(), { holds: false, inVain: false, detail: 'no room', serverId: 'a' });
  for (const [proof, name] of [
    [broken.proof(), 'RangeError'],
    [odd.proof(), 'error'],
  ]) {
    const detail = `the bootstrap failed on the device: ${name}`;
    assert.deepEqual(proof, { holds: false, inVain: false, detail });
  }
  assert.equal(asked.length, 0);
});

test('without an answer all for whom it was asked are refused; in vain where the user had it before him', async () => {
  for (const [answer, detail, inVain] of [
    [{ given: '' }, 'the user refused to enter a PIN', true],
    [{ given: '  ' }, 'the user refused to enter a PIN', true],
    [{ given: undefined }, 'nobody entered a PIN', true],
    [{ silence: 'unanswered' }, 'nobody entered a PIN in time', true],
    [{ silence: 'full', detail: 'another waits' }, 'another waits', false],
    [{ silence: 'stopped' }, 'the question for the PIN was taken back', false],
  ] as const) {
    const { asked, comes, pin, answer: gives } = scene();
    const shown = [comes('one'), comes('two')];
    await turns();
    await pin('0000');
    const late = comes('late');
    await turns();
    await gives(answer);
    for (const { proof } of shown) assert.deepEqual(proof(), { holds: false, inVain, detail });
    assert.equal(late.proof(), 'none yet');
    assert.deepEqual(asked[2]?.question, { sec: 'USERPIN', attempt: 1, left: 3 });
  }
});

test('a failure while the account is made is told by its name, and the next one is asked for', async () => {
  const { asked, comes, pin, takeBy } = scene();
  const [one, copy, next] = [comes('one'), comes('one'), comes('next', { pin: '5678' })];
  await turns();
  takeBy(() => Promise.reject(new TypeError('a secret')));
  await pin('1234');
  const detail = 'the bootstrap failed on the device: TypeError';
  assert.deepEqual(one.proof(), { holds: true, verdict: { verdict: 'refused', detail } });
  assert.equal((copy.proof() as PinProof).holds, false);
  takeBy(async () => taken);
  await pin('5678');
  assert.deepEqual([next.proof(), asked.length], [{ holds: true, verdict: taken }, 2]);
});

test('one that gives way leaves the question to its copies and the others; with the last the question is taken back', async () => {
  const { asked, comes } = scene();
  const [one, copy, two] = [comes('one'), comes('one'), comes('two')];
  await turns();
  one.ender.abort();
  await turns();
  assert.deepEqual([one.proof(), copy.proof()], [givenUp, 'none yet']);
  copy.ender.abort();
  await turns();
  assert.deepEqual([copy.proof(), two.proof(), asked[0]?.signal.aborted], [givenUp, 'none yet', false]);
  two.ender.abort();
  await turns();
  assert.deepEqual([two.proof(), asked[0]?.signal.aborted, asked.length], [givenUp, true, 1]);
});

test('one whose device stops already is not looked at; one that comes after a question is asked for again', async () => {
  const { asked, comes, pin } = scene();
  const ender = new AbortController();
  ender.abort();
  const late = comes('late', { ender });
  await turns();
  assert.deepEqual([late.proof(), asked.length], [givenUp, 0]);
  for (const [index, text] of ['one', 'two', 'one'].entries()) {
    const next = comes(text);
    await turns();
    assert.equal(asked.length, index + 1);
    await pin('1234');
    assert.deepEqual(next.proof(), { holds: true, verdict: taken });
  }
});

test('one that nobody had the time to look at is refused; where it gave way, its copy is looked at', async () => {
  const { asked, comes } = scene();
  const unseen = comes('unseen', { look: async () => undefined });
  await turns();
  const detail = 'it was not looked at';
  assert.deepEqual([unseen.proof(), asked.length], [{ holds: false, inVain: false, detail }, 0]);
  const ender = new AbortController();
  const never = Promise.withResolvers<undefined>();
  const first = comes('one', { ender, look: () => never.promise });
  const copy = comes('one');
  await turns();
  assert.equal(asked.length, 0);
  ender.abort();
  never.resolve(undefined);
  await turns();
  assert.deepEqual([first.proof(), copy.proof(), asked.length], [givenUp, 'none yet', 1]);
});

test('where the accounts are others than before it is found out again whether it could be taken', async () => {
  const { tree, comes, pin, asked } = scene();
  let looks = 0;
  const room = async () => {
    looks += 1;
    return tree.node('./DMAcc/b') === undefined ? undefined : { detail: 'no room' };
  };
  await tree.run((own) => writeAccount(own, { serverId: 'a', addresses: [], credentials: [] }));
  const one = comes('one', { refusal: room });
  await turns();
  await pin('0000');
  assert.deepEqual([looks, asked.length], [1, 2]);
  await tree.run((own) => {
    own.remove('./DMAcc/a');
    writeAccount(own, { serverId: 'b', addresses: [], credentials: [] });
  });
  await pin('0001');
  assert.deepEqual(one.proof(), { holds: false, inVain: false, detail: 'no room' });
  assert.deepEqual([looks, asked.length], [2, 2]);
});
