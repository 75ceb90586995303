// Where the tree is kept between runs.
import type { TreeSnapshot } from './snapshot.ts';

/** Keeps the tree. */
export interface TreeStorage {
  /**
   * Replaces what is kept by this snapshot, whole or not at all; resolves when it is durable. The tree calls it once at
   * a time. The snapshot is not to be changed.
   * @throws {StoreError} or another typed error when it cannot; what was kept before should still be there
   */
  save(snapshot: TreeSnapshot): Promise<void>;
}

/** Keeps the last snapshot in memory, for simulated devices and tests. */
export class MemoryTreeStorage implements TreeStorage {
  /** The last snapshot saved. */
  snapshot: TreeSnapshot | undefined;

  constructor(snapshot?: TreeSnapshot) {
    this.snapshot = snapshot;
  }

  save(snapshot: TreeSnapshot): Promise<void> {
    this.snapshot = snapshot;
    return Promise.resolve();
  }
}
