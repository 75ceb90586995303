// Jobs: taken in, given out to sessions a package at a time, answered, ended.

import type { Filter } from '../../filter/index.ts';
import type { RefusedRequest } from '../push/queue.ts';
import type { CreatedBetween, Page, PageRequest } from '../record/page.ts';
import type {
  CommandAnswer,
  CreatedJob,
  JobCommand,
  JobRecord,
  JobReport,
  JobRequest,
  JobState,
  JobSummary,
} from './job.ts';

/** Which command of which job. */
export interface CommandPlace {
  readonly jobId: string;
  /** From 0. */
  readonly position: number;
}

/** A command for a session to send. */
export interface TakenCommand extends CommandPlace {
  readonly command: JobCommand;
}

/** Who takes commands. */
export interface CommandTaker {
  /** Names the session; no two have the same name. */
  readonly holder: string;
  /** Absent where its SessionID is no number from 1 to 65535. */
  readonly sessionId?: number;
  /** Jobs that this session took commands of before. One that another session has taken over since is left to that. */
  readonly held: readonly string[];
}

/** What a device said to a command. */
export interface PlacedAnswer extends CommandPlace {
  readonly answer: CommandAnswer;
  /** True when its session sent it more than once: it counts as sent once more. */
  readonly again?: true;
}

/** An Alert 1226 of a device. Without a correlator it is about the one Exec that waits and that its source names. */
export interface CorrelatedReport {
  readonly correlator?: string;
  readonly report: Omit<JobReport, 'at'>;
}

/** Commands that a session had and that were not answered when it broke off. */
export interface LostCommands {
  /** The session; commands that another one has taken over since are that one's. */
  readonly holder: string;
  readonly places: readonly CommandPlace[];
  /** Why it broke off, in words. */
  readonly why: string;
}

/** What a session of a device leads to. */
export interface JobProgress {
  readonly deviceId: string;
  readonly answers?: readonly PlacedAnswer[];
  readonly reports?: readonly CorrelatedReport[];
  readonly lost?: LostCommands;
  /** Sessions that a command may be given to without an answer; then it has failed. Default `jobLimits.deliveries`. */
  readonly maxDeliveries?: number;
  /** Absent when the session takes no more commands. */
  readonly take?: CommandTaker;
}

/** What `advanceJobs` gives. */
export interface JobAdvance {
  /** The next package: commands of one job, in their order; none when there is nothing to do. */
  readonly taken: readonly TakenCommand[];
  /** One for each report: whether a command waited for it. */
  readonly matched: readonly boolean[];
  /**
   * Notifications that were created with the jobs which this was about: the session does what they were to wake the device
   * for. Some of them may be over.
   */
  readonly pushIds: readonly string[];
}

/** How a cancellation of a job went; `undefined` when there is no such job. */
export type JobCancellation =
  | { readonly verdict: 'cancelled' | 'refused'; readonly job: JobSummary }
  | undefined;

/** Bounds of what is kept. */
export const jobLimits = Object.freeze({
  /** Jobs of a device that are not over. */
  openJobs: 100,
  /** Octets of the answers to one job, as JSON. */
  answerOctets: 8 * 1024 * 1024,
  /** Sessions that a command may be given to without an answer, unless the caller says otherwise. */
  deliveries: 3,
});

/** Which jobs a list shows. */
export interface JobFilter extends CreatedBetween {
  readonly deviceId?: string;
  readonly state?: JobState;
  /** One of these, in place of `state`; none: nothing is shown. */
  readonly states?: readonly JobState[];
  /** Those whose device it means; `within` counts from the moment of the call. */
  readonly devices?: Filter;
}

/** Keeps jobs. What a call wrote is on disk when its promise resolves. */
export interface JobStore {
  /**
   * Takes a job in, together with the notification that wakes the device for it.
   * @throws {StoreError} UNKNOWN_DEVICE, IDEMPOTENCY_CONFLICT, SESSION_IDS_EXHAUSTED; TOO_MANY_JOBS beyond
   *   `jobLimits.openJobs`
   */
  createJob(request: JobRequest): Promise<CreatedJob>;
  /**
   * As `createJob`, but each request stands for itself: one that is refused keeps none of the others from being taken in. The
   * outcomes are in the order of the requests.
   */
  createJobs(requests: readonly JobRequest[]): Promise<readonly (CreatedJob | RefusedRequest)[]>;
  job(id: string): Promise<JobRecord | undefined>;
  /** The job that was created with a push. */
  jobOfPush(pushId: string): Promise<JobSummary | undefined>;
  /** Jobs, newest first. */
  listJobs(page: PageRequest & JobFilter): Promise<Page<JobSummary>>;
  /**
   * Writes what the device said, then gives out the next package, in one transaction. Of an answer and of a report the
   * first one stays; one to a job that is over is kept, and does not change its state. Answers beyond
   * `jobLimits.answerOctets` lose their results, which fails the command.
   *
   * Commands are given out job by job in the order of creation, those of a job in their order, by the rules of
   * `packageLength`; one without a stored answer is given out again, to whichever session asks next, or has failed by
   * then when `isRepeatable` says no, or when it went out `maxDeliveries` times: at the end of the last session that had
   * it, with what `lost` says, else when the next one asks. A job that waits for a report gives out nothing, and lets later jobs pass. A report
   * goes to every job that waits under its correlator.
   */
  advanceJobs(progress: JobProgress): Promise<JobAdvance>;
  /**
   * Ends a job that is not over, and with it, in the same transaction, the push that was to wake the device for it where that
   * can still be cancelled, and no other campaign shares it: its reason then is that its job was cancelled. `actor`: whose
   * token asked for it.
   */
  cancelJob(id: string, reason: string, actor?: string): Promise<JobCancellation>;
  /** Fails the jobs whose time has ended, at most `limit`, and gives how many those were. */
  expireJobs(limit: number): Promise<number>;
  /**
   * Calls `listener` with each job that came to its end, once that is on disk. Gives what ends the subscription. The listener
   * must not throw.
   */
  onJobEnd(listener: (job: JobSummary) => void): () => void;
  /** When the next job's time ends; `undefined` when none is open. May be in the past. */
  nextJobExpiry(): Promise<number | undefined>;
}
