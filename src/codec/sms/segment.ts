// Cuts a datagram into short messages: ports in every part, concatenation where one message is too small.
import { ValueError } from '../../core/index.ts';
import { encodeUserData } from './user-data.ts';

/** How to cut. */
export interface SegmentOptions {
  /** Default 2948, connectionless push. */
  readonly destinationPort?: number;
  /** Default 49154, as in the examples of the notification documents. */
  readonly sourcePort?: number;
  /** Concatenation reference; use one counter for each pair of source and destination address. */
  readonly reference: number;
  /** Width of the reference on the wire; default 8. */
  readonly referenceBits?: 8 | 16;
}

/** Octets of user data in one short message with 8-bit coding (3GPP TS 23.040 §9.2.3.24). */
export const maxUserData = 140;

/** Parts of one concatenated message at most. */
export const maxParts = 255;

/** Octets of the user data headers that `segmentDatagram` writes: ports only, and with either concatenation. */
export const headerOctets = { ports: 7, concatenated8: 12, concatenated16: 13 } as const;

/** Octets of the largest datagram that can be cut up: 32640, or 32385 with 16-bit references. */
export function maxSegmentedDatagram(referenceBits: 8 | 16 = 8): number {
  return maxParts * partOctets(referenceBits);
}

/** Number of short messages that a datagram of `octets` takes. */
export function segmentCount(octets: number, referenceBits: 8 | 16 = 8): number {
  return octets <= maxUserData - headerOctets.ports ? 1 : Math.ceil(octets / partOctets(referenceBits));
}

/**
 * User data of the short messages that carry a datagram, in order, each with its user data header and at most 140
 * octets. What fits one message (133 octets) is not concatenated.
 * @throws {ValueError} TOO_LONG beyond 255 parts, OUT_OF_RANGE for ports or the reference
 */
export function segmentDatagram(datagram: Uint8Array, options: SegmentOptions): readonly Uint8Array[] {
  const { destinationPort = 2948, sourcePort = 49154, reference, referenceBits = 8 } = options;
  const ports = { destination: destinationPort, source: sourcePort, bits: 16 } as const;
  const total = segmentCount(datagram.length, referenceBits);
  if (total === 1) return [encodeUserData({ ports }, datagram)];
  if (total > maxParts) {
    const detail = `${datagram.length} octets do not fit ${maxParts} short messages, which carry ${maxSegmentedDatagram(referenceBits)}`;
    throw new ValueError('TOO_LONG', detail, 'datagram', { doc: '3GPP TS 23.040', section: '9.2.3.24.1' });
  }
  const size = partOctets(referenceBits);
  return Array.from({ length: total }, (_, index) =>
    encodeUserData(
      { ports, concatenation: { reference, referenceBits, total, sequence: index + 1 } },
      datagram.subarray(index * size, (index + 1) * size),
    ),
  );
}

function partOctets(referenceBits: 8 | 16): number {
  return maxUserData - (referenceBits === 8 ? headerOctets.concatenated8 : headerOctets.concatenated16);
}
