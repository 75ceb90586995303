// How the device itself reads and changes its tree: no rights are asked.
import { ValueError } from '../../core/index.ts';
import type { TreeNode } from '../node/node.ts';
import { splitPath } from '../node/uri.ts';
import type { TreeLeaf } from './leaves.ts';

/** The device's own look at the tree. What it noted on a node is in `TreeNode.notes`. */
export interface TreeReader {
  /** A node; `undefined` when there is none. @throws {ValueError} when `uri` is not the URI of a node */
  node(uri: string): TreeNode | undefined;
  /** All leaves from a node down, in order, without those that may not be read, such as secrets. */
  leaves(uri: string): readonly TreeLeaf[];
}

/** What the device sets on a node by itself. What is left out stays as it is, or has its default on a new node. */
export interface OwnNode {
  /** Default `chr`, or `bin` for octets. */
  readonly format?: TreeNode['format'];
  readonly type?: string;
  readonly title?: string;
  /** As text; empty inherits. */
  readonly acl?: string;
  readonly value?: string | Uint8Array;
}

/** The device's own changes, within a transaction. */
export interface TreeWriter extends TreeReader {
  /**
   * Sets a node; missing parents are made, and an interior node keeps its children.
   * @throws {ValueError} for a URI, an ACL or a value that cannot be, such as another ServerID for an account; TOO_LONG for a
   * URI of more than 100 segments
   */
  set(uri: string, node: OwnNode): void;
  /**
   * Removes a node with everything below it; false when there was none.
   * @throws {ValueError} for the root, and for the ServerID of an account that stays
   */
  remove(uri: string): boolean;
  /**
   * Notes something on a node, or takes the note away for `undefined`. Neither TStamp nor VerNo change, for to servers nothing
   * did.
   * @throws {ValueError} when there is no such node
   */
  setNote(uri: string, name: string, text: string | undefined): void;
}

/** What runs the device's own changes in a transaction: the management tree. */
export interface TreeRunner {
  /** Commits when `work` is done, rolls back when it throws. @throws what either throws */
  run<T>(work: (tree: TreeWriter) => T | Promise<T>): Promise<T>;
}

/** Names from the root down. @throws {ValueError} when the text is not the URI of a node */
export function pathOf(uri: string): readonly string[] {
  const segments = splitPath(uri);
  if (segments === undefined) {
    throw new ValueError('BAD_FORMAT', `${JSON.stringify(uri)} is not the URI of a node, such as ./DevInfo`);
  }
  return segments;
}
