// User data of a short message with a user data header: ports and concatenation (3GPP TS 23.040 §9.2.3.24).
import {
  type Annotate,
  ByteReader,
  ByteWriter,
  bytesToHex,
  type Deviation,
  ValueError,
} from '../../core/index.ts';

/** Application ports. A push goes to 16-bit port 2948. */
export interface UserDataPorts {
  readonly destination: number;
  readonly source: number;
  /** Width on the wire. */
  readonly bits: 8 | 16;
}

/** One part of a concatenated message. */
export interface Concatenation {
  /** The same in all parts, 0–255 or 0–65535. */
  readonly reference: number;
  readonly referenceBits: 8 | 16;
  /** Number of parts, 1–255. */
  readonly total: number;
  /** This part, 1–total. */
  readonly sequence: number;
}

/** An information element that is neither ports nor concatenation. */
export interface InformationElement {
  /** Identifier, 0–255. */
  readonly id: number;
  readonly data: Uint8Array;
}

/** What a user data header says. */
export interface UserDataHeader {
  readonly ports?: UserDataPorts;
  readonly concatenation?: Concatenation;
  readonly others: readonly InformationElement[];
}

/** User data taken apart. */
export interface UserData {
  readonly header: UserDataHeader;
  /** What follows the header, as a view into the input. */
  readonly payload: Uint8Array;
  /** Octet offset of the payload in the input. */
  readonly payloadOffset: number;
  /** Elements that were ignored because they contradict the standard. */
  readonly deviations: readonly Deviation[];
}

const doc = '3GPP TS 23.040';

interface ElementRule {
  readonly name: 'ports' | 'concatenation';
  readonly bits: 8 | 16;
  readonly size: number;
  readonly section: string;
}

const rules: ReadonlyMap<number, ElementRule> = new Map([
  [0x00, { name: 'concatenation', bits: 8, size: 3, section: '9.2.3.24.1' }],
  [0x04, { name: 'ports', bits: 8, size: 2, section: '9.2.3.24.3' }],
  [0x05, { name: 'ports', bits: 16, size: 4, section: '9.2.3.24.4' }],
  [0x08, { name: 'concatenation', bits: 16, size: 4, section: '9.2.3.24.8' }],
]);

/**
 * Reads user data whose user data header indicator is set, from `start` (default 0) to the end of `bytes`. Unknown
 * elements are skipped; of repeated ones, and of the two widths of one element, the last counts.
 * @throws {DecodeError} TRUNCATED when the header or an element is longer than its surroundings
 */
export function decodeUserData(
  bytes: Uint8Array,
  options: { readonly annotate?: Annotate | undefined; readonly start?: number | undefined } = {},
): UserData {
  const { annotate } = options;
  const reader = new ByteReader(bytes, doc, options.start ?? 0);
  const offset = reader.offset;
  const length = reader.u8('headerLength', '9.2.3.24');
  annotate?.({
    offset,
    length: 1,
    field: 'headerLength',
    value: String(length),
    meaning: 'UDHL, octets of the user data header that follow',
    section: `${doc} §9.2.3.24`,
  });
  const header = reader.sub(length, 'headerLength', '9.2.3.24');
  const deviations: Deviation[] = [];
  const others: InformationElement[] = [];
  let ports: UserDataPorts | undefined;
  let concatenation: Concatenation | undefined;
  while (header.left > 0) {
    const element = readElement(header);
    const found = interpret(element, deviations);
    if ('ports' in found) ports = found.ports;
    else if ('concatenation' in found) concatenation = found.concatenation;
    else if (found.keep) others.push({ id: element.id, data: element.data });
    annotate?.({
      offset: element.offset,
      length: header.offset - element.offset,
      field: element.rule?.name ?? `element 0x${hexOctet(element.id)}`,
      value: bytesToHex(element.data),
      meaning: found.meaning,
      section: `${doc} §${element.rule?.section ?? '9.2.3.24'}`,
    });
  }
  return {
    header: {
      ...(ports === undefined ? {} : { ports }),
      ...(concatenation === undefined ? {} : { concatenation }),
      others,
    },
    payloadOffset: reader.offset,
    payload: reader.rest(),
    deviations,
  };
}

/**
 * Writes a user data header and its payload: concatenation, ports, then other elements.
 * @throws {ValueError} OUT_OF_RANGE, or TOO_LONG for a header beyond 255 octets
 */
