// Captures for the inspector's tests: pcap with Ethernet, IPv4 and UDP around what is given.
import { concatBytes, hexToBytes } from '../../src/core/index.ts';

/** A WSP push with Package #0 of DM-NOTI-1.2, Appendix C; the secret is "secret", the nonce the default one. */
export const appendixCPush = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

/** Octets of a frame before what UDP carries. */
const headers = 42;

/** A frame with a datagram to `port` of 192.0.2.2. */
export function frameWith(content: Uint8Array, port = 2948): Uint8Array {
  const frame = new Uint8Array(headers + content.length);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0]);
  frame.set([0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2], 14);
  view.setUint16(16, frame.length - 14);
  view.setUint16(24, headerSum(view));
  view.setUint16(34, 49154);
  view.setUint16(36, port);
  view.setUint16(38, 8 + content.length);
  frame.set(content, headers);
  return frame;
}

function headerSum(view: DataView): number {
  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A pcap file of these frames, one each millisecond. */
export function pcapOf(frames: Iterable<Uint8Array>): Uint8Array {
  const file = new Uint8Array(24);
  const head = new DataView(file.buffer);
  head.setUint32(0, 0xa1b2c3d4, true);
  head.setUint16(4, 2, true);
  head.setUint16(6, 4, true);
  head.setUint32(16, 262144, true);
  head.setUint32(20, 1, true);
  const pieces: Uint8Array[] = [file];
  let number = 0;
  for (const frame of frames) {
    const record = new Uint8Array(16);
    const view = new DataView(record.buffer);
    view.setUint32(0, 1_790_000_000 + Math.floor(number / 1000), true);
    view.setUint32(4, (number % 1000) * 1000, true);
    view.setUint32(8, frame.length, true);
    view.setUint32(12, frame.length, true);
    pieces.push(record, frame);
    number += 1;
  }
  return joined(pieces);
}

/** As `concatBytes`, of more pieces than a call takes arguments. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < pieces.length; at += 4096) blocks.push(concatBytes(...pieces.slice(at, at + 4096)));
  return concatBytes(...blocks);
}

/** A capture of about `octets`: pushes whose Package #0 have sessions of their own, padded as vendors do. */
export function largeCapture(octets: number): { readonly file: Uint8Array; readonly pushes: number } {
  const content = concatBytes(appendixCPush, new Uint8Array(140).fill(0x5a));
  const pushes = Math.ceil(octets / (16 + headers + content.length));
  const frames = function* (): Generator<Uint8Array> {
    for (let number = 1; number <= pushes; number += 1) {
      const frame = frameWith(content);
      // The session, 27 octets from where the push begins.
      new DataView(frame.buffer).setUint16(headers + 27, (number % 65535) + 1);
      yield frame;
    }
  };
  return { file: pcapOf(frames()), pushes };
}
