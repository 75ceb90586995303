// The DM sessions under way, in memory: bounded, and each ends when nothing comes for a while.
import type { Clock, HeldOctets, Timer, Turns } from '../../core/index.ts';
import type { ServerSession } from '../../session/index.ts';
import type { NotificationPush } from '../../store/index.ts';
import type { SessionSubject } from '../work/session-work.ts';

/** How far a session has come: its client proved itself, or it is over but kept for a repeated message. */
export type SessionStage = 'running' | 'ended';

/** One session. */
export interface SessionEntry {
  readonly key: string;
  readonly deviceId: string;
  readonly session: ServerSession;
  readonly notification: NotificationPush | undefined;
  /** What the work was told of it: the device as it was when the session began. */
  readonly subject: SessionSubject;
  /** Those of `subject.alsoAnswers` that are marked as answered. */
  readonly marked: Set<string>;
  /** SHA-256 of the client certificate that vouches for the client: all messages of the session come with it. */
  readonly certificate: string | undefined;
  /** In the address to which the client sends its further messages; unguessable. */
  readonly token: string;
  /** What it holds in memory for its device; released when the entry leaves the table for good. */
  readonly held: HeldOctets;
  /** When it began, on the monotonic clock. */
  readonly begunAt: number;
  stage: SessionStage;
  /** The message that it began with, as sent, until that is taken in. */
  first: Uint8Array | undefined;
  /** True when the last message that was taken in came with the token. */
  lastHadToken: boolean;
  /** When the engine takes the session for lost, on the monotonic clock; minus infinity before that is stored. */
  lostAt: number;
  /** Work on the session, one message after the other. */
  readonly turns: Turns;
  timer: Timer | undefined;
}

/** Bounds of the sessions. */
export interface SessionLimits {
  /**
   * Messages of clients that have not proved themselves, worked on at once; an eighth of them, but at least one, of one
   * source. Nothing is kept of such a client once it is answered.
   */
  readonly maxPending: number;
  /** Sessions whose client has proved itself. While there are as many, no new one begins. */
  readonly maxRunning: number;
  /** Sessions that are over. The oldest gives way. */
  readonly maxEnded: number;
  /** Of both kinds each, those of one device: its oldest one gives way. */
  readonly maxOfDevice: number;
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
    running: new Map(),
    ended: new Map(),
  };
  /** Those that run, by token. */
  readonly #byToken = new Map<string, SessionEntry>();
  /** Those of each device, the oldest first. */
  readonly #ofDevice = new Map<string, Set<SessionEntry>>();
  /** Got no message for too long, and are not put back yet. */
  readonly #expired = new Set<SessionEntry>();
  /** Wait until none runs. */
  #idlers: (() => void)[] = [];

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

  /** The session that runs at the address with that token. */
  at(token: string): SessionEntry | undefined {
    return this.#byToken.get(token);
  }

  /** Resolves when no session runs: at once, or when the last one is over and what it left is on disk. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idlers.push(resolve);
      this.#tellIdlers();
    });
  }

  /** All sessions that run. */
  running(): readonly SessionEntry[] {
    return [...this.#stages.running.values()];
  }

  /**
   * Puts the entry under its stage, with a new time to live. Gives those that run no more for it, to be ended or deleted:
   * the one whose place it takes, and the oldest of a device that has too many.
   */
  put(entry: SessionEntry, stage: SessionStage): readonly SessionEntry[] {
    this.#take(entry);
    this.#expired.delete(entry);
    const entries = this.#stages[stage];
    const displaced: SessionEntry[] = [];
    const before = entries.get(entry.key);
    if (before !== undefined) displaced.push(before);
    const oldest = this.#oldestBeyond(entry.deviceId, stage, before);
    if (oldest !== undefined) displaced.push(oldest);
    for (const each of displaced) {
      if (stage === 'running') this.#take(each);
      else this.delete(each);
    }
    entry.stage = stage;
    entries.set(entry.key, entry);
    if (stage === 'running') this.#byToken.set(entry.token, entry);
    const ofDevice = this.#ofDevice.get(entry.deviceId);
    if (ofDevice === undefined) this.#ofDevice.set(entry.deviceId, new Set([entry]));
    else ofDevice.add(entry);
    const { idleMs, lingerMs, maxEnded } = this.#limits;
    entry.timer = this.#clock.after(stage === 'ended' ? lingerMs : idleMs, () => {
      if (stage === 'ended') this.delete(entry);
      else {
        this.#take(entry);
        this.#expired.add(entry);
        this.#onIdle(entry);
      }
    });
    if (stage === 'ended' && entries.size > maxEnded) {
      const [first] = entries.values();
      if (first !== undefined) this.delete(first);
    }
    this.#tellIdlers();
    return stage === 'running' ? displaced : [];
  }

  /** Removes an entry for good: it holds nothing any more. */
  delete(entry: SessionEntry): void {
    this.#take(entry);
    this.#expired.delete(entry);
    entry.held.release();
    this.#tellIdlers();
  }

  /** Not called where an entry is only taken out: it comes back, once what it left is on disk. */
  #tellIdlers(): void {
    if (this.#stages.running.size + this.#expired.size > 0) return;
    for (const resolve of this.#idlers.splice(0)) resolve();
  }

  /** Takes an entry out, to be put elsewhere. */
  #take(entry: SessionEntry): void {
    entry.timer?.cancel();
    entry.timer = undefined;
    const entries = this.#stages[entry.stage];
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
    if (this.#byToken.get(entry.token) === entry) this.#byToken.delete(entry.token);
    const ofDevice = this.#ofDevice.get(entry.deviceId);
    ofDevice?.delete(entry);
    if (ofDevice?.size === 0) this.#ofDevice.delete(entry.deviceId);
  }

  clear(): void {
    for (const entries of Object.values(this.#stages)) {
      for (const entry of [...entries.values()]) this.delete(entry);
    }
  }

  #oldestBeyond(
    deviceId: string,
    stage: SessionStage,
    leaving: SessionEntry | undefined,
  ): SessionEntry | undefined {
    const ofDevice = this.#ofDevice.get(deviceId) ?? [];
    const others = [...ofDevice].filter((each) => each.stage === stage && each !== leaving);
    return others.length < this.#limits.maxOfDevice ? undefined : others[0];
  }
}
