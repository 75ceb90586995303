// What the device description allows on each node, independent of ACLs (DM-TND-1.2 §6.2, DFProperties).

/** A command that AccessType may allow on a node. A Copy needs Get at its source, and Replace or Add at its target. */
export type AccessType = 'Add' | 'Delete' | 'Exec' | 'Get' | 'Replace';

/** One row of the device description. */
export interface NodeRule {
  /** URI from the root; `*` is one segment, `**` at the end one or more. The first row that matches counts. */
  readonly uri: string;
  /** Servers cannot add, delete or rename a permanent node. */
  readonly scope: 'permanent' | 'dynamic';
  /**
   * Commands that servers may give on the node. Without Get nothing of it can be read: value, properties, lists, copies.
   * Replace is for the value and the subtree; properties follow the ACL alone. None at all: the place is reserved, its
   * properties included.
   */
  readonly access: readonly AccessType[];
}

/** What a node without a row allows: everything. */
export const freeNode: NodeRule = Object.freeze({
  uri: '**',
  scope: 'dynamic',
  access: Object.freeze(['Add', 'Delete', 'Exec', 'Get', 'Replace'] as const),
});

/** True for a place that is the device's own: every command on it is answered 405, whether a node is there or not. */
export function isReserved(rule: NodeRule): boolean {
  return rule.access.length === 0;
}

/** Looks the row of a node up. */
export interface NodeRules {
  ruleOf(segments: readonly string[]): NodeRule;
}

const rootRule: NodeRule = { uri: '.', scope: 'permanent', access: ['Get'] };

/** Makes a description of rows. */
export function nodeRules(rows: readonly NodeRule[]): NodeRules {
  const byFirst = new Map<string, { readonly pattern: readonly string[]; readonly rule: NodeRule }[]>();
  for (const rule of rows) {
    const pattern = rule.uri.replace(/^\.\//, '').split('/');
    const first = pattern[0] ?? '';
    byFirst.set(first, [...(byFirst.get(first) ?? []), { pattern, rule }]);
  }
  return {
    ruleOf(segments) {
      const [first] = segments;
      if (first === undefined) return rootRule;
      for (const { pattern, rule } of byFirst.get(first) ?? []) {
        if (matchesPattern(pattern, segments)) return rule;
      }
      return freeNode;
    },
  };
}

/** True when a path matches a pattern of segments with `*` and a last `**`. */
export function matchesPattern(pattern: readonly string[], segments: readonly string[]): boolean {
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return false;
    if (part === '**') return true;
    if (part !== '*' && part !== segment) return false;
  }
  return pattern.length === segments.length;
}
