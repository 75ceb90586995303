// Whose turn it is to begin devices: campaigns by priority, equal ones by turns, each carrier of one for itself.
import type { CampaignDeviceStep, CampaignStore } from '../../store/index.ts';
import type { CampaignRun } from './campaign-run.ts';
import { type FeedContext, feed, mayFeed } from './feed.ts';

/** What is fed with. */
export interface FeedTurnsContext extends FeedContext {
  readonly store: FeedContext['store'] & Pick<CampaignStore, 'pendingCarriers'>;
  readonly isStopping: () => boolean;
}

/** Feeds campaigns. */
export class FeedTurns {
  readonly #context: FeedTurnsContext;
  #turn = 0;

  constructor(context: FeedTurnsContext) {
    this.#context = context;
  }

  /** Begins devices of all campaigns that may; gives after how many milliseconds there is more. Rejects as the store does. */
  async feed(): Promise<number> {
    const { isStopping, runs } = this.#context;
    let waitMs = Infinity;
    const ready: CampaignRun[] = [];
    for (const run of runs.values()) {
      const wait = this.#readyIn(run);
      if (wait === 0) ready.push(run);
      else waitMs = Math.min(waitMs, wait);
    }
    ready.sort((one, other) => priorityOf(other) - priorityOf(one) || one.fedAt - other.fedAt);
    for (const run of ready) {
      if (isStopping()) return 0;
      waitMs = Math.min(waitMs, await run.turns.run(() => this.#feedOne(run)));
    }
    return waitMs;
  }

  /** After how many milliseconds a campaign may begin devices, if it does not change; 0: now. */
  #readyIn(run: CampaignRun): number {
    const { gates, clock } = this.#context;
    const { state, step } = run.record;
    const now = clock.now();
    const gate = state === 'running' && step !== 'canary-wait' ? gates.gateOf(run.id, now) : undefined;
    const open = gate?.open === true;
    // It does not make up for the time in which it was to begin nothing.
    if (open && !run.feeding) run.tokens.restart(clock.monotonic());
    run.feeding = open;
    if (open) return 0;
    return gate?.open === false && gate.opensAt !== undefined ? Math.max(1, gate.opensAt - now) : Infinity;
  }

  async #feedOne(run: CampaignRun): Promise<number> {
    const { clock } = this.#context;
    let waitMs = Infinity;
    const steps: readonly CampaignDeviceStep[] =
      run.record.step === 'canary' ? ['canary'] : ['canary', 'rest'];
    for (const step of steps) {
      for (const carrier of await this.#carriersOf(run, step)) {
        // Its window may have closed meanwhile.
        if (this.#readyIn(run) !== 0) return 0;
        const may = mayFeed(run, carrier, this.#context);
        waitMs = Math.min(waitMs, may.waitMs);
        if (may.count < 1) continue;
        const { found } = await feed(run, carrier, step, may.count, this.#context);
        this.#turn += 1;
        run.fedAt = this.#turn;
        if (found < may.count) run.carriers[step]?.delete(carrier);
        waitMs = 0;
      }
      if (run.nextDueAt[step] < Infinity) {
        waitMs = Math.min(waitMs, Math.max(0, run.nextDueAt[step] - clock.now()));
      }
    }
    return waitMs;
  }

  /** Carriers with devices that may begin, as far as that is known; asked for when it is not. */
  async #carriersOf(run: CampaignRun, step: CampaignDeviceStep): Promise<readonly (string | null)[]> {
    const { store, clock } = this.#context;
    const known = run.carriers[step];
    if (known !== undefined && clock.now() < run.nextDueAt[step]) return [...known];
    const { carriers, nextDueAt } = await store.pendingCarriers(run.id, step);
    run.carriers[step] = new Set(carriers);
    run.nextDueAt[step] = nextDueAt ?? Infinity;
    return carriers;
  }
}

function priorityOf({ record }: CampaignRun): number {
  return record.plan.priority ?? 0;
}
