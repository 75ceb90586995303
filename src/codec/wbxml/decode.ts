// WBXML to elements, in one pass over the octets.
import { type Annotate, type Annotation, DecodeError } from '../../core/index.ts';
import type { Preview, XmlElement } from '../xml/index.ts';
import { BodyReader } from './body.ts';
import { Explainer, type ExplainInner } from './explain.ts';
import { readHeader, type WbxmlLanguage } from './header.ts';
import { WbxmlInput } from './input.ts';
import { defaultWbxmlLimits, type WbxmlLimits } from './limits.ts';

/** WBXML versions that the project writes. They differ in the first octet only; reading takes any 1.x. */
export type WbxmlVersion = '1.1' | '1.2' | '1.3';

/** How to decode a WBXML document. */
export interface DecodeWbxmlOptions {
  readonly limits?: Partial<WbxmlLimits>;
  /** Token tables to use whatever the public identifier says: the transport's media type knows better. */
  readonly language?: WbxmlLanguage;
  /** Charset of a document whose header leaves it open (0): `utf-8` (default), `us-ascii` or `iso-8859-1`. */
  readonly charset?: string;
  /** EXT_* tokens and processing instructions mean nothing in SyncML: `refuse` (default) or `skip` them. */
  readonly meaningless?: 'refuse' | 'skip';
  /** Called once a token, in order. A WBXML document inside OPAQUE is explained as well. */
  readonly annotate?: Annotate;
  /** Reads the beginning only; what is behind it is not looked at, right or wrong. */
  readonly preview?: Preview;
}

/** A decoded document: what its header said, and its root element. */
export interface WbxmlDocument {
  /** As in the header: `1.2`. */
  readonly version: string;
  /** Number, or text from the string table. */
  readonly publicId: number | string;
  /** IANA MIBenum; 0 is unknown. */
  readonly charset: number;
  readonly root: XmlElement;
}

/**
 * Decodes a WBXML document. OPAQUE content stays octets, as a view into `bytes`; neighbouring strings are one text, and
 * neighbouring OPAQUEs one part. Long strings may keep the text of the whole document in memory.
 * @throws {DecodeError} with the offset of the token at fault
 */
export function decodeWbxml(bytes: Uint8Array, options: DecodeWbxmlOptions = {}): WbxmlDocument {
  return decode(bytes, options, explainInner);
}

function decode(bytes: Uint8Array, options: DecodeWbxmlOptions, inner: ExplainInner): WbxmlDocument {
  const limits =
    options.limits === undefined ? defaultWbxmlLimits : { ...defaultWbxmlLimits, ...options.limits };
  const input = new WbxmlInput(bytes, limits);
  const header = readHeader(input, options);
  const { annotate } = options;
  const explain = annotate && new Explainer(input, annotate, inner);
  const root = new BodyReader(
    input,
    header,
    options.meaningless ?? 'refuse',
    explain,
    options.preview,
  ).read();
  return { version: header.version, publicId: header.publicId, charset: header.charset, root };
}

// One level: a document in a document in a document would let a peer make work without end.
function explainInner(octets: Uint8Array, offset: number): readonly Annotation[] | undefined {
  const first = octets[0] ?? 0;
  if (first < 1 || first > 3) return undefined;
  const found: Annotation[] = [];
  try {
    const annotate: Annotate = (line) => found.push({ ...line, offset: line.offset + offset });
    decode(octets, { annotate }, () => undefined);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return found;
}
