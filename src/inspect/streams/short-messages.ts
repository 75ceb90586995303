// Segments of short messages that come in SMPP PDUs of their own, joined by reference and numbers, within bounds. Only where
// PDUs belong together is found out here; what is in them is read later, of all of them.
import { commandIds, decodeMultiPdu, decodePdu, esmClass, isMultiCommand } from '../../codec/smpp/index.ts';
import { decodeUserData } from '../../codec/sms/index.ts';
import { concatBytes, DecodeError } from '../../core/index.ts';
import { mostNamedFrames } from './captured-message.ts';
import { smppHeaderOctets } from './message-length.ts';
import { later } from './stream-buffer.ts';
import type { CutOctets } from './stream-cutter.ts';
import { WaitingParts } from './waiting-parts.ts';

/** What a PDU is to a short message. */
export type Joined =
  /** It is a message by itself, or none. */
  | { readonly kind: 'alone' }
  /** A segment whose others are still to come; `note` says which. */
  | { readonly kind: 'segment'; readonly note: string }
  /** The last of its segments: all PDUs in the order of their numbers. */
  | { readonly kind: 'whole'; readonly cut: CutOctets; readonly note: string };

/** What never became whole. */
export interface BrokenMessage {
  readonly frames: readonly number[];
  readonly note: string;
}

interface Open {
  readonly parts: Map<number, CutOctets>;
  readonly total: number;
  readonly reference: number;
}

const bounds = { open: 2048, ofOneSource: 2048, octets: 8 << 20, seconds: 3600 } as const;
/** Commands that carry short messages. */
const carriers: readonly number[] = [
  commandIds.submit_sm,
  commandIds.deliver_sm,
  commandIds.data_sm,
  commandIds.submit_multi,
];

/** Joins segments. */
export class ShortMessages {
  readonly #open: WaitingParts<Open>;

  /** `onBroken` is told of what is given up. */
  constructor(onBroken: (broken: BrokenMessage) => void) {
    this.#open = new WaitingParts(bounds, (open) => onBroken(brokenOf(open)));
  }

  /** Looks at a PDU; `between` names the ends that it went between, `seconds` is the time of the capture. */
  add(cut: CutOctets, between: string, seconds: number): Joined {
    this.#open.expire(seconds);
    const place = placeOf(cut.octets);
    if (place === undefined) return { kind: 'alone' };
    const { reference, total, sequence } = place;
    const key = `${between} ${place.key} ${reference}/${total}`;
    // References come round: a segment with other octets is of another message, and no part of the one before.
    const before = this.#open.get(key)?.parts.get(sequence);
    if (before !== undefined && !isSentAgain(before.octets, cut.octets)) this.#open.giveUp(key);
    const open =
      this.#open.get(key) ?? this.#open.begin(key, between, seconds, { parts: new Map(), total, reference });
    const again = open.parts.has(sequence);
    if (!again) open.parts.set(sequence, cut);
    if (open.parts.size < total) {
      if (!again) this.#open.grow(key, cut.octets.length);
      const said = `segment ${sequence} of ${total} of a short message, reference ${reference}`;
      return { kind: 'segment', note: again ? `${said}, sent again` : said };
    }
    this.#open.take(key);
    const parts = [...open.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    const whole = {
      octets: concatBytes(...parts.map(({ octets }) => octets)),
      frames: parts.flatMap(({ frames }) => frames).slice(0, mostNamedFrames),
      time: parts.map((part) => part.time).reduce(later, undefined),
    };
    return {
      kind: 'whole',
      cut: whole,
      note: `${total} segments of a short message, reference ${reference}`,
    };
  }

  /** The capture is over: what is not whole is told. */
  end(): void {
    this.#open.end();
  }
}

/** Whether two PDUs say the same, though they have sequence numbers of their own. */
function isSentAgain(before: Uint8Array, after: Uint8Array): boolean {
  return (
    before.length === after.length &&
    after.every((octet, at) => at < smppHeaderOctets || octet === before[at])
  );
}

function brokenOf({ parts, total, reference }: Open): BrokenMessage {
  const missing = Array.from({ length: total }, (_, index) => index + 1).filter((each) => !parts.has(each));
  const note = `a short message lacks segments ${missing.slice(0, 20).join(', ')} of ${total}, reference ${reference}`;
  const frames = [...parts.values()].flatMap((part) => part.frames).slice(0, mostNamedFrames);
  return { frames, note };
}

interface Place {
  /** Who sends to whom, with what command. */
  readonly key: string;
  readonly reference: number;
  readonly total: number;
  readonly sequence: number;
}

/** The place of a PDU among the segments of a message; `undefined` for one that is whole, or cannot be read. */
function placeOf(octets: Uint8Array): Place | undefined {
  const command =
    (((octets[4] ?? 0) << 24) | ((octets[5] ?? 0) << 16) | ((octets[6] ?? 0) << 8) | (octets[7] ?? 0)) >>> 0;
  if (!carriers.includes(command)) return undefined;
  try {
    const pdu = isMultiCommand(command) ? decodeMultiPdu(octets) : decodePdu(octets);
    if (!('esmClass' in pdu)) return undefined;
    const found = concatenationOf(pdu);
    if (found === undefined || found.total < 2) return undefined;
    const { reference, bits, total, sequence } = found;
    const to = 'destinations' in pdu ? JSON.stringify(pdu.destinations) : pdu.destinationAddress;
    const key = [command, bits, pdu.sourceAddress, to].join(' ');
    return { key, reference, total, sequence };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

interface Found {
  readonly reference: number;
  readonly bits: number;
  readonly total: number;
  readonly sequence: number;
}

function concatenationOf(
  pdu: Extract<ReturnType<typeof decodePdu | typeof decodeMultiPdu>, { readonly esmClass: number }>,
): Found | undefined {
  const { parameters } = pdu;
  const content =
    'shortMessage' in pdu && pdu.shortMessage.length > 0 ? pdu.shortMessage : parameters.messagePayload;
  if ((pdu.esmClass & esmClass.userDataHeader) !== 0 && content !== undefined) {
    const { concatenation } = decodeUserData(content).header;
    if (concatenation !== undefined) {
      const { reference, referenceBits, total, sequence } = concatenation;
      return { reference, bits: referenceBits, total, sequence };
    }
  }
  const { sarReference, sarTotal = 0, sarSequence = 0 } = parameters;
  const placed = sarReference !== undefined && sarSequence >= 1 && sarSequence <= sarTotal;
  return placed ? { reference: sarReference, bits: 16, total: sarTotal, sequence: sarSequence } : undefined;
}
