// Ends of pushes and jobs in the log: one line each while they are few, counts when they are many, so that nobody asks the
// database why a night went wrong.
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';
import type { JobSummary } from '../../store/index.ts';
import type { PushEnd } from './push-metrics.ts';

/** Lines of one kind in `endLogMs` before the rest are counted. */
export const endLogBurst = 20;

/** Interval of counts, in milliseconds. */
export const endLogMs = 10_000;

/** Writes how pushes and jobs ended, summed up by state and reason. */
export class EndLog {
  readonly #pushes: LogSummary<PushEnd>;
  readonly #jobs: LogSummary<JobSummary>;

  constructor(logger: Logger, clock: Clock) {
    const common = { clock, burst: endLogBurst, intervalMs: endLogMs };
    this.#pushes = new LogSummary<PushEnd>({
      ...common,
      write: (end) => logger.info(pushFields(end), 'push over'),
      writeSum: ({ count, withinMs, latest }) =>
        logger.info({ count, withinMs, ...pushFields(latest) }, 'more pushes over, the last one like this'),
    });
    this.#jobs = new LogSummary<JobSummary>({
      ...common,
      write: (job) => logger.info(jobFields(job), 'job over'),
      writeSum: ({ count, withinMs, latest }) =>
        logger.info({ count, withinMs, ...jobFields(latest) }, 'more jobs over, the last one like this'),
    });
  }

  /** A push is over. */
  push(end: PushEnd): void {
    this.#pushes.note(`${end.push.state} ${end.binding} ${end.reason ?? ''}`, end);
  }

  /** A job is over. */
  job(job: JobSummary): void {
    this.#jobs.note(job.state, job);
  }

  /** Writes the counts that are due later. */
  flush(): void {
    this.#pushes.flush();
    this.#jobs.flush();
  }
}

function pushFields({ push, event, binding, format, reason, cause }: PushEnd): Record<string, unknown> {
  const { id, purpose, deviceId, state, attempts, sends, createdAt } = push;
  return {
    push: id,
    purpose,
    ...(deviceId !== undefined && { device: deviceId }),
    ...(push.purpose === 'notification' && { session: push.sessionId }),
    state,
    binding,
    format,
    ...(reason !== undefined && { reason, code: cause, why: push.reason }),
    attempts,
    sends,
    ms: event.at - createdAt,
  };
}

function jobFields(job: JobSummary): Record<string, unknown> {
  const { id, deviceId, state, reason, commandCount, answeredCount, createdAt, endedAt, pushId } = job;
  return {
    job: id,
    device: deviceId,
    ...(pushId !== undefined && { push: pushId }),
    state,
    ...(reason !== undefined && state !== 'completed' && { why: reason }),
    commands: commandCount,
    answered: answeredCount,
    ...(endedAt !== undefined && { ms: endedAt - createdAt }),
  };
}
