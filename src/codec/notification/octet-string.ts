// Fields of variable length: UTF-8 text and hex octets, with the bounds that their length fields set.
import { type Annotation, hexToBytes, type SpecReference, utf8Length, ValueError } from '../../core/index.ts';
import { strayControl } from './net-unicode.ts';

/** A field whose value is some octets. */
export interface OctetString {
  /** Name in the JSON form. */
  readonly name: string;
  readonly doc: string;
  readonly section: string;
  /** Bounds when writing, in octets. */
  readonly minimum: number;
  readonly maximum: number;
  /** Whether every message has it. */
  readonly required: boolean;
  /** Whether a text has to be Net-Unicode (DM-NOTI-1.3 §6.2.3). */
  readonly netUnicode?: boolean;
}

const specOf = (field: OctetString): SpecReference => ({ doc: field.doc, section: field.section });

/**
 * Octets that the text takes.
 * @throws {ValueError} WRONG_TYPE, BAD_FORMAT for a lone surrogate and, in Net-Unicode, for a control character other
 * than CR LF, OUT_OF_RANGE when too short, TOO_LONG
 */
export function checkText(field: OctetString, value: unknown): number {
  if (typeof value !== 'string') {
    throw new ValueError('WRONG_TYPE', 'must be a string', field.name, specOf(field));
  }
  if (!value.isWellFormed()) {
    throw new ValueError('BAD_FORMAT', 'holds half of a surrogate pair', field.name, specOf(field));
  }
  const stray = field.netUnicode === true ? strayControl(value) : undefined;
  if (stray !== undefined) {
    const detail = `holds ${stray.name} at octet ${stray.offset}: of control characters only CR LF, for the end of a line, may stand here`;
    throw new ValueError('BAD_FORMAT', detail, field.name, { doc: field.doc, section: '6.2.3' });
  }
  const length = utf8Length(value);
  checkLength(field, length);
  return length;
}

/**
 * The octets that the hex text stands for.
 * @throws {ValueError} WRONG_TYPE, BAD_FORMAT, OUT_OF_RANGE when too short, TOO_LONG
 */
export function checkHex(field: OctetString, value: unknown): Uint8Array {
  if (typeof value !== 'string') {
    throw new ValueError('WRONG_TYPE', 'must be a string of hex digits', field.name, specOf(field));
  }
  let bytes: Uint8Array;
  try {
    bytes = hexToBytes(value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, error.detail, field.name, specOf(field));
  }
  checkLength(field, bytes.length);
  return bytes;
}

function checkLength(field: OctetString, length: number): void {
  if (length > field.maximum) {
    const detail = `${octets(length)}, at most ${field.maximum} fit`;
    throw new ValueError('TOO_LONG', detail, field.name, specOf(field));
  }
  if (length < field.minimum) {
    const detail = field.required ? 'must not be empty' : 'must not be empty: leave it out';
    throw new ValueError('OUT_OF_RANGE', detail, field.name, specOf(field));
  }
}

/** `1 octet`, `2 octets`. */
export const octets = (count: number): string => `${count} octet${count === 1 ? '' : 's'}`;

/** The annotation of a length field that fills whole octets. */
export function lengthAnnotation(
  offset: number,
  size: number,
  field: string,
  length: number,
  section: string,
): Annotation {
  return { offset, length: size, field, value: String(length), meaning: octets(length), section };
}
