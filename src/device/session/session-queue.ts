// Runs the device's sessions, one at a time under each account, counts them and tells about them.
import { TurnsByName } from '../../core/index.ts';
import type { DeviceCounters, DeviceEvent, NonceVerdict } from '../report/events.ts';
import { failed, type RunResult, runSession, type SessionHost, type SessionTask } from './run-session.ts';
import { outcomeOf, reasonOf } from './session-outcome.ts';

/** What is told about a session. */
export interface SessionLabel {
  readonly serverId: string;
  readonly nonce: NonceVerdict;
  /** From 1. */
  readonly attempt: number;
  /** True when another session would follow, should this one not reach its server. */
  readonly mayRetry: boolean;
}

/**
 * Sessions under one account change its nonces, so they must not overlap; those of different servers do not wait for each
 * other. How many there are at once is bounded by the device's places for notifications.
 */
export class SessionQueue {
  readonly #host: SessionHost;
  readonly #counters: DeviceCounters;
  readonly #report: (event: DeviceEvent) => void;
  readonly #turns = new TurnsByName();

  constructor(host: SessionHost, counters: DeviceCounters, report: (event: DeviceEvent) => void) {
    this.#host = host;
    this.#counters = counters;
    this.#report = report;
  }

  /** Runs a session when its turn comes. Never rejects. */
  run(task: SessionTask, label: SessionLabel): Promise<RunResult> {
    return this.#turns.run(label.serverId, async () => {
      const { clock, signal } = this.#host;
      if (signal.aborted) return failed('the device stops');
      if (task.skip?.() === true) return failed('it is not needed any more');
      const { serverId, nonce, attempt, mayRetry } = label;
      const { sessionId, address } = task;
      const startMs = clock.monotonic();
      this.#counters.sessions += 1;
      this.#report({ event: 'session-started', serverId, sessionId, nonce, address, attempt });
      const result = await runSession(task, this.#host);
      if (result.resynchronised) this.#counters.resynchronised += 1;
      this.#report({
        event: 'session-ended',
        serverId,
        sessionId,
        nonce,
        outcome: outcomeOf(result),
        ...reasonOf(result),
        resynchronised: result.resynchronised,
        retrying: result.retryable && mayRetry && !signal.aborted,
        durationMs: Math.round(clock.monotonic() - startMs),
      });
      return result;
    });
  }
}