export function encodeUserData(header: Partial<UserDataHeader>, payload: Uint8Array): Uint8Array {
  const writer = new ByteWriter(payload.length + 16);
  const lengthAt = writer.reserve(1);
  const { ports, concatenation } = header;
  if (concatenation !== undefined) {
    const { reference, referenceBits, total, sequence } = concatenation;
    const size = referenceBits / 8;
    checkRange('concatenation.reference', reference, 0, 2 ** referenceBits - 1, '9.2.3.24.1');
    checkRange('concatenation.total', total, 1, 255, '9.2.3.24.1');
    checkRange('concatenation.sequence', sequence, 1, total, '9.2.3.24.1');
    writer.u8(size === 1 ? 0x00 : 0x08).u8(size + 2);
    writer.uint(reference, size).u8(total).u8(sequence);
  }
  if (ports !== undefined) {
    const size = ports.bits / 8;
    checkRange('ports.destination', ports.destination, 0, 2 ** ports.bits - 1, '9.2.3.24.4');
    checkRange('ports.source', ports.source, 0, 2 ** ports.bits - 1, '9.2.3.24.4');
    writer.u8(size === 1 ? 0x04 : 0x05).u8(size * 2);
    writer.uint(ports.destination, size).uint(ports.source, size);
  }
  for (const [index, { id, data }] of (header.others ?? []).entries()) {
    checkRange(`others[${index}].id`, id, 0, 255, '9.2.3.24');
    checkRange(`others[${index}].data.length`, data.length, 0, 255, '9.2.3.24');
    writer.u8(id).u8(data.length).bytes(data);
  }
  const length = writer.length - lengthAt - 1;
  if (length > 255) {
    const detail = `the user data header takes ${length} octets, 255 are possible`;
    throw new ValueError('TOO_LONG', detail, 'header', { doc, section: '9.2.3.24' });
  }
  writer.fill(lengthAt, length, 1);
  return writer.bytes(payload).finish();
}

interface ReadElement extends InformationElement {
  readonly offset: number;
  readonly rule: ElementRule | undefined;
}

function readElement(reader: ByteReader): ReadElement {
  const offset = reader.offset;
  const id = reader.u8('element', '9.2.3.24');
  const length = reader.u8('element.length', '9.2.3.24');
  const data = reader.take(length, 'element.data', '9.2.3.24');
  return { offset, id, data, rule: rules.get(id) };
}

type Interpretation = { readonly meaning: string } & (
  | { readonly ports: UserDataPorts }
  | { readonly concatenation: Concatenation }
  /** `keep` is false for an element of ours that is unusable. */
  | { readonly keep: boolean }
);

function interpret(element: ReadElement, deviations: Deviation[]): Interpretation {
  const { rule, data } = element;
  if (rule === undefined) return { keep: true, meaning: 'not used, skipped' };
  const ignored = (message: string): Interpretation => {
    const section = `${doc} §${rule.section}`;
    const value = bytesToHex(data);
    deviations.push({ field: rule.name, offset: element.offset, bit: 0, value, message, section });
    return { keep: false, meaning: message };
  };
  if (data.length !== rule.size) return ignored(`has ${data.length} octets instead of ${rule.size}, ignored`);
  const size = rule.bits / 8;
  const number = (at: number, octets: number): number => {
    let value = 0;
    for (let i = 0; i < octets; i += 1) value = value * 256 + (data[at + i] ?? 0);
    return value;
  };
  if (rule.name === 'ports') {
    const ports = { destination: number(0, size), source: number(size, size), bits: rule.bits };
    return { ports, meaning: `to port ${ports.destination}, from port ${ports.source}` };
  }
  const reference = number(0, size);
  const total = number(size, 1);
  const sequence = number(size + 1, 1);
  if (total === 0 || sequence === 0 || sequence > total) {
    return ignored(`part ${sequence} of ${total} cannot be, ignored`);
  }
  const concatenation = { reference, referenceBits: rule.bits, total, sequence };
  return { concatenation, meaning: `part ${sequence} of ${total}, reference ${reference}` };
}

function checkRange(path: string, value: number, minimum: number, maximum: number, section: string): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    const detail = `${value} is not an integer from ${minimum} to ${maximum}`;
    throw new ValueError('OUT_OF_RANGE', detail, path, { doc, section });
  }
}

function hexOctet(octet: number): string {
  return octet.toString(16).toUpperCase().padStart(2, '0');
}
