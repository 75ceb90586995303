// What octets were read as, and why they are none of it: told where nothing fits.
import { decodeTpdu, decodeUserData, firstIsServiceCentre } from '../../codec/sms/index.ts';
import { readWbxmlHeader } from '../../codec/wbxml/index.ts';
import { decodePush, pduTypeNames } from '../../codec/wsp/index.ts';
import { decodeWtls } from '../../codec/wtls/index.ts';
import { DecodeError } from '../../core/index.ts';

const readings: readonly (readonly [name: string, read: (octets: Uint8Array) => void])[] = [
  ['SMS user data', requireUserData],
  ['SMS TPDU', (octets) => decodeTpdu(octets, { serviceCentre: firstIsServiceCentre(octets) })],
  ['WSP', requirePush],
  ['WBXML', requireWbxml],
  ['SMPP', requireSmpp],
  ['WTLS', requireWtls],
];

/** The error of Package #0, with why the other readings fail. */
export function withOtherReadings(error: DecodeError, octets: Uint8Array): DecodeError {
  const others = readings.flatMap(([name, read]) => {
    const why = reasonOf(() => read(octets));
    return why === undefined ? [] : [`${name} (${why})`];
  });
  const detail = `${error.detail}. Nor is it ${others.join(', ')}, nor a document, a frame or a message of text`;
  return new DecodeError(error.code, `Package #0: ${detail}`, error.at, error.spec);
}

function reasonOf(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError) return `byte ${error.at.offset}: ${error.detail.slice(0, 120)}`;
    throw error;
  }
}

function requireUserData(octets: Uint8Array): void {
  const { header } = decodeUserData(octets);
  if (header.ports === undefined && header.concatenation === undefined) {
    throw reason('a header without ports and segments', 0);
  }
}

function requireWtls(octets: Uint8Array): void {
  decodeWtls(octets);
  throw reason('no record that says its length', 0);
}

function requirePush(octets: Uint8Array): void {
  const type = octets[1];
  const hex = type === undefined ? 'none' : `0x${type.toString(16).padStart(2, '0')}`;
  const name = type === undefined ? undefined : pduTypeNames.get(type);
  if (name === undefined) throw reason(`PDU type ${hex}`, 1);
  decodePush(octets);
  throw reason(`PDU type ${hex}, ${name}, whose fields do not fit`, 1);
}

function requireWbxml(octets: Uint8Array): void {
  if (readWbxmlHeader(octets) === undefined)
    throw reason('no header of version 1.1 to 1.3, type, charset and table', 0);
}

function requireSmpp(octets: Uint8Array): void {
  if (octets.length < 16) throw reason('shorter than a header of 16 octets', octets.length);
  const length = new DataView(octets.buffer, octets.byteOffset).getUint32(0);
  throw reason(`its length would be ${length}, and there are ${octets.length} octets`, 0);
}

function reason(detail: string, offset: number): DecodeError {
  return new DecodeError('BAD_VALUE', detail, { path: '', offset, bit: 0 }, { doc: 'Reveille', section: '' });
}
