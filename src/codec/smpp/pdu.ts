// SMPP PDUs: a header of 16 octets, mandatory fields, optional parameters (SMPP 3.4 §3.2).
import { ByteReader, ByteWriter, bytesToHex, DecodeError, ValueError } from '../../core/index.ts';
import { type BodyOfCommand, bodies, type KnownCommand } from './bodies.ts';
import type { ReadObserver } from './body-table.ts';
import { commandIds, commandName, isResponseId } from './commands.ts';
import { smppDocument } from './document.ts';
import { holdsParametersAlone, readParameters, type SmppParameters, writeParameters } from './parameters.ts';
import { isWholeReceipt, type ReceiptSource } from './receipt.ts';
import { statusName } from './statuses.ts';

/** What every PDU has. */
interface PduHead {
  /** command_status: 0 in requests; a number of `commandStatuses` in responses. */
  readonly status: number;
  /** sequence_number, 1–7FFFFFFF; a response repeats that of its request. */
  readonly sequence: number;
}

/** A PDU of one command. */
export type PduOf<C extends KnownCommand> = PduHead & { readonly command: C } & BodyOfCommand<C> & {
    readonly parameters: SmppParameters;
  };

/** A PDU whose body is not taken apart: of a command that a push does not need, or of no command. */
export interface OpaquePdu extends PduHead {
  readonly command: 'opaque';
  readonly commandId: number;
  readonly body: Uint8Array;
}

/** Any PDU. */
export type SmppPdu = { [C in KnownCommand]: PduOf<C> }[KnownCommand] | OpaquePdu;

/** A PDU of one command to write: what is left out is 0 or empty, and interface_version 0x34. */
export type PduInputOf<C extends KnownCommand> = { readonly command: C } & Partial<PduHead> &
  Partial<BodyOfCommand<C>> & { readonly parameters?: SmppParameters };

/** Any PDU to write. */
export type SmppPduInput = { [C in KnownCommand]: PduInputOf<C> }[KnownCommand] | OpaquePdu;

const tables: ReadonlyMap<string, (typeof bodies)[KnownCommand]> = new Map(Object.entries(bodies));

/** Octets of the header. */
export const headerLength = 16;

/** Highest sequence number (§5.1.4). */
export const maxSequence = 0x7fffffff;

/** Longest PDU that we read or write unless told otherwise: message_payload of 65 535 octets and what goes with it. */
export const maxPduLength = 66_000;

/** What the header says. */
export interface PduHeader {
  /** command_length: octets of the whole PDU. */
  readonly length: number;
  readonly commandId: number;
  readonly status: number;
  readonly sequence: number;
}

/** How to write a PDU. */
export interface EncodePduOptions {
  /**
   * Called for each value that is let pass although the standard has a rule against it: system_id, password and
   * system_type of a bind of up to 255 characters. Absent: they are refused.
   */
  readonly onDeviation?: ReadObserver['onDeviation'];
}

/**
 * Octets of a PDU. A response with a status other than 0 has no body (§4.4.2).
 * @throws {ValueError} for a value that does not fit its field, or short_message together with message_payload
 */
export function encodePdu(pdu: SmppPduInput, { onDeviation }: EncodePduOptions = {}): Uint8Array {
  const opaque = pdu.command === 'opaque';
  const commandId = opaque ? pdu.commandId : commandIds[pdu.command];
  const status = unsigned32(pdu.status ?? 0, 'status', '5.1.3');
  const sequence = unsigned32(pdu.sequence ?? 0, 'sequence', '5.1.4');
  const writer = new ByteWriter(256);
  writer.reserve(4);
  writer
    .uint(unsigned32(commandId, 'commandId', '5.1.2'), 4)
    .uint(status, 4)
    .uint(sequence, 4);
  if (opaque) {
    writer.bytes(pdu.body);
  } else if (!isResponseId(commandId) || status === 0) {
    bodies[pdu.command].write(writer, pdu as Readonly<Record<string, unknown>>, onDeviation);
    if (pdu.parameters !== undefined) {
      if (pdu.parameters.messagePayload !== undefined && 'shortMessage' in pdu)
        requireEmpty(pdu.shortMessage);
      writeParameters(writer, pdu.parameters);
    }
  }
  writer.fill(0, writer.length, 4);
  return writer.finish();
}

