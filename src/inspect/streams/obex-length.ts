// Where packets and objects of OBEX end, and whether a stream begins like one (IrOBEX 1.2 §3).
import { headerIds, headerName } from '../../codec/obex/index.ts';
import { u16 } from '../frames/frame-fields.ts';

/** Octets of an object in all its packets at most. */
const longestObject = 4 << 20;

const connect = 0x80;
const put = 0x02;
const requests: readonly number[] = [connect, 0x81, put, 0x82, 0x03, 0x83, 0x85, 0xff];

/** Whether a packet with this code is a request, with or without the final bit (§3.3). */
export function isObexRequest(code: number): boolean {
  return requests.includes(code);
}

/** Requests, and responses, which all have the final bit, from 0x90 on. */
function isObexCode(code: number): boolean {
  return isObexRequest(code) || (code >= 0x90 && code <= 0xe1);
}

/**
 * Finds where the first message ends, in octets that grow at their end. An object that comes in several packets is one message: PUT
 * up to the packet with the final bit.
 */
export class ObexLength {
  /** Where the packet begins that is not whole yet. */
  #at = 0;
  #looked = 0;

  /** Octets of headers of packets that were looked at so far. */
  get looked(): number {
    return this.#looked;
  }

  /** Octets of the message in `octets`, which are those of the last call and more; 0 while more have to come; -1 where none begins. */
  find(octets: Uint8Array): number {
    for (;;) {
      const at = this.#at;
      if (at === octets.length) return 0;
      this.#looked += 3;
      const opcode = octets[at] ?? 0;
      if (at > 0 && (opcode & 0x7f) !== put) return at;
      if (octets.length - at < 3) return isObexCode(opcode) ? 0 : -1;
      const length = u16(octets, at + 1);
      if (length < 3 || !isObexCode(opcode)) return at === 0 ? -1 : at;
      if (octets.length - at < length) return at + length > longestObject ? -1 : 0;
      this.#at += length;
      if (opcode !== put) return this.#at;
      if (this.#at > longestObject) return -1;
    }
  }
}

/**
 * Whether octets begin with a packet by what it says itself: CONNECT with a version that there is, or any other with headers whose
 * lengths fit. `undefined` while more is needed to know. `sure`: the stream is one of OBEX, in which packets without headers occur
 * too.
 */
export function beginsObex(octets: Uint8Array, sure = false): boolean | undefined {
  if (octets.length < 3) return octets.length === 0 || isObexCode(octets[0] ?? 0) ? undefined : false;
  const [code = 0] = octets;
  const length = u16(octets, 1);
  if (!isObexCode(code) || length < 3) return false;
  if (length === 3) return sure;
  const version = octets[3] ?? 0;
  const hasVersion = octets.length < 4 ? undefined : length >= 7 && version >= 0x10 && version <= 0x15;
  if (code === connect) return hasVersion;
  // SETPATH has flags and constants before its headers (§3.3.6).
  const fit = headersFit(octets, code === 0x85 ? 5 : 3, length);
  // So has the answer to CONNECT (§3.3.1).
  return fit === false && sure && code === 0xa0 ? hasVersion : fit;
}

/** Whether headers stand one behind the other up to the end of the packet, as far as it is there. */
function headersFit(octets: Uint8Array, start: number, end: number): boolean | undefined {
  for (let at = start; at < end; ) {
    const id = octets[at];
    if (id === undefined) return undefined;
    if (headerName(id).startsWith('0x')) return false;
    const size = id >> 6 === 2 ? 2 : id >> 6 === 3 ? 5 : 3;
    if (at + size > end) return false;
    if (octets.length < at + size) return undefined;
    const length = size === 3 ? u16(octets, at + 1) : size;
    if (length < size || at + length > end) return false;
    // What carries the object ends the packet, and says it.
    if ((id === headerIds.body || id === headerIds.endOfBody) && at + length === end) return true;
    at += length;
  }
  return true;
}
