// Work one after the other, and of several who do not wait for each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns, TurnsByName } from '../../src/core/index.ts';

test('turns: tasks run in the order of the calls, one that fails holds nobody, and busy ends with the last', async () => {
  const turns = new Turns();
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  assert.equal(turns.busy, false);
  const failing = turns.run(async () => {
    await gate.promise;
    done.push('failing');
    throw new Error('no');
  });
  const next = turns.run(async () => {
    done.push('next');
    return 2;
  });
  assert.equal(turns.busy, true);
  assert.deepEqual(done, []);
  gate.resolve();
  await assert.rejects(failing, /no/);
  assert.equal(await next, 2);
  assert.deepEqual(done, ['failing', 'next']);
  assert.equal(turns.busy, false);
});

test('turns: one name waits for itself only, and nothing is kept of who is done', async () => {
  const turns = new TurnsByName();
  const gate = Promise.withResolvers<void>();
  const done: string[] = [];
  const slow = turns.run('a', () => gate.promise.then(() => void done.push('a1')));
  const next = turns.run('a', async () => void done.push('a2'));
  await turns.run('b', async () => void done.push('b'));
  assert.deepEqual(done, ['b']);
  assert.equal(turns.isBusy('a'), true);
  assert.equal(turns.isBusy('b'), false);
  gate.resolve();
  await Promise.all([slow, next]);
  assert.deepEqual(done, ['b', 'a1', 'a2']);
  await assert.rejects(turns.run('c', () => Promise.reject(new Error('no'))));
  assert.equal(turns.isBusy('c'), false);
});
