// What a capture file holds: packets, with when and on what link they were seen.
import { DecodeError } from '../../core/index.ts';

/** When a packet was seen, as the file has it. */
export interface CaptureTime {
  /** Since 1970, UTC. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
  /** Digits behind the second that the file keeps, 0 to 9. */
  readonly digits: number;
  /** Seconds that the file has in its fraction, which has to be less than one; they are counted in `seconds`. */
  readonly carried?: number;
}

/** One packet of a capture. */
export interface Packet {
  /** Its number in the file, from 1, as Wireshark counts. */
  readonly frame: number;
  /** Absent where the file keeps none (Simple Packet Blocks). */
  readonly time: CaptureTime | undefined;
  /** Number of the link layer (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** What was captured of it: a view of what was fed in. */
  readonly octets: Uint8Array;
  /** Where they begin in the file. */
  readonly offset: number;
  /** Octets that it had on the link; more than `octets` where the capture cut it short. */
  readonly length: number;
}

/** Keys that a capture carries for its secured streams (pcapng, Decryption Secrets Block). */
export interface CapturedSecrets {
  /** 0x544c534b is a key log of TLS in NSS format. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** Takes what a reader of captures finds. */
export interface PacketSink {
  packet(packet: Packet): void;
  secrets?(secrets: CapturedSecrets): void;
}

/** Octets of one packet at most, as Wireshark has it for links of ours. */
export const longestPacket = 262_144;

/** An error about the file; `offset` counts in the file. */
export function captureError(
  code: 'TRUNCATED' | 'BAD_VALUE' | 'LIMIT' | 'UNSUPPORTED',
  detail: string,
  path: string,
  offset: number,
  doc: 'PCAP' | 'PCAPNG',
  section: string,
): DecodeError {
  return new DecodeError(code, detail, { path, offset, bit: 0 }, { doc, section });
}
