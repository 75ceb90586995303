// What the DM endpoint is given: settings, bounds, and the work that is done in sessions.
import type { Clock, Logger } from '../core/index.ts';
import type { ClientReport, CommandProvider, SessionEnd } from '../session/index.ts';
import type {
  AccountStore,
  DeviceRecord,
  DeviceStore,
  NotificationReader,
  NotificationRecord,
  SessionJournal,
} from '../store/index.ts';
import type { AttemptGuardLimits } from './attempt-guard.ts';
import type { SessionLimits } from './session-table.ts';

/** For whom a session runs. */
export interface SessionSubject {
  readonly device: DeviceRecord;
  readonly sessionId: number;
  /** What woke the device; absent when it came by itself. */
  readonly notification?: NotificationRecord;
}

/** What the server does in its sessions. */
export interface SessionWork {
  /** Where the commands of a session come from. */
  commands(subject: SessionSubject): CommandProvider;
  /**
   * What the client said in a step, to commands and by itself: alerts, DevInfo, requested objects. The session's answer
   * waits for it. `end` is set when the session is over; answers that are missing then may be so because it broke off.
   */
  reported(
    subject: SessionSubject,
    reports: readonly ClientReport[],
    end: SessionEnd | undefined,
  ): Promise<void>;
}

/** Settings of the endpoint. */
export interface DmEndpointSettings extends Partial<SessionLimits> {
  /** Octets of a request's body. Default 1048576. */
  readonly maxBody?: number;
  /** Octets of a message that clients are told to keep to. Default 65536. */
  readonly maxMsgSize?: number;
  /** Octets of an object that clients may send, as transmitted. Default 4194304. */
  readonly maxObjSize?: number;
  /**
   * Gives each session an address of its own by RespURI, with an unguessable token. Without it, whoever knows device and
   * SessionID can speak in a session that has authenticated once. Default true.
   */
  readonly sessionTokens?: boolean;
  /** Pause before another push when a session broke off, in milliseconds. Default 10000. */
  readonly retryAfterMs?: number;
  readonly attempts?: AttemptGuardLimits;
}

/** Defaults of `DmEndpointSettings`. */
export const dmEndpointDefaults = Object.freeze({
  maxBody: 1_048_576,
  maxMsgSize: 65_536,
  maxObjSize: 4_194_304,
  sessionTokens: true,
  retryAfterMs: 10_000,
  maxPending: 2000,
  maxRunning: 10_000,
  maxEnded: 5000,
  idleMs: 60_000,
  lingerMs: 60_000,
});

/** What the endpoint works with. */
export interface DmEndpointOptions {
  readonly store: AccountStore & DeviceStore & NotificationReader & SessionJournal;
  readonly clock: Clock;
  readonly node: string;
  readonly logger: Logger;
  readonly settings?: DmEndpointSettings;
  /** Default: nothing to do, so that a session ends once both sides have proved themselves. */
  readonly work?: SessionWork;
}

/** A session without commands. */
export const noCommands: CommandProvider = { next: async () => [] };

/** Nothing to do in any session. */
export const noWork: SessionWork = { commands: () => noCommands, reported: async () => undefined };
