// The value of a YAML document, made with bounds, and where each of its parts stands.
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';

/** Where a part stands in the text, as indexes of characters. */
export interface Offsets {
  /** Its name; where it has none, itself. */
  readonly name: number;
  readonly value: number;
}

/** Something in a document that is not taken. */
export class SourceFault extends Error {
  readonly index: number;
  readonly remedy: string | undefined;

  constructor(index: number, message: string, remedy?: string) {
    super(message);
    this.index = index;
    this.remedy = remedy;
  }
}

/** Most values of a document; what an alias stands for counts each time, so that few lines cannot become very many. */
const mostValues = 100_000;
/** Deepest nesting. */
const deepest = 64;

type Node = ParsedNode | null;

/** Makes one value. */
export class SourceValues {
  /** By paths such as `sms.smscs[0].port`. */
  readonly offsets = new Map<string, Offsets>();
  readonly #anchors = new Map<string, Node>();
  /** Anchors whose value is being made: an alias in it would have no end. */
  readonly #open = new Set<string>();
  #count = 0;

  /** @throws {SourceFault} */
  read(node: Node, path = '', name = indexOf(node), depth = 0): unknown {
    const at = indexOf(node);
    this.#count += 1;
    if (this.#count > mostValues) {
      throw new SourceFault(at, `more than ${mostValues} values, those of aliases counted each time`);
    }
    if (depth > deepest) throw new SourceFault(at, `nested deeper than ${deepest} levels`);
    if (!this.offsets.has(path)) this.offsets.set(path, { name, value: at });
    if (isAlias(node)) return this.#aliased(node.source, at, path, depth);
    const anchor = anchorOf(node);
    if (anchor === undefined) return this.#plain(node, path, depth);
    this.#anchors.set(anchor, node);
    return this.#guarded(anchor, () => this.#plain(node, path, depth));
  }

  #plain(node: Node, path: string, depth: number): unknown {
    if (isMap(node)) return this.#map(node as YAMLMap.Parsed, path, depth);
    if (isSeq(node)) {
      return node.items.map((each, index) =>
        this.read(each as Node, `${path}[${index}]`, indexOf(each as Node), depth + 1),
      );
    }
    return isScalar(node) ? (node as Scalar).value : null;
  }

  #map(node: YAMLMap.Parsed, path: string, depth: number): unknown {
    const members = new Map<string, unknown>();
    for (const { key, value } of node.items) {
      const at = indexOf(key as Node);
      if (!isScalar(key)) throw new SourceFault(at, 'a name has to be a text');
      // As it is written: `on`, `1` and `null` are names too.
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      if (members.has(name)) throw new SourceFault(at, 'the same name a second time', 'leave one of them');
      members.set(name, this.read(value as Node, path === '' ? name : `${path}.${name}`, at, depth + 1));
    }
    return Object.fromEntries(members);
  }

  #aliased(anchor: string, at: number, path: string, depth: number): unknown {
    const node = this.#anchors.get(anchor);
    if (node === undefined) throw new SourceFault(at, 'an alias (*) without an anchor (&) before it');
    if (this.#open.has(anchor)) throw new SourceFault(at, 'an alias within what it stands for');
    return this.#guarded(anchor, () => this.#plain(node, path, depth));
  }

  #guarded<Result>(anchor: string, work: () => Result): Result {
    this.#open.add(anchor);
    try {
      return work();
    } finally {
      this.#open.delete(anchor);
    }
  }
}

function indexOf(node: Node): number {
  return node?.range?.[0] ?? 0;
}

function anchorOf(node: Node): string | undefined {
  return node !== null && !isAlias(node) ? node.anchor : undefined;
}
