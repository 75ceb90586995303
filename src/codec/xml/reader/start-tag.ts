// The attributes of a start tag, as they are spelled and as their namespaces have it.
import type { XmlAttribute } from '../document/element.ts';
import { isNameStart, nameEnd, nameStartsAt } from '../document/names.ts';
import { marks, type XmlInput } from './input.ts';
import { type NamespaceScope, wrongDeclaration } from './namespace-scope.ts';
import { readReference } from './references.ts';

/** A name as it is spelled. */
export interface SpelledName {
  /** Empty for none. */
  readonly prefix: string;
  readonly local: string;
}

/** An attribute as it is spelled. */
export interface SpelledAttribute extends SpelledName {
  readonly value: string;
}

/** Prefix and local name of a name. @throws {DecodeError} BAD_VALUE when it is not one of XML-NAMES-1.0 */
export function splitName(input: XmlInput, name: string): SpelledName {
  const end = name.indexOf(':');
  if (end < 0) return { prefix: '', local: name };
  const local = name.slice(end + 1);
  const start = local.codePointAt(0);
  if (end === 0 || start === undefined || !isNameStart(start) || local.includes(':')) {
    throw input.error('BAD_VALUE', `malformed name: ${name}`);
  }
  return { prefix: name.slice(0, end), local };
}

/**
 * Reads attributes from the white space behind a tag's name up to its `>` or `/`, and declares namespaces on the element at
 * `depth`. @throws {DecodeError} LIMIT for more than `most` attributes, BAD_VALUE, TRUNCATED
 */
export function readAttributes(
  input: XmlInput,
  scope: NamespaceScope,
  depth: number,
  most: number,
): readonly SpelledAttribute[] {
  const { text } = input;
  const attributes: SpelledAttribute[] = [];
  for (;;) {
    const spaced = input.space();
    const code = text.charCodeAt(input.at);
    if (code === marks.greater || code === marks.slash) return attributes;
    if (!nameStartsAt(text, input.at)) throw input.unexpected('disallowed character in attribute name');
    if (!spaced) throw input.unexpected('no white space between attributes');
    const attribute = readAttribute(input);
    attributes.push(attribute);
    if (attributes.length > most) throw input.error('LIMIT', `more than ${most} attributes`);
    declare(input, scope, depth, attribute);
  }
}

function readAttribute(input: XmlInput): SpelledAttribute {
  const { text, at } = input;
  const end = nameEnd(text, at);
  const name = text.slice(at, end);
  input.at = end;
  const spaced = input.space();
  if (text.charCodeAt(input.at) !== marks.equals) {
    const isName = spaced || text.charCodeAt(end) === marks.greater;
    throw input.unexpected(isName ? 'attribute without value' : 'disallowed character in attribute name');
  }
  input.at += 1;
  input.space();
  const value = readValue(input);
  const { prefix, local } = splitName(input, name);
  return { prefix, local, value };
}

/** The value at the cursor, which has to be in quotes; white space in it becomes blanks (XML-1.0 §3.3.3). */
function readValue(input: XmlInput): string {
  const { text } = input;
  const quote = text.charCodeAt(input.at);
  if (quote !== marks.quote && quote !== marks.apostrophe) throw input.unexpected('unquoted attribute value');
  let value = '';
  let from = input.at + 1;
  for (let at = from; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      input.at = at + 1;
      return value + text.slice(from, at);
    }
    if (code === marks.ampersand) {
      input.at = at;
      value += text.slice(from, at) + readReference(input);
      from = input.at;
      at = from - 1;
    } else if (code < marks.space) {
      value += `${text.slice(from, at)} `;
      from = at + 1;
    } else if (code === marks.less || at >= text.length) {
      input.at = at;
      throw input.unexpected('disallowed character');
    }
  }
}

function declare(input: XmlInput, scope: NamespaceScope, depth: number, attribute: SpelledAttribute): void {
  if (!isDeclaration(attribute)) return;
  const prefix = attribute.prefix === '' ? '' : attribute.local;
  // White space around a namespace is not part of it: a deployed client writes some.
  const namespace = attribute.value.trim();
  const wrong = wrongDeclaration(prefix, namespace);
  if (wrong !== undefined) throw input.error('BAD_VALUE', wrong);
  scope.declare(depth, prefix, namespace);
}

function isDeclaration({ prefix, local }: SpelledName): boolean {
  return prefix === 'xmlns' || (prefix === '' && local === 'xmlns');
}

/**
 * The attributes that are not declarations, each with its namespace.
 * @throws {DecodeError} BAD_VALUE for a prefix that is not declared, or an attribute that occurs twice
 */
export function resolveAttributes(
  input: XmlInput,
  scope: NamespaceScope,
  spelled: readonly SpelledAttribute[],
): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = [];
  const seen = new Set<string>();
  for (const attribute of spelled) {
    const { prefix, local, value } = attribute;
    const namespace = prefix === '' ? '' : resolvePrefix(input, scope, prefix);
    const key = prefix === '' ? local : `{${namespace}}${local}`;
    if (seen.has(key)) throw input.error('BAD_VALUE', `duplicate attribute: ${key}`);
    seen.add(key);
    if (!isDeclaration(attribute)) attributes.push({ name: local, namespace, value });
  }
  return attributes;
}

/** Namespace of a prefix. @throws {DecodeError} BAD_VALUE when it is not declared */
export function resolvePrefix(input: XmlInput, scope: NamespaceScope, prefix: string): string {
  const namespace = scope.resolve(prefix);
  if (namespace !== undefined) return namespace;
  throw input.error('BAD_VALUE', `unbound namespace prefix: ${JSON.stringify(prefix)}`);
}
