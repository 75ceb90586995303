// Secrets in packets of SMPP and OBEX, which have places of their own for them.
import type { Mask } from './mask.ts';
import type { Pieces } from './mask-message.ts';

/** bind_receiver, bind_transmitter, bind_transceiver, outbind (SMPP 3.4 §5.1.2.1). */
const binds: ReadonlySet<number> = new Set([1, 2, 9, 11]);

/** The password of a bind or outbind: the second text of its body (SMPP 3.4 §4.1). */
export function maskSmpp(mask: Mask): Mask {
  const { plain } = mask;
  if (plain.length < 16) return mask;
  const command = new DataView(plain.buffer, plain.byteOffset).getUint32(4);
  if (!binds.has(command)) return mask;
  const systemIdEnd = plain.indexOf(0, 16);
  if (systemIdEnd < 0) {
    mask.cover(16, plain.length - 16, 'SMPP bind that cannot be read');
    return mask;
  }
  const end = plain.indexOf(0, systemIdEnd + 1);
  const from = systemIdEnd + 1;
  mask.cover(from, (end < 0 ? plain.length : end) - from, 'SMPP password');
  return mask;
}

/** Headers of OBEX: authentication response; pieces of a body (IrOBEX §2.1). */
const [authenticationResponse, body, endOfBody] = [0x4e, 0x48, 0x49];

/** The digest of an authentication response: a password can be guessed against it (IrOBEX §3.5.2.1). */
export function maskObex(mask: Mask): Mask {
  const { plain } = mask;
  for (const { id, offset, length } of obexHeaders(plain)) {
    if (id !== authenticationResponse) continue;
    for (let at = offset; at + 2 <= offset + length; ) {
      const [tag, size] = [plain[at] ?? 0, plain[at + 1] ?? 0];
      if (tag === 0)
        mask.cover(at + 2, Math.min(size, offset + length - at - 2), 'OBEX authentication digest');
      at += 2 + size;
    }
  }
  return mask;
}

/** Pieces of the body in packets that follow each other. */
export function obexBodies(packets: Uint8Array): Pieces {
  return obexHeaders(packets).filter(({ id }) => id === body || id === endOfBody);
}

interface Header {
  readonly id: number;
  /** Of its value. */
  readonly offset: number;
  readonly length: number;
}

/** Headers with octets as values, of all packets; up to where one cannot be read. */
function obexHeaders(packets: Uint8Array): readonly Header[] {
  const found: Header[] = [];
  for (let packet = 0; packet + 3 <= packets.length; ) {
    const end = packet + (((packets[packet + 1] ?? 0) << 8) | (packets[packet + 2] ?? 0));
    if (end < packet + 3) return found;
    // Headers of a connect stand behind version, flags and length, in its answer too; who knows which one it is?
    for (const start of [packet + 3, packet + 7]) found.push(...headersFrom(packets, start, end));
    packet = end;
  }
  return found;
}

function headersFrom(packets: Uint8Array, start: number, end: number): readonly Header[] {
  const found: Header[] = [];
  for (let at = start; at < end; ) {
    const id = packets[at] ?? 0;
    const form = id >> 6;
    const size = form === 2 ? 2 : form === 3 ? 5 : ((packets[at + 1] ?? 0) << 8) | (packets[at + 2] ?? 0);
    if (size < 2 || at + size > end || (form < 2 && size < 3)) return found;
    if (form === 1) found.push({ id, offset: at + 3, length: size - 3 });
    at += size;
  }
  return found;
}
