// Which notifications of one server were acted on: the base of deduplication (DM-NOTI-1.2 §6.2.10, DM-NOTI-1.3 §6.4.8)
// and of the protection against replays (DM-NOTI-1.3 §6.4.9, §6.6).
//
// Only notifications whose digest holds get here, so a forged one can neither fill the memory nor block an identifier.
// - A Session-ID whose session is open, or ended as it should within the window, is a repetition.
// - A Session-ID whose session failed may be tried again, by the same octets or by others (a new time stamp, or the
//   default nonce): so a server that retries after a crash is heard. The number of tries is bounded.
// - The very same octets of a notification that was settled stay refused for as long as they are remembered, window or
//   not: where no session ever renews the nonce, a captured notification would otherwise hold for ever.
// - dm1.3 time stamps need not rise, for carriers reorder and servers resend. Instead, the newest `capacity`
//   notifications are remembered exactly, and the time stamp of what is forgotten becomes a floor: nothing at or below
//   it is taken, because nobody can tell any more whether it was. As with the window of a sequence number, each dm1.3
//   message leads to at most one completed session, whatever the order. One wrong time stamp of the server's does no
//   lasting harm, as the lowest is forgotten first.
import { type Ignored, ignored } from '../report/verdict.ts';

/** What the memory needs to know of a verified notification. */
export interface NotificationIdentity {
  /** 1–65535. */
  readonly sessionId: number;
  /** Lower-case hex of the digest: stands for the octets, which it signs. */
  readonly digest: string;
  /** dm1.3 only: POSIX seconds. */
  readonly timestamp?: number;
}

/** How a notification stands. */
export type NotificationState =
  /** Being decided or in session. */
  | 'open'
  /** Ended without being settled: may be tried again. */
  | 'failed'
  /** Session completed, or the user declined. */
  | 'settled';

/** One remembered notification, as it stands in the state file. */
export interface RememberedNotification {
  sessionId: number;
  /** Digests that asked for this session, newest last. */
  digests: string[];
  state: NotificationState;
  /** How often it was taken on. */
  attempts: number;
  /** When it last changed, in milliseconds since the POSIX epoch. */
  changedMs: number;
  /** Highest time stamp of a dm1.3 notification. */
  timestamp?: number;
  /**
   * True when its digest held under the default nonce. Such octets stay valid, for that nonce is never renewed, so they
   * are remembered beside the others and outlast them.
   */
  defaultNonce?: boolean;
}

/** The memory of one server, as it stands in the state file. */
export interface ServerMemory {
  /** dm1.3 time stamps up to this are refused unless remembered. */
  floor: number;
  notifications: RememberedNotification[];
  /** When resynchronisations were begun, in milliseconds since the POSIX epoch. */
  resynchronisations: number[];
}

/** Bounds of the memory. */
export interface ReplayOptions {
  /** How long a settled Session-ID is refused, in milliseconds. Default one day. */
  readonly windowMs?: number;
  /** Notifications remembered per server: of dm1.3, of older formats, and under the default nonce each. Default 128. */
  readonly capacity?: number;
  /** How often one notification is taken on while its sessions fail. Default 16. */
  readonly maxAttempts?: number;
  /** Resynchronisations allowed per server within `resyncWindowMs` (spec-notes ruling 12). Default 4. */
  readonly maxResynchronisations?: number;
  /** Default one hour, in milliseconds. */
  readonly resyncWindowMs?: number;
}

/** What counts when an option is absent. */
export const replayDefaults: Required<ReplayOptions> = Object.freeze({
  windowMs: 24 * 60 * 60 * 1000,
  capacity: 128,
  maxAttempts: 16,
  maxResynchronisations: 4,
  resyncWindowMs: 60 * 60 * 1000,
});

/** Digests kept for one Session-ID: a server's retries under other nonces or time stamps. */
const digestsPerNotification = 8;

/** A memory without anything in it. */
export function emptyMemory(): ServerMemory {
  return { floor: 0, notifications: [], resynchronisations: [] };
}

/** Says whether this notification may start a session. Changes nothing. */
export function checkRepetition(
  memory: ServerMemory,
  identity: NotificationIdentity,
  nowMs: number,
  options: Required<ReplayOptions>,
): Ignored | undefined {
  const entry = findSession(memory, identity.sessionId);
  if (entry?.state === 'open') return ignored('replay', 'its session is under way');
  const actedOn = ignored('replay', 'the same notification was acted on before');
  // First what is settled: a Session-ID that was given again must not open the door to its earlier notification.
  if (memory.notifications.some((old) => old.state === 'settled' && covers(old, identity))) return actedOn;
  const forgotten = identity.timestamp !== undefined && identity.timestamp <= memory.floor;
  const again = entry !== undefined && mayTryAgain(entry, options);
  if (again && (!forgotten || entry.digests.includes(identity.digest))) return undefined;
  if (memory.notifications.some((old) => covers(old, identity))) return actedOn;
  if (entry !== undefined && nowMs - entry.changedMs < options.windowMs) {
    const failed = entry.state === 'failed';
    const how = failed ? `failed ${entry.attempts} times` : 'was acted on before';
    return ignored('replay', `its Session-ID ${how}`);
  }
  if (forgotten) {
    return ignored('replay', `time stamp ${identity.timestamp} is older than what is remembered`);
  }
  return undefined;
}

/** Says whether another resynchronisation may begin now. Changes nothing. */
export function checkResynchronisation(
  memory: ServerMemory,
  nowMs: number,
  options: Required<ReplayOptions>,
): Ignored | undefined {
  const recent = recentResynchronisations(memory, nowMs, options);
  if (recent.length < options.maxResynchronisations) return undefined;
  const minutes = Math.round(options.resyncWindowMs / 60_000);
  return ignored('resync-limited', `${recent.length} resynchronisations within ${minutes} minutes`);
}

