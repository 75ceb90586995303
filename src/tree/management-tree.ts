// The management tree of a device: its whole persistent state but the memory of messages seen (DM-TND-1.2).
import { type Clock, StoreError, systemClock } from '../core/index.ts';
import { pathOf, type TreeReader, type TreeWriter } from './access/device-access.ts';
import { leavesOf, type TreeLeaf } from './access/leaves.ts';
import { type Placement, parseMoIdentifier, standardPlacements } from './access/placement.ts';
import { defaultRootAcl } from './access/rights.ts';
import { type NodeRule, nodeRules } from './access/rules.ts';
import { checkServerIds, withoutGoneServers } from './access/server-ids.ts';
import { standardRules } from './access/standard-rules.ts';
import { type ExecHandler, ExecHandlers } from './commands/exec.ts';
import { type GetOptions, get } from './commands/get.ts';
import type { AclCommand } from './node/acl.ts';
import { mergeTrees } from './node/merge.ts';
import { makeNode, nodeAt, type TreeNode, walk } from './node/node.ts';
import type { CommandResult } from './node/outcome.ts';
import { formatUri } from './node/uri.ts';
import { readSnapshot, type TreeSnapshot, takeSnapshot } from './storage/snapshot.ts';
import { MemoryTreeStorage, type TreeStorage } from './storage/storage.ts';
import { type TransactionHost, TreeTransaction } from './transaction.ts';
import { checkWholeRoom, type WorkspaceSettings } from './workspace/workspace.ts';

// Shared by all trees that have no rows of their own: a simulated fleet holds thousands.
const standardNodeRules = nodeRules(standardRules);

/** How a tree is set up. */
export interface ManagementTreeOptions {
  /** Where to begin; absent for an empty tree with the default root ACL `Add=*&Get=*`. */
  readonly snapshot?: TreeSnapshot;
  /** Where commits go. Default: nowhere but memory. */
  readonly storage?: TreeStorage;
  /** For TStamp. Default the machine's. */
  readonly clock?: Clock;
  /** Rows of the device description that stand before the built-in ones of the standard objects. Default none. */
  readonly rules?: readonly NodeRule[];
  /** Where objects that arrive in the Inbox go, before the built-in rows. Default none. */
  readonly placements?: readonly Placement[];
  /** Nodes that servers may fill; the device itself has an eighth more. Default 20 000. */
  readonly maxNodes?: number;
  /** Octets of values and names that servers may fill; the device itself has an eighth more. Default 16 MiB. */
  readonly maxOctets?: number;
  /**
   * Rights that a server gets on an interior node that it makes where it may not Replace the parent. Default Add, Delete
   * and Replace, as DM-TND-1.2 §7.7.1.3 prints them; without Get the server must first give itself that.
   */
  readonly creatorRights?: readonly AclCommand[];
  /** Changes that the device makes to the snapshot before anybody sees it. They become durable with the first commit. */
  readonly prepare?: (tree: TreeWriter) => void;
}

/**
 * The tree as last committed. Servers' commands and the device's own changes go through a transaction; whatever was
 * committed is durable, and what a crash leaves is a tree before or after a commit, never between.
 */
export class ManagementTree implements TreeReader {
  readonly #settings: WorkspaceSettings;
  readonly #handlers = new ExecHandlers();
  readonly #storage: TreeStorage;
  readonly #commitListeners = new Set<() => void>();
  #root: TreeNode;
  #last: Promise<void> = Promise.resolve();

