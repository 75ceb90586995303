import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeviceWrites } from '../../../src/store/sql/record/device-writes.ts';

const done = () => Promise.resolve();

test('a device counts as written since every moment before its write was over, and others do not', async () => {
  const writes = new DeviceWrites();
  const before = writes.moment;
  await writes.watch(['a'], done);
  assert.equal(writes.mayHaveChanged('a', before), true);
  assert.equal(writes.mayHaveChanged('b', before), false);
  assert.equal(writes.mayHaveChanged('a', writes.moment), false);
});

test('a write that is under way counts, of two until both are over', async () => {
  const writes = new DeviceWrites();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const both = [writes.watch(['a'], () => first.promise), writes.watch(['a'], () => second.promise)];
  assert.equal(writes.mayHaveChanged('a', writes.moment), true);
  first.resolve();
  await both[0];
  assert.equal(writes.mayHaveChanged('a', writes.moment), true);
  second.resolve();
  await both[1];
  assert.equal(writes.mayHaveChanged('a', writes.moment), false);
});

test('a write that began before a moment and ended after it counts', async () => {
  const writes = new DeviceWrites();
  const held = Promise.withResolvers<void>();
  const write = writes.watch(['a'], () => held.promise);
  const { moment } = writes;
  held.resolve();
  await write;
  assert.equal(writes.mayHaveChanged('a', moment), true);
});

test('a write that failed counts, for it may have come to the disk, and its caller hears why', async () => {
  const writes = new DeviceWrites();
  const before = writes.moment;
  await assert.rejects(
    writes.watch(['a'], () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(writes.mayHaveChanged('a', before), true);
  assert.equal(writes.mayHaveChanged('a', writes.moment), false);
});

test('beyond its memory every device counts as written', async () => {
  const writes = new DeviceWrites(2);
  const before = writes.moment;
  await writes.watch(['a'], done);
  const between = writes.moment;
  for (const id of ['b', 'c', 'b']) await writes.watch([id], done);
  assert.equal(writes.mayHaveChanged('nobody', before), true);
  assert.equal(writes.mayHaveChanged('nobody', between), false);
  assert.equal(writes.mayHaveChanged('b', between), true);
  assert.equal(writes.mayHaveChanged('c', writes.moment), false);
});
