// What the state of a push message is called in PAP, and with which code its result is told.
import type { PapCodeName, PapMessageState } from '../../codec/pap/index.ts';
import type { PushMessageState } from '../../store/index.ts';

interface PapWords {
  readonly state: PapMessageState;
  /** Code of a result notification. */
  readonly code: PapCodeName;
}

const words: Readonly<Record<PushMessageState, PapWords>> = {
  queued: { state: 'pending', code: 'acceptedForProcessing' },
  sending: { state: 'pending', code: 'acceptedForProcessing' },
  accepted: { state: 'pending', code: 'acceptedForProcessing' },
  // It left us, and nobody says whether it came.
  sent: { state: 'unknown', code: 'acceptedForProcessing' },
  unreported: { state: 'unknown', code: 'acceptedForProcessing' },
  delivered: { state: 'delivered', code: 'ok' },
  failed: { state: 'undeliverable', code: 'serviceFailure' },
  expired: { state: 'expired', code: 'serviceFailure' },
  cancelled: { state: 'cancelled', code: 'ok' },
};

/** The PAP message-state of a push message, and the code that goes with it in a result notification (PAP 2.0). */
export function papWordsOf(state: PushMessageState): PapWords {
  return words[state];
}
