// The children of an element by name: in any order, required ones there, single ones once.
import { isElement, namespaces, textOf, type XmlElement, type XmlNode } from '../xml/index.ts';
import type { ElementPath } from './element-path.ts';
import { badElement, type ParseMessageOptions } from './parse-context.ts';

/** Reads the children of one element. */
export class ElementFields {
  readonly element: XmlElement;
  readonly path: ElementPath;
  readonly options: ParseMessageOptions;

  /** `known` are the children that the representation has; others are reported as ignored, unless it is absent. */
  constructor(
    element: XmlElement,
    path: ElementPath,
    known: ReadonlySet<string> | undefined,
    options: ParseMessageOptions,
  ) {
    this.element = element;
    this.path = path;
    this.options = options;
    if (known === undefined || options.onIgnored === undefined) return;
    for (const child of element.children) {
      if (isElement(child) && !(known.has(child.name) && isDmNamespace(child.namespace))) {
        options.onIgnored(path.child(child.name).toString(), child);
      }
    }
  }

  /** The child of that name, if there is one. @throws {DecodeError} BAD_VALUE when there are several */
  one(name: string): XmlElement | undefined {
    let found: XmlElement | undefined;
    for (const child of this.element.children) {
      if (!isNamed(child, name)) continue;
      if (found !== undefined) throw badElement(this.path.child(name), 'occurs twice');
      found = child;
    }
    return found;
  }

  /** The child of that name. @throws {DecodeError} BAD_VALUE when it is missing */
  required(name: string): XmlElement {
    const found = this.one(name);
    if (found === undefined) throw badElement(this.path.child(name), 'is missing');
    return found;
  }

  /** What `read` makes of each child of that name, with its path. */
  many<Value>(name: string, read: (child: XmlElement, path: ElementPath) => Value): readonly Value[] {
    const values: Value[] = [];
    for (const child of this.element.children) {
      if (isNamed(child, name)) values.push(read(child, this.path.child(name, values.length)));
    }
    return values;
  }

  /** Text of the child of that name as it is, if there is one. */
  text(name: string): string | undefined {
    const child = this.one(name);
    return child === undefined ? undefined : this.#textOf(child);
  }

  /** Text of the child of that name, as it is. @throws {DecodeError} BAD_VALUE when it is missing */
  requiredText(name: string): string {
    return this.#textOf(this.required(name));
  }

  /** As `elementText`; a path is made for errors only. */
  #textOf(child: XmlElement): string {
    return textOf(child) ?? elementText(child, this.path.child(child.name));
  }

  /** Text without white space around it: for numbers and names. */
  token(name: string): string | undefined {
    return this.text(name)?.trim();
  }

  requiredToken(name: string): string {
    return this.requiredText(name).trim();
  }

  /** Whether there is a child of that name. */
  flag(name: string): boolean {
    return this.one(name) !== undefined;
  }

  /** A decimal number. @throws {DecodeError} BAD_VALUE */
  number(name: string): number | undefined {
    const text = this.token(name);
    if (text === undefined) return undefined;
    if (!/^[0-9]{1,15}$/.test(text)) {
      throw badElement(this.path.child(name), `${JSON.stringify(text.slice(0, 40))} is not a decimal number`);
    }
    return Number(text);
  }
}

/** Text of an element. @throws {DecodeError} BAD_VALUE when it has elements, or octets that are not UTF-8 */
export function elementText(element: XmlElement, path: ElementPath): string {
  const text = textOf(element);
  if (text === undefined) throw badElement(path, 'must be text');
  return text;
}

/** True for an element of that name in a namespace of DM. */
export function isNamed(node: XmlNode, name: string): node is XmlElement {
  return isElement(node) && node.name === name && isDmNamespace(node.namespace);
}

/**
 * SyncML of any version and MetInf; and none, since peers leave the declarations out. One deployed client writes MetInf's
 * with a blank at the end.
 */
export function isDmNamespace(namespace: string): boolean {
  if (namespace === namespaces.syncml || namespace === namespaces.metinf || namespace === '') return true;
  const name = namespace.trim();
  return name === namespaces.metinf || name.toUpperCase().startsWith('SYNCML:SYNCML1.');
}
