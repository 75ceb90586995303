// What the state of a push is called in PAP, and with which code its result is told.
import type { PapCodeName, PapMessageState } from '../../codec/pap/index.ts';
import type { PushState } from '../../store/index.ts';

interface PapWords {
  readonly state: PapMessageState;
  /** Code of a result notification. */
  readonly code: PapCodeName;
}

const words: Readonly<Record<PushState, PapWords>> = {
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
  // Of notifications alone.
  answered: { state: 'delivered', code: 'ok' },
  completed: { state: 'delivered', code: 'ok' },
};

/** The PAP message-state of a push, and the code that goes with it in a result notification (PAP 2.0). */
export function papWordsOf(state: PushState): PapWords {
  return words[state];
}
