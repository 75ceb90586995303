// Optional parameters: tag, length, value (SMPP 3.4 §3.2.4, §5.3). Those that a push needs have names and types here;
// all others are kept as octets.
import {
  type Annotation,
  type ByteReader,
  type ByteWriter,
  bytesToHex,
  ValueError,
} from '../../core/index.ts';
import { octetsToText, writeCString } from './body-field.ts';
import type { ReadObserver } from './body-table.ts';
import { smppDocument } from './document.ts';
import { namedParameter } from './parameter-names.ts';

/** An optional parameter without a name here, or one of ours whose length is wrong. */
export interface RawParameter {
  /** 0–65535. */
  readonly tag: number;
  /** Up to 65 535 octets. */
  readonly value: Uint8Array;
}

/** The optional parameters of a PDU. */
export interface SmppParameters {
  /** Port of the sending application (§5.3.2.20). */
  readonly sourcePort?: number;
  /** Port of the receiving application (§5.3.2.21). */
  readonly destinationPort?: number;
  /** Reference of a concatenated message, 0–65535 (§5.3.2.22). */
  readonly sarReference?: number;
  /** Number of its segments, 1–255 (§5.3.2.23). */
  readonly sarTotal?: number;
  /** Number of this segment, from 1 (§5.3.2.24). */
  readonly sarSequence?: number;
  /** 0 default, 1 WCMP (§5.3.2.10). */
  readonly payloadType?: number;
  /** Content of up to 64 KB, instead of short_message (§5.3.2.32). */
  readonly messagePayload?: Uint8Array;
  /** In a receipt, the message that it is about (§5.3.2.12). */
  readonly receiptedMessageId?: string;
  /** In a receipt, what became of it: a number of `messageStates` (§5.3.2.35). */
  readonly messageState?: number;
  /** In a receipt, why: type of network, then a code of two octets (§5.3.2.31). */
  readonly networkErrorCode?: Uint8Array;
  /** 1 when more messages for the same address follow (§5.3.2.34). */
  readonly moreMessagesToSend?: number;
  /** Version of SMPP that the centre speaks, in a response to a bind (§5.3.2.25). */
  readonly scInterfaceVersion?: number;
  /** All others, in order. */
  readonly others?: readonly RawParameter[];
}

interface Row {
  readonly name: Exclude<keyof SmppParameters, 'others'>;
  readonly tag: number;
  readonly section: string;
  /** Octets of an integer, or the kind of another value. */
  readonly kind: 1 | 2 | 'text' | 'octets';
}

const rows: readonly Row[] = [
  { name: 'payloadType', tag: 0x0019, section: '5.3.2.10', kind: 1 },
  { name: 'receiptedMessageId', tag: 0x001e, section: '5.3.2.12', kind: 'text' },
  { name: 'sourcePort', tag: 0x020a, section: '5.3.2.20', kind: 2 },
  { name: 'destinationPort', tag: 0x020b, section: '5.3.2.21', kind: 2 },
  { name: 'sarReference', tag: 0x020c, section: '5.3.2.22', kind: 2 },
  { name: 'sarTotal', tag: 0x020e, section: '5.3.2.23', kind: 1 },
  { name: 'sarSequence', tag: 0x020f, section: '5.3.2.24', kind: 1 },
  { name: 'scInterfaceVersion', tag: 0x0210, section: '5.3.2.25', kind: 1 },
  { name: 'networkErrorCode', tag: 0x0423, section: '5.3.2.31', kind: 'octets' },
  { name: 'messagePayload', tag: 0x0424, section: '5.3.2.32', kind: 'octets' },
  { name: 'moreMessagesToSend', tag: 0x0426, section: '5.3.2.34', kind: 1 },
  { name: 'messageState', tag: 0x0427, section: '5.3.2.35', kind: 1 },
];

const byTag: ReadonlyMap<number, Row> = new Map(rows.map((row) => [row.tag, row]));

