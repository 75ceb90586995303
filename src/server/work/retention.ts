// Lets go of what is over, in small steps, so that others write in between.
import { type Clock, ConfigError, type Logger } from '../../core/index.ts';
import {
  type AuditStore,
  type CampaignStore,
  type NoticeStore,
  noticeLimits,
  type Retention,
  type RetentionCounts,
  type RetentionLimits,
} from '../../store/index.ts';
import type { Work } from './work-loop.ts';

/** For how long what is over stays, in milliseconds; 0 or `false` keeps it for ever. */
export interface RetentionSettings {
  /** Pushes, from their end, with their timelines; campaigns likewise, with their devices. Default 30 days. */
  readonly pushesMs?: number | false;
  /**
   * Jobs, from their end, with the answers of the device; at least as long as pushes, for what a push does hangs on its job.
   * Default 90 days.
   */
  readonly jobsMs?: number | false;
  /** Events of pushes that are over and stay, and notices of jobs, campaigns and links, from when they happened. Default 30 days. */
  readonly eventsMs?: number | false;
  /** Entries of the audit log. Default 365 days. */
  readonly auditMs?: number | false;
}

const dayMs = 86_400_000;

/** Defaults of `RetentionSettings`. */
export const retentionDefaults = Object.freeze({
  pushesMs: 30 * dayMs,
  jobsMs: 90 * dayMs,
  eventsMs: 30 * dayMs,
  auditMs: 365 * dayMs,
});

/** Pauses between two looks, and between two steps while there is more; in milliseconds. */
const pauses = { look: 60_000, step: 250 };
/** Of each kind in one step. */
const stepSize = 500;
/** Devices of campaigns in one step: they are few octets each, and nothing goes with them. */
const campaignStep = 5000;

/** What it works with. */
export interface RetentionOptions {
  readonly store: Retention &
    Pick<AuditStore, 'removeAudit'> &
    Pick<NoticeStore, 'removeNotices'> &
    Pick<CampaignStore, 'dropCampaigns'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings?: RetentionSettings | undefined;
}

/** The removal of what has been over for long enough, as the work of a loop. */
export class RetentionWork implements Work {
  readonly name = 'retention';
  readonly #options: RetentionOptions;
  #settings: Required<RetentionSettings>;
  #gone = nothing;
  /** On the monotonic clock: the wall clock may be set. */
  #nextAt: number;

  /** @throws {ConfigError} for an age below 0 */
  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#settings = checkedSettings(options.settings);
    this.#nextAt = options.clock.monotonic() + pauses.look;
  }

  /** Goes by other settings from its next look on. @throws {ConfigError} for an age below 0; those before stay */
  renew(settings: RetentionSettings): void {
    this.#settings = checkedSettings(settings);
  }

  async nextDueAt(): Promise<number> {
    const { clock } = this.#options;
    return clock.now() + Math.max(0, this.#nextAt - clock.monotonic());
  }

  async start(): Promise<readonly Promise<void>[]> {
    const { store, clock, logger } = this.#options;
    const { auditMs, eventsMs, pushesMs } = this.#settings;
    const notices = { keep: noticeLimits.kept, ...(eventsMs && { before: clock.now() - eventsMs }) };
    const gone = {
      ...(await store.removeOver(this.#limits(), stepSize)),
      audit: auditMs ? await store.removeAudit(clock.now() - auditMs, stepSize) : 0,
      notices: await store.removeNotices(notices, stepSize),
      campaigns: pushesMs ? await store.dropCampaigns(clock.now() - pushesMs, campaignStep) : 0,
    };
    this.#gone = sum(this.#gone, gone);
    const { campaigns: rows, ...others } = gone;
    const more = rows >= campaignStep || Object.values(others).some((count) => count >= stepSize);
    this.#nextAt = clock.monotonic() + (more ? pauses.step : pauses.look);
    if (more) return [];
    const { pushes, jobs, events, audit, notices: noted, campaigns } = this.#gone;
    if (pushes + jobs + events + audit + noted + campaigns > 0) {
      const counts = {
        pushes,
        jobs,
        events,
        ...(audit > 0 && { audit }),
        ...(noted > 0 && { notices: noted }),
        ...(campaigns > 0 && { campaignRows: campaigns }),
      };
      logger.info(counts, 'removed what was over for long');
    }
    this.#gone = nothing;
    return [];
  }

  #limits(): RetentionLimits {
    const now = this.#options.clock.now();
    const { pushesMs, jobsMs, eventsMs } = this.#settings;
    return {
      ...(pushesMs && { pushes: now - pushesMs }),
      ...(pushesMs && jobsMs && { jobs: now - Math.max(pushesMs, jobsMs) }),
      ...(eventsMs && { events: now - eventsMs }),
    };
  }
}

function checkedSettings(given: RetentionSettings | undefined): Required<RetentionSettings> {
  const { pushesMs, jobsMs, eventsMs, auditMs } = { ...retentionDefaults, ...given };
  const settings = { pushesMs, jobsMs, eventsMs, auditMs };
  for (const [name, value] of Object.entries(settings)) {
    if (!(Number(value) >= 0)) throw new ConfigError(`${name} is ${value}: it must be 0 or more`);
  }
  return settings;
}

/** What has gone. */
interface Gone extends RetentionCounts {
  readonly audit: number;
  readonly notices: number;
  /** Campaigns and devices of them. */
  readonly campaigns: number;
}

const nothing: Gone = Object.freeze({
  pushes: 0,
  jobs: 0,
  events: 0,
  audit: 0,
  notices: 0,
  campaigns: 0,
});

function sum(one: Gone, other: Gone): Gone {
  return {
    audit: one.audit + other.audit,
    notices: one.notices + other.notices,
    campaigns: one.campaigns + other.campaigns,
    pushes: one.pushes + other.pushes,
    jobs: one.jobs + other.jobs,
    events: one.events + other.events,
  };
}
