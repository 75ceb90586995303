// The two hello messages (WTLS §10.5.1): what each side can do, and what was chosen.
import { type ByteWriter, bytesToHex, ValueError } from '../../core/index.ts';
import { bulkCipherName, macAlgorithmName, sequenceModeName } from './code-points.ts';
import { wtlsDocument } from './document.ts';
import type { FieldReader } from './field-reader.ts';
import { type KeyIdList, readKeyIds, writeKeyIds } from './key-id.ts';

/** A bulk cipher with a MAC algorithm, by their numbers. */
export interface CipherSuiteNumbers {
  /** See `bulkCiphers`. */
  readonly bulk: number;
  /** See `macAlgorithms`. */
  readonly mac: number;
}

/** What the terminal offers. Lists are in order of preference. */
export interface ClientHello {
  readonly version: number;
  /** 16 octets: time in seconds, then 12 random octets. */
  readonly random: Uint8Array;
  /** Session to resume, up to 255 octets; empty for none. */
  readonly sessionId: Uint8Array;
  /** Key exchanges that it can do. */
  readonly clientKeyIds: KeyIdList;
  /** Keys that it trusts. */
  readonly trustedKeyIds: KeyIdList;
  readonly cipherSuites: readonly CipherSuiteNumbers[];
  readonly compressionMethods: readonly number[];
  /** See `sequenceModes`. */
  readonly sequenceMode: number;
  /** Keys are renewed every 2^keyRefresh records. */
  readonly keyRefresh: number;
}

/** What the server chose. */
export interface ServerHello {
  readonly version: number;
  /** 16 octets: time in seconds, then 12 random octets. */
  readonly random: Uint8Array;
  /** Name of the session; empty when it cannot be resumed. */
  readonly sessionId: Uint8Array;
  /** Which of the client's key identifiers, counted from 1; 0 for none. */
  readonly clientKeyId: number;
  readonly cipherSuite: CipherSuiteNumbers;
  readonly compressionMethod: number;
  readonly sequenceMode: number;
  readonly keyRefresh: number;
}

/** Octets of the random values. */
export const randomOctets = 16;

const section = '10.5.1';

/** Reads the body of a ClientHello. @throws {DecodeError} */
export function readClientHello(body: FieldReader): ClientHello {
  const version = body.uint(1, 'version');
  const random = readRandom(body);
  const sessionId = body.vector(1, 'sessionId');
  const clientKeyIds = readKeyIds(body.list(2, 'clientKeyIds'));
  const trustedKeyIds = readKeyIds(body.list(2, 'trustedKeyIds'));
  const cipherSuites: CipherSuiteNumbers[] = [];
  const suites = body.list(1, 'cipherSuites');
  while (suites.left > 0) cipherSuites.push(readSuite(suites));
  const compressionMethods = [...body.vector(1, 'compressionMethods', 'compression methods; 0 is none')];
  const sequenceMode = body.uint(1, 'sequenceMode', sequenceModeName);
  const keyRefresh = body.uint(1, 'keyRefresh', refreshMeaning);
  return {
    version,
    random,
    sessionId,
    clientKeyIds,
    trustedKeyIds,
    cipherSuites,
    compressionMethods,
    sequenceMode,
    keyRefresh,
  };
}

/** Reads the body of a ServerHello. @throws {DecodeError} */
export function readServerHello(body: FieldReader): ServerHello {
  return {
    version: body.uint(1, 'version'),
    random: readRandom(body),
    sessionId: body.vector(1, 'sessionId'),
    clientKeyId: body.uint(1, 'clientKeyId', (index) =>
      index === 0 ? "none of the client's" : "which of the client's, from 1",
    ),
    cipherSuite: readSuite(body),
    compressionMethod: body.uint(1, 'compressionMethod', (method) => (method === 0 ? 'none' : '')),
    sequenceMode: body.uint(1, 'sequenceMode', sequenceModeName),
    keyRefresh: body.uint(1, 'keyRefresh', refreshMeaning),
  };
}

