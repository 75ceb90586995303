// The device's state while it runs: the tree and the memories of its servers, kept together in one document.
import { type Clock, ClockWatch, StoreError } from '../../core/index.ts';
import { ManagementTree, readAccounts, type TreeSnapshot, type TreeStorage } from '../../tree/index.ts';
import { migrateFromVersion1 } from './migrate-state.ts';
import { capTimes, closeInterrupted, emptyMemory, moveTimes, type ServerMemory } from './replay-memory.ts';
import { damaged, readStateDocument, stateDocument } from './state-document.ts';
import type { StateStorage } from './state-storage.ts';

/** Servers without an account whose notifications are remembered, should they get one again; the first is forgotten first. */
const rememberedGone = 64;

/** Holds the state and knows where it is kept. */
export class DeviceState {
  /** Its commits save the whole state. */
  readonly tree: ManagementTree;
  readonly #storage: StateStorage;
  readonly #servers: Map<string, ServerMemory>;
  readonly #watch: ClockWatch;
  /** What is, or is about to be, the tree on disk. */
  #snapshot: TreeSnapshot;

  /**
   * Loads the state. Sessions that were under way when it was saved count as failed.
   * @throws {ConfigError} when there is none, or it cannot be used
   */
  constructor(storage: StateStorage, clock: Clock) {
    const { version, tree, servers } = readStateDocument(storage.load(), storage.name);
    this.#storage = storage;
    this.#servers = servers;
    this.#watch = new ClockWatch(clock);
    for (const memory of servers.values()) {
      closeInterrupted(memory);
      capTimes(memory, clock.now());
    }
    const treeStorage: TreeStorage = { save: (snapshot) => this.#saveTree(snapshot) };
    try {
      // The tree checks its snapshot.
      this.tree = new ManagementTree({
        snapshot: tree as TreeSnapshot,
        storage: treeStorage,
        clock,
        ...(version === 1 && { prepare: migrateFromVersion1 }),
      });
    } catch (error) {
      if (error instanceof StoreError) throw damaged(storage.name, 'its tree', error);
      throw error;
    }
    this.#snapshot = this.tree.snapshot();
  }

  /** Keeps what is remembered as long ago as it is, when the clock was set since the last call. */
  followClock(): void {
    const byMs = this.#watch.moved();
    if (byMs === 0) return;
    for (const memory of this.#servers.values()) moveTimes(memory, byMs);
  }

  /** Memory of a server, if there is one. */
  peekMemory(serverId: string): ServerMemory | undefined {
    return this.#servers.get(serverId);
  }

  /** Memory of a server, made when there is none; only for servers that an account names. */
  memory(serverId: string): ServerMemory {
    let memory = this.#servers.get(serverId);
    if (memory === undefined) {
      memory = emptyMemory();
      this.#servers.set(serverId, memory);
      this.#forgetGone();
    }
    return memory;
  }

  #forgetGone(): void {
    if (this.#servers.size <= rememberedGone) return;
    const present = new Set(readAccounts(this.tree).map((account) => account.serverId));
    const gone = [...this.#servers.keys()].filter((serverId) => !present.has(serverId));
    for (const serverId of gone.slice(0, -rememberedGone)) this.#servers.delete(serverId);
  }

  /**
   * Makes the memories durable, with the tree as last committed.
   * @throws {ConfigError} when they cannot be written
   */
  save(): Promise<void> {
    return this.#storage.save(stateDocument(this.#snapshot, this.#servers));
  }

  /** Waits for saves and gives the storage up. */
  close(): Promise<void> {
    return this.#storage.close();
  }

  async #saveTree(snapshot: TreeSnapshot): Promise<void> {
    const before = this.#snapshot;
    // At once, for memories may be saved before this is done.
    this.#snapshot = snapshot;
    try {
      await this.save();
    } catch (error) {
      this.#snapshot = before;
      throw error;
    }
  }
}
