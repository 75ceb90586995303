// Which namespaces are declared where the reader is (Namespaces in XML 1.0).

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** A declaration that hides another one, as long as its element is open. */
interface Declaration {
  readonly depth: number;
  readonly prefix: string;
  readonly hidden: string | undefined;
}

/** The declarations in force. Depths count from 1 for the root. */
export class NamespaceScope {
  /** The default namespace; empty for none. */
  default = '';
  readonly #prefixes = new Map<string, string>([
    ['xml', xmlNamespace],
    ['xmlns', xmlnsNamespace],
  ]);
  readonly #declared: Declaration[] = [];

  /** Namespace of a prefix; `undefined` when it is not declared. */
  resolve(prefix: string): string | undefined {
    return this.#prefixes.get(prefix);
  }

  /** Declares a prefix, or with an empty one the default namespace, on the element at `depth`; see `wrongDeclaration`. */
  declare(depth: number, prefix: string, namespace: string): void {
    const isDefault = prefix === '';
    const hidden = isDefault ? this.default : this.#prefixes.get(prefix);
    this.#declared.push({ depth, prefix, hidden });
    if (isDefault) this.default = namespace;
    else this.#prefixes.set(prefix, namespace);
  }

  /** The element at `depth` has ended: what was declared on it is forgotten. */
  leave(depth: number): void {
    for (let last = this.#declared.at(-1); last?.depth === depth; last = this.#declared.at(-1)) {
      const { prefix, hidden } = last;
      if (prefix === '') this.default = hidden ?? '';
      else if (hidden === undefined) this.#prefixes.delete(prefix);
      else this.#prefixes.set(prefix, hidden);
      this.#declared.pop();
    }
  }
}

/** Why a declaration is not allowed (XML-NAMES-1.0 §3); `undefined` when it is. */
export function wrongDeclaration(prefix: string, namespace: string): string | undefined {
  if (prefix !== '' && namespace === '') return 'invalid attempt to undefine prefix in XML 1.0';
  if (prefix === 'xml' && namespace !== xmlNamespace) return `xml prefix must be bound to ${xmlNamespace}`;
  if (prefix === 'xmlns') return 'the prefix xmlns may not be declared';
  if (namespace === xmlnsNamespace) return `nothing may be bound to the URI ${xmlnsNamespace}`;
  if (namespace === xmlNamespace && prefix !== 'xml') {
    return prefix === ''
      ? `the default namespace may not be set to ${namespace}`
      : 'may not assign the xml namespace to another prefix';
  }
  return undefined;
}