/** Appends the body of a ClientHello. @throws {ValueError} */
export function writeClientHello(writer: ByteWriter, hello: ClientHello): void {
  writer.u8(octet(hello.version, 'version')).bytes(checkedRandom(hello.random));
  writeVector(writer, 1, 'sessionId', (inner) => inner.bytes(hello.sessionId));
  writeVector(writer, 2, 'clientKeyIds', (inner) => writeKeyIds(inner, hello.clientKeyIds, 'clientKeyIds'));
  writeVector(writer, 2, 'trustedKeyIds', (inner) =>
    writeKeyIds(inner, hello.trustedKeyIds, 'trustedKeyIds'),
  );
  writeVector(writer, 1, 'cipherSuites', (inner) => {
    for (const suite of hello.cipherSuites) writeSuite(inner, suite);
  });
  writeVector(writer, 1, 'compressionMethods', (inner) => {
    for (const method of hello.compressionMethods) inner.u8(octet(method, 'compressionMethods'));
  });
  writer.u8(octet(hello.sequenceMode, 'sequenceMode')).u8(octet(hello.keyRefresh, 'keyRefresh'));
}

/** Appends the body of a ServerHello. @throws {ValueError} */
export function writeServerHello(writer: ByteWriter, hello: ServerHello): void {
  writer.u8(octet(hello.version, 'version')).bytes(checkedRandom(hello.random));
  writeVector(writer, 1, 'sessionId', (inner) => inner.bytes(hello.sessionId));
  writer.u8(octet(hello.clientKeyId, 'clientKeyId'));
  writeSuite(writer, hello.cipherSuite);
  writer.u8(octet(hello.compressionMethod, 'compressionMethod'));
  writer.u8(octet(hello.sequenceMode, 'sequenceMode')).u8(octet(hello.keyRefresh, 'keyRefresh'));
}

/**
 * Appends what `write` writes behind its length in `size` octets.
 * @throws {ValueError} TOO_LONG when the length does not fit
 */
export function writeVector(
  writer: ByteWriter,
  size: 1 | 2,
  path: string,
  write: (writer: ByteWriter) => void,
): void {
  const at = writer.reserve(size);
  const start = writer.length;
  write(writer);
  const length = writer.length - start;
  const maximum = size === 1 ? 0xff : 0xffff;
  if (length > maximum) {
    throw new ValueError('TOO_LONG', `${length} octets, at most ${maximum} fit`, path, spec);
  }
  writer.fill(at, length, size);
}

const spec = { doc: wtlsDocument, section };

function readRandom(body: FieldReader): Uint8Array {
  const offset = body.offset;
  const random = body.octets(randomOctets, 'random', '');
  const seconds = Number.parseInt(bytesToHex(random.subarray(0, 4)), 16);
  body.note(offset, 0, 'random.time', String(seconds), new Date(seconds * 1000).toISOString());
  return random;
}

function readSuite(fields: FieldReader): CipherSuiteNumbers {
  const bulk = fields.uint(1, 'bulkCipher', bulkCipherName);
  return { bulk, mac: fields.uint(1, 'macAlgorithm', macAlgorithmName) };
}

function writeSuite(writer: ByteWriter, suite: CipherSuiteNumbers): void {
  writer.u8(octet(suite.bulk, 'bulkCipher')).u8(octet(suite.mac, 'macAlgorithm'));
}

function refreshMeaning(keyRefresh: number): string {
  return keyRefresh < 16 ? `new keys every ${2 ** keyRefresh} records` : 'keys are never renewed';
}

function checkedRandom(random: Uint8Array): Uint8Array {
  if (random.length === randomOctets) return random;
  throw new ValueError('OUT_OF_RANGE', `must have ${randomOctets} octets`, 'random', spec);
}

function octet(value: number, path: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 255) return value;
  throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 255', path, spec);
}