  /** @throws {StoreError} TREE_CORRUPT or TREE_VERSION when the snapshot cannot be used; what `prepare` throws */
  constructor(options: ManagementTreeOptions = {}) {
    const clock = options.clock ?? systemClock();
    const now = (): number => Math.max(0, Math.floor(clock.now() / 1000));
    this.#settings = {
      rules:
        options.rules === undefined ? standardNodeRules : nodeRules([...options.rules, ...standardRules]),
      placements:
        options.placements === undefined
          ? standardPlacements
          : [...options.placements, ...standardPlacements],
      now,
      maxNodes: options.maxNodes ?? 20_000,
      maxOctets: options.maxOctets ?? 16 * 1024 * 1024,
      creatorRights: options.creatorRights ?? ['Add', 'Delete', 'Replace'],
    };
    this.#storage = options.storage ?? new MemoryTreeStorage();
    this.#root =
      options.snapshot === undefined
        ? makeNode({ format: 'node', acl: defaultRootAcl, tstamp: now() })
        : readSnapshot(options.snapshot);
    if (options.prepare === undefined) return;
    const transaction = this.transaction();
    options.prepare(transaction);
    this.#root = transaction.savepoint().root;
    transaction.rollback();
  }

  /** Begins a transaction on the tree as it is now. Several may be open; changes of different nodes do not conflict. */
  transaction(): TreeTransaction {
    const host: TransactionHost = {
      settings: this.#settings,
      handlers: this.#handlers,
      commit: (base, root) => this.#commit(base, root),
    };
    return new TreeTransaction(host, this.#root);
  }

  /** Runs `work` in a transaction: commits when it is done, rolls back when it throws. @throws what either throws */
  async run<T>(work: (transaction: TreeTransaction) => T | Promise<T>): Promise<T> {
    const transaction = this.transaction();
    try {
      const result = await work(transaction);
      await transaction.commit();
      return result;
    } finally {
      transaction.rollback();
    }
  }

  /** A Get as a server, on what is committed. */
  get(serverId: string, uri: string, options?: GetOptions): CommandResult {
    return get(this.#root, this.#settings.rules, serverId, uri, options);
  }

  node(uri: string): TreeNode | undefined {
    return nodeAt(this.#root, pathOf(uri));
  }

  leaves(uri: string): readonly TreeLeaf[] {
    return leavesOf(this.#root, this.#settings.rules, pathOf(uri));
  }

  /** URIs of the objects of a kind, by management object identifier without its version, in order. */
  objects(identifier: string): readonly string[] {
    const uris: string[] = [];
    for (const [segments, node] of walk(this.#root)) {
      if (node.children === undefined || node.type === '') continue;
      if (parseMoIdentifier(node.type).base === identifier) uris.push(formatUri(segments));
    }
    return uris;
  }

  /** Runs `handler` for an Exec on the URI, in which `*` is one segment. Returns what takes it away again. */
  onExec(uri: string, handler: ExecHandler): () => void {
    return this.#handlers.add(uri, handler);
  }

  /** Calls `listener` after each commit that changed something, once it is durable. Gives what ends that. */
  onCommit(listener: () => void): () => void {
    this.#commitListeners.add(listener);
    return () => {
      this.#commitListeners.delete(listener);
    };
  }

  /** The tree as plain JSON. */
  snapshot(): TreeSnapshot {
    return takeSnapshot(this.#root);
  }

  #commit(base: TreeNode, root: TreeNode): Promise<void> {
    const done = this.#last.then(() => this.#save(base, root));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #save(base: TreeNode, root: TreeNode): Promise<void> {
    const before = this.#root;
    const merged = mergeTrees(base, root, before);
    if (merged === undefined) {
      throw new StoreError('TREE_CONFLICT', 'another transaction changed the same nodes; run this one again');
    }
    const clash = checkServerIds(before, merged);
    if (clash !== undefined) throw new StoreError('TREE_CONFLICT', clash.reason);
    const full = checkWholeRoom(this.#settings, merged);
    if (full !== undefined) throw new StoreError('TREE_FULL', full.reason);
    const after = withoutGoneServers(before, merged, this.#settings.now());
    if (after === before) return;
    await this.#storage.save(takeSnapshot(after));
    this.#root = after;
    for (const listener of this.#commitListeners) listener();
  }
}
