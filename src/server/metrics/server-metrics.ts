// All that a server counts, in one place: the parts fill it, /metrics shows it.
import type { Clock } from '../../core/index.ts';
import type { JobSummary } from '../../store/index.ts';
import { CarrierMetrics } from './carrier-metrics.ts';
import { Counter, gauge, Histogram, type MetricFamily } from './instruments.ts';
import { ListenerMetrics, SessionMetrics } from './session-metrics.ts';

const commits = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const jobTimes = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400];

/** Counts of one server; what is not counted in it is asked for when it is shown (`metricsOf`). */
export class ServerMetrics {
  readonly carriers: CarrierMetrics;
  readonly sessions = new SessionMetrics();
  readonly listeners = new ListenerMetrics();
  readonly #jobs = new Counter('reveille_jobs_ended_total', 'Jobs that are over, by their last state.', [
    'state',
  ]);
  readonly #jobTimes = new Histogram(
    'reveille_job_duration_seconds',
    'From taking a job in until it was over.',
    jobTimes,
    ['state'],
  );
  readonly #commits = new Histogram(
    'reveille_store_commit_seconds',
    'From beginning a transaction that writes until it was on disk.',
    commits,
  );
  readonly #trouble = new Counter(
    'reveille_store_trouble_total',
    'Transactions that the store could not write, by what was wrong.',
    ['trouble'],
  );
  readonly #requests = new Counter(
    'reveille_api_requests_total',
    'Requests of the REST API that were answered.',
    ['method', 'route', 'status'],
  );
  /** Ends of certificates by what they are for, in milliseconds since the POSIX epoch. */
  readonly #certificates = new Map<string, number>();

  constructor(clock: Clock) {
    this.carriers = new CarrierMetrics(clock);
  }

  /** A job is over. */
  jobOver({ state, createdAt, endedAt }: JobSummary): void {
    this.#jobs.add([state]);
    if (endedAt !== undefined) this.#jobTimes.observe([state], (endedAt - createdAt) / 1000);
  }

  /** A transaction took so long; `trouble`: it was not written, and why. */
  committed(ms: number, trouble?: 'full' | 'away' | 'other'): void {
    if (trouble === undefined) this.#commits.observe([], ms / 1000);
    else this.#trouble.add([trouble]);
  }

  /** The REST API answered; `route` is a pattern, never a path that somebody chose. */
  answered(method: string, route: string, status: number): void {
    this.#requests.add([method, route, String(status)]);
  }

  /** The certificate for `use`, such as `api`, ends then; `undefined`: there is none any more. */
  certificate(use: string, notAfter: number | undefined): void {
    if (notAfter === undefined) this.#certificates.delete(use);
    else this.#certificates.set(use, notAfter);
  }

  families(): readonly MetricFamily[] {
    const ends = [...this.#certificates].map(([use, at]) => ({ labels: [use], value: at / 1000 }));
    return [
      ...this.carriers.families(),
      ...this.sessions.families(),
      ...this.listeners.families(),
      this.#jobs.family(),
      this.#jobTimes.family(),
      this.#commits.family(),
      this.#trouble.family(),
      this.#requests.family(),
      gauge(
        'reveille_certificate_not_after_timestamp_seconds',
        'When a certificate of this server ends, in seconds since the POSIX epoch.',
        ['use'],
        ends,
      ),
    ];
  }
}
