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
  ValueError,
} from '../../core/index.ts';
import type { FormatCodec } from './decoded.ts';
import { type BodyPart, type DigestRow, headerRows } from './description.ts';
import { credentialHashOf, defaultNonce, writeDigestMd5 } from './digest.ts';
import type { JsonField } from './json-field.ts';
import type { Notification, NotificationFormat } from './message.ts';
import { checkHex, checkText, lengthAnnotation } from './octet-string.ts';

/** What makes an MD5 form. */
export interface Md5Form {
  readonly format: NotificationFormat;
  readonly header: BitTable<Readonly<Record<string, Field<unknown>>>>;
  readonly parts: readonly BodyPart[];
  /** JSON fields in their order. */
  readonly fields: readonly JsonField[];
}

/** The digest, which comes first (DM-NOTI-1.2 §6.1). */
const digestRow: DigestRow = {
  at: 'start',
  octets: 16,
  section: '6.2.2',
  meaning: 'MD5 over secret, nonce and trigger',
};
export const md5DigestSize = digestRow.octets;

/** Both directions of a form. */
export function md5FormCodec(form: Md5Form): FormatCodec {
  const { format, header, parts, fields } = form;
  const { doc } = header;
  const digestRule = `${doc} §${digestRow.section}`;
  const rows = parts.map((part) => partRow(part));
  return {
    doc,
    description: { format, doc, digest: digestRow, header: headerRows(header), parts, options: [] },
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
      writeDigestMd5(hash, key.nonce ?? defaultNonce, bytes, md5DigestSize, bytes);
      return bytes;
    },
    decode(bytes, { annotate }) {
      const reader = new ByteReader(bytes, doc);
      const digest = reader.take(md5DigestSize, 'digest', digestRow.section);
      annotate?.({
        offset: 0,
        length: md5DigestSize,
        field: 'digest',
        value: bytesToHex(digest),
        meaning: digestRow.meaning,
        section: digestRule,
      });
      const { values: read, deviations } = header.decode(reader, annotate);
      const values: Record<string, unknown> = { ...read };
      for (const row of rows) {
        const { name, presentFlag } = row.part;
        const present = presentFlag === undefined || values[presentFlag] === true;
        if (present) values[name] = readPart(reader, row, annotate);
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

/** A part with its rules as annotations name them, put together once. */
interface PartRow {
  readonly part: BodyPart;
  readonly rule: string;
  readonly lengthRule: string;
}

function partRow(part: BodyPart): PartRow {
  const { doc, section, lengthField } = part;
  return { part, rule: `${doc} §${section}`, lengthRule: `${doc} §${lengthField?.section ?? ''}` };
}

function readPart(
  reader: ByteReader,
  { part, rule, lengthRule }: PartRow,
  annotate: Annotate | undefined,
): string | undefined {
  const { name, lengthField } = part;
  let length = reader.left;
  if (lengthField !== undefined) {
    const offset = reader.offset;
    length = reader.uint(lengthField.octets, lengthField.name, lengthField.section);
    annotate?.(lengthAnnotation(offset, lengthField.octets, lengthField.name, length, lengthRule));
    if (length < part.minimum) {
      throw reader.error('BAD_VALUE', 'must not be 0', lengthField.name, lengthField.section, offset);
    }
  } else if (length === 0) {
    return undefined;
  }
  const offset = reader.offset;
  if (part.value === 'text') {
    const text = reader.utf8(length, name, part.section);
    annotate?.({ offset, length, field: name, value: JSON.stringify(text), meaning: '', section: rule });
    return text;
  }
  const octets = reader.take(length, name, part.section);
  const value = bytesToHex(octets);
  annotate?.({ offset, length, field: name, value, meaning: textMeaning(octets), section: rule });
  return value;
}

/** Vendor data is often plain text; then a person wants to read it. */
function textMeaning(octets: Uint8Array): string {
  for (let at = 0; at < octets.length; at += 1) {
    const octet = octets[at] ?? 0;
    if (octet < 0x20 || octet > 0x7e) return '';
  }
  return octets.length === 0 ? '' : JSON.stringify(bytesToUtf8(octets));
}
