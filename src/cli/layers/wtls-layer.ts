// WTLS records; data that is not encrypted is WSP.
import { decodeWtls, recordTypes } from '../../codec/wtls/index.ts';
import { addLayer, type Decoding, holds, lengthOf, part, type Span } from './findings.ts';
import { takeWsp } from './wsp-layer.ts';

/** Reads the records of a datagram. @throws {DecodeError} */
export function takeWtls(span: Span, decoding: Decoding): void {
  const { octets, start } = span;
  const { layer, annotate } = addLayer(decoding, span, 'wtls', `WTLS (${lengthOf(span)} octets)`);
  const records = decodeWtls(octets, { start, annotate });
  layer.title = `WTLS, ${records.length} ${records.length === 1 ? 'record' : 'records'} (${lengthOf(span)} octets)`;
  for (const { record, content } of records) {
    if (content.type !== 'application-data' || content.data.length === 0) continue;
    const end = record.fragmentOffset + record.fragment.length;
    takeWsp(part(span, record.fragmentOffset, end), decoding);
  }
}

/** Whether octets are records that say their length, and fill them. */
export function isWtls(octets: Uint8Array): boolean {
  const [first = 0] = octets;
  const known: readonly number[] = Object.values(recordTypes);
  if ((first & 0xd0) !== 0xc0 || !known.includes(first & 0x0f) || octets.length < 6) return false;
  return holds(() => decodeWtls(octets).every(({ record }) => (record.typeOctet & 0x80) !== 0));
}
