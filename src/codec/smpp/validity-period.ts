// validity_period of a submit_sm that is written already: what waits to be sent has less time left than when it was written.
import { ValueError } from '../../core/index.ts';
import { smppDocument } from './document.ts';
import { headerLength } from './pdu.ts';

/** Octets of a moment or a duration, without the 00 that ends it (§7.1.1). */
const timeOctets = 16;

/**
 * Sets validity_period of a submit_sm, in whose octets one stands.
 * @throws {ValueError} BAD_FORMAT when none does, or when the text is not one of 16 characters
 */
export function setValidityPeriod(submit: Uint8Array, text: string): void {
  // service_type; source and destination, each after its type and plan; esm_class, protocol_id and priority_flag;
  // schedule_delivery_time (§4.4.1).
  let at = textEnd(submit, headerLength);
  at = textEnd(submit, at + 2);
  at = textEnd(submit, at + 2);
  at = textEnd(submit, at + 3);
  if (textEnd(submit, at) !== at + timeOctets + 1 || !/^\d{15}[0-9+\-R]$/.test(text)) {
    const detail = 'can only take the place of another';
    throw new ValueError('BAD_FORMAT', detail, 'validityPeriod', { doc: smppDocument, section: '5.2.16' });
  }
  for (let i = 0; i < timeOctets; i += 1) submit[at + i] = text.charCodeAt(i);
}

/** The octet after the 00 that ends the text at `at`. */
function textEnd(octets: Uint8Array, at: number): number {
  return octets.indexOf(0, at) + 1;
}
