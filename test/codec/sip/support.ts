// Messages for tests, from text.
import {
  encodeSipMessage,
  type SipHeader,
  type SipMessage,
  type SipRequest,
} from '../../../src/codec/sip/index.ts';
import { concatBytes, utf8ToBytes } from '../../../src/core/index.ts';

/** Lines with CRLF, an empty line, and a body. */
export function octetsOf(lines: readonly string[], body: Uint8Array = new Uint8Array()): Uint8Array {
  return concatBytes(utf8ToBytes(`${lines.join('\r\n')}\r\n\r\n`), body);
}

/** Header fields without where they stood. */
export function plainHeaders(message: SipMessage): readonly (readonly [string, string])[] {
  return message.headers.map(({ name, value }) => [name, value]);
}

/** Header fields that every request has; `extra` fields come behind. */
export function messageHeaders(extra: readonly SipHeader[] = [], method = 'MESSAGE'): readonly SipHeader[] {
  return [
    { name: 'Via', value: 'SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport' },
    { name: 'From', value: '<sip:dms@example.com>;tag=1' },
    { name: 'To', value: '<sip:dev1@example.com>' },
    { name: 'Call-ID', value: 'c1' },
    { name: 'CSeq', value: `1 ${method}` },
    ...extra,
  ];
}

/** A request with the fields it needs. */
export function requestOf(parts: Partial<Omit<SipRequest, 'kind'>> = {}): SipRequest {
  const { method = 'MESSAGE' } = parts;
  return {
    kind: 'request',
    method,
    requestUri: parts.requestUri ?? 'sip:dev1@example.com',
    headers: parts.headers ?? messageHeaders([], method),
    body: parts.body ?? new Uint8Array(),
  };
}

/** `requestOf` as octets. */
export function requestOctets(parts: Partial<Omit<SipRequest, 'kind'>> = {}): Uint8Array {
  return encodeSipMessage(requestOf(parts));
}
