// Lists of tag (1 octet), length (1 octet), value: inside the authentication headers and Application Parameters
// (IrOBEX §2.2.12, §3.5).
import { ByteReader, ByteWriter, ValueError } from '../../core/index.ts';
import { obexDocument } from './headers.ts';

/** One entry. */
export interface TagValue {
  /** 0–255. */
  readonly tag: number;
  /** Up to 255 octets; a view into the input when read. */
  readonly value: Uint8Array;
}

/** Octets of the list. @throws {ValueError} OUT_OF_RANGE or TOO_LONG */
export function encodeTagValues(entries: readonly TagValue[]): Uint8Array {
  const spec = { doc: obexDocument, section: '2.2.12' };
  const writer = new ByteWriter();
  for (const { tag, value } of entries) {
    if (!Number.isInteger(tag) || tag < 0 || tag > 255) {
      throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 255', 'tag', spec);
    }
    if (value.length > 255) {
      throw new ValueError('TOO_LONG', `${value.length} octets, at most 255 fit`, `tag ${tag}`, spec);
    }
    writer.u8(tag).u8(value.length).bytes(value);
  }
  return writer.release();
}

/** Entries that fill the input. @throws {DecodeError} TRUNCATED */
export function decodeTagValues(bytes: Uint8Array, path: string): readonly TagValue[] {
  const reader = new ByteReader(bytes, obexDocument);
  const entries: TagValue[] = [];
  while (reader.left > 0) {
    const entry = `${path}[${entries.length}]`;
    const tag = reader.u8(entry, '2.2.12');
    const length = reader.u8(entry, '2.2.12');
    entries.push({ tag, value: reader.take(length, entry, '2.2.12') });
  }
  return entries;
}
