// Follows one job of a server to its end.

import type { ApiClient, Job } from '../../client/index.ts';
import { ReveilleError, sleep, systemClock } from '../../core/index.ts';
import type { Io } from '../io/io.ts';

const overStates: readonly string[] = ['completed', 'failed', 'cancelled'];
const deadStates: readonly string[] = ['failed', 'expired', 'cancelled'];
const shortPauseMs = 100;
const longPauseMs = 500;
/** For so long a job is asked for often: most are over by then. */
const briskMs = 5000;
/** How much longer than its time a job is waited for, which the server itself ends. */
const graceMs = 10_000;
/** Errors of a server that is down, or on its way down or up. */
const awayCodes: readonly string[] = ['UNREACHABLE', 'CLOSED', 'HTTP_502', 'HTTP_503'];

/** How following a job ended. */
export type JobEnd =
  | { readonly how: 'over'; readonly job: Job }
  /** The notification that was to wake the device is over, and no session came. */
  | { readonly how: 'not-woken'; readonly reason: string }
  /** The command was stopped. */
  | { readonly how: 'stopped' };

/**
 * Follows a job until it is over. A server that does not answer is asked again until the job's time has ended: it may be
 * on its way up.
 * @throws {ReveilleError} when the server refuses, or does not answer in that time
 */
export async function followJob(io: Io, api: ApiClient, id: string, timeoutMs: number): Promise<JobEnd> {
  const clock = systemClock();
  const begun = clock.monotonic();
  const until = begun + timeoutMs + graceMs;
  let told = false;
  while (!io.stop.aborted) {
    let pause = clock.monotonic() < begun + briskMs ? shortPauseMs : longPauseMs;
    try {
      const job = await api.get('/v1/jobs/{id}', { params: { path: { id } } });
      if (overStates.includes(job.state)) return { how: 'over', job };
      const reason = job.state === 'pending' ? await whyNotWoken(api, job) : undefined;
      if (reason !== undefined) return { how: 'not-woken', reason };
      if (clock.monotonic() > until)
        throw new ReveilleError('TIMEOUT', `the server does not end the job ${id}`);
    } catch (error) {
      if (io.stop.aborted) break;
      const away = error instanceof ReveilleError && awayCodes.includes(error.code);
      if (!away || clock.monotonic() > until) throw error;
      if (!told) io.stderr(`reveille: ${error.message}; trying again\n`);
      told = true;
      pause = longPauseMs;
    }
    await sleep(clock, pause, io.stop);
  }
  return { how: 'stopped' };
}

async function whyNotWoken(api: ApiClient, job: Job): Promise<string | undefined> {
  const { notification: id } = job;
  if (id === undefined) return undefined;
  const notification = await api.get('/v1/notifications/{id}', { params: { path: { id } } });
  if (!deadStates.includes(notification.state)) return undefined;
  return `${notification.state}: ${notification.reason ?? 'no reason given'}`;
}
