// OBEX packets: opcode or response code, length of the whole packet, extra fields of CONNECT and SETPATH, headers
// (IrOBEX §3.1–§3.3).
import { type Annotate, ByteReader, ByteWriter, bytesToHex, ValueError } from '../../core/index.ts';
import { finalBit, opcodeName, opcodes, responseName } from './code-points.ts';
import { type ObexHeader, obexDocument, readHeaders, writeHeader } from './headers.ts';

/** Version of OBEX that we speak: 1.0 in two nibbles (IrOBEX §3.3.1.1). */
export const obexVersion = 0x10;

/** Every side takes packets of this many octets, whatever it announces (IrOBEX §3.3.1.4). */
export const minimumPacketLength = 255;

/** Longest packet that the length field can count. */
export const maximumPacketLength = 0xffff;

/** What a CONNECT and its response carry before the headers (IrOBEX §3.3.1). */
export interface ConnectFields {
  /** High nibble major, low nibble minor. Default 0x10. */
  readonly version?: number;
  /** Default 0. */
  readonly flags?: number;
  /** Longest packet that the sender of these fields can receive, 255–65535. */
  readonly maxPacketLength: number;
}

/** What a SETPATH carries before the headers (IrOBEX §3.3.6). */
export interface SetPathFields {
  readonly flags: number;
  readonly constants: number;
}

/** A request packet. */
export interface ObexRequest {
  /** Operation without the final bit: one of `opcodes`, or an unknown number. */
  readonly opcode: number;
  /** True when the request ends with this packet. */
  readonly final: boolean;
  /** Only with CONNECT, and there always. */
  readonly connect?: ConnectFields;
  /** Only with SETPATH, and there always. */
  readonly setPath?: SetPathFields;
  readonly headers: readonly ObexHeader[];
}

/** A response packet. */
export interface ObexResponse {
  /** Code with its final bit: one of `responseCodes`, or an unknown number. */
  readonly code: number;
  /** Only in the response to a CONNECT; some peers leave it out when they refuse. */
  readonly connect?: ConnectFields;
  readonly headers: readonly ObexHeader[];
}

/** How to read a packet. */
export interface DecodePacketOptions {
  /** Called for each field. */
  readonly annotate?: Annotate | undefined;
  /** Octet of the input at which the packet starts; default 0. */
  readonly start?: number | undefined;
}

/** How to read a response: only its request tells whether it holds the fields of CONNECT. */
export interface DecodeResponseOptions extends DecodePacketOptions {
  /** True for the response to a CONNECT. */
  readonly toConnect: boolean;
}

/** A packet that may be either. */
export type ObexPacket =
  | ({ readonly kind: 'request' } & ObexRequest)
  | ({ readonly kind: 'response' } & ObexResponse);

/**
 * Octets of a request.
 * @throws {ValueError} when a value does not fit, or a field of its operation is missing; TOO_LONG beyond 65 535 octets
 */
export function encodeRequest(request: ObexRequest): Uint8Array {
  const { opcode, connect, setPath } = request;
  const spec = { doc: obexDocument, section: '3.3' };
  if (!Number.isInteger(opcode) || opcode < 0 || opcode > 0x7f) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 127', 'opcode', spec);
  }
  if ((opcode === opcodes.connect) !== (connect !== undefined)) {
    throw new ValueError('MISSING', 'stands in a CONNECT and nowhere else', 'connect', spec);
  }
  if ((opcode === opcodes.setPath) !== (setPath !== undefined)) {
    throw new ValueError('MISSING', 'stands in a SETPATH and nowhere else', 'setPath', spec);
  }
  const writer = new ByteWriter();
  const lengthAt = start(writer, opcode | (request.final ? finalBit : 0));
  if (connect !== undefined) writeConnect(writer, connect);
  if (setPath !== undefined)
    writer.u8(octet(setPath.flags, 'flags')).u8(octet(setPath.constants, 'constants'));
  return finish(writer, lengthAt, request.headers);
}

/** Octets of a response. @throws {ValueError} when a value does not fit; TOO_LONG beyond 65 535 octets */
export function encodeResponse(response: ObexResponse): Uint8Array {
  const writer = new ByteWriter();
  const lengthAt = start(writer, octet(response.code, 'code') | finalBit);
  if (response.connect !== undefined) writeConnect(writer, response.connect);
  return finish(writer, lengthAt, response.headers);
}

/** Reads a request that fills the input. @throws {DecodeError} */
export function decodeRequest(bytes: Uint8Array, options: DecodePacketOptions = {}): ObexRequest {
  const { annotate } = options;
  const reader = new ByteReader(bytes, obexDocument, options.start ?? 0);
  const offset = reader.offset;
  const first = reader.u8('opcode', '3.1');
  const opcode = first & 0x7f;
  const final = (first & finalBit) !== 0;
  const meaning = `${opcodeName(opcode)}, ${final ? 'the whole or last packet' : 'more packets follow'}`;
  note(annotate, offset, 1, 'opcode', bytesToHex(Uint8Array.of(first)), meaning, '3.1');
  const body = packetBody(reader, annotate);
  const connect = opcode === opcodes.connect ? readConnect(body, annotate) : undefined;
  const setPath = opcode === opcodes.setPath ? readSetPath(body, annotate) : undefined;
  const headers = readHeaders(body, annotate);
  return {
    opcode,
    final,
    ...(connect === undefined ? {} : { connect }),
    ...(setPath === undefined ? {} : { setPath }),
    headers,
  };
}

