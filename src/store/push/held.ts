// What a restored copy had queued: held until somebody releases it, for nobody knows what became of it since.
import type { PushPurpose } from './state.ts';

/** How many of each. */
export interface HeldCounts {
  /** Pushes, with those of which only the result is to be told. */
  readonly pushes: number;
  readonly jobs: number;
}

/** What a restore held. */
export interface HeldByRestore extends HeldCounts {
  /** Campaigns that would have gone on, and are paused; absent: none. */
  readonly campaigns?: number;
  /** Webhooks that were told, and are suspended; absent: none. */
  readonly webhooks?: number;
}

/** Which of what is held is meant; absent: all. What is given counts together. */
export interface HeldSelection {
  /** Ids of pushes or of jobs, 1–1000. */
  readonly ids?: readonly string[];
  readonly deviceId?: string;
  /** Account. */
  readonly serverId?: string;
  /** Pushes of this purpose, and the jobs that they wake for. */
  readonly purpose?: PushPurpose;
}

/** How what is held is let go. */
export interface HeldRelease {
  /** On whose behalf; absent: the timelines name nobody. */
  readonly actor?: string | undefined;
  /** How often a notification goes out at most: one that has gone out so often waits for its answer alone. Absent: any number. */
  readonly attempts?: number;
}

/** Holds what is queued, and lets it go. */
export interface HeldPushes {
  /**
   * For a database that was put back from a copy, before anything works on it: pushes that are not over, results that are to be
   * told and jobs that are not over are held; campaigns that would go on are paused, webhooks suspended; nonces of all devices count as unknown; Session-IDs go on far from the last ones.
   * In one transaction. Done twice, it holds nothing more. Nobody is told the notes on timelines but who reads them.
   */
  holdRestored(): Promise<HeldByRestore>;
  /**
   * Lets up to `limit` pushes and as many jobs go on from where they were, oldest first, with a note on their timelines. Whoever
   * gets as many as `limit` asks again. What should have ended meanwhile ends when it is looked at. A notification that may go out
   * again gets a fresh Session-ID, which the note says: it may have gone out under the old one after the copy was made. One whose
   * device has begun that session while it was held keeps its own.
   */
  releaseHeld(selection: HeldSelection, limit: number, how?: HeldRelease): Promise<HeldCounts>;
  /** How many are held, each counted up to `most`. */
  countHeld(most: number): Promise<HeldCounts>;
  /** Ids of up to `limit` jobs that are held, oldest first. */
  heldJobs(selection: HeldSelection, limit: number): Promise<readonly string[]>;
  /** Ids of up to `limit` pushes that are held, oldest first. */
  heldPushes(selection: HeldSelection, limit: number): Promise<readonly string[]>;
}
