import type { XmlElement } from './element.ts';
import type { OpaqueContext } from './opaque.ts';

/** How to write an XML document. */
export interface WriteXmlOptions {
  /** True starts with `<?xml version="1.0" encoding="UTF-8"?>`. Default false. */
  readonly declaration?: boolean;
  /** Spaces a level, for people; adds white space between elements. Default 0: none. */
  readonly indent?: number;
  /** Text that stands for octets. Default `opaqueToText`. */
  readonly opaqueToText?: (octets: Uint8Array, context: OpaqueContext) => string;
}

/**
 * XML text of the element: default-namespace declarations only, no prefixes, no white space of its own, empty elements
 * as `<Final/>`, CR as `&#xD;`.
 * @throws {ValueError} BAD_FORMAT for a name or character that XML 1.0 cannot carry
 */
export function writeXml(_element: XmlElement, _options: WriteXmlOptions = {}): string {
  throw new Error('not written yet');
}
