// Handshake messages: msg_type, a length of two octets, body (WTLS §10.5). One record may hold several.
import { ByteReader, ByteWriter, DecodeError, ValueError } from '../../core/index.ts';
import { handshakeName, handshakeTypes } from './code-points.ts';
import { wtlsDocument } from './document.ts';
import { FieldReader } from './field-reader.ts';
import {
  type ClientHello,
  readClientHello,
  readServerHello,
  type ServerHello,
  writeClientHello,
  writeServerHello,
  writeVector,
} from './hello.ts';
import type { WtlsDecodeOptions } from './record.ts';

/** A handshake message. */
export type HandshakeMessage =
  | { readonly type: 'hello-request' }
  | { readonly type: 'client-hello'; readonly hello: ClientHello }
  | { readonly type: 'server-hello'; readonly hello: ServerHello }
  /** `parameterIndex` 0 where the key exchange has none; `publicKey` as the key exchange has it. */
  | {
      readonly type: 'server-key-exchange';
      readonly parameterIndex: number;
      readonly publicKey: Uint8Array;
    }
  | { readonly type: 'server-hello-done' }
  /** What its key exchange makes of it. */
  | { readonly type: 'client-key-exchange'; readonly body: Uint8Array }
  /** 12 octets. */
  | { readonly type: 'finished'; readonly verifyData: Uint8Array }
  /** A message that our profile has no use for, such as Certificate, or an unknown one. */
  | { readonly type: 'other'; readonly number: number; readonly body: Uint8Array };

/** A message with its octets, header included: the Finished messages are computed over them. */
export interface DecodedHandshake {
  readonly message: HandshakeMessage;
  readonly octets: Uint8Array;
}

/** An RSA public key as ServerKeyExchange carries it: both numbers big-endian without leading zeros. */
export interface RsaPublicKey {
  readonly exponent: Uint8Array;
  readonly modulus: Uint8Array;
}

/** Octets of verify_data in Finished. */
export const verifyDataOctets = 12;

/**
 * The messages that fill a record's fragment.
 * @throws {DecodeError} TRUNCATED, TRAILING or BAD_VALUE; TRUNCATED for an empty fragment too
 */
export function decodeHandshake(
  bytes: Uint8Array,
  options: WtlsDecodeOptions & { readonly end?: number } = {},
): readonly DecodedHandshake[] {
  const { annotate } = options;
  const reader = new ByteReader(bytes, wtlsDocument, options.start ?? 0, options.end);
  const header = new FieldReader(bytes, reader, annotate, 'handshake', '10.5');
  const messages: DecodedHandshake[] = [];
  do {
    const start = reader.offset;
    const type = header.uint(1, 'type', handshakeName);
    const length = header.uint(2, 'length', () => 'octets of the body');
    const inner = reader.sub(length, 'handshake.body', '10.5');
    const end = reader.offset;
    const name = handshakeName(type);
    const body = new FieldReader(
      bytes,
      inner,
      annotate,
      name.charAt(0).toLowerCase() + name.slice(1),
      sections.get(type) ?? '10.5',
    );
    const message = readBody(type, body);
    body.expectEnd();
    messages.push({ message, octets: bytes.subarray(start, end) });
  } while (reader.left > 0);
  return messages;
}

/** Octets of a message, with its header. @throws {ValueError} */
export function encodeHandshake(message: HandshakeMessage): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(typeNumber(message));
  writeVector(writer, 2, message.type, (inner) => writeBody(inner, message));
  return writer.finish();
}

/** The RSA key of a ServerKeyExchange. @throws {DecodeError} */
export function decodeRsaPublicKey(publicKey: Uint8Array): RsaPublicKey {
  const fields = FieldReader.of(publicKey, 0, publicKey.length, undefined, 'serverKeyExchange', '10.5.3');
  const exponent = fields.vector(2, 'exponent');
  const modulus = fields.vector(2, 'modulus');
  fields.expectEnd();
  return { exponent, modulus };
}

/** An RSA key as ServerKeyExchange carries it, and as it enters the pre-master secret. @throws {ValueError} TOO_LONG */
export function encodeRsaPublicKey(key: RsaPublicKey): Uint8Array {
  const writer = new ByteWriter();
  writeVector(writer, 2, 'exponent', (inner) => inner.bytes(key.exponent));
  writeVector(writer, 2, 'modulus', (inner) => inner.bytes(key.modulus));
  return writer.finish();
}

