// What a decoder can say about the octets that it read, one entry a field, for people who debug them.

/** One field of decoded octets, with where it stood and which rule defines it. */
export interface Annotation {
  /** Octet offset from the start of the whole input. */
  readonly offset: number;
  /** Octets that the field touches; 0 for a derived value. */
  readonly length: number;
  /** First bit within the octet at `offset`, 0 = most significant. Absent when the field is whole octets. */
  readonly bit?: number;
  /** Number of bits. Absent when the field is whole octets. */
  readonly bits?: number;
  /** Name of the field as in the JSON form, or as the specification prints it. */
  readonly field: string;
  /** The value, for showing. */
  readonly value: string;
  /** What the value means, in words; empty when the value says it all. */
  readonly meaning: string;
  /** Document and section that define the field, for example `DM-NOTI-1.2 §6.2.7`. */
  readonly section: string;
}

/** Collects annotations; decoders take one as an option and cost nothing without it. */
export type Annotate = (annotation: Annotation) => void;

/**
 * A set bit or an unknown value that a specification reserves. It is kept beside the message and is never a reason to
 * drop it (spec-notes ruling 6).
 */
export interface Deviation {
  /** Name of the field. */
  readonly field: string;
  readonly offset: number;
  readonly bit: number;
  /** The value found: a number, or hex octets. */
  readonly value: number | string;
  /** What is unusual about it. */
  readonly message: string;
  /** Document and section of the field. */
  readonly section: string;
}
