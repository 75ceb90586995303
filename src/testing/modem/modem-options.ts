// What a simulated modem is like, and what tests have it do.
import type { SmsTpdu } from '../../codec/sms/index.ts';

/** A message that was handed over. */
export interface SubmittedMessage {
  /** Octets of the SMS-SUBMIT, without the service centre. */
  readonly octets: Uint8Array;
  readonly tpdu: SmsTpdu;
  /** The reference that the modem gave it. */
  readonly reference: number;
  /** Number of the service centre that stood before it; empty for the modem's own. */
  readonly serviceCentre: string;
}

/**
 * What comes of a message: taken; refused with a number of +CMS ERROR; taken and never answered (`silent`); taken, and the modem
 * starts anew before it answers (`reset`), or between its reference and `OK` (`numbered-reset`); taken, and answered without its
 * reference (`unnumbered`), or without the `OK` behind it (`unfinished`).
 */
export type SubmitVerdict =
  | 'taken'
  | 'silent'
  | 'reset'
  | 'numbered-reset'
  | 'unnumbered'
  | 'unfinished'
  | number;

/** Settings of a simulated modem. */
export interface ModemSimulatorOptions {
  /** PIN of its SIM; default: none is wanted. */
  readonly pin?: string | undefined;
  /** Tries of the PIN that are left at the start, 1–3. Default 3. */
  readonly pinTries?: number | undefined;
  /** Whether it can tell how many tries are left (+CPINR). Default true. */
  readonly tellsTries?: boolean | undefined;
  /** How often its SIM is busy (+CMS ERROR: 314) after a start, for each command that sets up short messages. Default 0. */
  readonly simBusy?: number | undefined;
  /** Whether it gives commands back until ATE0. Default true. */
  readonly echo?: boolean | undefined;
  /** Whether it goes on giving them back after ATE0. Default false. */
  readonly alwaysEchoes?: boolean | undefined;
  /** Octets that go out at once; default: as they come. */
  readonly chunk?: number | undefined;
  /** Lines that come unasked before each line of an answer. Default none. */
  readonly noise?: readonly string[] | undefined;
  /** Places of each memory. Default 20. */
  readonly places?: number | undefined;
  /** Commands that it does not know: each `ERROR`. Default none. */
  readonly unknown?: readonly RegExp[] | undefined;
  /** What comes of each message; default: it is taken. */
  readonly onSubmit?: ((message: SubmittedMessage) => SubmitVerdict) | undefined;
  /** Own service centre. Default +491720000000. */
  readonly serviceCentre?: string | undefined;
}
