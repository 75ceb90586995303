// Brings the alerts that a server is owed to it, in sessions of the device's own (Alert 1201 and 1226 in package #1).
import { type Clock, sleep } from '../../core/index.ts';
import type { SessionOutcome } from '../report/events.ts';
import { type BackOffOptions, pauseAfter } from '../transport/back-off.ts';

/** What it works with. */
export interface OwedAlertsHost {
  readonly clock: Clock;
  readonly backOff: Required<BackOffOptions>;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** True while alerts are owed to the server. */
  readonly owes: (serverId: string) => boolean;
  /** Runs a session when its turn comes, unless nothing is owed any more by then. */
  readonly runSession: (serverId: string) => Promise<SessionOutcome | 'ignored'>;
}

/**
 * Opens sessions until everything is told: any session under the account brings the alerts, and a completed one settles
 * them. A server that cannot be reached is tried again for as long as the device runs; one that refuses the device, or
 * that no account names any more, is not: its alerts wait for the next session or the next start.
 */
export class OwedAlerts {
  readonly #host: OwedAlertsHost;
  readonly #under = new Map<string, Promise<void>>();

  constructor(host: OwedAlertsHost) {
    this.#host = host;
  }

  /** Alerts are due to a server. */
  due(serverId: string): void {
    if (this.#under.has(serverId)) return;
    const work = this.#bring(serverId).finally(() => {
      this.#under.delete(serverId);
    });
    this.#under.set(serverId, work);
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#under.values());
  }

  async #bring(serverId: string): Promise<void> {
    const { clock, backOff, random, signal, owes, runSession } = this.#host;
    for (let attempt = 1; owes(serverId) && !signal.aborted; attempt += 1) {
      const outcome = await runSession(serverId);
      // Told, by this session or by another one before its turn came.
      if (!owes(serverId) || outcome === 'ignored' || outcome === 'unauthenticated') return;
      if (outcome === 'completed') attempt = 0;
      else await sleep(clock, pauseAfter(attempt, backOff, random()), signal);
    }
  }
}
