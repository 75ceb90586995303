import type { XmlElement } from '../xml/index.ts';
import type { WbxmlVersion } from './decode.ts';
import type { WbxmlLimits } from './limits.ts';

/** How to encode a WBXML document. */
export interface EncodeWbxmlOptions {
  /** Default `1.2`. */
  readonly version?: WbxmlVersion;
  /** Public identifier by number, or as text in the string table. Default: the one of the root's namespace. */
  readonly publicId?: number | string;
  /** True puts repeated text into the string table. Default false. Literal names are always there. */
  readonly stringTable?: boolean;
  readonly limits?: Partial<WbxmlLimits>;
}

/**
 * Encodes the document in UTF-8. Elements and attributes without a token are written as literals.
 * @throws {ValueError} TOO_LONG beyond a limit, BAD_FORMAT for a name or text that cannot be carried
 */
export function encodeWbxml(_root: XmlElement, _options: EncodeWbxmlOptions = {}): Uint8Array {
  throw new Error('not written yet');
}
