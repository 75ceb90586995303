// Commands on the tree that take effect together or not at all.
import { StoreError, ValueError } from '../core/index.ts';
import { checkDescription } from './access/description.ts';
import { type OwnNode, pathOf, type TreeWriter } from './access/device-access.ts';
import { leavesOf, type TreeLeaf } from './access/leaves.ts';
import { checkAccounts, checkServerIds, withoutGoneServers, withoutServerId } from './access/server-ids.ts';
import { add } from './commands/add.ts';
import { copy } from './commands/copy.ts';
import { deleteNode } from './commands/delete.ts';
import { type ExecCommand, type ExecHandlers, findExec } from './commands/exec.ts';
import { type GetOptions, get } from './commands/get.ts';
import { replace } from './commands/replace.ts';
import { formatAcl, parseAcl } from './node/acl.ts';
import { makeNode, nodeAt, type TreeNode, withNode } from './node/node.ts';
import { type CommandResult, Refusal, refused } from './node/outcome.ts';
import { deepest, isXmlText } from './node/uri.ts';
import type { ValueCommand } from './workspace/command.ts';
import { setNode, type Workspace, type WorkspaceSettings } from './workspace/workspace.ts';

/** Where a transaction stood, to go back to. */
export interface Savepoint {
  readonly root: TreeNode;
}

/** What a transaction works for. */
export interface TransactionHost {
  readonly settings: WorkspaceSettings;
  readonly handlers: ExecHandlers;
  /** Makes the change from `base` to `root` durable. */
  commit(base: TreeNode, root: TreeNode): Promise<void>;
}

/**
 * Commands applied to the tree as it was when the transaction began, seen by nobody else until `commit`. Each command is
 * performed for a server id and gives its status as a value; one that is refused changes nothing.
 */
export class TreeTransaction implements TreeWriter {
  readonly #host: TransactionHost;
  readonly #base: TreeNode;
  readonly #workspace: Workspace;
  #open = true;

  /** For `ManagementTree.transaction`. */
  constructor(host: TransactionHost, base: TreeNode) {
    this.#host = host;
    this.#base = base;
    this.#workspace = { ...host.settings, root: base };
  }

