// A job as stored: an ordered list of commands for a device, and what the device said to each.
import type { IdempotencyMark, NotificationPush, NotificationRequest } from '../push/push.ts';

/** States of a job; the last three are its end. */
export const jobStates = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;

/**
 * State of a job. `pending`: no command went out yet; `running`: one did; `completed`: every command succeeded; `failed`:
 * one did not, or the time ended; `cancelled`: by request.
 */
export type JobState = (typeof jobStates)[number];

/** True until the job is over. */
export function isOpen(state: JobState): boolean {
  return state === 'pending' || state === 'running';
}

/** What a command carries. At most one of `data` and `dataBase64` is there. */
export interface JobData {
  /** Text. */
  readonly data?: string;
  /** Octets. */
  readonly dataBase64?: string;
  /** Meta Format; absent: `chr`. */
  readonly format?: string;
  /** Meta Type; absent: `text/plain`. */
  readonly type?: string;
}

/** A user interaction alert (DM-PRO-1.2), with the names of the session's `UserInteraction`. */
export interface JobAlert {
  readonly command: 'alert';
  readonly kind: 'display' | 'confirm' | 'text' | 'single-choice' | 'multiple-choice';
  readonly text: string;
  readonly choices?: readonly string[];
  /** Seconds. */
  readonly minimumDisplaySeconds?: number;
  readonly maximumDisplaySeconds?: number;
  readonly defaultResponse?: string;
  /** Characters. */
  readonly maxLength?: number;
  readonly inputType?: 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone-number' | 'ip-address';
  readonly echoType?: 'text' | 'password';
}

/** One command of a job, as JSON. */
export type JobCommand =
  | { readonly command: 'get' | 'delete'; readonly uri: string }
  | ({ readonly command: 'add' | 'replace'; readonly uri: string } & JobData)
  /** `source` is copied to `uri`. */
  | { readonly command: 'copy'; readonly uri: string; readonly source: string }
  /** With a correlator, a status 202 means that Alert 1226 will report the end. */
  | ({ readonly command: 'exec'; readonly uri: string; readonly correlator?: string } & JobData)
  | JobAlert
  | { readonly command: 'atomic' | 'sequence'; readonly commands: readonly JobCommand[] };

/** Something that a device sent: an item of Results or of a Status. */
export interface JobItem extends JobData {
  readonly uri?: string;
  /** True where the data held a secret of the device's record and was left out. */
  readonly withheld?: true;
}

/** The Alert 1226 that told how an asynchronous Exec ended. */
export interface JobReport {
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  /** Data of its item. */
  readonly data: string;
  /** Meta Type, such as `org.openmobilealliance.dm.firmwareupdate.download`. */
  readonly type?: string;
  /** Source/LocURI: the object that it is about. */
  readonly source?: string;
  /** Meta Mark. */
  readonly mark?: string;
}

/** What a device said to a command. */
export interface CommandAnswer {
  /** Status code; absent when there is none, and `problem`, `report` or what is inside a group tells why. */
  readonly status?: number;
  /** Why there is no status, no results, or no success whatever the status says. */
  readonly problem?: string;
  /** Items of the Status: what a user entered or chose, or which node failed. */
  readonly items?: readonly JobItem[];
  readonly results?: readonly JobItem[];
  readonly report?: JobReport;
  /** Answers to the commands of an Atomic or Sequence, in their order. */
  readonly commands?: readonly CommandAnswer[];
}

/** A command of a job with what became of it. */
export interface JobCommandRecord {
  readonly command: JobCommand;
  /** How often it was given to a session. More than once: a session broke off before the answer was stored. */
  readonly sends: number;
  /** Absent as long as there is none. */
  readonly answer?: CommandAnswer;
  /** When it was answered first, milliseconds since the POSIX epoch; a report has a time of its own. */
  readonly answeredAt?: number;
}

/** What is asked for. */
export interface JobRequest {
  readonly deviceId: string;
  /** At least one. */
  readonly commands: readonly JobCommand[];
  /** Whether the commands after one that failed are still sent. */
  readonly onFailure: 'stop' | 'continue';
  /** The job fails when it is not over by then, milliseconds since the POSIX epoch. */
  readonly expiresAt: number;
  /**
   * True when `expiresAt` was counted from now, as a life or a timeout is, and is no date that somebody named: a clock that
   * is set then moves it too (`ClockMoves`).
   */
  readonly endCounted?: boolean;
  readonly idempotency?: IdempotencyMark;
  /** The notification that wakes the device for it; created in the same transaction. */
  readonly wake?: NotificationRequest;
}

/** A job without its commands, for lists. */
export interface JobSummary {
  /** UUID, version 7: in order of creation. */
  readonly id: string;
  readonly deviceId: string;
  /** Account of the device when the job was created. */
  readonly serverId: string;
  readonly state: JobState;
  readonly onFailure: 'stop' | 'continue';
  /** The push that wakes the device for it, created with it. */
  readonly pushId?: string;
  /** Session-ID of the session that took commands of it last. */
  readonly sessionId?: number;
  readonly commandCount: number;
  /** Commands whose answer is stored; one that a report is awaited for counts. */
  readonly answeredCount: number;
  /** Why it failed or was cancelled. */
  readonly reason?: string;
  readonly idempotencyKey?: string;
  /** Milliseconds since the POSIX epoch, as all times here. */
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When its first command was given to a session. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Since when no session takes commands of it: it came out of a copy and waits to be released (`HeldPushes`). */
  readonly heldAt?: number;
}

/** A job. */
export interface JobRecord extends JobSummary {
  readonly commands: readonly JobCommandRecord[];
}

/** What `createJob` gives. */
export interface CreatedJob {
  readonly job: JobSummary;
  /** What was asked for with `wake`. */
  readonly notification?: NotificationPush;
  /** False when the idempotency key had been used for it before. */
  readonly created: boolean;
}
