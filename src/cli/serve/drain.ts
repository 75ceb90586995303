// SIGTERM: what is under way comes to its end, for as long as that may take, and nothing new begins.
import type { Clock, Logger } from '../../core/index.ts';
import type { RunningServer } from './running-server.ts';

/** What is drained, and with what. */
export interface Draining {
  readonly running: Pick<RunningServer, 'drain' | 'server'>;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Longest time, in milliseconds. */
  readonly longestMs: number;
}

/** Resolves when nothing is under way any more, or the time is over; `stop` then ends what is left. */
export async function drain({ running, logger, clock, longestMs }: Draining): Promise<void> {
  const { server } = running;
  const underWay = () => ({ sessions: server.endpoint.sessions, pushes: server.engine.inFlight });
  logger.info({ ...underWay(), seconds: longestMs / 1000 }, 'draining: nothing new begins');
  const over = await new Promise<'drained' | 'late'>((resolve, reject) => {
    const timer = clock.after(longestMs, () => resolve('late'));
    running.drain().then(() => {
      timer.cancel();
      resolve('drained');
    }, reject);
  });
  if (over === 'drained') logger.info({}, 'drained');
  else logger.warn(underWay(), 'the time for draining is over: sessions under way are ended');
}
