// WTLS records; data that is not encrypted, or was opened with the secret, is WSP.
import {
  decodeAlert,
  decodeHandshake,
  decodeWtls,
  recordTypeName,
  recordTypes,
} from '../../codec/wtls/index.ts';
import { addLayer, type Decoding, holds, lengthOf, part, type Span, spanOf } from './findings.ts';
import { takeWsp } from './wsp-layer.ts';

/** Reads the records of a datagram. @throws {DecodeError} */
export function takeWtls(span: Span, decoding: Decoding): void {
  const { octets, start } = span;
  const { layer, annotate } = addLayer(decoding, span, 'wtls', `WTLS (${lengthOf(span)} octets)`);
  const records = decodeWtls(octets, { start, annotate });
  layer.title = `WTLS, ${records.length} ${records.length === 1 ? 'record' : 'records'} (${lengthOf(span)} octets)`;
  const unprotected = [...(decoding.unprotected ?? [])];
  for (const { record, content } of records) {
    const end = record.fragmentOffset + record.fragment.length;
    if (content.type === 'application-data' && content.data.length > 0) {
      takeWsp(part(span, record.fragmentOffset, end), decoding);
    }
    const known = content.type === 'encrypted' ? unprotected.shift() : undefined;
    if (known === undefined) continue;
    if ('fragment' in known) takeOpened(known.fragment, record.contentType, known.by, decoding);
    else {
      const { fragmentOffset: offset, fragment } = record;
      annotate({
        offset,
        length: fragment.length,
        field: 'record.protected',
        value: `${fragment.length} octets`,
        meaning: known.why,
        section: 'WTLS §9.2.3',
      });
    }
  }
}

/** What was under the protection is counted by itself. @throws {DecodeError} */
function takeOpened(fragment: Uint8Array, contentType: number, by: string, decoding: Decoding): void {
  const span = spanOf(fragment, 'reassembled');
  const name = `WTLS, opened with the secret: ${recordTypeName(contentType)}, ${by} (${fragment.length} octets)`;
  if (contentType === recordTypes.applicationData) {
    const { annotate } = addLayer(decoding, span, 'wtls', name);
    const value = `${fragment.length} octets`;
    const section = 'WTLS §9.2.3';
    annotate({
      offset: 0,
      length: fragment.length,
      field: 'data',
      value,
      meaning: 'padding and MAC hold',
      section,
    });
    if (fragment.length > 0) takeWsp(span, decoding);
    return;
  }
  const { annotate } = addLayer(decoding, span, 'wtls', name);
  if (contentType === recordTypes.handshake) decodeHandshake(fragment, { annotate });
  else if (contentType === recordTypes.alert) decodeAlert(fragment, { annotate });
}

/** Whether octets are records that say their length, and fill them. */
export function isWtls(octets: Uint8Array): boolean {
  const [first = 0] = octets;
  const known: readonly number[] = Object.values(recordTypes);
  if ((first & 0xd0) !== 0xc0 || !known.includes(first & 0x0f) || octets.length < 6) return false;
  return holds(() => decodeWtls(octets).every(({ record }) => (record.typeOctet & 0x80) !== 0));
}