/** Appends the parameters that are given, in order of their tags, then the others. @throws {ValueError} */
export function writeParameters(writer: ByteWriter, parameters: SmppParameters): void {
  for (const { name, tag, section, kind } of rows) {
    const value = parameters[name];
    if (value === undefined) continue;
    writer.uint(tag, 2);
    const lengthAt = writer.reserve(2);
    const start = writer.length;
    if (typeof value === 'number') writeInteger(writer, value, kind === 2 ? 2 : 1, name, section);
    else if (typeof value === 'string') writeCString(writer, value, name, section);
    else writer.bytes(value);
    fillLength(writer, lengthAt, start, name, section);
  }
  for (const [index, { tag, value }] of (parameters.others ?? []).entries()) {
    const path = `others[${index}]`;
    writeInteger(writer, tag, 2, `${path}.tag`, '3.2.4.1');
    const lengthAt = writer.reserve(2);
    const start = writer.length;
    writer.bytes(value);
    fillLength(writer, lengthAt, start, path, '3.2.4.1');
  }
}

/**
 * How octets are taken that are no whole parameter: `strict` throws; `receipt` leaves them out, unless they are the start of
 * a parameter that says what a message holds or where it goes; `lenient` leaves them out.
 */
export type TailReading = 'strict' | 'receipt' | 'lenient';

/**
 * Reads parameters up to the reader's end. Of a repeated one, the last counts. One of ours with a wrong length is
 * reported as a deviation and kept among the others; so are, without being kept, octets that are let pass at the end. With
 * `receipt`, these may be the start of any parameter if `isWhole` says that what there is says all.
 * @throws {DecodeError} TRUNCATED
 */
export function readParameters(
  reader: ByteReader,
  observer: ReadObserver,
  tail: TailReading = 'strict',
  isWhole: (found: SmppParameters) => boolean = () => false,
): SmppParameters {
  if (reader.left === 0) return none;
  const found: Record<string, unknown> = {};
  const others: RawParameter[] = [];
  while (reader.left > 0) {
    if (tail !== 'strict' && passOverTail(reader, observer, tail, found, isWhole)) break;
    const offset = reader.offset;
    const tag = reader.uint(2, 'parameter.tag', '3.2.4.1');
    const length = reader.uint(2, 'parameter.length', '3.2.4.1');
    const octets = reader.take(length, 'parameter.value', '3.2.4.1');
    const row = byTag.get(tag);
    const value = row === undefined ? undefined : interpret(row, octets);
    const lengthInAll = reader.offset - offset;
    if (row === undefined) {
      others.push({ tag, value: octets });
      observer.annotate?.({ offset, length: lengthInAll, ...showOther(tag, octets) });
      continue;
    }
    const { name } = row;
    const section = `${smppDocument} §${row.section}`;
    const shown = value === undefined || value instanceof Uint8Array ? bytesToHex(octets) : String(value);
    let meaning = '';
    if (value !== undefined) found[name] = value;
    else {
      others.push({ tag, value: octets });
      meaning = `${length} octets are not a value of it, ignored`;
      observer.onDeviation?.({ field: name, offset, bit: 0, value: shown, message: meaning, section });
    }
    observer.annotate?.({ offset, length: lengthInAll, field: name, value: shown, meaning, section });
  }
  if (others.length > 0) found.others = others;
  return found;
}

/** How a parameter is shown that is not used here. */
function showOther(
  tag: number,
  octets: Uint8Array,
): Pick<Annotation, 'field' | 'value' | 'meaning' | 'section'> {
  const known = namedParameter(tag);
  if (known === undefined) {
    const section = `${smppDocument} §5.3.2`;
    return {
      field: `parameter 0x${hex(tag)}`,
      value: bytesToHex(octets),
      meaning: 'not used, skipped',
      section,
    };
  }
  const { name, section, kind } = known;
  const shown = { field: name, section, value: bytesToHex(octets), meaning: '' };
  if (kind === 'octets') return shown;
  if (kind === 'text') return { ...shown, value: octetsToText(octets.subarray(0, nulOrEnd(octets))) };
  if (octets.length !== kind) return { ...shown, meaning: `${octets.length} octets are not a value of it` };
  return { ...shown, value: String(octets.reduce((sum, octet) => sum * 256 + octet, 0)) };
}

