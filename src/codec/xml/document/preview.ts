// Reading the beginning of a document only, where the rest is not worth its cost yet.
import type { XmlElement } from './element.ts';

/** How much of a document to read. What is not complete by then is left out, but for the root and its children. */
export interface Preview {
  /** Octets of WBXML, or characters of XML, after which reading stops; a token that began before is read to its end. */
  readonly length: number;
  /** Told of each element that ends, and its depth, the root being 1. True when this is enough. */
  readonly enough: (element: XmlElement, depth: number) => boolean;
  /** Told when reading stopped before the document ended. */
  readonly onCut: () => void;
}
