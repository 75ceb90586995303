// A push as the user data of short messages, cut and counted by ourselves: a carrier that cuts has its own idea of ports,
// references and octets (3GPP TS 23.040 §9.2.3.24).
import { headerOctets, maxUserData, segmentDatagram } from '../../../codec/sms/index.ts';
import { PushError } from '../../../core/index.ts';
import type { Push } from '../../index.ts';
import { concatenatedOctets, PushDatagrams } from './push-datagrams.ts';
import { ReferenceCounter } from './reference-counter.ts';
import { type SegmentOptions, segmentSettings } from './segment-options.ts';

/** User data of one short message: 8-bit data, at most 140 octets in all. */
export interface PushSegment {
  /** TP-UD: the user data header, then its payload. */
  readonly userData: Uint8Array;
  /** User data header with its length octet: ports, and in one of several messages the concatenation. A view of `userData`. */
  readonly header: Uint8Array;
  /** What follows the header. A view of `userData`. */
  readonly payload: Uint8Array;
}

/** Cuts pushes; references count up for each device. */
export class PushSegments {
  readonly #cut: Parameters<typeof segmentDatagram>[1];
  readonly #datagrams: PushDatagrams;
  readonly #references: ReferenceCounter;
  readonly #concatenated: number;
  /** Largest body in octets. */
  readonly maxPayload: number;

  /**
   * `random` gives a number from 0 up to 1: references begin anywhere.
   * @throws {ValueError} for options that cannot be
   */
  constructor(options: SegmentOptions, random: () => number) {
    const settings = segmentSettings(options);
    const { referenceBits, destinationPort, sourcePort } = settings;
    this.#cut = { referenceBits, destinationPort, sourcePort, reference: 0 };
    this.#datagrams = new PushDatagrams(settings);
    this.#references = new ReferenceCounter(referenceBits, random);
    this.#concatenated = concatenatedOctets(referenceBits);
    this.maxPayload = this.#datagrams.maxPayload;
  }

  /**
   * The segments of a push for a device, in order. Sent again after an attempt that is in doubt, they have to be these same
   * ones, so that the handset recognises what it has.
   * @throws {ValueError} TOO_LONG, for the body or for the headers of Package #0
   */
  cut(push: Push, device: string): readonly PushSegment[] {
    const { octets, count } = this.#datagrams.compose(push);
    const reference = count === 1 ? 0 : this.#references.next(device);
    const headerLength = count === 1 ? headerOctets.ports : this.#concatenated;
    return segmentDatagram(octets, { ...this.#cut, reference }).map((userData) => {
      if (userData.length > maxUserData) throw tooLong(userData.length);
      return {
        userData,
        header: userData.subarray(0, headerLength),
        payload: userData.subarray(headerLength),
      };
    });
  }
}

/** Carriers cut in silence what is longer: it must never come to that. */
function tooLong(octets: number): PushError {
  return new PushError('TOO_LONG', `a segment of ${octets} octets, ${maxUserData} fit`, false);
}
