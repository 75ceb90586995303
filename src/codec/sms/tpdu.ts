// Short messages as a telephone or a modem shows them: SMS-DELIVER and SMS-SUBMIT, with or without the address of the
// service centre before them (3GPP TS 23.040 §9.2.2, 3GPP TS 27.005 §3.1 <pdu>). Reading only, for tools.
import { type Annotate, ByteReader, bytesToHex, DecodeError } from '../../core/index.ts';
import { isEightBitData } from './data-coding.ts';
import { gsmText, ucs2Text } from './gsm-text.ts';
import { readAddress, readServiceCentre, readTimestamp, readValidity } from './tpdu-fields.ts';

/** What a TPDU says, as far as tools need it. */
export interface SmsTpdu {
  readonly type: 'SMS-DELIVER' | 'SMS-SUBMIT';
  /** Who sent it (DELIVER), or whom it goes to (SUBMIT). */
  readonly address: string;
  /** TP-UDHI: the user data begins with a header. */
  readonly hasHeader: boolean;
  readonly dataCoding: number;
  /** TP-UD, as a view into the input. */
  readonly userData: Uint8Array;
  readonly userDataOffset: number;
  /** The text, where the data coding says that it is one. */
  readonly text: string | undefined;
}

/** How to read a TPDU. */
export interface DecodeTpduOptions {
  readonly annotate?: Annotate | undefined;
  /** Whether the address of the service centre stands before it, as modems print it. */
  readonly serviceCentre: boolean;
}

const doc = '3GPP TS 23.040';

/**
 * Reads an SMS-DELIVER or SMS-SUBMIT that fills the input.
 * @throws {DecodeError} UNSUPPORTED for other types of TPDU, BAD_VALUE, TRUNCATED, TRAILING
 */
export function decodeTpdu(bytes: Uint8Array, options: DecodeTpduOptions): SmsTpdu {
  const { annotate } = options;
  const reader = new ByteReader(bytes, doc, 0);
  const note = notes(annotate);
  if (options.serviceCentre) readServiceCentre(reader, annotate);
  const start = reader.offset;
  const first = reader.u8('TP-MTI', '9.2.3.1');
  const type = typeNames[first & 3];
  const flag = (field: string, mask: number, section: string, meaning: string): void =>
    annotate?.({
      offset: start,
      length: 1,
      bit: 7 - Math.log2(mask),
      bits: 1,
      field,
      value: (first & mask) === 0 ? '0' : '1',
      meaning: (first & mask) === 0 ? '' : meaning,
      section: `${doc} §${section}`,
    });
  if (type === undefined) {
    const detail = `type ${first & 3}: neither SMS-DELIVER nor SMS-SUBMIT`;
    throw reader.error('UNSUPPORTED', detail, 'TP-MTI', '9.2.3.1', start);
  }
  const deliver = type === 'SMS-DELIVER';
  const bits = { bit: 6, bits: 2, section: `${doc} §9.2.3.1` };
  annotate?.({ offset: start, length: 1, field: 'TP-MTI', value: String(first & 3), meaning: type, ...bits });
  flag('TP-RP', 0x80, '9.2.3.17', 'a reply path is set');
  flag('TP-UDHI', 0x40, '9.2.3.23', 'the user data begins with a header');
  if (deliver) {
    flag('TP-SRI', 0x20, '9.2.3.4', 'a status report goes back');
    flag('TP-MMS', 0x04, '9.2.3.2', 'no more messages wait');
  } else {
    flag('TP-SRR', 0x20, '9.2.3.5', 'a status report is wanted');
    flag('TP-RD', 0x04, '9.2.3.25', 'duplicates are refused');
    const reference = reader.u8('TP-MR', '9.2.3.6');
    note(start + 1, 1, 'TP-MR', String(reference), 'message reference', '9.2.3.6');
  }
  const address = readAddress(reader, deliver ? 'TP-OA' : 'TP-DA', deliver ? '9.2.3.7' : '9.2.3.8', annotate);
  const protocol = reader.u8('TP-PID', '9.2.3.9');
  note(reader.offset - 1, 1, 'TP-PID', hex(protocol), '', '9.2.3.9');
  const dataCoding = reader.u8('TP-DCS', '9.2.3.10');
  const alphabet = alphabetOf(dataCoding);
  note(reader.offset - 1, 1, 'TP-DCS', hex(dataCoding), alphabetWords[alphabet], '9.2.3.10');
  if (deliver) readTimestamp(reader, 'TP-SCTS', '9.2.3.11', annotate);
  else readValidity(reader, (first >> 3) & 3, annotate);
  const lengthAt = reader.offset;
  const length = reader.u8('TP-UDL', '9.2.3.16');
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
  const hasHeader = (first & 0x40) !== 0;
  const text = textOf(userData, alphabet, length, hasHeader);
  note(
    userDataOffset,
    octets,
    'TP-UD',
    text === undefined ? bytesToHex(userData) : JSON.stringify(text),
    '',
    '9.2.3.24',
  );
  return { type, address, hasHeader, dataCoding, userData, userDataOffset, text };
}

/** Whether the octets are a TPDU, and whether the address of a service centre stands before it. */
export function tpduForm(bytes: Uint8Array): { readonly serviceCentre: boolean } | undefined {
  for (const serviceCentre of [true, false]) {
    try {
      decodeTpdu(bytes, { serviceCentre });
      return { serviceCentre };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return undefined;
}

const typeNames: Readonly<Record<number, SmsTpdu['type']>> = { 0: 'SMS-DELIVER', 1: 'SMS-SUBMIT' };

type Alphabet = 'text' | 'octets' | 'ucs2';
const alphabetWords = { text: '7-bit default alphabet', octets: '8-bit data', ucs2: 'UCS2 text' } as const;

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

type Note = (
  offset: number,
  length: number,
  field: string,
  value: string,
  meaning: string,
  section: string,
) => void;

function notes(annotate: Annotate | undefined): Note {
  return (offset, length, field, value, meaning, section) =>
    annotate?.({ offset, length, field, value, meaning, section: `${doc} §${section}` });
}

function hex(octet: number): string {
  return `0x${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}
