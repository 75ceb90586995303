// One listener for each signal that pushes share.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { unwatchAbort, watchAbort } from '../../src/push/index.ts';

test('all who watch a signal are told once, by one listener', () => {
  const aborter = new AbortController();
  const told: string[] = [];
  const watchers = ['a', 'b', 'c'].map((name) => () => void told.push(name));
  for (const watcher of watchers) watchAbort(aborter.signal, watcher);
  assert.equal(getEventListeners(aborter.signal, 'abort').length, 1);
  const [first = () => undefined, second = () => undefined] = watchers;
  unwatchAbort(aborter.signal, second);
  unwatchAbort(aborter.signal, second);
  aborter.abort();
  assert.deepEqual(told, ['a', 'c']);
  unwatchAbort(aborter.signal, first);
});

test('a signal that nobody watches any more has no listener, and may be watched again', () => {
  const aborter = new AbortController();
  let told = 0;
  const watcher = (): void => {
    told += 1;
  };
  watchAbort(aborter.signal, watcher);
  unwatchAbort(aborter.signal, watcher);
  assert.equal(getEventListeners(aborter.signal, 'abort').length, 0);
  watchAbort(aborter.signal, watcher);
  aborter.abort();
  assert.equal(told, 1);
});
