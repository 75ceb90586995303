import type { Annotate } from '../../core/index.ts';
import type { XmlElement } from '../xml/index.ts';
import type { WbxmlLimits } from './limits.ts';

/** WBXML versions that the project reads and writes. They differ in the first octet only. */
export type WbxmlVersion = '1.1' | '1.2' | '1.3';

/** Which token tables a document uses: SyncML with MetInf and DM DDF, or DevInf. */
export type WbxmlLanguage = 'syncml' | 'devinf';

/** How to decode a WBXML document. */
export interface DecodeWbxmlOptions {
  readonly limits?: Partial<WbxmlLimits>;
  /** Token tables to use whatever the public identifier says: the transport's media type knows better. */
  readonly language?: WbxmlLanguage;
  /** Charset of a document whose header leaves it open (0): `utf-8` (default), `us-ascii` or `iso-8859-1`. */
  readonly charset?: string;
  /** EXT_* tokens and processing instructions mean nothing in SyncML: `refuse` (default) or `skip` them. */
  readonly meaningless?: 'refuse' | 'skip';
  /** Called once a token, in order. */
  readonly annotate?: Annotate;
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
 * Decodes a WBXML document. OPAQUE content stays octets, as a view into `bytes`.
 * @throws {DecodeError} with the offset of the token at fault
 */
export function decodeWbxml(_bytes: Uint8Array, _options: DecodeWbxmlOptions = {}): WbxmlDocument {
  throw new Error('not written yet');
}
