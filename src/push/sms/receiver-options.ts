// What a receiver of short messages is made with, and what it counts.
import type { ReassemblyCounters, ReassemblyDropReason } from '../../codec/sms/index.ts';
import type { PushRejection } from '../../codec/wsp/index.ts';
import type { PushError } from '../../core/index.ts';
import {
  type DroppedPush,
  type IntakeCounters,
  type PendingBounds,
  pendingDefaults,
  type ReceivedPush,
} from '../index.ts';
import type { LinkTimingOptions, SmscOptions, WarningHandler } from './link/link-options.ts';
import type { MessageRefusal } from './message/short-message.ts';

/**
 * Why something was dropped, whatever short messages came by: a message by itself, a part or an incomplete datagram by the rules
 * of reassembly, a whole datagram by those of DM-NOTI §7.1.1, or too many pushes at once.
 */
export type MessageDropReason = MessageRefusal | ReassemblyDropReason | PushRejection | 'busy';

/** Every such reason. */
export const messageDropReasons = [
  'malformed',
  'message-type',
  'data-coding',
  'port',
  'duplicate',
  'late',
  'superseded',
  'expired',
  'sender-limit',
  'open-limit',
  'octet-limit',
  'pdu-type',
  'application-id',
  'content-type',
  'busy',
] as const satisfies readonly MessageDropReason[];

/** As they are, and for a handset that is off. */
export type SmsDropReason = MessageDropReason | 'off';

/** Every such reason. */
export const smsDropReasons = [...messageDropReasons, 'off'] as const satisfies readonly SmsDropReason[];

/** A push that came over short messages. */
export interface ReceivedSmsPush extends ReceivedPush {
  /** Number that it was for: digits, with `+` when it is international. */
  readonly to: string;
}

/** Takes a push that is meant for the DM client. What it throws, or rejects with, is counted and reported. */
export type SmsPushHandler = (push: ReceivedSmsPush) => void | Promise<void>;

/** Counters of a receiver. `received` counts datagrams, and what was dropped before it was one. */
export interface SmsCounters extends IntakeCounters<SmsDropReason> {
  /** What happened to parts. */
  readonly reassembly: ReassemblyCounters;
}

/** Settings of a receiver. Times in milliseconds. */
export interface SmsReceiverOptions extends LinkTimingOptions, PendingBounds {
  /** The centre that delivers, with the account of the handset there. */
  readonly smsc: SmscOptions;
  /** Telephone number of the handset: digits, with `+` when it is international. It goes into address_range. */
  readonly number: string;
  /**
   * Expression for many numbers, which goes into address_range instead of `number` (SMPP 3.4 §5.2.7), up to 40 octets of
   * ASCII; empty leaves it to the centre. `ReceivedSmsPush.to` says which one a push is for. Default: `number` alone.
   */
  readonly addressRange?: string | undefined;
  /**
   * False where the handset with a number is off: the centre is asked to keep its messages (ESME_RX_T_APPN), and each counts
   * as dropped, `off`. Gets digits, with `+` when they are international. Default: all are on.
   */
  readonly isOn?: ((number: string) => boolean) | undefined;
  /** How it binds. Default `receiver`. */
  readonly bind?: 'receiver' | 'transceiver' | undefined;
  /** Port that pushes come for, 0–65535. Default 2948. */
  readonly port?: number | undefined;
  readonly handler: SmsPushHandler;
  /** Called for each drop. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: SmsDropReason }) => void) | undefined;
  /** Called when the handler fails; the receiver goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Called when the link came up (without an error), went down or could not be made. */
  readonly onLink?: ((error: PushError | undefined) => void) | undefined;
  /**
   * Called, while the receiver is made, for each setting that is odd and works all the same; later once for each way in
   * which the centre answers otherwise than SMPP has it. Must not throw.
   */
  readonly onWarning?: WarningHandler | undefined;
  /** How long the centre's answer waits for the handler. Default 5000. */
  readonly answerMs?: number | undefined;
  /** Bounds of reassembly; defaults are those of the reassembler. */
  readonly reassembly?:
    | {
        readonly timeoutMs?: number | undefined;
        readonly maxOpen?: number | undefined;
        readonly maxOpenPerSender?: number | undefined;
        readonly maxOctets?: number | undefined;
      }
    | undefined;
}

/** Defaults of `SmsReceiverOptions`. */
export const smsReceiverDefaults = Object.freeze({
  port: 2948,
  ...pendingDefaults,
  answerMs: 5000,
});