/** How to read a PDU. */
export interface DecodePduOptions extends ReadObserver {
  /** Octet of the input at which the PDU starts; it ends with the input. Default 0. */
  readonly start?: number | undefined;
}

/**
 * Reads a PDU that fills the input. A response is read as far as it goes: without a body as if its fields were empty, without
 * the 00 of its text, with parameters alone beside a status (as SMPP 5.0 has them), with octets at its end that are no whole
 * parameter. What a centre delivers may end with such octets too, as long as they are not the message itself; and a
 * receipt with its id and its state may end anywhere behind them, since refusing it would only bring it back.
 * @throws {DecodeError}
 */
export function decodePdu(bytes: Uint8Array, options: DecodePduOptions = {}): SmppPdu {
  const reader = new ByteReader(bytes, smppDocument, options.start ?? 0);
  const { commandId, status, sequence } = readHeaderOf(reader, options);
  const command = commandName(commandId);
  const table = command === undefined ? undefined : tables.get(command);
  if (command === undefined || table === undefined) {
    const offset = reader.offset;
    const body = reader.rest();
    options.annotate?.({
      offset,
      length: body.length,
      field: 'body',
      value: bytesToHex(body),
      meaning: 'not taken apart',
      section: `${smppDocument} §3.2`,
    });
    return { command: 'opaque', commandId, status, sequence, body };
  }
  const target: Record<string, unknown> = { command, status, sequence };
  const response = isResponseId(commandId);
  if (response && (reader.left === 0 || (status !== 0 && beginsWithParameters(reader, options)))) {
    table.fill(target);
  } else {
    try {
      table.read(reader, target, options);
    } catch (error) {
      if (command !== 'deliver_sm' || !(error instanceof DecodeError)) throw error;
      if (!takeCutText(reader, target, options)) throw error;
    }
  }
  const delivered = command === 'deliver_sm' || command === 'data_sm';
  const tail = response ? 'lenient' : delivered ? 'receipt' : 'strict';
  const parameters = readParameters(reader, options, tail, (found) =>
    isWholeReceipt({ ...(target as unknown as ReceiptSource), parameters: found }),
  );
  target.parameters = parameters;
  const { shortMessage } = target;
  if (
    parameters.messagePayload !== undefined &&
    shortMessage instanceof Uint8Array &&
    shortMessage.length > 0
  ) {
    options.onDeviation?.({
      field: 'messagePayload',
      offset: reader.offset,
      bit: 0,
      value: bytesToHex(parameters.messagePayload),
      message: 'stands beside a short_message that is not empty',
      section: `${smppDocument} §5.3.2.32`,
    });
  }
  return target as unknown as SmppPdu;
}

/**
 * Reads the header at the start of the octets, without a look at the body.
 * @throws {DecodeError} TRUNCATED below 16 octets
 */
export function readHeader(bytes: Uint8Array): PduHeader {
  if (bytes.length < headerLength) {
    new ByteReader(bytes, smppDocument).need(headerLength, 'header', '3.2');
  }
  return {
    length: word(bytes, 0),
    commandId: word(bytes, 4),
    status: word(bytes, 8),
    sequence: word(bytes, 12),
  };
}

/** Sets the sequence number of a PDU that is written already: the same octets can be sent again under another. */
export function setSequence(pdu: Uint8Array, sequence: number): void {
  pdu[12] = sequence >>> 24;
  pdu[13] = sequence >>> 16;
  pdu[14] = sequence >>> 8;
  pdu[15] = sequence;
}

