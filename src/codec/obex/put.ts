// An object cut into the packets of a PUT, and put together again (IrOBEX §2.2.9, §3.3.3).
import { ByteWriter, ValueError } from '../../core/index.ts';
import { headerIds, opcodes } from './code-points.ts';
import { headerLength, type ObexHeader, obexDocument, typeText } from './headers.ts';
import { encodeRequest, maximumPacketLength, minimumPacketLength } from './packet.ts';

/** Octets of a packet before its headers. */
const packetHead = 3;
/** Octets of a Body header before its value. */
const bodyHead = 3;

/**
 * Packets of the PUT of `body`, in order, each up to `maxPacketLength` octets. `headers` come first, in their order and
 * each whole; then the body, its last part as End-of-Body in the final packet. Made one by one as they are asked for.
 * @throws {ValueError} at once: TOO_LONG when a header does not fit a packet, OUT_OF_RANGE for a maximum below 255
 */
export function putPackets(
  headers: readonly ObexHeader[],
  body: Uint8Array,
  maxPacketLength: number,
): Generator<Uint8Array, undefined> {
  if (!(maxPacketLength >= minimumPacketLength && maxPacketLength <= maximumPacketLength)) {
    const rule = `must be from ${minimumPacketLength} to ${maximumPacketLength}`;
    throw new ValueError('OUT_OF_RANGE', rule, 'maxPacketLength', { doc: obexDocument, section: '3.3.1.4' });
  }
  for (const header of headers) {
    const length = headerLength(header);
    if (packetHead + length > maxPacketLength) {
      const detail = `a header of ${length} octets does not fit a packet of ${maxPacketLength}`;
      throw new ValueError('TOO_LONG', detail, 'headers', { doc: obexDocument, section: '3.3.1.4' });
    }
  }
  return generate(headers, body, maxPacketLength);
}

function* generate(
  headers: readonly ObexHeader[],
  body: Uint8Array,
  maxPacketLength: number,
): Generator<Uint8Array, undefined> {
  let packet: ObexHeader[] = [];
  let left = maxPacketLength - packetHead;
  for (const header of headers) {
    const length = headerLength(header);
    if (length > left) {
      yield encodeRequest({ opcode: opcodes.put, final: false, headers: packet });
      packet = [];
      left = maxPacketLength - packetHead;
    }
    packet.push(header);
    left -= length;
  }
  let at = 0;
  for (;;) {
    const rest = body.length - at;
    if (left >= bodyHead + rest) {
      packet.push({ id: headerIds.endOfBody, value: body.subarray(at) });
      yield encodeRequest({ opcode: opcodes.put, final: true, headers: packet });
      return;
    }
    if (left > bodyHead) {
      packet.push({ id: headerIds.body, value: body.subarray(at, at + left - bodyHead) });
      at += left - bodyHead;
    }
    yield encodeRequest({ opcode: opcodes.put, final: false, headers: packet });
    packet = [];
    left = maxPacketLength - packetHead;
  }
}

/** What is known of an object from its headers. */
export interface ObexObjectHead {
  /** Media type with its parameters, if any, as sent; without the closing 00. */
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** What the sender says is the length; a hint. */
  readonly length: number | undefined;
  /** Values of the HTTP headers, in order. */
  readonly http: readonly Uint8Array[];
}

/** A whole object. */
export interface ObexObject extends ObexObjectHead {
  readonly body: Uint8Array;
}

/** How an object stands after a packet. */
export type AssemblyState =
  /** More packets follow. */
  | 'more'
  /** All is there. */
  | 'complete'
  /** Beyond the limit, by its Length or by what came. */
  | 'too-large'
  /** The final packet came and no Body ever did: a request to delete (IrOBEX §3.3.3.6). */
  | 'no-body';

const maxHttpHeaders = 16;

/** Puts an object together from the headers of its packets, within `maxLength` octets. */
export class ObjectAssembler {
  readonly #maxLength: number;
  readonly #body = new ByteWriter(256);
  #bodyStarted = false;
  #type: string | undefined;
  #name: string | undefined;
  #description: string | undefined;
  #length: number | undefined;
  readonly #http: Uint8Array[] = [];

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** True once a Body or End-of-Body came, be it empty. */
  get bodyStarted(): boolean {
    return this.#bodyStarted;
  }

  /** Takes the headers of the next packet. Of Type, Name, Length and Description the first counts. */
  add(headers: readonly ObexHeader[], final: boolean): AssemblyState {
    for (const { id, value } of headers) {
      if (id === headerIds.length && typeof value === 'number') this.#length ??= value;
      if (id === headerIds.name && typeof value === 'string') this.#name ??= value;
      if (id === headerIds.description && typeof value === 'string') this.#description ??= value;
      if (!(value instanceof Uint8Array)) continue;
      if (id === headerIds.type) this.#type ??= typeText(value);
      if (id === headerIds.http && this.#http.length < maxHttpHeaders) this.#http.push(value.slice());
      if (id === headerIds.body || id === headerIds.endOfBody) {
        this.#bodyStarted = true;
        if (this.#body.length + value.length > this.#maxLength) return 'too-large';
        this.#body.bytes(value);
      }
    }
    if ((this.#length ?? 0) > this.#maxLength) return 'too-large';
    if (!final) return 'more';
    return this.#bodyStarted ? 'complete' : 'no-body';
  }

  /** What the headers said so far. */
  head(): ObexObjectHead {
    return {
      type: this.#type,
      name: this.#name,
      description: this.#description,
      length: this.#length,
      http: this.#http,
    };
  }

  /** The object, after `complete`. The assembler must not be used afterwards. */
  finish(): ObexObject {
    return { ...this.head(), body: this.#body.release() };
  }
}
