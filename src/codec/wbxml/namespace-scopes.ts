// Namespaces of literal names. A tag token says its namespace by its page; a literal takes the default namespace around
// it, its own `xmlns`, or that of its prefix.
import { isNcName, type XmlAttribute } from '../xml/index.ts';
import type { SpelledAttribute } from './attribute-reader.ts';
import type { WbxmlInput } from './input.ts';

/** A literal element name, resolved. */
export interface LiteralName {
  readonly name: string;
  readonly namespace: string;
  /** Default namespace of its content. */
  readonly defaultNamespace: string;
}

const noAttributes: readonly XmlAttribute[] = Object.freeze([]);

/** What is declared on the elements that are open. Depths count from 1 for the root. */
export class NamespaceScopes {
  /** Default namespace inside the element at each depth; 0 is outside the root. */
  readonly #defaults: string[] = [''];
  /** Prefixes declared at each depth. */
  readonly #prefixes: (ReadonlyMap<string, string> | undefined)[] = [];
  #pending: ReadonlyMap<string, string> | undefined;

  /** The element at `depth` is open; what `attributes` found last was declared on it. */
  enter(depth: number, defaultNamespace: string): void {
    this.#defaults[depth] = defaultNamespace;
    if (this.#pending !== undefined || this.#prefixes.length > depth) this.#prefixes[depth] = this.#pending;
    this.#pending = undefined;
  }

  /** The element has no content, so nothing is inside it. */
  discard(): void {
    this.#pending = undefined;
  }

  /** Attributes of an element inside `depth` open ones, without its declarations. @throws {DecodeError} BAD_VALUE */
  attributes(
    input: WbxmlInput,
    depth: number,
    spelled: readonly SpelledAttribute[],
  ): readonly XmlAttribute[] {
    this.#pending = undefined;
    if (spelled.length === 0) return noAttributes;
    const declared = new Map<string, string>();
    for (const { name, value } of spelled) if (name.startsWith('xmlns:')) declared.set(name.slice(6), value);
    if (declared.size > 0) this.#pending = declared;
    const attributes: XmlAttribute[] = [];
    for (const { name, value, at } of spelled) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      const [prefix, local] = this.#split(input, name, at);
      const namespace = prefix === '' ? '' : this.#resolve(input, depth, prefix, at);
      if (attributes.some((other) => other.name === local && other.namespace === namespace)) {
        throw input.error('BAD_VALUE', `attribute ${local.slice(0, 80)} occurs twice`, '5.8.3', at);
      }
      attributes.push({ name: local, namespace, value });
    }
    return attributes;
  }

  /** Name of a literal element inside `depth` open ones; call `attributes` first. @throws {DecodeError} BAD_VALUE */
  literal(
    input: WbxmlInput,
    depth: number,
    at: number,
    spelledName: string,
    spelled: readonly SpelledAttribute[],
  ): LiteralName {
    const [prefix, name] = this.#split(input, spelledName, at);
    const own = spelled.find((attribute) => attribute.name === 'xmlns')?.value;
    const defaultNamespace = own ?? this.#defaults[depth] ?? '';
    const namespace = prefix === '' ? defaultNamespace : this.#resolve(input, depth, prefix, at);
    return { name, namespace, defaultNamespace };
  }

  #split(input: WbxmlInput, name: string, at: number): readonly [string, string] {
    const colon = name.indexOf(':');
    const prefix = colon < 0 ? '' : name.slice(0, colon);
    const local = name.slice(colon + 1);
    if (!isNcName(local) || (colon >= 0 && !isNcName(prefix))) {
      const shown = JSON.stringify(name.slice(0, 80));
      throw input.error('BAD_VALUE', `${shown} is not an XML name`, '5.8.4.5', at);
    }
    return [prefix, local];
  }

  #resolve(input: WbxmlInput, depth: number, prefix: string, at: number): string {
    if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace';
    const own = this.#pending?.get(prefix);
    if (own !== undefined) return own;
    for (let level = depth; level > 0; level -= 1) {
      const found = this.#prefixes[level]?.get(prefix);
      if (found !== undefined) return found;
    }
    throw input.error('BAD_VALUE', `prefix ${prefix.slice(0, 80)} is not declared`, '5.8.4.5', at);
  }
}