function nulOrEnd(octets: Uint8Array): number {
  const nul = octets.indexOf(0);
  return nul < 0 ? octets.length : nul;
}

const none: SmppParameters = Object.freeze({});

/** Parameters without which a message would be another one, or somebody else's. */
const needed: ReadonlySet<string> = new Set<Row['name']>([
  'sourcePort',
  'destinationPort',
  'sarReference',
  'sarTotal',
  'sarSequence',
  'messagePayload',
]);

/** Takes what is left when it is no whole parameter and may be left out; true when it did. */
function passOverTail(
  reader: ByteReader,
  observer: ReadObserver,
  tail: TailReading,
  found: Record<string, unknown>,
  isWhole: (found: SmppParameters) => boolean,
): boolean {
  const { offset, left } = reader;
  const head = reader.ahead(headOctets);
  const tag = left < headOctets ? undefined : ((head[0] ?? 0) << 8) | (head[1] ?? 0);
  if (tag !== undefined && headOctets + (((head[2] ?? 0) << 8) | (head[3] ?? 0)) <= left) return false;
  const row = tag === undefined ? undefined : byTag.get(tag);
  if (tail === 'receipt' && row !== undefined && needed.has(row.name) && !isWhole(found)) {
    // The content itself is cut, or said to be longer than it is: all that matters may be there.
    const content = { ...found, messagePayload: reader.ahead(left).subarray(headOctets) };
    if (row.name !== 'messagePayload' || !isWhole(content)) return false;
    Object.assign(found, content);
  }
  const value = bytesToHex(reader.rest());
  const field = row?.name ?? 'parameter';
  const section = `${smppDocument} §3.2.4.1`;
  const message = `${left} octets that are no whole parameter, ignored`;
  observer.onDeviation?.({ field, offset, bit: 0, value, message, section });
  observer.annotate?.({ offset, length: left, field, value, meaning: message, section });
  return true;
}

/** True when whole parameters, one at least, fill the octets from `at` to their end. */
export function holdsParametersAlone(octets: Uint8Array, at: number): boolean {
  let next = at;
  while (next + headOctets <= octets.length) {
    next += headOctets + (((octets[next + 2] ?? 0) << 8) | (octets[next + 3] ?? 0));
  }
  return next === octets.length && next > at;
}

/** Octets of tag and length. */
const headOctets = 4;

/** `undefined` when the octets are no value of that kind. */
function interpret({ kind }: Row, octets: Uint8Array): number | string | Uint8Array | undefined {
  if (kind === 'octets') return octets;
  if (kind === 'text') {
    // Some centres leave the 00 out.
    return octetsToText(octets.subarray(0, nulOrEnd(octets)));
  }
  if (octets.length !== kind) return undefined;
  return kind === 1 ? octets[0] : ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
}

function writeInteger(writer: ByteWriter, value: number, size: 1 | 2, path: string, section: string): void {
  const maximum = size === 1 ? 255 : 65535;
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    const detail = `must be an integer from 0 to ${maximum}`;
    throw new ValueError('OUT_OF_RANGE', detail, path, { doc: smppDocument, section });
  }
  writer.uint(value, size);
}

function fillLength(writer: ByteWriter, at: number, start: number, path: string, section: string): void {
  const length = writer.length - start;
  if (length > 65535) {
    const detail = `${length} octets, at most 65535 fit`;
    throw new ValueError('TOO_LONG', detail, path, { doc: smppDocument, section });
  }
  writer.fill(at, length, 2);
}

function hex(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(4, '0');
}
