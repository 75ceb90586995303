// Bounds on what a document reader accepts, checked before anything is allocated for it.

/** Bounds that every document reader keeps; `defaultXmlLimits` fills what is left out. */
export interface XmlLimits {
  /** Octets (or characters, for text input) of the whole document. */
  readonly maxOctets: number;
  /** Elements inside one another, the root counted as 1. At most 1000 whatever is asked. */
  readonly maxDepth: number;
  /** Elements in the whole document. */
  readonly maxElements: number;
  /** Attributes of one element, namespace declarations included. */
  readonly maxAttributes: number;
}

/** 4 MiB, 64 deep, 100 000 elements, 32 attributes. */
export const defaultXmlLimits: XmlLimits = Object.freeze({
  maxOctets: 4 * 1024 * 1024,
  maxDepth: 64,
  maxElements: 100_000,
  maxAttributes: 32,
});

/** Recursive walks over a document are safe up to this depth. */
export const deepestDocument = 1000;
