// What a line says that nobody asked for (3GPP TS 27.005 §3.4, 3GPP TS 27.007 §7.2, and makers' own words).
import type { SmsTpdu } from '../../../codec/sms/index.ts';
import type { AtLine } from '../line/at-channel.ts';
import {
  type MessagePlace,
  type Registration,
  readLength,
  readPdu,
  readPlace,
  readRegistration,
} from './read-answers.ts';

/** What it says; a line of which nothing can be made is none of them. */
export type Unasked =
  /** The modem has just started. */
  | { readonly kind: 'start' }
  | { readonly kind: 'registration'; readonly registration: Registration }
  /** A message or a report lies in a memory. */
  | { readonly kind: 'stored'; readonly place: MessagePlace }
  /** A message or a report itself. */
  | { readonly kind: 'message'; readonly tpdu: SmsTpdu }
  | { readonly kind: 'unreadable'; readonly fault: string };

/** Lines with which modems tell that they have just started (makers' own words). */
const startLines = /^(?:RDY|\^SYSSTART.*|\*PSUTTZ.*|\+STIN:.*|MODEM:STARTUP|START|\+PBREADY|PB DONE)$/i;

/** Reads one; `undefined` for a line that is none of ours. */
export function readUnasked({ text, pdu }: AtLine): Unasked | undefined {
  if (startLines.test(text)) return { kind: 'start' };
  const registration = readRegistration(text, false);
  if (registration !== undefined) return { kind: 'registration', registration };
  const place = readPlace(text);
  if (place !== undefined) return { kind: 'stored', place };
  if (pdu === undefined || !/^\+C(?:MT|DS):/.test(text)) return undefined;
  const length = readLength(text);
  if (length === undefined) return { kind: 'unreadable', fault: `${text} says no length` };
  const tpdu = readPdu(pdu, length);
  return 'fault' in tpdu ? { kind: 'unreadable', fault: tpdu.fault } : { kind: 'message', tpdu };
}