/** The encrypted secret of a ClientKeyExchange for RSA. @throws {DecodeError} */
export function decodeEncryptedSecret(body: Uint8Array): Uint8Array {
  const fields = FieldReader.of(body, 0, body.length, undefined, 'clientKeyExchange', '10.5.7');
  const secret = fields.vector(2, 'encryptedSecret');
  fields.expectEnd();
  return secret;
}

/** The body of a ClientKeyExchange for RSA. @throws {ValueError} TOO_LONG */
export function encodeEncryptedSecret(secret: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writeVector(writer, 2, 'encryptedSecret', (inner) => inner.bytes(secret));
  return writer.finish();
}

const sections: ReadonlyMap<number, string> = new Map([
  [handshakeTypes.helloRequest, '10.5.1'],
  [handshakeTypes.clientHello, '10.5.1'],
  [handshakeTypes.serverHello, '10.5.1'],
  [handshakeTypes.certificate, '10.5.2'],
  [handshakeTypes.serverKeyExchange, '10.5.3'],
  [handshakeTypes.certificateRequest, '10.5.4'],
  [handshakeTypes.serverHelloDone, '10.5.5'],
  [handshakeTypes.clientKeyExchange, '10.5.7'],
  [handshakeTypes.certificateVerify, '10.5.8'],
  [handshakeTypes.finished, '10.5.9'],
]);

/** Another form than an index would have to be read to find the end of the parameters. */
const explicitParameters = 0xff;

function readBody(type: number, body: FieldReader): HandshakeMessage {
  switch (type) {
    case handshakeTypes.helloRequest:
      return { type: 'hello-request' };
    case handshakeTypes.clientHello:
      return { type: 'client-hello', hello: readClientHello(body) };
    case handshakeTypes.serverHello:
      return { type: 'server-hello', hello: readServerHello(body) };
    case handshakeTypes.serverKeyExchange: {
      const offset = body.offset;
      const parameterIndex = body.uint(1, 'parameterIndex', (index) => (index === 0 ? 'none' : ''));
      if (parameterIndex === explicitParameters) {
        throw new DecodeError(
          'UNSUPPORTED',
          'explicit parameters are not supported',
          { path: 'serverKeyExchange.parameterIndex', offset, bit: 0 },
          { doc: wtlsDocument, section: '10.5.3' },
        );
      }
      const publicKey = body.rest('publicKey', "the server's public key");
      return { type: 'server-key-exchange', parameterIndex, publicKey };
    }
    case handshakeTypes.serverHelloDone:
      return { type: 'server-hello-done' };
    case handshakeTypes.clientKeyExchange:
      return {
        type: 'client-key-exchange',
        body: body.rest('body', "the client's half of the key exchange"),
      };
    case handshakeTypes.finished:
      return { type: 'finished', verifyData: body.octets(verifyDataOctets, 'verifyData') };
    default:
      return { type: 'other', number: type, body: body.rest('body') };
  }
}

function writeBody(writer: ByteWriter, message: HandshakeMessage): void {
  switch (message.type) {
    case 'client-hello':
      writeClientHello(writer, message.hello);
      break;
    case 'server-hello':
      writeServerHello(writer, message.hello);
      break;
    case 'server-key-exchange':
      writer
        .u8(octet(message.parameterIndex, 'parameterIndex', explicitParameters - 1))
        .bytes(message.publicKey);
      break;
    case 'client-key-exchange':
    case 'other':
      writer.bytes(message.body);
      break;
    case 'finished':
      if (message.verifyData.length !== verifyDataOctets) {
        throw new ValueError('OUT_OF_RANGE', `must have ${verifyDataOctets} octets`, 'verifyData', {
          doc: wtlsDocument,
          section: '10.5.9',
        });
      }
      writer.bytes(message.verifyData);
      break;
    default:
      break;
  }
}

function typeNumber(message: HandshakeMessage): number {
  switch (message.type) {
    case 'hello-request':
      return handshakeTypes.helloRequest;
    case 'client-hello':
      return handshakeTypes.clientHello;
    case 'server-hello':
      return handshakeTypes.serverHello;
    case 'server-key-exchange':
      return handshakeTypes.serverKeyExchange;
    case 'server-hello-done':
      return handshakeTypes.serverHelloDone;
    case 'client-key-exchange':
      return handshakeTypes.clientKeyExchange;
    case 'finished':
      return handshakeTypes.finished;
    case 'other':
      return octet(message.number, 'number', 255);
  }
}

function octet(value: number, path: string, maximum: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return value;
  throw new ValueError('OUT_OF_RANGE', `must be an integer from 0 to ${maximum}`, path, {
    doc: wtlsDocument,
    section: '10.5',
  });
}
