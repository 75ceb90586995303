// The kinds of mandatory fields in SMPP bodies: each is a value with both directions (SMPP 3.4 §3.1).
import { type ByteReader, type ByteWriter, bytesToHex, ValueError } from '../../core/index.ts';
import { smppDocument } from './document.ts';

/** One mandatory field. */
export interface BodyField<Value> {
  /** Section of the standard that defines it. */
  readonly section: string;
  /** Written when the caller gives none, and read where a response leaves its body out. */
  readonly fallback: Value;
  /** True for a field that must not be shown. */
  readonly secret: boolean;
  /**
   * With `letPass`, what deployed peers take beyond the standard's rule is written, and `letPass` told.
   * @throws {ValueError}
   */
  write(writer: ByteWriter, value: Value, path: string, letPass?: (unusual: string) => void): void;
  /** @throws {DecodeError} */
  read(reader: ByteReader, path: string): Value;
  /** What is unusual about a value of that many octets that was let pass; `undefined` when nothing is. */
  deviation(value: Value, octets: number): string | undefined;
  show(value: Value): string;
}

const usual = (): undefined => undefined;

/** An unsigned integer of one octet. */
export function octet(section: string, fallback = 0): BodyField<number> {
  return {
    section,
    fallback,
    secret: false,
    write(writer, value, path) {
      if (!Number.isInteger(value) || value < 0 || value > 255) {
        throw outOfRange('must be an integer from 0 to 255', path, section);
      }
      writer.u8(value);
    },
    read: (reader, path) => reader.u8(path, section),
    deviation: usual,
    show: (value) => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`,
  };
}

/**
 * A C-Octet String: up to `size` octets with the 00 that ends it. Characters are octets (Latin-1). A longer one is let
 * pass on reading: peers send them, and its PDU bounds it.
 */
export function cString(section: string, size: number, secret = false): BodyField<string> {
  return {
    section,
    fallback: '',
    secret,
    write(writer, value, path) {
      if (value.length >= size) {
        const detail = `${value.length} characters, at most ${size - 1} fit`;
        throw new ValueError('TOO_LONG', detail, path, { doc: smppDocument, section });
      }
      writeCString(writer, value, path, section);
    },
    read: (reader, path) => readCString(reader, path, section),
    deviation: ({ length }) =>
      length < size ? undefined : `${length} characters, at most ${size - 1} are allowed`,
    show: (value) => value,
  };
}

/** Octets of a credential, at most, that is let pass although the standard has no room for it. */
export const longestCredential = 255;

/**
 * A C-Octet String of a bind. Operators hand out longer ones than the standard has room for, and their centres want them
 * whole: with `letPass` up to 255 characters are written.
 */
export function credential(section: string, size: number, secret = false): BodyField<string> {
  const text = cString(section, size, secret);
  const long = cString(section, longestCredential + 1, secret);
  return {
    ...text,
    write(writer, value, path, letPass) {
      const unusual = letPass === undefined ? undefined : text.deviation(value, value.length + 1);
      (unusual === undefined ? text : long).write(writer, value, path);
      if (unusual !== undefined) letPass?.(unusual);
    },
  };
}

/**
 * A C-Octet String of a response, which centres leave out or do not end with its 00: the text then goes up to the end of
 * the PDU. What a response says first, its status, is not lost for that.
 */
export function responseText(section: string, size: number): BodyField<string> {
  const text = cString(section, size);
  return {
    ...text,
    read: (reader) => octetsToText(reader.untilNulOrEnd()),
    // Characters are octets, so that without a 00 there are as many.
    deviation: (value, octets) =>
      octets === value.length ? 'ends with the PDU, without its 00' : text.deviation(value, octets),
  };
}

/** A moment or a duration: empty, or 16 characters (SMPP 3.4 §7.1.1). */
export function time(section: string): BodyField<string> {
  const text = cString(section, 17);
  return {
    ...text,
    write(writer, value, path) {
      if (value !== '' && !/^\d{15}[0-9+\-R]$/.test(value)) {
        const detail = 'must be empty or YYMMDDhhmmsstnn followed by +, - or R';
        throw new ValueError('BAD_FORMAT', detail, path, { doc: smppDocument, section: '7.1.1' });
      }
      text.write(writer, value, path);
    },
  };
}

/** sm_length and short_message: up to 254 octets (§5.2.21, §5.2.22). */
export function countedOctets(section: string): BodyField<Uint8Array> {
  return {
    section,
    fallback: new Uint8Array(0),
    secret: false,
    write(writer, value, path) {
      if (value.length > 254) {
        const detail = `${value.length} octets, at most 254 fit: use message_payload`;
        throw new ValueError('TOO_LONG', detail, path, { doc: smppDocument, section });
      }
      writer.u8(value.length).bytes(value);
    },
    read(reader, path) {
      return reader.take(reader.u8(`${path}.length`, '5.2.21'), path, section);
    },
    deviation: usual,
    show: bytesToHex,
  };
}

/** Appends the characters as octets, and a 00. @throws {ValueError} BAD_FORMAT */
export function writeCString(writer: ByteWriter, value: string, path: string, section: string): void {
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code === 0 || code > 255) {
      throw new ValueError('BAD_FORMAT', `character ${i + 1} cannot be sent`, path, {
        doc: smppDocument,
        section,
      });
    }
    writer.u8(code);
  }
  writer.u8(0);
}

/** Text up to a 00, which is consumed. @throws {DecodeError} TRUNCATED */
export function readCString(reader: ByteReader, path: string, section: string): string {
  return octetsToText(reader.untilNul(path, section));
}

/** Characters of the same numbers. */
export function octetsToText(octets: Uint8Array): string {
  let text = '';
  for (const code of octets) text += String.fromCharCode(code);
  return text;
}

function outOfRange(rule: string, path: string, section: string): ValueError {
  return new ValueError('OUT_OF_RANGE', rule, path, { doc: smppDocument, section });
}