/** Takes what is left as short_message where sm_length (§5.2.21) says more, if that is a whole receipt; true when it did. */
function takeCutText(
  reader: ByteReader,
  target: Record<string, unknown>,
  { annotate, onDeviation }: ReadObserver,
): boolean {
  if (target.smDefaultMessageId === undefined || target.shortMessage !== undefined) return false;
  const shortMessage = reader.ahead(reader.left);
  if (!isWholeReceipt({ ...(target as unknown as ReceiptSource), shortMessage, parameters: {} }))
    return false;
  const { offset } = reader;
  target.shortMessage = reader.rest();
  const value = bytesToHex(shortMessage);
  const message = `ends with the PDU after ${shortMessage.length} octets, sm_length says more`;
  const section = `${smppDocument} §5.2.21`;
  const field = 'shortMessage';
  onDeviation?.({ field, offset, bit: 0, value, message, section });
  annotate?.({ offset, length: shortMessage.length, field, value, meaning: message, section });
  return true;
}

/**
 * True for the body of a refusal that has parameters where its text should be. A text begins with something that can be
 * printed, or with the 00 of an empty one; what follows that is looked at first.
 */
function beginsWithParameters(reader: ByteReader, { onDeviation }: ReadObserver): boolean {
  const body = reader.ahead(reader.left);
  const first = body[0] ?? 0;
  if (first >= 0x20 && first < 0x7f) return false;
  if (first === 0 && (body.length === 1 || holdsParametersAlone(body, 1))) return false;
  if (!holdsParametersAlone(body, 0)) return false;
  onDeviation?.({
    field: 'body',
    offset: reader.offset,
    bit: 0,
    value: bytesToHex(body),
    message: 'parameters alone, as in SMPP 5.0',
    section: `${smppDocument} §4.4.2`,
  });
  return true;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) * 0x1000000 +
    (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
  );
}

/** Reads the header of a PDU that fills what is left. @throws {DecodeError} */
export function readHeaderOf(reader: ByteReader, { annotate }: DecodePduOptions): PduHeader {
  const offset = reader.offset;
  const present = reader.left;
  const header = readHeader(reader.take(headerLength, 'header', '3.2'));
  const { length, commandId, status, sequence } = header;
  if (annotate !== undefined) {
    const note = (index: number, field: string, value: string, meaning: string, section: string): void =>
      annotate({
        offset: offset + index * 4,
        length: 4,
        field,
        value,
        meaning,
        section: `${smppDocument} §${section}`,
      });
    note(0, 'command_length', String(length), 'octets of the PDU', '5.1.1');
    note(
      1,
      'command_id',
      `0x${hex(commandId)}`,
      commandName(commandId) ?? 'neither in SMPP 3.4 nor in 5.0',
      '5.1.2',
    );
    note(2, 'command_status', `0x${hex(status)}`, statusName(status), '5.1.3');
    note(3, 'sequence_number', String(sequence), '', '5.1.4');
  }
  if (length > present) {
    throw reader.error(
      'TRUNCATED',
      `is ${length}, ${present} octets are there`,
      'command_length',
      '5.1.1',
      offset,
    );
  }
  if (length < present) {
    throw reader.error(
      'TRAILING',
      `is ${length}, ${present} octets are there`,
      'command_length',
      '5.1.1',
      offset,
    );
  }
  return header;
}

function unsigned32(value: number, path: string, section: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return value;
  const detail = 'must be an integer from 0 to 4294967295';
  throw new ValueError('OUT_OF_RANGE', detail, path, { doc: smppDocument, section });
}

function requireEmpty(shortMessage: Uint8Array | undefined): void {
  if (shortMessage === undefined || shortMessage.length === 0) return;
  throw new ValueError('OUT_OF_RANGE', 'excludes a short_message that is not empty', 'messagePayload', {
    doc: smppDocument,
    section: '5.3.2.32',
  });
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(8, '0');
}
