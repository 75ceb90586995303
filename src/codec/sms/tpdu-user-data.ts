// TP-DCS, TP-UDL and TP-UD of a TPDU (3GPP TS 23.040 §9.2.3.10, §9.2.3.16, §9.2.3.24; 3GPP TS 23.038 §4).
import { type Annotate, type ByteReader, bytesToHex } from '../../core/index.ts';
import { isEightBitData } from './data-coding.ts';
import { gsmText, ucs2Text } from './gsm-text.ts';
import { notesOf } from './tpdu-fields.ts';

/** User data of a TPDU. */
export interface TpduUserData {
  /** TP-UDHI: the user data begins with a header. */
  readonly hasHeader: boolean;
  /** TP-UD, as a view into the input. */
  readonly userData: Uint8Array;
  readonly userDataOffset: number;
  /** The text, where the data coding says that it is one. */
  readonly text: string | undefined;
}

type Alphabet = 'text' | 'octets' | 'ucs2';
const alphabetWords = { text: '7-bit default alphabet', octets: '8-bit data', ucs2: 'UCS2 text' } as const;

/** Reads TP-DCS. @throws {DecodeError} TRUNCATED */
export function readDataCoding(reader: ByteReader, annotate: Annotate | undefined): number {
  const dataCoding = reader.u8('TP-DCS', '9.2.3.10');
  const value = `0x${dataCoding.toString(16).toUpperCase().padStart(2, '0')}`;
  notesOf(annotate)(reader.offset - 1, 1, 'TP-DCS', value, alphabetWords[alphabetOf(dataCoding)], '9.2.3.10');
  return dataCoding;
}

/** Reads TP-UDL and TP-UD, with which the TPDU ends. @throws {DecodeError} TRUNCATED, BAD_VALUE, TRAILING */
export function readUserDataField(
  reader: ByteReader,
  dataCoding: number,
  hasHeader: boolean,
  annotate: Annotate | undefined,
): TpduUserData {
  const note = notesOf(annotate);
  const lengthAt = reader.offset;
  const length = reader.u8('TP-UDL', '9.2.3.16');
  const alphabet = alphabetOf(dataCoding);
  const inSeptets = alphabet === 'text';
  note(lengthAt, 1, 'TP-UDL', String(length), inSeptets ? 'characters of 7 bits' : 'octets', '9.2.3.16');
  const octets = inSeptets ? Math.ceil((length * 7) / 8) : length;
  const most = inSeptets ? 160 : 140;
  if (length > most) {
    throw reader.error('BAD_VALUE', `is ${length}, at most ${most} fit`, 'TP-UDL', '9.2.3.16', lengthAt);
  }
  const userDataOffset = reader.offset;
  const userData = reader.take(octets, 'TP-UD', '9.2.3.24');
  reader.expectEnd('TP-UD', '9.2.3.24');
  const text = textOf(userData, alphabet, length, hasHeader);
  const shown = text === undefined ? bytesToHex(userData) : JSON.stringify(text);
  note(userDataOffset, octets, 'TP-UD', shown, '', '9.2.3.24');
  return { hasHeader, userData, userDataOffset, text };
}

/** For a TPDU that ends without user data. @throws {DecodeError} TRAILING, TRUNCATED where a header was announced */
export function noUserData(reader: ByteReader, hasHeader: boolean): TpduUserData {
  reader.expectEnd('TP-UDL', '9.2.3.16');
  if (hasHeader) throw reader.error('TRUNCATED', 'a header is announced', 'TP-UD', '9.2.3.23');
  return { hasHeader, userData: new Uint8Array(0), userDataOffset: reader.offset, text: undefined };
}

/** TS 23.038 §4, without compression. */
function alphabetOf(dataCoding: number): Alphabet {
  if (isEightBitData(dataCoding)) return 'octets';
  const general = (dataCoding & 0xc0) === 0 && (dataCoding & 0x0c) === 0x08;
  return general || (dataCoding & 0xf0) === 0xe0 ? 'ucs2' : 'text';
}

function textOf(
  userData: Uint8Array,
  alphabet: Alphabet,
  length: number,
  hasHeader: boolean,
): string | undefined {
  if (alphabet === 'octets') return undefined;
  const header = hasHeader ? (userData[0] ?? 0) + 1 : 0;
  if (alphabet === 'ucs2') return ucs2Text(userData.subarray(header));
  return gsmText(userData, length, Math.ceil((header * 8) / 7));
}
