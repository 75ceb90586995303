// Parts of messages that are cut over several PDUs: a secret may be cut with them. Only those of Package #0, which has none,
// are shown.
import { decodePdu, type SmppPdu } from '../../codec/smpp/index.ts';
import { decodeUserData } from '../../codec/sms/index.ts';
import { decodePush } from '../../codec/wsp/index.ts';
import { DecodeError } from '../../core/index.ts';
import { contentOf } from '../../push/index.ts';
import type { Mask } from './mask.ts';

/** Messages whose further parts are shown, at most; the oldest is forgotten first. */
const mostShown = 1000;

/** First parts that were of Package #0, by the addresses and the reference of the message. */
export class ShownMessages {
  readonly #shown = new Set<string>();

  add(key: string): void {
    const [oldest] = this.#shown;
    if (oldest !== undefined && this.#shown.size >= mostShown) this.#shown.delete(oldest);
    this.#shown.add(key);
  }

  has(key: string): boolean {
    return this.#shown.has(key);
  }
}

interface Part {
  readonly message: string;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Covers the content of a part in a PDU of SMPP, unless it is one of a Package #0 whose first part has passed. */
export function maskParts(mask: Mask, shown: ShownMessages): Mask {
  const part = partOf(mask.plain);
  if (part === 'unreadable') mask.cover(16, mask.plain.length - 16, 'PDU that cannot be read');
  if (part === undefined || part === 'unreadable') return mask;
  if (part.sequence === 1 && isNotification(part.payload)) shown.add(part.message);
  if (shown.has(part.message)) return mask;
  const offset = part.payload.byteOffset - mask.plain.byteOffset;
  mask.cover(offset, part.payload.length, 'part of a message');
  return mask;
}

function partOf(octets: Uint8Array): Part | 'unreadable' | undefined {
  try {
    const pdu = decodePdu(octets);
    return 'esmClass' in pdu ? partOfPdu(pdu) : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return 'unreadable';
    throw error;
  }
}

function partOfPdu(pdu: Extract<SmppPdu, { readonly esmClass: number }>): Part | undefined {
  const { messagePayload, sarReference, sarTotal = 0, sarSequence = 0 } = pdu.parameters;
  const content = messagePayload ?? ('shortMessage' in pdu ? pdu.shortMessage : undefined);
  if (content === undefined) return undefined;
  const between = `${pdu.sourceAddress} ${pdu.destinationAddress}`;
  // Indicator of a user data header (SMPP 3.4 §5.2.12).
  if ((pdu.esmClass & 0x40) !== 0) {
    const { header, payload } = decodeUserData(content);
    const { concatenation } = header;
    if (concatenation === undefined || concatenation.total < 2) return undefined;
    const { reference, sequence } = concatenation;
    return { message: `${between} ${reference}`, sequence, payload };
  }
  if (sarReference === undefined || sarTotal < 2) return undefined;
  return { message: `${between} sar ${sarReference}`, sequence: sarSequence, payload: content };
}

/** True for the beginning of a WSP push of Package #0. */
export function isNotification(payload: Uint8Array): boolean {
  try {
    const { code, mime } = decodePush(payload).contentType;
    return contentOf({ code, mime }) === 'notification';
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}
