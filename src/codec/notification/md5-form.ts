// The engine of the two MD5 forms: digest, a fixed header, then parts with length fields. Their tables are in dm12.ts and
// dm13-draft-2010.ts.
import {
  type Annotate,
  type BitTable,
  ByteReader,
  ByteWriter,
  bytesToHex,
  bytesToUtf8,
  type Field,
  hexToBytes,
  ValueError,
} from '../../core/index.ts';
import type { FormatCodec } from './decoded.ts';
import { credentialHashOf, defaultNonce, digestMd5 } from './digest.ts';
import type { JsonField } from './json-field.ts';
import type { Notification, NotificationFormat } from './message.ts';
import { checkHex, checkText, lengthAnnotation, type OctetString } from './octet-string.ts';

/** A part after the header: a row of its format's table. */
export interface BodyPart extends OctetString {
  readonly value: 'text' | 'hex';
  /** Its length field as the document prints it; absent for a part that takes what is left. */
  readonly lengthField?: { readonly name: string; readonly section: string; readonly octets: 1 | 2 };
  /** Header flag that says whether the part is there. Without one it always is, or if octets are left. */
  readonly presentFlag?: string;
}

/** What makes an MD5 form. */
export interface Md5Form {
  readonly format: NotificationFormat;
  readonly header: BitTable<Readonly<Record<string, Field<unknown>>>>;
  readonly parts: readonly BodyPart[];
  /** JSON fields in their order. */
  readonly fields: readonly JsonField[];
}

/** Octets of the digest that comes first (DM-NOTI-1.2 §6.1). */
export const md5DigestSize = 16;

const digestSection = '6.2.2';

/** Both directions of a form. */
export function md5FormCodec(form: Md5Form): FormatCodec {
  const { format, header, parts, fields } = form;
  const { doc } = header;
  return {
    doc,
    fields,
    checkWhole() {},
    encode(message, key) {
      const values = message as unknown as Readonly<Record<string, unknown>>;
      const flags: Record<string, boolean> = {};
      const pieces: (string | Uint8Array | undefined)[] = [];
      let size = md5DigestSize + header.size;
      for (const part of parts) {
        const value = values[part.name];
        if (part.presentFlag !== undefined) flags[part.presentFlag] = value !== undefined;
        const piece = pieceOf(part, value);
        pieces.push(piece?.data);
        if (piece !== undefined) size += (part.lengthField?.octets ?? 0) + piece.length;
      }
      const writer = new ByteWriter(size);
      writer.reserve(md5DigestSize);
      header.encode(writer, values, flags);
      for (const [at, part] of parts.entries()) {
        const piece = pieces[at];
        if (piece === undefined) continue;
        const lengthAt = part.lengthField === undefined ? 0 : writer.reserve(part.lengthField.octets);
        const start = writer.length;
        if (typeof piece === 'string') writer.utf8(piece);
        else writer.bytes(piece);
        if (part.lengthField !== undefined) {
          writer.fill(lengthAt, writer.length - start, part.lengthField.octets);
        }
      }
      const bytes = writer.release();
      const hash = credentialHashOf(key, message.serverId);
      bytes.set(digestMd5(hash, key.nonce ?? defaultNonce, bytes.subarray(md5DigestSize)));
      return bytes;
    },
    decode(bytes, { annotate }) {
      const reader = new ByteReader(bytes, doc);
      const digest = reader.take(md5DigestSize, 'digest', digestSection);
      annotate?.({
        offset: 0,
        length: md5DigestSize,
        field: 'digest',
        value: bytesToHex(digest),
        meaning: 'MD5 over secret, nonce and trigger',
        section: `${doc} §${digestSection}`,
      });
      const { values: read, deviations } = header.decode(reader, annotate);
      const values: Record<string, unknown> = { ...read };
      for (const part of parts) {
        const present = part.presentFlag === undefined || values[part.presentFlag] === true;
        if (present) values[part.name] = readPart(reader, part, annotate);
      }
      reader.expectEnd('', '6.1');
      const message: Record<string, unknown> = { format };
      for (const { name } of fields) {
        if (values[name] !== undefined) message[name] = values[name];
      }
      return {
        format,
        message: message as unknown as Notification,
        digest,
        signed: bytes.subarray(md5DigestSize),
        deviations,
      };
    },
  };
}

function pieceOf(
  part: BodyPart,
  value: unknown,
): { readonly data: string | Uint8Array; readonly length: number } | undefined {
  if (value === undefined) {
    if (!part.required) return undefined;
    throw new ValueError('MISSING', 'must be given', part.name, { doc: part.doc, section: part.section });
  }
  if (part.value === 'text') return { data: value as string, length: checkText(part, value) };
  const data = checkHex(part, value);
  return { data, length: data.length };
}

function readPart(reader: ByteReader, part: BodyPart, annotate: Annotate | undefined): string | undefined {
  const { name, lengthField } = part;
  let length = reader.left;
  if (lengthField !== undefined) {
    const offset = reader.offset;
    length = reader.uint(lengthField.octets, lengthField.name, lengthField.section);
    const section = `${part.doc} §${lengthField.section}`;
    annotate?.(lengthAnnotation(offset, lengthField.octets, lengthField.name, length, section));
    if (length < part.minimum) {
      throw reader.error('BAD_VALUE', 'must not be 0', lengthField.name, lengthField.section, offset);
    }
  } else if (length === 0) {
    return undefined;
  }
  const offset = reader.offset;
  const value =
    part.value === 'text'
      ? reader.utf8(length, name, part.section)
      : bytesToHex(reader.take(length, name, part.section));
  if (annotate === undefined) return value;
  annotate({
    offset,
    length,
    field: name,
    value: part.value === 'text' ? JSON.stringify(value) : value,
    meaning: part.value === 'hex' ? textMeaning(value) : '',
    section: `${part.doc} §${part.section}`,
  });
  return value;
}

/** Vendor data is often plain text; then a person wants to read it. */
function textMeaning(hex: string): string {
  const text = bytesToUtf8(hexToBytes(hex));
  return text !== undefined && /^[\x20-\x7e]+$/.test(text) ? JSON.stringify(text) : '';
}
