// What the tests of the tree share: a clock that stands still, and trees to work on.
import type { Clock } from '../../src/core/index.ts';
import {
  ManagementTree,
  type ManagementTreeOptions,
  MemoryTreeStorage,
  type TreeTransaction,
  writeStandardObjects,
} from '../../src/tree/index.ts';

/** A clock that moves when told to. */
export function manualClock(
  start = Date.UTC(2001, 6, 11, 16, 38, 17),
): Clock & { tick(seconds: number): void } {
  let now = start;
  return {
    now: () => now,
    monotonic: () => now - start,
    after: () => ({ cancel: () => undefined }),
    tick(seconds) {
      now += seconds * 1000;
    },
  };
}

export const devInfo = { devId: 'IMEI:493005100592800', man: 'Acme', mod: 'One', dmV: '1.2', lang: 'en' };
export const devDetail = { devTyp: 'phone', oem: 'Acme', fwV: 'fw1', swV: 'sw1', hwV: 'hw1' };

/** A tree with the standard objects, and the storage that it commits to. */
export async function deviceTree(
  options: ManagementTreeOptions = {},
  fill: (transaction: TreeTransaction) => void = () => undefined,
): Promise<{ tree: ManagementTree; storage: MemoryTreeStorage; clock: ReturnType<typeof manualClock> }> {
  const storage = new MemoryTreeStorage();
  const clock = manualClock();
  const tree = new ManagementTree({ storage, clock, ...options });
  await tree.run((transaction) => {
    writeStandardObjects(transaction, devInfo, devDetail);
    fill(transaction);
  });
  return { tree, storage, clock };
}

/** The tree of the figure in DM-TND-1.2 §7.7.1.6 (DM-TND-1.2). */
export function figureTree(): ManagementTree {
  const tree = new ManagementTree({ clock: manualClock() });
  void tree.run((transaction) => {
    transaction.set('.', { acl: 'Add=*&Get=*' });
    transaction.set('./NodeA', { format: 'node', acl: 'Get=ServerC&Replace=ServerC' });
    transaction.set('./NodeA/Node1', { acl: 'Get=*', value: '1' });
    transaction.set('./NodeB', { format: 'node', acl: 'Get=ServerA&Replace=ServerA' });
    transaction.set('./NodeB/Node2', { value: '2' });
    transaction.set('./NodeB/Node3', {
      format: 'node',
      acl: 'Get=ServerB&Replace=ServerB&Delete=ServerB',
    });
    transaction.set('./NodeB/Node3/Node4', { value: '4' });
    transaction.set('./NodeB/Node3/Node5', {
      acl: 'Get=ServerA&Replace=ServerA&Get=ServerB',
      value: '5',
    });
    transaction.set('./NodeC', { acl: 'Get=ServerA&Replace=ServerA', value: 'c' });
  });
  return tree;
}
