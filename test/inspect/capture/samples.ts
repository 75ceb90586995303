// Capture files built octet by octet for tests of what reads them.
import { concatBytes } from '../../../src/core/index.ts';

/** How a capture is written. */
export interface CaptureStyle {
  readonly little?: boolean;
  readonly nano?: boolean;
  readonly linkType?: number;
}

/** A packet: when it was seen, and its octets. */
export interface SamplePacket {
  readonly seconds?: number;
  /** Microseconds, or nanoseconds in a capture that keeps them. */
  readonly fraction?: number;
  readonly octets: Uint8Array;
  /** Octets on the link, where the capture cut it short. */
  readonly length?: number;
}

function number(value: number, size: 2 | 4, little: boolean): Uint8Array {
  const octets = new Uint8Array(size);
  const view = new DataView(octets.buffer);
  if (size === 2) view.setUint16(0, value, little);
  else view.setUint32(0, value, little);
  return octets;
}

/** A file of libpcap. */
export function pcap(packets: readonly SamplePacket[], style: CaptureStyle = {}): Uint8Array {
  const { little = true, nano = false, linkType = 1 } = style;
  const u16 = (value: number): Uint8Array => number(value, 2, little);
  const u32 = (value: number): Uint8Array => number(value, 4, little);
  return concatBytes(
    ...[u32(nano ? 0xa1b23c4d : 0xa1b2c3d4), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(linkType)],
    ...packets.flatMap(({ seconds = 1_700_000_000, fraction = 0, octets, length = octets.length }) => [
      ...[u32(seconds), u32(fraction), u32(octets.length), u32(length), octets],
    ]),
  );
}

/** Blocks of pcapng in one order of octets. */
export class BlockWriter {
  readonly #little: boolean;

  constructor(little = true) {
    this.#little = little;
  }

  u16(value: number): Uint8Array {
    return number(value, 2, this.#little);
  }

  u32(value: number): Uint8Array {
    return number(value, 4, this.#little);
  }

  /** A block with its lengths; the body is filled up to words of four octets. */
  block(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
    const body = concatBytes(...parts);
    const filled = concatBytes(body, new Uint8Array((4 - (body.length % 4)) % 4));
    const length = this.u32(filled.length + 12);
    return concatBytes(this.u32(type), length, filled, length);
  }

  section(): Uint8Array {
    const any = new Uint8Array(8).fill(0xff);
    return this.block(0x0a0d0d0a, this.u32(0x1a2b3c4d), this.u16(1), this.u16(0), any);
  }

  option(code: number, value: Uint8Array): Uint8Array {
    const fill = new Uint8Array((4 - (value.length % 4)) % 4);
    return concatBytes(this.u16(code), this.u16(value.length), value, fill);
  }

  interface(linkType: number, ...options: readonly Uint8Array[]): Uint8Array {
    const end = options.length === 0 ? [] : [this.u32(0)];
    return this.block(1, this.u16(linkType), this.u16(0), this.u32(262_144), ...options, ...end);
  }

  /** An Enhanced Packet Block; `time` counts units of its interface. */
  packet(index: number, time: bigint, octets: Uint8Array, length = octets.length): Uint8Array {
    return this.block(
      6,
      ...[this.u32(index), this.u32(Number(time >> 32n)), this.u32(Number(time & 0xffffffffn))],
      ...[this.u32(octets.length), this.u32(length), octets],
    );
  }

  simplePacket(octets: Uint8Array): Uint8Array {
    return this.block(3, this.u32(octets.length), octets);
  }

  oldPacket(index: number, time: bigint, octets: Uint8Array): Uint8Array {
    return this.block(
      2,
      ...[this.u16(index), this.u16(0), this.u32(Number(time >> 32n)), this.u32(Number(time & 0xffffffffn))],
      ...[this.u32(octets.length), this.u32(octets.length), octets],
    );
  }
}
