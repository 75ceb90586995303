// How to read an XML document.
import type { XmlLimits } from '../document/limits.ts';
import type { Preview } from '../document/preview.ts';

/** How to read an XML document. */
export interface ReadXmlOptions {
  readonly limits?: Partial<XmlLimits>;
  /** `drop` (default) leaves comments out; `refuse` fails on one, for text that was signed. */
  readonly comments?: 'drop' | 'refuse';
  /**
   * `refuse` (default) fails on any DOCTYPE. `ignore` accepts one that only names an external identifier, which is
   * never fetched; about an internal subset see `internalSubset`.
   */
  readonly doctype?: 'refuse' | 'ignore';
  /**
   * Where a DOCTYPE is ignored: `refuse` (default) fails on an internal subset; `instructions` accepts one that holds
   * nothing but processing instructions, which are not acted on.
   */
  readonly internalSubset?: 'refuse' | 'instructions';
  /** Told what stands between `<!DOCTYPE` and its `>`, once it is accepted. */
  readonly onDoctype?: (doctype: string) => void;
  /** `keep` (default), or `drop` for text of white space only in an element that has child elements. */
  readonly whitespace?: 'keep' | 'drop';
  /**
   * `refuse` (default) fails on white space before an XML declaration and on NUL behind the document; `ignore` passes over
   * both, since deployed peers write them.
   */
  readonly surroundings?: 'refuse' | 'ignore';
  /** Charset that the transport named; it wins over the XML declaration. Default: byte order mark, declaration, UTF-8. */
  readonly charset?: string;
  /** Reads the beginning only; what is behind it is not looked at, right or wrong. */
  readonly preview?: Preview;
}
