// Exec: whatever the device does when a node is executed (DM-RepPro-1.2 §6.6.6).
import type { TndsData } from '../../codec/tnds/index.ts';
import type { TreeWriter } from '../access/device-access.ts';
import { mayCommand } from '../access/rights.ts';
import { matchesPattern, type NodeRules } from '../access/rules.ts';
import { nodeAt, type TreeNode } from '../node/node.ts';
import { Refusal } from '../node/outcome.ts';
import { limitsOf, parseTreeUri } from '../node/uri.ts';

/** What an Exec carries. */
export interface ExecCommand {
  readonly uri: string;
  /** The argument, if any. */
  readonly data?: TndsData;
  readonly format?: string;
  readonly type?: string;
  /** To be echoed in the Alert 1226 that reports the end. */
  readonly correlator?: string;
}

/** What a handler is given. */
export interface ExecRequest extends ExecCommand {
  readonly serverId: string;
  /** The tree within the transaction of the command: what the handler sets becomes durable with the command. */
  readonly tree: TreeWriter;
}

/** What a handler led to: 200 done, 202 started, or an error code. */
export interface ExecOutcome {
  readonly status: number;
  /** For logs. */
  readonly reason?: string;
}

/** Carries an Exec out. A rejection becomes status 500. */
export type ExecHandler = (request: ExecRequest) => ExecOutcome | Promise<ExecOutcome>;

/** Handlers by URI. */
export class ExecHandlers {
  readonly #rows: { readonly pattern: readonly string[]; readonly handler: ExecHandler }[] = [];

  /** Adds a handler for a URI, in which `*` is one segment. Returns what takes it away again. */
  add(uri: string, handler: ExecHandler): () => void {
    const row = { pattern: uri.replace(/^\.\//, '').split('/'), handler };
    this.#rows.push(row);
    return () => {
      const index = this.#rows.indexOf(row);
      if (index >= 0) this.#rows.splice(index, 1);
    };
  }

  find(segments: readonly string[]): ExecHandler | undefined {
    return this.#rows.find((row) => matchesPattern(row.pattern, segments))?.handler;
  }
}

/** The handler that an Exec reaches, or why it reaches none: 405 by the description, 406 nothing is there to run. */
export function findExec(
  root: TreeNode,
  rules: NodeRules,
  handlers: ExecHandlers,
  serverId: string,
  text: string,
): ExecHandler | Refusal {
  const uri = parseTreeUri(text, limitsOf(root));
  if (uri instanceof Refusal) return uri;
  if (uri.property !== undefined || uri.list !== undefined) {
    return new Refusal(405, 'a property cannot be executed');
  }
  if (nodeAt(root, uri.segments) === undefined) return new Refusal(404, 'no such node');
  if (!mayCommand(root, uri.segments, 'Exec', serverId)) return new Refusal(425, 'no right to Exec');
  if (!rules.ruleOf(uri.segments).access.includes('Exec')) {
    return new Refusal(405, 'the description does not allow Exec');
  }
  return handlers.find(uri.segments) ?? new Refusal(406, 'nothing can be executed here');
}