/** Reads a response that fills the input. @throws {DecodeError} */
export function decodeResponse(bytes: Uint8Array, options: DecodeResponseOptions): ObexResponse {
  const { annotate } = options;
  const reader = new ByteReader(bytes, obexDocument, options.start ?? 0);
  const offset = reader.offset;
  const first = reader.u8('code', '3.2');
  // A response without the final bit is let pass: it cannot be mistaken for anything else.
  const code = first | finalBit;
  note(annotate, offset, 1, 'code', bytesToHex(Uint8Array.of(first)), responseName(code), '3.2.1');
  const body = packetBody(reader, annotate);
  const bareRefusal = body.left === 0 && code >= 0xb0;
  const connect = options.toConnect && !bareRefusal ? readConnect(body, annotate) : undefined;
  const headers = readHeaders(body, annotate);
  return { code, ...(connect === undefined ? {} : { connect }), headers };
}

/**
 * Reads a packet of unknown direction, for tools: requests and responses have different first octets. Whether a
 * response answers a CONNECT is guessed from what stands where the fields of CONNECT would.
 * @throws {DecodeError}
 */
export function decodePacket(bytes: Uint8Array, options: DecodePacketOptions = {}): ObexPacket {
  const start = options.start ?? 0;
  const first = (bytes[start] ?? 0) & 0x7f;
  if (first < 0x10 || first === opcodes.abort) {
    return { kind: 'request', ...decodeRequest(bytes, options) };
  }
  // Every version of OBEX announces itself as 10, and no header has that identifier.
  const toConnect = bytes.length - start >= 7 && bytes[start + 3] === obexVersion;
  return { kind: 'response', ...decodeResponse(bytes, { ...options, toConnect }) };
}

function start(writer: ByteWriter, first: number): number {
  writer.u8(first);
  return writer.reserve(2);
}

function finish(writer: ByteWriter, lengthAt: number, headers: readonly ObexHeader[]): Uint8Array {
  for (const header of headers) writeHeader(writer, header);
  if (writer.length > maximumPacketLength) {
    throw new ValueError('TOO_LONG', `${writer.length} octets do not fit one packet`, 'headers', {
      doc: obexDocument,
      section: '3.1',
    });
  }
  writer.fill(lengthAt, writer.length, 2);
  return writer.release();
}

function writeConnect(writer: ByteWriter, fields: ConnectFields): void {
  const { maxPacketLength } = fields;
  const inRange = maxPacketLength >= minimumPacketLength && maxPacketLength <= maximumPacketLength;
  if (!Number.isInteger(maxPacketLength) || !inRange) {
    const rule = `must be an integer from ${minimumPacketLength} to ${maximumPacketLength}`;
    throw new ValueError('OUT_OF_RANGE', rule, 'maxPacketLength', { doc: obexDocument, section: '3.3.1.4' });
  }
  writer.u8(octet(fields.version ?? obexVersion, 'version'));
  writer.u8(octet(fields.flags ?? 0, 'flags'));
  writer.uint(maxPacketLength, 2);
}

function octet(value: number, path: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 255) {
    throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 255', path);
  }
  return value;
}

/** What stands between the length field and the packet's end, which is the input's end. */
function packetBody(reader: ByteReader, annotate: Annotate | undefined): ByteReader {
  const offset = reader.offset;
  const length = reader.uint(2, 'length', '3.1');
  if (length < 3) throw reader.error('BAD_VALUE', `is ${length}, below 3`, 'length', '3.1', offset);
  note(annotate, offset, 2, 'length', String(length), 'octets of the packet', '3.1');
  const body = reader.sub(length - 3, 'length', '3.1');
  reader.expectEnd('length', '3.1');
  return body;
}

function readConnect(reader: ByteReader, annotate: Annotate | undefined): ConnectFields {
  const offset = reader.offset;
  const version = reader.u8('version', '3.3.1.1');
  const shown = `${version >> 4}.${version & 15}`;
  note(annotate, offset, 1, 'version', shown, 'version of OBEX', '3.3.1.1');
  const flags = reader.u8('flags', '3.3.1.2');
  note(annotate, offset + 1, 1, 'flags', String(flags), '', '3.3.1.2');
  const maxPacketLength = reader.uint(2, 'maxPacketLength', '3.3.1.3');
  const meaning = 'longest packet that the sender of this can receive';
  note(annotate, offset + 2, 2, 'maxPacketLength', String(maxPacketLength), meaning, '3.3.1.3');
  return { version, flags, maxPacketLength };
}

function readSetPath(reader: ByteReader, annotate: Annotate | undefined): SetPathFields {
  const offset = reader.offset;
  const flags = reader.u8('flags', '3.3.6.1');
  note(annotate, offset, 1, 'flags', String(flags), '', '3.3.6.1');
  const constants = reader.u8('constants', '3.3.6.2');
  note(annotate, offset + 1, 1, 'constants', String(constants), '', '3.3.6.2');
  return { flags, constants };
}

function note(
  annotate: Annotate | undefined,
  offset: number,
  length: number,
  field: string,
  value: string,
  meaning: string,
  section: string,
): void {
  annotate?.({ offset, length, field, value, meaning, section: `${obexDocument} §${section}` });
}
