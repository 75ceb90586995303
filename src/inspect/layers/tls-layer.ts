// Records of TLS as far as they are in the clear: their headers, hellos, alerts (RFC 8446 §5.1).
import { type Annotate, DecodeError } from '../../core/index.ts';
import {
  tlsAlertName,
  tlsMessageName,
  tlsTypeName,
  tlsTypes,
  tlsVersionName,
} from '../secret/tls-code-points.ts';
import type { TlsClientHello, TlsServerHello } from '../secret/tls-hello.ts';
import { TlsMessages, tlsAlertIn } from '../secret/tls-messages.ts';
import { isTls, type TlsRecord, TlsRecordCutter, tlsHeaderOctets } from '../secret/tls-record.ts';
import { tlsSuiteName } from '../secret/tls-suites.ts';
import { addLayer, type Decoding, lengthOf, type Span } from './findings.ts';

/** Reads records that fill the octets. @throws {DecodeError} */
export function takeTls(span: Span, decoding: Decoding): void {
  const { layer, annotate } = addLayer(decoding, span, 'tls', `TLS (${lengthOf(span)} octets)`);
  const cutter = new TlsRecordCutter();
  const messages = new TlsMessages();
  const records = cutter.feed(span.octets.subarray(span.start));
  for (const record of records) takeRecord(record, span.start, messages, annotate);
  const names = [...new Set(records.map(({ contentType }) => tlsTypeName(contentType)))].join(', ');
  layer.title = `TLS ${names} (${lengthOf(span)} octets)`;
  const { error } = cutter;
  if (error !== undefined) {
    const at = { ...error.at, offset: error.at.offset + span.start };
    throw new DecodeError(error.code, error.detail, at, error.spec);
  }
  if (cutter.left === 0 && records.length > 0) return;
  const at = { path: 'record', offset: span.start + cutter.at, bit: 0 };
  const detail = `${cutter.left} octets are not a whole record`;
  throw new DecodeError('TRUNCATED', detail, at, { doc: 'RFC 8446', section: '5.1' });
}

/** Whether octets are records of TLS that fill them. */
export function isTlsRecords(octets: Uint8Array): boolean {
  if (!isTls(octets)) return false;
  const cutter = new TlsRecordCutter();
  return cutter.feed(octets).length > 0 && cutter.error === undefined && cutter.left === 0;
}

function takeRecord(record: TlsRecord, start: number, messages: TlsMessages, annotate: Annotate): void {
  const { contentType, version, fragment } = record;
  const at = start + record.at;
  const section = 'RFC 8446 §5.1';
  const field = (by: number, length: number, name: string, value: number, meaning: string): void =>
    annotate({ offset: at + by, length, field: `record.${name}`, value: String(value), meaning, section });
  field(0, 1, 'type', contentType, tlsTypeName(contentType));
  field(1, 2, 'version', version, `${tlsVersionName(version)}; later versions write this too`);
  field(3, 2, 'length', fragment.length, 'octets of the fragment');
  const body = at + tlsHeaderOctets;
  const note = (name: string, value: string, meaning: string, of: string): void =>
    annotate({ offset: body, length: fragment.length, field: name, value, meaning, section: of });
  if (contentType === tlsTypes.alert) {
    const alert = tlsAlertIn(fragment);
    if (alert !== undefined) {
      note('alert', String(alert.description), tlsAlertName(alert.description), 'RFC 8446 §6');
      return;
    }
  }
  if (contentType !== tlsTypes.handshake) {
    const protects = contentType === tlsTypes.applicationData || contentType === tlsTypes.alert;
    note('fragment', `${fragment.length} octets`, protects ? 'protected' : '', section);
    return;
  }
  const found = messages.feed(fragment);
  for (const { type, length, hello, error } of found) {
    note('handshake', tlsMessageName(type), `${length} octets`, 'RFC 8446 §4');
    if (hello !== undefined)
      for (const [name, value] of saidIn(hello)) note(name, value, '', sectionOf(hello));
    if (error !== undefined) note('handshake', tlsMessageName(type), error.detail, 'RFC 8446 §4');
  }
  if (found.length === 0)
    note('handshake', `${fragment.length} octets`, 'part of a message, or protected', section);
}

/** What a hello says in the clear, as names and values. */
export function saidIn(hello: TlsClientHello | TlsServerHello): readonly (readonly [string, string])[] {
  if (hello.type === 'server-hello') {
    const { version, cipherSuite, alpn } = hello;
    return [
      ['serverHello.version', tlsVersionName(version)],
      ['serverHello.cipherSuite', tlsSuiteName(cipherSuite)],
      ...(alpn === undefined ? [] : [['serverHello.alpn', alpn] as const]),
      ...(hello.isRetry ? [['serverHello.retry', 'asks for another ClientHello'] as const] : []),
    ];
  }
  const { version, cipherSuites, serverName, alpn } = hello;
  return [
    ['clientHello.version', `${tlsVersionName(version)} at most`],
    ...(serverName === undefined ? [] : [['clientHello.serverName', serverName] as const]),
    ...(alpn.length === 0 ? [] : [['clientHello.alpn', alpn.join(', ')] as const]),
    ['clientHello.cipherSuites', cipherSuites.map(tlsSuiteName).join(', ')],
  ];
}

function sectionOf({ type }: TlsClientHello | TlsServerHello): string {
  return type === 'client-hello' ? 'RFC 8446 §4.1.2' : 'RFC 8446 §4.1.3';
}
