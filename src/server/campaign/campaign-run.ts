// One campaign that is not over, as it is known in memory: its record, its counts, its tokens, and what is left to be done.
import { Turns } from '../../core/index.ts';
import type { CampaignCount, CampaignDeviceStep, CampaignRecord } from '../../store/index.ts';
import { tallyOf } from '../campaign-rules/judge.ts';
import { CampaignTokens } from '../campaign-rules/pace.ts';

/** For how many seconds the rate of a campaign is reckoned. */
const rateSeconds = 60;

/** Devices that a campaign began lately, a second at a time. */
class RecentRate {
  readonly #seconds = new Map<number, number>();

  add(count: number, now: number): void {
    const second = Math.floor(now / 1000);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + count);
    for (const old of this.#seconds.keys()) if (old <= second - rateSeconds) this.#seconds.delete(old);
  }

  /** Devices a second within the last minute, or within as much of it as it has been at work. */
  perSecond(now: number): number {
    const second = Math.floor(now / 1000);
    let sum = 0;
    let first = second;
    for (const [at, count] of this.#seconds) {
      if (at <= second - rateSeconds) continue;
      sum += count;
      first = Math.min(first, at);
    }
    return sum / Math.max(1, second - first + 1);
  }
}

/** A campaign at work. */
export class CampaignRun {
  #record: CampaignRecord;
  #counts: readonly CampaignCount[] = [];
  /** Whatever changes it, one after the other. */
  readonly turns = new Turns();
  readonly tokens: CampaignTokens;
  readonly rate = new RecentRate();
  /** True where counts were changed since they were read. */
  stale = true;
  /** Carriers with devices that may begin, by step; `undefined`: not known. */
  readonly carriers: Record<CampaignDeviceStep, Set<string | null> | undefined> = {
    canary: undefined,
    rest: undefined,
  };
  /** When the next device is due that waits, milliseconds since the POSIX epoch. */
  readonly nextDueAt: Record<CampaignDeviceStep, number> = { canary: Infinity, rest: Infinity };
  /** When devices of a live one are looked for again, on the monotonic clock. */
  lookAgainAt = 0;
  /** How far a live one has looked this time. */
  lookedTo: string | undefined;
  /** True while devices are looked for. */
  looking = false;
  /** True while it begins devices: it lost no tokens meanwhile. */
  feeding = false;
  /** When it began devices last, in turns of the feeder. */
  fedAt = 0;
  /** How far pushes of one that is being ended were cancelled: ordinal of the last; `done`: all were. */
  swept: number | 'done' | undefined;

  constructor(record: CampaignRecord, now: number) {
    this.#record = record;
    this.tokens = new CampaignTokens(record.plan.pace, now);
  }

  get id(): string {
    return this.#record.id;
  }

  get record(): CampaignRecord {
    return this.#record;
  }

  /** `now` on the monotonic clock. */
  put(record: CampaignRecord, now: number): void {
    const { plan, state } = this.#record;
    const before = plan.pace;
    // What is to be ended is another thing now: it may have been given more time, or be cancelled while it waited for its end.
    if (state !== record.state || plan.expiresAt !== record.plan.expiresAt) this.swept = undefined;
    this.#record = record;
    if (JSON.stringify(before) !== JSON.stringify(record.plan.pace))
      this.tokens.change(record.plan.pace, now);
  }

  get counts(): readonly CampaignCount[] {
    return this.#counts;
  }

  set counts(counts: readonly CampaignCount[]) {
    this.#counts = counts;
    this.stale = false;
  }

  /** Devices that are pending, or under way, of both steps. */
  get open(): { readonly pending: number; readonly underWay: number } {
    const canary = tallyOf(this.#counts, 'canary');
    const rest = tallyOf(this.#counts, 'rest');
    const underWay = canary.underWay + rest.underWay;
    return { pending: canary.open + rest.open - underWay, underWay };
  }

  /** Devices of a step that it may begin may have another carrier, or be due. */
  forgetCarriers(): void {
    this.carriers.canary = undefined;
    this.carriers.rest = undefined;
    this.stale = true;
  }
}
