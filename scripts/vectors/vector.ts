// What a published vector is; vectors/schema.json says the same for everybody.

/** Who holds a vector to what it says, besides the project's own tests. */
export type Checker = 'check.py' | 'check-wsp.py' | 'xmlsec1' | 'openssl' | 'tshark' | 'wbxml2xml';

/** One vector. Octets are lower-case hex without blanks, here and in all members whose value is octets. */
export interface Vector {
  /** Unique in all files; letters, digits, hyphens and dots. */
  readonly id: string;
  /** What the members mean: a heading of vectors/README.md. */
  readonly kind: string;
  /** Section of the specification, or how the vector was made. */
  readonly source: string;
  /** At least one. */
  readonly checkers: readonly Checker[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly octets: string;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** One file of `vectors/`. */
export interface VectorFile {
  readonly $schema: './schema.json';
  readonly about: string;
  readonly vectors: readonly Vector[];
}
