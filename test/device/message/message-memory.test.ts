// The memory of processed messages: bounded for each server, and in servers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  rememberedMessages,
  rememberProcessed,
  wasProcessed,
} from '../../../src/device/message/message-memory.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { ManagementTree, writeAccount } from '../../../src/tree/index.ts';

const digest = (value: number): Uint8Array => new Uint8Array(32).fill(value);
/** Where state files have it: it must be found again after an update of the program. */
const leafOf = (serverId: string): string =>
  `./Reveille/Messages/${createHash('sha256').update(serverId).digest('hex').slice(0, 32)}`;

test('of each server the newest 1024 messages are remembered, and no others for it', async () => {
  const tree = new ManagementTree();
  const uri = leafOf('a');
  assert.equal(wasProcessed(tree, 'a', digest(1)), false);
  await tree.run((own) => {
    rememberProcessed(own, 'a', digest(1));
    rememberProcessed(own, 'a', digest(2));
  });
  assert.equal(tree.node(uri)?.value, `${'01'.repeat(32)} ${'02'.repeat(32)}`);
  assert.equal(wasProcessed(tree, 'a', digest(1)), true);
  assert.equal(wasProcessed(tree, 'b', digest(1)), false);
  const full = Array.from({ length: rememberedMessages }, (_, index) => index.toString(16).padStart(64, '0'));
  await tree.run((own) => {
    own.set(uri, { value: full.join(' ') });
    rememberProcessed(own, 'a', digest(3));
  });
  assert.deepEqual(String(tree.node(uri)?.value).split(' '), [...full.slice(1), '03'.repeat(32)]);
});

test('a leaf without a text, as after an edit of the state file by hand, remembers nothing', async () => {
  const tree = new ManagementTree();
  for (const value of ['', Uint8Array.of(1)]) {
    const format = typeof value === 'string' ? 'chr' : 'bin';
    await tree.run((own) => own.set(leafOf('a'), { format, value }));
    assert.equal(wasProcessed(tree, 'a', digest(1)), false);
    await tree.run((own) => own.remove(leafOf('a')));
  }
  await tree.run((own) => {
    own.set(leafOf('a'), { value: '' });
    rememberProcessed(own, 'a', digest(1));
  });
  assert.equal(tree.node(leafOf('a'))?.value, '01'.repeat(32));
});

test('of servers without an account the 64 that were heard last are remembered, of the others each', async () => {
  const clock = new ManualClock();
  const tree = new ManagementTree({ clock });
  const names = Array.from({ length: 70 }, (_, index) => `org.gone${index}`);
  await tree.run((own) => writeAccount(own, { serverId: 'org.present', addresses: [], credentials: [] }));
  for (const name of ['org.present', ...names]) {
    clock.advance(1000);
    await tree.run((own) => rememberProcessed(own, name, digest(1)));
  }
  // Heard again: not the longest silent any more.
  const again = names[7] ?? '';
  clock.advance(1000);
  await tree.run((own) => rememberProcessed(own, again, digest(2)));
  clock.advance(1000);
  await tree.run((own) => rememberProcessed(own, 'org.late', digest(1)));
  const kept = [...names, 'org.late'].filter((name) => wasProcessed(tree, name, digest(1)));
  assert.deepEqual(kept, [again, ...names.slice(8), 'org.late'].slice(-64));
  assert.equal(wasProcessed(tree, again, digest(2)), true);
  assert.equal(wasProcessed(tree, 'org.present', digest(1)), true);
});
