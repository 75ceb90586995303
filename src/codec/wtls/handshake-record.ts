// Tells by its first octets what a handshake record is about.
import { suiteOctets } from './cipher-suite.ts';
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

/** Octets of a HelloRequest with its MAC and the length of its padding: whole blocks, so the padding is empty. */
const sealedHelloRequest = 3 + suiteOctets.mac + 1;

/** True for a protected record that has the size of a HelloRequest and is not the first, which is Finished. */
export function mayBeHelloRequest({
  contentType,
  ciphered,
  sequenceNumber = 0,
  fragment,
}: WtlsRecord): boolean {
  const isLater = contentType === recordTypes.handshake && ciphered && sequenceNumber > 0;
  return isLater && fragment.length === sealedHelloRequest;
}
