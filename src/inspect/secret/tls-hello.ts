// The two hellos of TLS, as far as they say who talks, in what version, by which suite (RFC 8446 §4.1, RFC 5246 §7.4.1).
import { ByteReader, bytesToDisplayText, bytesToHex } from '../../core/index.ts';

/** What a client's hello says. */
export interface TlsClientHello {
  readonly type: 'client-hello';
  readonly random: Uint8Array;
  /** Highest version that it offers. */
  readonly version: number;
  readonly cipherSuites: readonly number[];
  /** Host name in the clear (RFC 6066 §3). */
  readonly serverName: string | undefined;
  /** Protocols by their names (RFC 7301). */
  readonly alpn: readonly string[];
  /** Application data follows before the server has answered (RFC 8446 §4.2.10). */
  readonly earlyData: boolean;
}

/** What a server's hello says. */
export interface TlsServerHello {
  readonly type: 'server-hello';
  readonly random: Uint8Array;
  readonly version: number;
  readonly cipherSuite: number;
  /** Only in TLS 1.2; in 1.3 the protocol is chosen under the protection. */
  readonly alpn: string | undefined;
  /** MAC over what is encrypted (RFC 7366). */
  readonly encryptThenMac: boolean;
  /** It asks for another hello (RFC 8446 §4.1.4). */
  readonly isRetry: boolean;
}

const doc = 'RFC 8446';
const retryRandom = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
const extensionTypes = { serverName: 0, alpn: 16, encryptThenMac: 22, earlyData: 42, supportedVersions: 43 };

/** Reads the body of a ClientHello. @throws {DecodeError} */
export function readTlsClientHello(body: Uint8Array): TlsClientHello {
  const section = '4.1.2';
  const reader = new ByteReader(body, doc);
  const legacy = reader.uint(2, 'clientHello.version', section);
  const random = reader.take(32, 'clientHello.random', section).slice();
  reader.take(reader.u8('clientHello.sessionId', section), 'clientHello.sessionId', section);
  const length = reader.uint(2, 'clientHello.cipherSuites', section);
  const suites = reader.sub(length, 'clientHello.cipherSuites', section);
  const cipherSuites: number[] = [];
  while (suites.left > 0) cipherSuites.push(suites.uint(2, 'clientHello.cipherSuites', section));
  reader.take(reader.u8('clientHello.compression', section), 'clientHello.compression', section);
  let version = legacy;
  let serverName: string | undefined;
  let alpn: readonly string[] = [];
  let earlyData = false;
  for (const { type, content } of extensionsOf(reader, 'clientHello.extensions')) {
    if (type === extensionTypes.serverName) serverName = hostIn(content);
    else if (type === extensionTypes.alpn) alpn = protocolsIn(content);
    else if (type === extensionTypes.earlyData) earlyData = true;
    else if (type === extensionTypes.supportedVersions) version = highestOf(content, legacy);
  }
  return { type: 'client-hello', random, version, cipherSuites, serverName, alpn, earlyData };
}

/** Reads the body of a ServerHello. @throws {DecodeError} */
export function readTlsServerHello(body: Uint8Array): TlsServerHello {
  const section = '4.1.3';
  const reader = new ByteReader(body, doc);
  let version = reader.uint(2, 'serverHello.version', section);
  const random = reader.take(32, 'serverHello.random', section).slice();
  reader.take(reader.u8('serverHello.sessionId', section), 'serverHello.sessionId', section);
  const cipherSuite = reader.uint(2, 'serverHello.cipherSuite', section);
  reader.u8('serverHello.compression', section);
  let alpn: string | undefined;
  let encryptThenMac = false;
  for (const { type, content } of extensionsOf(reader, 'serverHello.extensions')) {
    if (type === extensionTypes.alpn) alpn = protocolsIn(content)[0];
    else if (type === extensionTypes.encryptThenMac) encryptThenMac = true;
    else if (type === extensionTypes.supportedVersions) {
      version = content.uint(2, 'serverHello.supportedVersion', '4.2.1');
    }
  }
  const isRetry = bytesToHex(random) === retryRandom;
  return { type: 'server-hello', random, version, cipherSuite, alpn, encryptThenMac, isRetry };
}

interface Extension {
  readonly type: number;
  readonly content: ByteReader;
}

/** Extensions may be missing altogether in TLS 1.2. */
function extensionsOf(reader: ByteReader, path: string): readonly Extension[] {
  if (reader.left === 0) return [];
  const all = reader.sub(reader.uint(2, path, '4.2'), path, '4.2');
  const found: Extension[] = [];
  while (all.left > 0) {
    const type = all.uint(2, path, '4.2');
    found.push({ type, content: all.sub(all.uint(2, path, '4.2'), path, '4.2') });
  }
  return found;
}

/** The first host name of a list of names. */
function hostIn(content: ByteReader): string | undefined {
  const path = 'clientHello.serverName';
  if (content.left === 0) return undefined;
  const list = content.sub(content.uint(2, path, '4.2'), path, '4.2');
  while (list.left > 0) {
    const type = list.u8(path, '4.2');
    const name = list.take(list.uint(2, path, '4.2'), path, '4.2');
    if (type === 0) return bytesToDisplayText(name);
  }
  return undefined;
}

function protocolsIn(content: ByteReader): readonly string[] {
  const path = 'alpn';
  const list = content.sub(content.uint(2, path, '4.2'), path, '4.2');
  const names: string[] = [];
  while (list.left > 0) names.push(bytesToDisplayText(list.take(list.u8(path, '4.2'), path, '4.2')));
  return names;
}

/** Of what is offered; reserved values that only keep servers tolerant (RFC 8701) are passed over. */
function highestOf(content: ByteReader, legacy: number): number {
  const path = 'clientHello.supportedVersions';
  const list = content.sub(content.u8(path, '4.2.1'), path, '4.2.1');
  let highest = 0;
  while (list.left > 0) {
    const version = list.uint(2, path, '4.2.1');
    if (version >> 8 === 3) highest = Math.max(highest, version);
  }
  return highest === 0 ? legacy : highest;
}
