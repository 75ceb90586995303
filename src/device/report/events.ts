// What happened on a device: for logs, the command line and the demonstration.
import type { Notification } from '../../codec/notification/index.ts';
import type { SessionEnd } from '../../session/index.ts';
import type { MessageCounts } from './message-counts.ts';
import { type IgnoreReason, ignoreReasons } from './verdict.ts';

/**
 * Under which nonce the digest held: the stored one, the default one (a resynchronisation is due), or for dm1.3 the time
 * stamp in the message. `none`: the device started by itself.
 */
export type NonceVerdict = 'stored' | 'default' | 'timestamp' | 'none';

/** Outcome of a session: as the session ended, or `unreachable` when its server never answered. */
export type SessionOutcome = SessionEnd['outcome'] | 'unreachable';

/** What a server tells besides, under the names of the notification's JSON; at most one of the two is there. */
export interface VendorInformation {
  /** Octets of a dm1.2 or dm1.3-2010 notification, lower-case hex. */
  readonly vendorData?: string;
  /** Text of a dm1.3 notification. */
  readonly vendorInfo?: string;
}

/** One thing of a sessionless message that was not carried out. */
export interface MessageRemark {
  readonly serverId: string;
  /** MsgID of the message. */
  readonly messageId: string;
  readonly detail: string;
}

/** Nodes of a firmware update object that can be executed (FUMO 1.0). */
export type FirmwareOperation = 'Download' | 'Update' | 'DownloadAndUpdate';

/** One thing that happened. */
export type DeviceEvent =
  | {
      readonly event: 'notification-received';
      readonly binding: string;
      /** Where it claims to come from. */
      readonly from: string;
      readonly octets: number;
    }
  | {
      /** By a receiver, before the device saw it: wrong application id, port or content type, or unreadable. */
      readonly event: 'dropped';
      readonly binding: string;
      readonly from: string;
      /** The receiver's word. */
      readonly reason: string;
      readonly detail: string;
      readonly octets: number;
    }
  | {
      readonly event: 'ignored';
      readonly reason: IgnoreReason;
      readonly detail: string;
      /** As far as they could be read; unverified for the reasons up to `bad-digest`. */
      readonly serverId?: string;
      readonly sessionId?: number;
      /** What to configure so that such a push is acted on, where that is what is missing. */
      readonly remedy?: string;
    }
  | ({
      /** A notification that is acted on: its digest holds, and this is what its server says. */
      readonly event: 'notification-verified';
      readonly serverId: string;
      readonly sessionId: number;
      readonly nonce: NonceVerdict;
      readonly format: Notification['format'];
      readonly uiMode: Notification['uiMode'];
      /** Who caused the session, in the server's view. */
      readonly initiator: Notification['initiator'];
      /** Reason for the connection. */
      readonly reason?: string;
    } & VendorInformation)
  | {
      readonly event: 'waiting';
      readonly for: 'user' | 'bearer' | 'retry';
      readonly serverId: string;
      readonly sessionId: number;
      /** How long at most, in milliseconds. */
      readonly delayMs: number;
    }
  | {
      readonly event: 'session-started';
      readonly serverId: string;
      readonly sessionId: number;
      readonly nonce: NonceVerdict;
      /** Where package #1 goes. */
      readonly address: string;
      /** 1 for the first session under this Session-ID, counted anew for each notification. */
      readonly attempt: number;
    }
  | {
      readonly event: 'session-ended';
      readonly serverId: string;
      readonly sessionId: number;
      readonly nonce: NonceVerdict;
      readonly outcome: SessionOutcome;
      readonly reason?: string;
      /** True when both sides hold fresh nonces again (DM-NOTI-1.2 §5.1). */
      readonly resynchronised: boolean;
      /** True when another session under the same Session-ID follows after a pause. */
      readonly retrying: boolean;
      /** From the start of this session, in milliseconds. */
      readonly durationMs: number;
    }
  | ({
      /** A sessionless message was processed, and what it changed is stored. */
      readonly event: 'message-processed';
      readonly serverId: string;
    } & MessageCounts)
  | ({
      /**
       * Something that a sessionless message asked for was not carried out; its server gets no answer (DM-SESSIONLESS-1.3
       * §5.5), so whoever reads this is the only one who learns of it. 32 of one message at most, then their number.
       */
      readonly event: 'message-remark';
    } & MessageRemark)
  | {
      /** A bootstrap made an account. */
      readonly event: 'bootstrapped';
      readonly serverId: string;
      /** `./DMAcc/Operator`. */
      readonly uri: string;
    }
  | {
      /** An operation of a firmware update object (FUMO). */
      readonly event: 'firmware';
      /** The object: `./FwUpdate/Main`. */
      readonly object: string;
      readonly operation: FirmwareOperation;
      /** `broken`: its end could not be stored, so that it will begin again. */
      readonly stage: 'started' | 'ended' | 'broken';
      /** Result code, as the server is told it. */
      readonly result?: number;
      readonly reason?: string;
      /** Of the new firmware. */
      readonly version?: string;
    };

/** Counts of questions to the user, since the device was made. */
export interface QuestionCounters {
  /** Shown to the user. */
  asked: number;
  /** Ended without an answer. */
  unanswered: number;
  /** Not put to the user, since as many wait as may. */
  refused: number;
}

/** Counts since the device was made. */
export interface DeviceCounters {
  /** Pushes handed to the device. */
  received: number;
  /** Sessionless messages that were processed. */
  processed: number;
  /** Bootstraps that made an account. */
  bootstrapped: number;
  /** Notifications whose session completed. */
  completed: number;
  /** Notifications whose sessions all failed. */
  failed: number;
  /** Sessions begun, retries included. */
  sessions: number;
  /** Sessions that ended with fresh nonces on both sides after the default nonce. */
  resynchronised: number;
  /** What receivers dropped, by their reasons. */
  readonly dropped: Record<string, number>;
  /** Pushes not acted on, by reason. */
  readonly ignored: Record<IgnoreReason, number>;
  /** Questions to the user. */
  readonly questions: Readonly<QuestionCounters>;
}

/** All zero, with those of the questions. */
export function newCounters(questions: QuestionCounters): DeviceCounters {
  const ignored = Object.fromEntries(ignoreReasons.map((reason) => [reason, 0]));
  return {
    received: 0,
    processed: 0,
    bootstrapped: 0,
    completed: 0,
    failed: 0,
    sessions: 0,
    resynchronised: 0,
    dropped: {},
    ignored: ignored as Record<IgnoreReason, number>,
    questions,
  };
}
