// The tree of a device that does not run, for tools.
import { type Clock, systemClock } from '../../core/index.ts';
import type { ManagementTree } from '../../tree/index.ts';
import { DeviceState } from './device-state.ts';
import type { StateStorage } from './state-storage.ts';

/** The tree, and what gives its storage up. */
export interface OpenedTree {
  /** Its commits are saved with the rest of the state. */
  readonly tree: ManagementTree;
  close(): Promise<void>;
}

/**
 * Opens the tree of a state that no device uses. When it throws, the storage is closed.
 * @throws {ConfigError} when there is no state, or it cannot be used
 */
export async function openDeviceTree(
  storage: StateStorage,
  clock: Clock = systemClock(),
): Promise<OpenedTree> {
  try {
    const state = new DeviceState(storage, clock);
    return { tree: state.tree, close: () => state.close() };
  } catch (error) {
    await storage.close();
    throw error;
  }
}