/** Notes that a resynchronisation begins. */
export function noteResynchronisation(
  memory: ServerMemory,
  entry: RememberedNotification,
  nowMs: number,
  options: Required<ReplayOptions>,
): void {
  entry.defaultNonce = true;
  memory.resynchronisations = [...recentResynchronisations(memory, nowMs, options), nowMs];
}

/** Notes that a notification is taken on; `checkRepetition` let it pass. Returns its entry. */
export function remember(
  memory: ServerMemory,
  identity: NotificationIdentity,
  nowMs: number,
  options: Required<ReplayOptions>,
): RememberedNotification {
  const { sessionId, digest, timestamp } = identity;
  const known = findSession(memory, sessionId);
  if (known !== undefined && mayTryAgain(known, options)) {
    known.state = 'open';
    known.attempts += 1;
    known.changedMs = nowMs;
    known.digests = [...known.digests.filter((old) => old !== digest), digest].slice(-digestsPerNotification);
    if (timestamp !== undefined) known.timestamp = Math.max(known.timestamp ?? 0, timestamp);
    return known;
  }
  const entry: RememberedNotification = {
    sessionId,
    digests: [digest],
    state: 'open',
    attempts: 1,
    changedMs: nowMs,
    ...(timestamp === undefined ? {} : { timestamp }),
  };
  memory.notifications.push(entry);
  forgetBeyond(memory, options.capacity);
  return entry;
}

/** A Session-ID for a session of the device's own: none that is open. `random` gives 0 to below 1. */
export function freeSessionId(memory: ServerMemory | undefined, random: () => number): number {
  let sessionId = 1 + Math.floor(random() * 0xffff);
  while (memory !== undefined && findSession(memory, sessionId)?.state === 'open') {
    sessionId = (sessionId % 0xffff) + 1;
  }
  return sessionId;
}

/** The clock was set by `byMs` while the device ran: what it remembers is as long ago as before. */
export function moveTimes(memory: ServerMemory, byMs: number): void {
  for (const entry of memory.notifications) entry.changedMs += byMs;
  memory.resynchronisations = memory.resynchronisations.map((time) => time + byMs);
}

/**
 * After a restart under a clock that was set back: what lies in the future is taken to be of now, so that no window lasts
 * longer than it is. Time stamps of dm1.3 and their floor are dates of the server and stay (DM-NOTI-1.3 §6.4.9).
 */
export function capTimes(memory: ServerMemory, nowMs: number): void {
  for (const entry of memory.notifications) entry.changedMs = Math.min(entry.changedMs, nowMs);
  memory.resynchronisations = memory.resynchronisations.map((time) => Math.min(time, nowMs));
}

/** After a restart no session is open: what was is taken as failed, so that the server's retry is heard. */
export function closeInterrupted(memory: ServerMemory): void {
  for (const entry of memory.notifications) if (entry.state === 'open') entry.state = 'failed';
}

function mayTryAgain(entry: RememberedNotification, options: Required<ReplayOptions>): boolean {
  return entry.state === 'failed' && entry.attempts < options.maxAttempts;
}

// The same octets, or those of an earlier try of the same dm1.3 notification.
function covers(old: RememberedNotification, identity: NotificationIdentity): boolean {
  if (old.digests.includes(identity.digest)) return true;
  const { sessionId, timestamp } = identity;
  return old.sessionId === sessionId && timestamp !== undefined && timestamp <= (old.timestamp ?? -1);
}

// The newest with this identifier: after a wrap of the 16 bits an older one may still be remembered by its digest.
function findSession(memory: ServerMemory, sessionId: number): RememberedNotification | undefined {
  return memory.notifications.findLast((entry) => entry.sessionId === sessionId);
}

function recentResynchronisations(
  memory: ServerMemory,
  nowMs: number,
  options: Required<ReplayOptions>,
): number[] {
  // A time far ahead of now comes from a clock that was wrong, and would block for as long.
  return memory.resynchronisations.filter((time) => Math.abs(nowMs - time) < options.resyncWindowMs);
}

function forgetBeyond(memory: ServerMemory, capacity: number): void {
  forgetLowest(
    memory,
    capacity,
    (entry) => entry.timestamp !== undefined,
    (entry) => entry.timestamp ?? 0,
  );
  forgetLowest(
    memory,
    capacity,
    (entry) => entry.timestamp === undefined && entry.defaultNonce !== true,
    (entry) => entry.changedMs,
  );
  forgetLowest(
    memory,
    capacity,
    (entry) => entry.timestamp === undefined && entry.defaultNonce === true,
    (entry) => entry.changedMs,
  );
}

// Never one that is open: their number is bounded by the device's queue.
function forgetLowest(
  memory: ServerMemory,
  capacity: number,
  belongs: (entry: RememberedNotification) => boolean,
  rank: (entry: RememberedNotification) => number,
): void {
  let excess = memory.notifications.filter((entry) => belongs(entry)).length - capacity;
  for (; excess > 0; excess -= 1) {
    let lowest: RememberedNotification | undefined;
    for (const entry of memory.notifications) {
      if (!belongs(entry) || entry.state === 'open') continue;
      if (lowest === undefined || rank(entry) < rank(lowest)) lowest = entry;
    }
    if (lowest === undefined) return;
    memory.floor = Math.max(memory.floor, lowest.timestamp ?? 0);
    memory.notifications = memory.notifications.filter((entry) => entry !== lowest);
  }
}
