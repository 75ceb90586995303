// What the peer says to the SyncHdr of this end's last message: whether it took it, and what it wants to see (DM-SEC-1.2).
import { type DmMessage, type Status, statusCodes } from '../../codec/syncml/index.ts';
import type { Prover } from '../proof/prover.ts';
import { type Made, provesItself } from './message-maker.ts';
import { shownStatus, statusNumber, statusOfHeader } from './replies.ts';

/** What the peer's Status for a SyncHdr means. */
export type Heard =
  /** It took the message. `proven`: and with it the credentials that this end gave. */
  | { readonly next: 'go-on'; readonly proven: boolean; readonly note?: string }
  /** It says nothing that counts: no Status at all, or text that is none to a message without credentials. */
  | { readonly next: 'nothing'; readonly note?: string }
  /** It wants credentials, and this end can give better ones: what it did not carry out goes out again. */
  | { readonly next: 'send-again' }
  /** It wants credentials that this end cannot give. */
  | { readonly next: 'give-up'; readonly reason: string }
  /** It refuses the message, or answers what is no status; `said` goes on with `the client …`. */
  | { readonly next: 'refused'; readonly said: string };

/** Whose last message it was, and what it proves itself with. */
export interface Speaker {
  readonly prover: Prover;
  readonly last: Made | undefined;
  readonly lastMsgId: string;
}

/** Reads the Status for the SyncHdr of the last message, and tells the prover. */
export function hear(message: DmMessage, speaker: Speaker): Heard {
  const status = statusOfHeader(message, speaker.lastMsgId);
  return status === undefined ? { next: 'nothing' } : heardOf(status, speaker);
}

function heardOf(status: Status, { prover, last }: Speaker): Heard {
  const code = statusNumber(status.data);
  const proven = last !== undefined && provesItself(last);
  if (code === statusCodes.invalidCredentials || code === statusCodes.missingCredentials) {
    return prover.challenged(status.chal, proven);
  }
  if (code === statusCodes.ok || code === statusCodes.authenticationAccepted) {
    prover.accepted(code, status.chal, proven);
    const odd = proven && code === statusCodes.authenticationAccepted && prover.scheme === 'hmac';
    const note = 'the peer answered HMAC with 212 instead of 200; its messages are signed all the same';
    return { next: 'go-on', proven, ...(odd ? { note } : {}) };
  }
  const said = shownStatus(status.data);
  // What one deployed client writes to the message that challenged it.
  if (Number.isNaN(code) && !proven) {
    return { next: 'nothing', note: `the peer answered a message without credentials with ${said}` };
  }
  return {
    next: 'refused',
    said: Number.isNaN(code) ? `answers the message with ${said}` : `refuses the message with ${said}`,
  };
}
