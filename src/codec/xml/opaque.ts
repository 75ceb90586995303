// How octets (WBXML OPAQUE) appear in XML, which has text only. Signer and verifier have to agree on it: profile RV-SIG-1.
import { base64ToBytes, bytesToBase64, bytesToUtf8, ValueError } from '../../core/index.ts';
import { childElement, isElement, type XmlElement } from './document/element.ts';

/** What is known about the octets of an element. */
export interface OpaqueContext {
  /** Name of the element that holds the octets. */
  readonly name: string;
  /** Meta Format in force, such as `bin`. */
  readonly format?: string;
  /** Meta Type in force. */
  readonly type?: string;
  /** True when the element holds text beside the octets. */
  readonly mixed?: boolean;
}

/**
 * True when XML shows the octets in Base64: a nonce, Data of Format `bin` or with WBXML TNDS, and octets between the text of
 * Data of type application/xenc+xml, which are those of a CipherValue. Such Data in one OPAQUE is its XML text.
 */
export function opaqueIsBase64(context: OpaqueContext): boolean {
  if (context.name === 'NextNonce') return true;
  if (context.name !== 'Data') return false;
  if (context.format === 'bin') return true;
  const type = context.type?.toLowerCase();
  if (type === 'application/xenc+xml') return context.mixed === true;
  return type === 'application/vnd.syncml.dmtnds+wbxml';
}

/**
 * Text that stands for WBXML OPAQUE octets in XML: Base64 or UTF-8, see `opaqueIsBase64`.
 * @throws {ValueError} BAD_FORMAT when they are to be UTF-8 and are not
 */
export function opaqueToText(octets: Uint8Array, context: OpaqueContext): string {
  if (opaqueIsBase64(context)) return bytesToBase64(octets);
  const text = bytesToUtf8(octets);
  if (text === undefined) {
    throw new ValueError(
      'BAD_FORMAT',
      'octets are not UTF-8: XML can carry them with Meta Format bin only',
      context.name,
    );
  }
  return text;
}

/** Octets that such a text stands for; `undefined` when it is not Base64 where it should be, or is plain text. */
export function textToOpaque(text: string, context: OpaqueContext): Uint8Array | undefined {
  if (!opaqueIsBase64(context)) return undefined;
  try {
    return base64ToBytes(text, context.name);
  } catch {
    return undefined;
  }
}

/**
 * The context of octets in the last of `path`, a list of elements from an ancestor down. Meta of its parent (Item, Cred)
 * goes before Meta of its grandparent (the command), one element at a time.
 */
export function opaqueContext(path: readonly XmlElement[]): OpaqueContext {
  const own = path.at(-1);
  let format: string | undefined;
  let type: string | undefined;
  for (let above = path.length - 2; above >= 0 && above >= path.length - 3; above -= 1) {
    const ancestor = path[above];
    const meta = ancestor === undefined ? undefined : childElement(ancestor, 'Meta');
    if (meta === undefined) continue;
    format ??= leafText(meta, 'Format');
    type ??= leafText(meta, 'Type');
  }
  return {
    name: own?.name ?? '',
    ...(own?.children.some((child) => typeof child === 'string') === true && { mixed: true }),
    ...(format !== undefined && { format }),
    ...(type !== undefined && { type }),
  };
}

function leafText(meta: XmlElement, name: string): string | undefined {
  const leaf = childElement(meta, name);
  return leaf === undefined ? undefined : textOf(leaf)?.trim();
}

/** Text of an element: its texts and octets (as UTF-8) joined; `undefined` when it has child elements or is not UTF-8. */
export function textOf(element: XmlElement): string | undefined {
  let text = '';
  for (const child of element.children) {
    if (typeof child === 'string') {
      text += child;
    } else {
      const part = isElement(child) ? undefined : bytesToUtf8(child);
      if (part === undefined) return undefined;
      text += part;
    }
  }
  return text;
}

/** The parts, one after the other; the part itself when there is only one. For any number of parts. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
