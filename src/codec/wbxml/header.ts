// The start of a WBXML document: version, public identifier, charset, string table (WBXML-1.3 §5.4–5.7).
import { type Annotate, bytesToDisplayText } from '../../core/index.ts';
import { charsetNamed, namespaces } from '../xml/index.ts';
import { type CodeSpace, codeSpaces } from './code-pages.ts';
import { type WbxmlInput, wbxmlDoc } from './input.ts';
import { publicIdentifier, publicIdTitle, unknownPublicId } from './public-id.ts';
import { StringTable } from './string-table.ts';
import { charsetNumbers, type DocumentCharset } from './text.ts';

/** What the header says. */
export interface WbxmlHeader {
  readonly version: string;
  readonly publicId: number | string;
  readonly charset: number;
  readonly table: StringTable;
  readonly space: CodeSpace;
}

/** Which token tables a document uses: SyncML with MetInf and DM DDF, DevInf, or Client Provisioning. */
export type WbxmlLanguage = 'syncml' | 'devinf' | 'provisioning';

/** What the caller knows better than the header. */
export interface HeaderHints {
  readonly language?: WbxmlLanguage;
  readonly charset?: string;
  readonly annotate?: Annotate;
}

/** Reads the header and leaves the input at the body. @throws {DecodeError} */
export function readHeader(input: WbxmlInput, hints: HeaderHints): WbxmlHeader {
  const { annotate } = hints;
  const note = (offset: number, field: string, value: string, meaning: string, section: string) =>
    annotate?.({
      offset,
      length: input.at - offset,
      field,
      value,
      meaning,
      section: `${wbxmlDoc} §${section}`,
    });

  const versionOctet = input.u8('5.4');
  const version = `${(versionOctet >> 4) + 1}.${versionOctet & 15}`;
  if (versionOctet >> 4 !== 0) throw input.error('UNSUPPORTED', `WBXML version ${version}`, '5.4', 0);
  note(0, 'version', version, '', '5.4');

  const publicIdAt = input.at;
  const number = input.integer();
  const textAt = number === 0 ? input.integer() : undefined;
  const publicIdEnd = input.at;

  const charsetAt = input.at;
  const charset = input.integer();
  const charsetName = charset === 0 ? charsetFromHint(input, hints.charset) : charsetNumbers.get(charset);
  if (charsetName === undefined) {
    throw input.error('UNSUPPORTED', `charset with MIBenum ${charset}`, '5.6', charsetAt);
  }
  input.setCharset(charsetName);

  const tableAt = input.at;
  const tableLength = input.integer();
  if (tableLength > input.limits.maxStringTable) {
    const detail = `string table of ${tableLength} octets, at most ${input.limits.maxStringTable} are allowed`;
    throw input.error('LIMIT', detail, '5.7', tableAt);
  }
  const tableStart = input.at;
  const tableOctets = input.take(tableLength, '5.7');
  const table = new StringTable(tableOctets, (start, end) => {
    // Counted before it is decoded: overlapping references must not multiply a long table.
    input.produce(end - start);
    return input.text(tableStart + start, tableStart + end);
  });

  let publicId: number | string = number;
  if (textAt !== undefined) {
    const text = table.at(textAt);
    if (text === undefined && hints.language === undefined) {
      const detail = `public identifier ${textAt} is outside the string table of ${tableLength} octets`;
      throw input.error('BAD_VALUE', detail, '5.5', publicIdAt);
    }
    publicId = text ?? unknownPublicId;
  }
  if (annotate !== undefined) {
    const shown = typeof publicId === 'number' ? `0x${publicId.toString(16)}` : publicId;
    const meaning = textAt === undefined ? (publicIdentifier(publicId)?.text ?? '') : `from the string table`;
    annotate({
      offset: publicIdAt,
      length: publicIdEnd - publicIdAt,
      field: 'publicId',
      value: shown,
      meaning: publicId === unknownPublicId ? 'unknown' : meaning,
      section: `${wbxmlDoc} §5.5`,
    });
    annotate({
      offset: charsetAt,
      length: tableAt - charsetAt,
      field: 'charset',
      value: String(charset),
      meaning: charset === 0 ? `unknown, read as ${charsetName}` : charsetName,
      section: `${wbxmlDoc} §5.6`,
    });
    annotateTable(tableAt, tableStart, tableOctets, annotate);
  }
  return { version, publicId, charset, table, space: codeSpaceOf(input, publicId, publicIdAt, hints) };
}

function charsetFromHint(input: WbxmlInput, hint = 'utf-8'): DocumentCharset {
  const charset = charsetNamed(hint);
  if (charset === 'utf-8' || charset === 'us-ascii' || charset === 'iso-8859-1') return charset;
  throw input.error('UNSUPPORTED', `charset ${JSON.stringify(hint.slice(0, 40))} of the transport`, '5.6');
}

function codeSpaceOf(
  input: WbxmlInput,
  publicId: number | string,
  at: number,
  { language }: HeaderHints,
): CodeSpace {
  const identified = publicIdentifier(publicId)?.space;
  if (language === 'devinf') return codeSpaces.devinf12;
  if (language === 'provisioning') return codeSpaces.provisioning;
  // The transport's media type beats the header, which still tells the version.
  if (language === 'syncml' && identified?.byNamespace.has(namespaces.metinf) === false)
    return codeSpaces.syncml12;
  if (identified !== undefined) return identified;
  if (language === 'syncml' || publicId === unknownPublicId) return codeSpaces.syncml12;
  const shown =
    typeof publicId === 'number' ? `0x${publicId.toString(16)}` : JSON.stringify(publicId.slice(0, 80));
  const title = typeof publicId === 'number' ? publicIdTitle(publicId) : undefined;
  const named = title === undefined ? '' : ` (${title})`;
  throw input.error('UNSUPPORTED', `no tables for public identifier ${shown}${named}`, '5.5', at);
}

function annotateTable(at: number, start: number, octets: Uint8Array, annotate: Annotate): void {
  const section = `${wbxmlDoc} §5.7`;
  const field = 'stringTableLength';
  annotate({ offset: at, length: start - at, field, value: String(octets.length), meaning: '', section });
  for (let from = 0; from < octets.length; ) {
    const nul = octets.indexOf(0, from);
    const end = nul < 0 ? octets.length : nul;
    const value = bytesToDisplayText(octets.subarray(from, end));
    const meaning = nul < 0 ? `string ${from}, without its 00` : `string ${from}`;
    const length = (nul < 0 ? end : end + 1) - from;
    annotate({ offset: start + from, length, field: 'string', value, meaning, section });
    from += length;
  }
}
