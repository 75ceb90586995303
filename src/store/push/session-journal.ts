// What a DM session begins with, and what one step of it leaves behind, written before its reply goes out.
import type { AccountRecord } from '../record/account.ts';
import type { DeviceRecord } from '../record/device.ts';
import type { PushChange } from './life-cycle.ts';
import type { NotificationPush } from './push.ts';

/** What a session begins with, all as it was at one moment. */
export interface SessionFacts {
  readonly device: DeviceRecord | undefined;
  /** That of the device. */
  readonly account: AccountRecord | undefined;
  /** As `PushReader.pushOfSession`, by the Session-IDs that were asked for; of one that there was none for, nothing. */
  readonly notifications: ReadonlyMap<number, NotificationPush>;
}

/** What a step does to a notification that did not begin its session, but whose job the session does. */
export interface AnsweredToo {
  readonly pushId: string;
  /**
   * In order. One that says that the session failed counts as `completed` where the notification's job is over: nothing is
   * left to wake the device for.
   */
  readonly changes: readonly PushChange[];
  /** As for the session's own. */
  readonly dueAt?: number;
}

/** Effects of one step, for one device. */
export interface SessionUpdate {
  readonly deviceId: string;
  /** Notification that the session answers. */
  readonly pushId?: string;
  /** New nonce of CLCRED. */
  readonly clientNonce?: Uint8Array;
  /** New nonce of SRVCRED. */
  readonly serverNonce?: Uint8Array;
  /** True when the client proved itself in this step; sets `lastSessionAt`. */
  readonly authenticated?: boolean;
  /** True when it did so with the default nonce: the offer of the notification is used up. */
  readonly usedDefaultNonce?: boolean;
  /** True when both sides hold fresh nonces again; counted for the device. */
  readonly resynchronised?: boolean;
  /** Leaves that the device reported, by URI; merged over those before. */
  readonly reported?: Readonly<Record<string, string>>;
  /** What it had reported when the session read it, so that the store need not read it again where that is so still. */
  readonly reportedBefore?: Readonly<Record<string, string>>;
  /** When the engine takes the session for lost if nothing more comes; moves the notification's due time. */
  readonly dueAt?: number;
  /**
   * Changes of the notification, in order. A `session-failed` with a due time puts it back while its job is open, and is
   * `completed` where its job is over.
   */
  readonly changes: readonly PushChange[];
  /** True when such a `session-failed` is the end (`failed`) of a notification without a job. */
  readonly endsWithoutJob?: boolean;
  /** Other notifications, under the same rule; those that are over stay as they are. */
  readonly answeredToo?: readonly AnsweredToo[];
}

/** Keeps what sessions change. */
export interface SessionJournal {
  /** Reads what a session may begin with. Of a device that does not exist as much is looked up as of one that does. */
  sessionFacts(deviceId: string, sessionIds: readonly number[]): Promise<SessionFacts>;
  /**
   * Writes all of it in one transaction, on disk when the promise resolves, or none of it: `refused` when the default
   * nonce was used without an open offer, or when the device is gone.
   */
  recordSession(update: SessionUpdate): Promise<'recorded' | 'refused'>;
}