  get(serverId: string, uri: string, options?: GetOptions): CommandResult {
    this.#check();
    return get(this.#workspace.root, this.#workspace.rules, serverId, uri, options);
  }

  add(serverId: string, command: ValueCommand): CommandResult {
    return this.#apply(() => add(this.#workspace, serverId, command));
  }

  replace(serverId: string, command: ValueCommand): CommandResult {
    // A property follows the ACL alone, and replacing one changes nothing else.
    const property = command.uri.includes('?');
    return this.#apply(() => replace(this.#workspace, serverId, command), property);
  }

  delete(serverId: string, uri: string): CommandResult {
    return this.#apply(() => deleteNode(this.#workspace, serverId, uri));
  }

  copy(serverId: string, sourceUri: string, targetUri: string): CommandResult {
    return this.#apply(() => copy(this.#workspace, serverId, sourceUri, targetUri));
  }

  /** Runs the handler of the node. What it sets in this transaction is undone when it rejects, and the status is 500. */
  async exec(serverId: string, command: ExecCommand): Promise<CommandResult> {
    this.#check();
    const { root, rules } = this.#workspace;
    const handler = findExec(root, rules, this.#host.handlers, serverId, command.uri);
    if (handler instanceof Refusal) return refused(handler);
    try {
      return await handler({ ...command, serverId, tree: this });
    } catch (error) {
      this.#workspace.root = root;
      return {
        status: 500,
        reason: `the handler failed: ${error instanceof Error ? error.message : 'error'}`,
      };
    }
  }

  node(uri: string): TreeNode | undefined {
    return nodeAt(this.#workspace.root, pathOf(uri));
  }

  leaves(uri: string): readonly TreeLeaf[] {
    return leavesOf(this.#workspace.root, this.#workspace.rules, pathOf(uri));
  }

  set(uri: string, node: OwnNode): void {
    this.#check();
    const { acl, value, ...rest } = node;
    const octets = value !== undefined && typeof value !== 'string';
    const format = node.format ?? (octets ? 'bin' : undefined);
    if (value !== undefined && octets !== (format === 'bin')) {
      throw new ValueError('WRONG_TYPE', 'octets go with format bin, text with the others', uri);
    }
    for (const text of [value, node.type, node.title]) {
      if (typeof text === 'string' && !isXmlText(text)) {
        throw new ValueError('BAD_FORMAT', 'holds a character that XML cannot carry', uri);
      }
    }
    const parts = {
      ...rest,
      ...(format === undefined ? {} : { format }),
      ...(acl === undefined ? {} : { acl: parseAcl(acl) }),
      ...(value === undefined ? {} : { value: typeof value === 'string' ? value : value.slice() }),
    };
    const segments = pathOf(uri);
    // A tree with such a node could be saved, and not be read again.
    if (segments.length > deepest) throw new ValueError('TOO_LONG', `has more than ${deepest} segments`, uri);
    const { root, now } = this.#workspace;
    this.#change(uri, setNode(root, segments, parts, now()));
  }

  remove(uri: string): boolean {
    this.#check();
    const segments = pathOf(uri);
    if (segments.length === 0) throw new ValueError('OUT_OF_RANGE', 'the root stays', uri);
    const { root, now } = this.#workspace;
    if (nodeAt(root, segments) === undefined) return false;
    this.#change(uri, withNode(root, segments, undefined, now()));
    return true;
  }

  setNote(uri: string, name: string, text: string | undefined): void {
    this.#check();
    const segments = pathOf(uri);
    const { root, now } = this.#workspace;
    const node = nodeAt(root, segments);
    if (node === undefined) throw new ValueError('OUT_OF_RANGE', 'there is no such node', uri);
    if (node.notes?.get(name) === text) return;
    const notes = new Map(node.notes);
    if (text === undefined) notes.delete(name);
    else notes.set(name, text);
    this.#workspace.root = withNode(root, segments, makeNode({ ...node, notes }), now());
  }

  /** Takes a server id out of every ACL. Deleting its account does so by itself, on commit. */
  removeServerId(serverId: string): void {
    this.#check();
    this.#workspace.root = withoutServerId(this.#workspace.root, serverId, this.#workspace.now());
  }

  /** The node's own ACL as text, empty when it inherits. */
  aclOf(uri: string): string {
    return formatAcl(this.node(uri)?.acl);
  }

  /** Marks where the transaction stands, such as before an Atomic inside a larger transaction. */
  savepoint(): Savepoint {
    return { root: this.#workspace.root };
  }

  /** Undoes everything since the mark. */
  rollbackTo(savepoint: Savepoint): void {
    this.#check();
    this.#workspace.root = savepoint.root;
  }

  /** True when something differs from where the transaction began. */
  get changed(): boolean {
    return this.#workspace.root !== this.#base;
  }

  /**
   * Makes everything durable, then visible. The transaction is over, whatever comes of it.
   * @throws {StoreError} TREE_CONFLICT when another transaction changed the same nodes meanwhile, or what the storage
   * throws; the tree is then as if the transaction had not been
   */
  async commit(): Promise<void> {
    this.#check();
    this.#open = false;
    if (this.changed) await this.#host.commit(this.#base, this.#workspace.root);
  }

  /** Ends the transaction without a trace. Does nothing after `commit`. */
  rollback(): void {
    this.#open = false;
  }

  #apply(command: () => CommandResult, property = false): CommandResult {
    this.#check();
    const before = this.#workspace.root;
    const result = command();
    const after = this.#workspace.root;
    const clash =
      checkServerIds(before, after) ??
      checkAccounts(before, after) ??
      (property ? undefined : checkDescription(this.#workspace, before, after));
    if (clash === undefined) {
      // At once: who gets an account of that name later, in the same transaction even, has nothing of its rights.
      this.#workspace.root = withoutGoneServers(before, after, this.#workspace.now());
      return result;
    }
    this.#workspace.root = before;
    return refused(clash);
  }

  /** A change of the device's own. It may do anything but make an account that is none. */
  #change(uri: string, root: TreeNode): void {
    const wrong = checkAccounts(this.#workspace.root, root);
    if (wrong !== undefined) throw new ValueError('BAD_FORMAT', wrong.reason, uri);
    this.#workspace.root = root;
  }

  #check(): void {
    if (!this.#open) throw new StoreError('TRANSACTION_OVER', 'the transaction was committed or rolled back');
  }
}
