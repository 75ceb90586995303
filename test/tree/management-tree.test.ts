// What a tree begins with: nothing, a snapshot, and what the device changes in it before anybody sees it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagementTree, MemoryTreeStorage } from '../../src/tree/index.ts';
import { deviceTree, manualClock } from './tools.ts';

test('what prepare changes is seen at once, and durable with the first commit', async () => {
  const { storage: earlier } = await deviceTree({}, (own) => own.set('./Old', { value: 'old' }));
  assert.ok(earlier.snapshot !== undefined);
  const storage = new MemoryTreeStorage();
  const tree = new ManagementTree({
    snapshot: earlier.snapshot,
    storage,
    clock: manualClock(),
    prepare: (own) => {
      own.set('./New', { value: own.node('./Old')?.value ?? '' });
      own.remove('./Old');
    },
  });
  assert.equal(tree.node('./New')?.value, 'old');
  assert.equal(tree.node('./Old'), undefined);
  assert.equal(storage.snapshot, undefined);
  await tree.run((own) => own.set('./More', { value: 'x' }));
  assert.ok(storage.snapshot !== undefined);
  const again = new ManagementTree({ snapshot: storage.snapshot });
  assert.deepEqual(
    ['./New', './Old', './More'].map((uri) => again.node(uri)?.value),
    ['old', undefined, 'x'],
  );
});

test('what prepare throws is thrown, and there is no tree', () => {
  const wrong = new RangeError('not today');
  const prepare = (): void => {
    throw wrong;
  };
  assert.throws(
    () => new ManagementTree({ prepare }),
    (error) => error === wrong,
  );
});
