// How a modem is, what it says of itself, and what it tells.
import type { SmsTpdu } from '../../../codec/sms/index.ts';
import type { PushError } from '../../../core/index.ts';
import type { MemoryState, MessagePlace, Registration } from './read-answers.ts';

/** Where a modem stands: `waiting` for the next try, `failed` for what trying again does not mend. */
export type ModemState = 'closed' | 'opening' | 'initialising' | 'ready' | 'waiting' | 'failed';

/**
 * What becomes of the PIN of a SIM. `will not be given`: the SIM is ready, and when it wants its PIN again it does not get it, since
 * the modem does not tell how many tries are left (`pinWithoutCount`); `not given`: so it is now. `suspect`: one was refused before.
 */
export type PinState =
  | 'not needed'
  | 'given'
  | 'will not be given'
  | 'not given'
  | 'needed'
  | 'refused'
  | 'suspect'
  | 'locked';

/** How a modem is. */
export interface ModemStatus {
  readonly state: ModemState;
  /** Since when, milliseconds since the POSIX epoch. */
  readonly since: number;
  /** What went wrong last, while it is not ready; that it asked for no message, until it takes one. */
  readonly error?: string;
  readonly registration?: Registration;
  /** Strength of the signal in dBm. */
  readonly signalDbm?: number;
  readonly memory?: MemoryState;
  readonly pin?: PinState;
}

/** What a modem says of itself. */
export interface ModemInfo {
  readonly maker?: string;
  readonly model?: string;
  readonly revision?: string;
  readonly operator?: string;
  /** Number of the service centre that is set in it. */
  readonly serviceCentre?: string;
}

/** What a modem tells. None of these may throw. */
export interface ModemListener {
  /** It is ready, for the first time or again. */
  readonly onReady?: () => void;
  /** It is not ready any more, or could not be made so. */
  readonly onDown?: (error: PushError) => void;
  /** A message or a report lies in a memory. */
  readonly onStored?: (place: MessagePlace) => void;
  /** A message or a report that lies nowhere. */
  readonly onMessage?: (tpdu: SmsTpdu) => void;
  /** A time to look for messages that nobody told of. */
  readonly onLook?: () => void;
  /** Something odd that works all the same. */
  readonly onWarning?: (detail: string) => void;
}
