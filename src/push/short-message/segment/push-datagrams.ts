// A push as the datagram that short messages carry: WSP around the body, held to what Package #0 allows, and to so many
// messages (DM-NOTI §7.1).
import {
  headerOctets,
  maxParts,
  maxSegmentedDatagram,
  maxUserData,
  segmentCount,
} from '../../../codec/sms/index.ts';
import {
  dmContentKind,
  encodePush,
  isProvisioningKind,
  type PushInput,
  package0HeaderBudget,
} from '../../../codec/wsp/index.ts';
import { ValueError } from '../../../core/index.ts';
import type { Push, PushContentType } from '../../index.ts';
import type { SegmentSettings } from './segment-options.ts';

/** A datagram and the number of short messages that it takes. */
export interface PushDatagram {
  readonly octets: Uint8Array;
  readonly count: number;
}

/** Makes datagrams of pushes; transaction ids count up over all of them. */
export class PushDatagrams {
  readonly #settings: SegmentSettings;
  readonly #envelopes = new Map<number, Uint8Array>();
  /** Largest datagram in octets. */
  readonly #maxDatagram: number;
  #transactionId = 0;

  constructor(settings: SegmentSettings) {
    this.#settings = settings;
    const { maxSegments, referenceBits } = settings;
    this.#maxDatagram =
      maxSegments === 1
        ? maxUserData - headerOctets.ports
        : (maxSegmentedDatagram(referenceBits) / maxParts) * maxSegments;
  }

  /** Largest body in octets, in the smallest envelope. @throws {ValueError} for WSP headers that cannot be written */
  get maxPayload(): number {
    const { headers } = this.#settings;
    return this.#maxDatagram - encodePush({ ...emptyPush, headers }).length;
  }

  /**
   * The datagram of a push.
   * @throws {ValueError} TOO_LONG, for the body or for the headers of Package #0
   */
  compose(push: Push): PushDatagram {
    const octets = this.#datagram(push);
    const count = segmentCount(octets.length, this.#settings.referenceBits);
    // Held to the stricter reading, in which the user data header counts too (spec-notes ruling 13).
    const package0 = dmContentKind(push.contentType) === 'notification';
    if (package0) this.#checkBudget(octets.length - push.body.length, count);
    return { octets, count };
  }

  #datagram(push: Push): Uint8Array {
    const envelope = this.#envelope(push.contentType);
    const limit = this.#maxDatagram;
    const length = envelope.length + push.body.length;
    if (length > limit) {
      const room = limit - envelope.length;
      const detail = `${push.body.length} octets, ${room} fit ${this.#settings.maxSegments} short messages`;
      throw new ValueError('TOO_LONG', detail, 'body');
    }
    const datagram = new Uint8Array(length);
    datagram.set(envelope);
    datagram.set(push.body, envelope.length);
    this.#transactionId = (this.#transactionId + 1) & 0xff;
    datagram[0] = this.#transactionId;
    return datagram;
  }

  /** Everything before the body, which is the same for all pushes of a type but for the TID. */
  #envelope(contentType: PushContentType): Uint8Array {
    // Parameters belong to one push.
    const plain = contentType.parameters === undefined;
    const known = plain ? this.#envelopes.get(contentType.code) : undefined;
    if (known !== undefined) return known;
    const { headers } = this.#settings;
    const provisioning = isProvisioningKind(dmContentKind(contentType));
    const input = { ...emptyPush, contentType, headers };
    const made = encodePush(provisioning ? { ...input, applicationId: null } : input);
    if (plain) this.#envelopes.set(contentType.code, made);
    return made;
  }

  #checkBudget(headerLength: number, count: number): void {
    const udh = count === 1 ? headerOctets.ports : concatenatedOctets(this.#settings.referenceBits);
    const budget = package0HeaderBudget(udh);
    if (headerLength <= budget) return;
    const allowed = `${budget} are allowed beside a user data header of ${udh}`;
    const detail = `the WSP headers take ${headerLength} octets, ${allowed}: leave headers out`;
    throw new ValueError('TOO_LONG', detail, 'headers', { doc: 'DM-NOTI-1.3', section: '7.1' });
  }
}

/** Octets of a user data header with ports and concatenation. */
export function concatenatedOctets(referenceBits: 8 | 16): number {
  return referenceBits === 8 ? headerOctets.concatenated8 : headerOctets.concatenated16;
}

const emptyPush: PushInput = { transactionId: 0, contentType: { code: 0x44 }, body: new Uint8Array() };
