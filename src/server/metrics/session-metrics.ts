// DM sessions by how they ended, and requests that listeners refused by why.
import { Counter, Histogram, type MetricFamily } from './instruments.ts';

/** How sessions end: `broken-off` by the client, `aborted` by this server, `failed` for any other reason. */
export const sessionOutcomes = ['completed', 'unauthenticated', 'broken-off', 'aborted', 'failed'] as const;

/** How a session ended. */
export type SessionOutcome = (typeof sessionOutcomes)[number];

const durations = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

/** Counts sessions. */
export class SessionMetrics {
  readonly #ended = new Counter('reveille_dm_sessions_ended_total', 'DM sessions that are over.', [
    'outcome',
  ]);
  readonly #durations = new Histogram(
    'reveille_dm_session_duration_seconds',
    'From the first message of a DM session that was let in until its end.',
    durations,
    ['outcome'],
  );

  /** A session is over after so many milliseconds. */
  over(outcome: SessionOutcome, durationMs: number): void {
    this.#ended.add([outcome]);
    this.#durations.observe([outcome], durationMs / 1000);
  }

  families(): readonly MetricFamily[] {
    return [this.#ended.family(), this.#durations.family()];
  }
}

/** Doors of a server. */
export type ListenerName = 'dm' | 'api' | 'pap' | 'reports';

/** Why a door refused a request or a connection, as a closed list. */
export const dropReasons = [
  /** Not what the door takes: method, type, path. */
  'not-for-this-door',
  'too-large',
  /** It could not be read, or broke off. */
  'unreadable',
  /** It took too long to come. */
  'too-slow',
  /** No credentials, or wrong ones. */
  'credentials',
  /** Too many that failed came from there, or for that name. */
  'too-many-attempts',
  /** No place, no memory, no turn: too much at once. */
  'no-room',
  /** The session that it belongs to is not there. */
  'no-session',
  /** The store takes nothing now. */
  'store',
  /** The server stops. */
  'stopping',
  /** Whatever else was wrong with it. */
  'refused',
  /** Our fault. */
  'error',
] as const;

/** Why a door refused something. */
export type DropReason = (typeof dropReasons)[number];

/** Counts what doors refuse. */
export class ListenerMetrics {
  readonly #dropped = new Counter(
    'reveille_listener_dropped_total',
    'Requests and connections that a listener refused.',
    ['listener', 'reason'],
  );

  /** A door refused something. */
  dropped(listener: ListenerName, reason: DropReason): void {
    this.#dropped.add([listener, reason]);
  }

  families(): readonly MetricFamily[] {
    return [this.#dropped.family()];
  }
}

/** What the status of an HTTP answer says of why. */
export function dropReasonOf(status: number): DropReason {
  if (status === 401 || status === 403) return 'credentials';
  if (status === 408) return 'too-slow';
  if (status === 409) return 'no-session';
  if (status === 413 || status === 431) return 'too-large';
  if (status === 429) return 'too-many-attempts';
  if (status === 404 || status === 405 || status === 415 || status === 421) return 'not-for-this-door';
  if (status === 503) return 'no-room';
  if (status === 507) return 'store';
  if (status >= 500) return 'error';
  return status === 400 ? 'unreadable' : 'refused';
}
