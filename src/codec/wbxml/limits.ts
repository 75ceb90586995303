// Bounds on a WBXML document, in both directions.
import { defaultXmlLimits, type XmlLimits } from '../xml/index.ts';

/** Bounds that the WBXML codec keeps; `defaultWbxmlLimits` fills what is left out. */
export interface WbxmlLimits extends XmlLimits {
  /** Octets of the string table. */
  readonly maxStringTable: number;
  /** Octets of one OPAQUE. */
  readonly maxOpaque: number;
  /** Characters of text and octets of OPAQUE that come out; one table string counts each time it is used. */
  readonly maxOutput: number;
}

/** As `defaultXmlLimits`, with a string table of 64 KiB, OPAQUE of 4 MiB, and 8 Mi characters out. */
export const defaultWbxmlLimits: WbxmlLimits = Object.freeze({
  ...defaultXmlLimits,
  maxStringTable: 64 * 1024,
  maxOpaque: 4 * 1024 * 1024,
  maxOutput: 8 * 1024 * 1024,
});
