// Tells by its first octets what a handshake record is about.
import { handshakeTypes, recordTypes } from './code-points.ts';
import type { WtlsRecord } from './record.ts';

/** True when a record that is not protected starts with this handshake message. */
export function startsWith(record: WtlsRecord, type: number): boolean {
  return record.contentType === recordTypes.handshake && !record.ciphered && record.fragment[0] === type;
}

/** True for the record with which a server asks for a handshake: nothing but a HelloRequest. */
export function isHelloRequest(record: WtlsRecord): boolean {
  const { fragment } = record;
  const isEmpty = fragment.length === 3 && fragment[1] === 0 && fragment[2] === 0;
  return isEmpty && startsWith(record, handshakeTypes.helloRequest);
}
