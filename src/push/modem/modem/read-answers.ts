// What modems answer, read: registration, signal, memories, places of messages, PDUs (3GPP TS 27.005, 3GPP TS 27.007).
import { decodeTpdu, type SmsTpdu } from '../../../codec/sms/index.ts';
import { DecodeError, hexToBytes, ReveilleError, toLine } from '../../../core/index.ts';
import type { AtLine } from '../line/at-channel.ts';

/** Whether the modem is known to a network (3GPP TS 27.007 §7.2). */
export type Registration = 'not registered' | 'home' | 'searching' | 'denied' | 'unknown' | 'roaming';

const registrations: ReadonlyMap<number, Registration> = new Map([
  [0, 'not registered'],
  [1, 'home'],
  [2, 'searching'],
  [3, 'denied'],
  [5, 'roaming'],
  // For short messages only, at home and abroad.
  [6, 'home'],
  [7, 'roaming'],
]);

/** `<stat>` of +CREG, +CGREG or +CEREG: the second number of an answer, the first of an unasked line. */
export function readRegistration(line: string, asked: boolean): Registration | undefined {
  const match = /^\+C(?:G|E)?REG:\s*(\d+)(?:\s*,\s*"?([0-9A-Fa-f]+)"?)?/.exec(line);
  if (match === null) return undefined;
  const stat = asked ? match[2] : match[1];
  return stat === undefined ? undefined : (registrations.get(Number(stat)) ?? 'unknown');
}

/** The better of several: a modem may be registered in one domain alone. */
export function bestRegistration(all: readonly Registration[]): Registration | undefined {
  const order: readonly Registration[] = [
    'home',
    'roaming',
    'searching',
    'denied',
    'not registered',
    'unknown',
  ];
  return order.find((one) => all.includes(one));
}

/** Strength of the signal in dBm, -113 to -51, by +CSQ (3GPP TS 27.007 §8.5); `undefined` when it is not known. */
export function readSignal(line: string): number | undefined {
  const rssi = Number(/^\+CSQ:\s*(\d+)/.exec(line)?.[1] ?? 99);
  return rssi <= 31 ? -113 + 2 * rssi : undefined;
}

/** A memory of messages. */
export interface MemoryState {
  /** Such as `SM`, the SIM, or `ME`, the modem. */
  readonly name: string;
  readonly used: number;
  readonly total: number;
}

/** The first memory of an answer to `AT+CPMS?`, the one that is read and deleted from. */
export function readMemory(line: string): MemoryState | undefined {
  const match = /^\+CPMS:\s*"?([A-Z]{2})"?\s*,\s*(\d+)\s*,\s*(\d+)/i.exec(line);
  if (match === null) return undefined;
  return { name: (match[1] ?? '').toUpperCase(), used: Number(match[2]), total: Number(match[3]) };
}

/** Where a message lies: memory and place, of +CMTI and +CDSI. */
export interface MessagePlace {
  readonly memory: string;
  readonly index: number;
}

/** Reads +CMTI or +CDSI. */
export function readPlace(line: string): MessagePlace | undefined {
  const match = /^\+C(?:MT|DS)I:\s*"?([A-Z]{2})"?\s*,\s*(\d{1,6})/i.exec(line);
  return match === null ? undefined : { memory: (match[1] ?? '').toUpperCase(), index: Number(match[2]) };
}

/** A listed message, of +CMGL or +CMGR in PDU mode. */
export interface ListedMessage {
  /** Place in its memory; `undefined` in an answer to +CMGR, which was asked for one. */
  readonly index: number | undefined;
  /** `<stat>`: 0 not read, 1 read, 2 not sent, 3 sent. */
  readonly status: number;
  readonly octets: string;
  /** `<length>`: octets of the TPDU, without the service centre. */
  readonly length: number;
}

/** Reads one line of +CMGL or +CMGR with its PDU; `undefined` for what is none. */
export function readListed({ text, pdu }: AtLine): ListedMessage | undefined {
  const match = /^\+CMG(?:L:\s*(\d{1,6})\s*,|R:)\s*(\d+)\s*,.*?(\d{1,3})\s*$/.exec(text);
  if (match === null || pdu === undefined) return undefined;
  const index = match[1] === undefined ? undefined : Number(match[1]);
  return { index, status: Number(match[2]), length: Number(match[3]), octets: pdu };
}

/** `<length>` of an unasked +CMT or +CDS; `undefined` where there is none, as in text mode. */
export function readLength(line: string): number | undefined {
  const length = /(?:,|:)\s*(\d{1,3})\s*$/.exec(line)?.[1];
  return length === undefined ? undefined : Number(length);
}

/**
 * The TPDU in a line of hexadecimal digits of which `length` octets are the TPDU, or what is wrong with it. A service centre
 * before it is passed over; times that are none are let pass.
 */
export function readPdu(hex: string, length: number): SmsTpdu | { readonly fault: string } {
  try {
    const octets = hexToBytes(hex);
    if (octets.length < length) return { fault: `${octets.length} octets instead of ${length}` };
    const start = octets.length - length;
    // The service centre counts its own octets: what it does not fill was put behind by the modem.
    const centre = start === 0 ? 0 : (octets[0] ?? 0) + 1;
    const tpdu = octets.subarray(Math.min(centre, start), Math.min(centre, start) + length);
    return decodeTpdu(tpdu, { serviceCentre: false, anyTime: true });
  } catch (error) {
    if (error instanceof DecodeError || error instanceof ReveilleError) return { fault: error.message };
    throw error;
  }
}

/** Text of an answer without its prefix and quotes, fit for one line. */
export function plainAnswer(lines: readonly AtLine[], prefix: string): string | undefined {
  const text = lines[0]?.text;
  if (text === undefined) return undefined;
  const plain = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  return toLine(plain.trim().replace(/^"(.*)"$/, '$1'), 100);
}
