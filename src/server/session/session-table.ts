// The DM sessions under way, in memory: bounded, and each ends when nothing comes for a while.
import type { Clock, HeldOctets, Timer, Turns } from '../../core/index.ts';
import type { PastSession, ServerSession } from '../../session/index.ts';
import type { NotificationPush } from '../../store/index.ts';
import type { SessionSubject } from '../work/session-work.ts';

/** How far a session has come: its client proved itself, or it is over but kept for a repeated message. */
export type SessionStage = 'running' | 'ended';

/** An answer as it went out. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** What is known of a session whether it runs or not. */
interface KnownSession {
  readonly key: string;
  readonly deviceId: string;
  /** SHA-256 of the client certificate that vouches for the client: all messages of the session come with it. */
  readonly certificate: string | undefined;
  /** In the address to which the client sends its further messages; unguessable. */
  readonly token: string;
  /** What it holds in memory for its device; released when the entry leaves the table for good. */
  readonly held: HeldOctets;
  /** True when the last message that was taken in came with the token. */
  lastHadToken: boolean;
  /** The answer to that message, while it may be asked for again. */
  lastAnswer: KeptAnswer | undefined;
  timer: Timer | undefined;
}

/** A session that runs. */
export interface SessionEntry extends KnownSession {
  readonly stage: 'running';
  readonly session: ServerSession;
  readonly notification: NotificationPush | undefined;
  /** What the work was told of it: the device as it was when the session began. */
  readonly subject: SessionSubject;
  /** Those of `subject.alsoAnswers` that are marked as answered. */
  readonly marked: Set<string>;
  /** When it began, on the monotonic clock. */
  readonly begunAt: number;
  /** The message that it began with, as sent, until that is taken in. */
  first: Uint8Array | undefined;
  /** When the engine takes the session for lost, on the monotonic clock; minus infinity before that is stored. */
  lostAt: number;
  /** Work on the session, one message after the other. */
  readonly turns: Turns;
}

/** A session that is over: what a repeated message needs, for many of them are kept. */
export interface PastEntry extends KnownSession {
  readonly stage: 'ended';
  readonly session: PastSession;
}

/** A session in the table. */
type Entry = SessionEntry | PastEntry;

interface Entries {
  readonly running: Map<string, SessionEntry>;
  readonly ended: Map<string, PastEntry>;
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
  readonly #stages: Entries = { running: new Map(), ended: new Map() };
  /** Those that run, by token. */
  readonly #byToken = new Map<string, SessionEntry>();
  /** Those of each device, the oldest first. */
  readonly #ofDevice = new Map<string, Set<Entry>>();
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

  get(stage: 'running', key: string): SessionEntry | undefined;
  get(stage: SessionStage, key: string): Entry | undefined;
  get(stage: SessionStage, key: string): Entry | undefined {
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
   * Lets a session run, with a new time to live. Gives those that run no more for it, to be ended or deleted: the one whose place
   * it takes, and the oldest of a device that has too many.
   */
  run(entry: SessionEntry): readonly SessionEntry[] {
    const { running } = this.#stages;
    this.#take(entry);
    this.#expired.delete(entry);
    const displaced = this.#displacedBy(entry, running);
    for (const each of displaced) this.#take(each);
    running.set(entry.key, entry);
    this.#byToken.set(entry.token, entry);
    this.#keep(entry, this.#limits.idleMs, () => {
      this.#take(entry);
      this.#expired.add(entry);
      this.#onIdle(entry);
    });
    return displaced;
  }

  /** Keeps of a session that ran what a repeated message needs. The oldest gives way where there are too many. */
  end(entry: SessionEntry): void {
    const { ended } = this.#stages;
    const { lingerMs, maxEnded } = this.#limits;
    this.#take(entry);
    this.#expired.delete(entry);
    const past = pastOf(entry);
    for (const each of this.#displacedBy(past, ended)) this.delete(each);
    ended.set(past.key, past);
    this.#keep(past, lingerMs, () => this.delete(past));
    if (ended.size > maxEnded) {
      const [first] = ended.values();
      if (first !== undefined) this.delete(first);
    }
    this.#tellIdlers();
  }

  /** Removes an entry for good: it holds nothing any more. */
  delete(entry: Entry): void {
    this.#take(entry);
    if (entry.stage === 'running') this.#expired.delete(entry);
    entry.held.release();
    this.#tellIdlers();
  }

  #keep(entry: Entry, lifeMs: number, over: () => void): void {
    const ofDevice = this.#ofDevice.get(entry.deviceId);
    if (ofDevice === undefined) this.#ofDevice.set(entry.deviceId, new Set([entry]));
    else ofDevice.add(entry);
    entry.timer = this.#clock.after(lifeMs, over);
  }

  /** Not called where an entry is only taken out: it comes back, once what it left is on disk. */
  #tellIdlers(): void {
    if (this.#stages.running.size + this.#expired.size > 0) return;
    for (const resolve of this.#idlers.splice(0)) resolve();
  }

  /** Takes an entry out, to be put elsewhere. */
  #take(entry: Entry): void {
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

  /** Those that have to make room for an entry: the one of the same key, and the oldest of a device that has too many. */
  #displacedBy<Kept extends Entry>(entry: Kept, entries: ReadonlyMap<string, Kept>): readonly Kept[] {
    const before = entries.get(entry.key);
    const others: Kept[] = [];
    for (const each of this.#ofDevice.get(entry.deviceId) ?? []) {
      const kept = entries.get(each.key);
      if (kept === each && kept !== before) others.push(kept);
    }
    const [oldest] = others.length < this.#limits.maxOfDevice ? [] : others;
    return [before, oldest].filter((each) => each !== undefined);
  }
}

function pastOf({
  key,
  deviceId,
  certificate,
  token,
  held,
  lastHadToken,
  lastAnswer,
  session,
}: SessionEntry): PastEntry {
  return {
    stage: 'ended',
    key,
    deviceId,
    certificate,
    token,
    held,
    lastHadToken,
    lastAnswer,
    session: session.past(),
    timer: undefined,
  };
}
