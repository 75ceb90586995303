// The DM sessions under way, in memory: bounded, and each ends when nothing comes for a while.
import type { Clock, Timer } from '../core/index.ts';
import type { ServerSession } from '../session/index.ts';
import type { NotificationRecord } from '../store/index.ts';

/** How far a session has come: before its client proved itself, after, and over but kept for a repeated message. */
export type SessionStage = 'pending' | 'running' | 'ended';

/** One session. */
export interface SessionEntry {
  readonly key: string;
  readonly deviceId: string;
  readonly session: ServerSession;
  /** False for a device that does not exist: nothing of the session is stored. */
  readonly known: boolean;
  readonly notification: NotificationRecord | undefined;
  /** SHA-256 of the client certificate that vouches for the client: all messages of the session come with it. */
  readonly certificate: string | undefined;
  /** In the address to which the client sends its further messages; unguessable. */
  readonly token: string;
  stage: SessionStage;
  /** True when the last message that was taken in came with the token. */
  lastHadToken: boolean;
  /** When the engine takes the session for lost, as stored; 0 before. */
  lostAt: number;
  /** Work on the session, one message after the other. */
  queue: Promise<unknown>;
  timer: Timer | undefined;
}

/** Bounds of the table. */
export interface SessionLimits {
  /** Sessions whose client has not proved itself. The oldest gives way to a new one. */
  readonly maxPending: number;
  /** Sessions whose client has proved itself. While there are as many, no new one begins. */
  readonly maxRunning: number;
  /** Sessions that are over. The oldest gives way. */
  readonly maxEnded: number;
  /** Without a message for so long, a session ends; milliseconds. */
  readonly idleMs: number;
  /** For so long a session that is over is kept; milliseconds. */
  readonly lingerMs: number;
}

/** Sessions by device and Session-ID; one of each stage can stand under the same key. */
export class SessionTable {
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #onIdle: (entry: SessionEntry) => void;
  readonly #stages: Readonly<Record<SessionStage, Map<string, SessionEntry>>> = {
    pending: new Map(),
    running: new Map(),
    ended: new Map(),
  };

  /** `onIdle` is called for a session that ran and got no message for too long; it is no longer in the table then. */
  constructor(clock: Clock, limits: SessionLimits, onIdle: (entry: SessionEntry) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onIdle = onIdle;
  }

  /** True while a new session may begin. */
  get hasRoom(): boolean {
    return this.#stages.running.size < this.#limits.maxRunning;
  }

  /** Number of sessions of a stage. */
  count(stage: SessionStage): number {
    return this.#stages[stage].size;
  }

  get(stage: SessionStage, key: string): SessionEntry | undefined {
    return this.#stages[stage].get(key);
  }

  /** All sessions that run. */
  running(): readonly SessionEntry[] {
    return [...this.#stages.running.values()];
  }

  /** Puts the entry under its stage, with a new time to live. Gives the running one that it takes the place of, if any. */
  put(entry: SessionEntry, stage: SessionStage): SessionEntry | undefined {
    this.delete(entry);
    const entries = this.#stages[stage];
    const before = entries.get(entry.key);
    if (before !== undefined) this.delete(before);
    entry.stage = stage;
    entries.set(entry.key, entry);
    const { idleMs, lingerMs, maxPending, maxEnded } = this.#limits;
    entry.timer = this.#clock.after(stage === 'ended' ? lingerMs : idleMs, () => {
      this.delete(entry);
      if (stage === 'running') this.#onIdle(entry);
    });
    if (stage !== 'running' && entries.size > (stage === 'pending' ? maxPending : maxEnded)) {
      const [oldest] = entries.values();
      if (oldest !== undefined) this.delete(oldest);
    }
    return stage === 'running' ? before : undefined;
  }

  delete(entry: SessionEntry): void {
    entry.timer?.cancel();
    entry.timer = undefined;
    const entries = this.#stages[entry.stage];
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
  }

  clear(): void {
    for (const entries of Object.values(this.#stages)) {
      for (const entry of entries.values()) entry.timer?.cancel();
      entries.clear();
    }
  }
}
