// Lets a server come to rest while no time passes.
import type { PushQueue } from '../../src/store/index.ts';

/** Writes that follow from one another before nothing more does. */
const longestChain = 6;

/**
 * Resolves once the event loop has turned and the store has written so often that whatever waits for neither a clock nor a
 * peer is done.
 */
export async function settle(queue: Pick<PushQueue, 'releaseClaims'>): Promise<void> {
  for (let link = 0; link < longestChain; link += 1) {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    // Changes nothing, and comes after all that was asked of the store before.
    await queue.releaseClaims('nobody');
  }
}
