// First half of receiving a pushed message: bounds, decoding, structure, and who it claims to be from. Nothing of the body
// is interpreted here (DM-SESSIONLESS-1.3 §5.5).
import type { MessageForm } from '../codec/syncml/index.ts';
import { decodeWbxml, defaultWbxmlLimits, type WbxmlLimits } from '../codec/wbxml/index.ts';
import { readXml, type XmlElement } from '../codec/xml/index.ts';
import { bytesToDisplayText, DecodeError, utf8Length, ValueError } from '../core/index.ts';
import { isRefused, type Refused, refusalOfDocument, refused } from './message-refusal.ts';
import { type ParsedSignature, parseSignature } from './signature-element.ts';
import { attributeRefusal, canonicalContent, splitSigned } from './signed-content.ts';
import { headerUri } from './xml-parts.ts';

/** How to read a pushed message. */
export interface ReadSignedOptions {
  /** Default `wbxml`, the only encoding that a device takes (DM-SESSIONLESS-1.3 §5.2); `xml` is for tools. */
  readonly form?: MessageForm;
  /** Bounds; `defaultPushedLimits` fills what is left out. */
  readonly limits?: Partial<WbxmlLimits>;
}

/** A message whose structure is right and whose signature was not checked yet. */
export interface SignedMessage {
  /** SyncHdr/Source/LocURI: whom it claims to be from. */
  readonly serverId: string;
  /** Canonical XML of the message without its Signature: what the digest is of, and what may be processed. */
  readonly content: string;
  readonly signature: ParsedSignature;
}

/** Bounds of a pushed message: 1 MiB, 64 deep, 20 000 elements, 8 attributes, string table 16 KiB, 2 Mi characters out. */
export const defaultPushedLimits: WbxmlLimits = Object.freeze({
  ...defaultWbxmlLimits,
  maxOctets: 1024 * 1024,
  maxElements: 20_000,
  maxAttributes: 8,
  maxStringTable: 16 * 1024,
  maxOpaque: 1024 * 1024,
  maxOutput: 2 * 1024 * 1024,
});

/** Longest ServerID, in octets (DM-NOTI-1.3 §6.3). */
const longestServerId = 256;

/** Reads a pushed message up to the point where its sender's keys are needed. Never throws over what the peer sent. */
export function readSigned(octets: Uint8Array, options: ReadSignedOptions = {}): SignedMessage | Refused {
  const root = decode(octets, options);
  if (isRefused(root)) return root;
  try {
    return readDocument(root);
  } catch (error) {
    if (error instanceof ValueError) return refused('not-xml');
    throw error;
  }
}

function decode(octets: Uint8Array, { form = 'wbxml', limits }: ReadSignedOptions): XmlElement | Refused {
  const bounds = limits === undefined ? defaultPushedLimits : { ...defaultPushedLimits, ...limits };
  try {
    if (form === 'wbxml') return decodeWbxml(octets, { limits: bounds, language: 'syncml' }).root;
    return readXml(octets, { limits: bounds, comments: 'refuse' });
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return refusalOfDocument(
      error,
      form === 'xml' ? bytesToDisplayText(octets.subarray(0, 8192)) : undefined,
    );
  }
}

/** @throws {ValueError} for content that XML cannot carry */
function readDocument(root: XmlElement): SignedMessage | Refused {
  const split = splitSigned(root);
  if (isRefused(split)) return split;
  const signature = parseSignature(split.signature, split.idCount);
  if (isRefused(signature)) return signature;
  const attribute = attributeRefusal(split.content);
  if (attribute !== undefined) return attribute;
  const serverId = headerUri(split.content, 'Source') ?? '';
  if (serverId === '' || utf8Length(serverId) > longestServerId) return refused('no-sender');
  return { serverId, content: canonicalContent(split.content), signature };
}
