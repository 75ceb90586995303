// The work on campaigns: one loop, which starts them, feeds them by turns, judges them and ends them.
import { type Clock, type Logger, StoreError } from '../../core/index.ts';
import type { CampaignChange, CampaignRecord, Store } from '../../store/index.ts';
import { Nap, storePauseMs } from '../work/nap.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { begunDevices } from './campaign-metrics.ts';
import { CampaignRun } from './campaign-run.ts';
import { advance, holdGrown, type StepContext } from './campaign-steps.ts';
import { CarrierRooms } from './carrier-room.ts';
import { Collector } from './collector.ts';
import type { ContentReading } from './content.ts';
import { FeedTurns } from './feed-turns.ts';
import { CampaignGates } from './gates.ts';
import { findDevices, lookAgain, mayLookUp } from './look-up.ts';

/** What campaigns are worked on with. */
export interface CampaignWorkOptions {
  readonly store: Store;
  readonly reading: ContentReading;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Campaigns of more devices need a second owner; `undefined`: none does. */
  readonly approvalAbove: number | undefined;
  /** Wakes of a device within 24 hours where a campaign says nothing; `undefined`: as many as there are. */
  readonly wakesPerDay: number | undefined;
  /** Called when pushes that were kept back may be due. */
  readonly onReleased: () => void;
  /** Called when jobs may have been made: their time may end before that of others. */
  readonly onJobs: () => void;
}

/** Longest sleep, in milliseconds: after it the loop looks unasked. */
const pollMs = 30_000;

/** How often what ended unheard is looked for, in milliseconds. */
const catchUpMs = 300_000;

/** Pushes that are let go in one transaction. */
const ungateSize = 1000;

/** Works on campaigns until it is stopped. */
export class CampaignWork {
  readonly gates = new CampaignGates();
  readonly rooms: CarrierRooms;
  /** Devices that were begun. */
  readonly begun = begunDevices();
  readonly #options: CampaignWorkOptions;
  readonly #runs = new Map<string, CampaignRun>();
  readonly #collector: Collector;
  readonly #trouble: TroubleLog;
  readonly #nap: Nap;
  readonly #feeder: FeedTurns;
  /** What steps of campaigns are made with. */
  readonly steps: StepContext;
  readonly #listeners = new Set<(campaign: CampaignRecord) => void>();
  readonly #looks = new Set<Promise<void>>();
  #loaded: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #stopping = false;
  #catchUpAt = 0;
  #leave: (() => void)[] = [];

  constructor(options: CampaignWorkOptions) {
    const { store, clock, logger, reading, wakesPerDay } = options;
    this.#options = options;
    this.#trouble = new TroubleLog(clock, logger);
    this.#nap = new Nap(clock);
    this.rooms = new CarrierRooms(clock, () => this.wake());
    this.#collector = new Collector({
      store,
      clock,
      trouble: this.#trouble,
      onSettled: (settled) => {
        for (const { campaign, counts } of settled) {
          const run = this.#runs.get(campaign);
          if (run !== undefined) run.counts = counts;
        }
        this.wake();
      },
    });
    const { gates, rooms } = this;
    const { approvalAbove, onJobs } = options;
    const onBegun = (count: number): void => this.begun.add([], count);
    const isStopping = (): boolean => this.#stopping;
    this.#feeder = new FeedTurns({
      store,
      reading,
      rooms,
      gates,
      clock,
      wakesPerDay,
      isStopping,
      onJobs,
      onBegun,
      runs: this.#runs,
    });
    this.steps = {
      store,
      clock,
      approvalAbove,
      write: (run, change) => this.#write(run, change),
      release: (id) => this.release(id),
    };
  }

  /** Campaigns that are not over, by id. */
  get runs(): ReadonlyMap<string, CampaignRun> {
    return this.#runs;
  }

  /** Reads which campaigns there are, so that gates stand, and what leaves is heard of, before anything is sent. @throws {StoreError} */
  load(): Promise<void> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  /** Begins. */
  async start(): Promise<void> {
    if (this.#running !== undefined) return;
    await this.load();
    this.#stopping = false;
    this.#catchUpAt = 0;
    this.#running = this.#run();
  }

  /** Begins nothing more, and resolves when what was begun is on disk; what ends is still written. */
  async drain(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    await Promise.all(this.#looks);
  }

  /** Ends, when what was heard of ends is on disk. */
  async stop(): Promise<void> {
    await this.drain();
    for (const leave of this.#leave.splice(0)) leave();
    await this.#collector.stop();
    this.#running = undefined;
    this.#loaded = undefined;
    this.#runs.clear();
    this.#trouble.end();
  }

  /** Looks now at what there is to do. */
  wake(): void {
    this.#nap.wake();
  }

  /** Calls back with each campaign whose state changed. Gives what ends that. The listener must not throw. */
  onChange(listener: (campaign: CampaignRecord) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** A campaign was made. */
  adopt(record: CampaignRecord): void {
    if (record.endedAt !== undefined || this.#runs.has(record.id)) return;
    this.#runs.set(record.id, new CampaignRun(record, this.#options.clock.monotonic()));
    this.gates.put(record);
    this.#tell(record);
    this.wake();
  }

  /**
   * Changes a campaign: whatever its work does comes before, or after.
   * @param change asked with the campaign as it is then
   * @throws {StoreError} VERSION_MISMATCH; what `change` throws
   */
  async change(
    id: string,
    change: (record: CampaignRecord) => Promise<CampaignChange | undefined> | CampaignChange | undefined,
    version?: number,
  ): Promise<CampaignRecord | undefined> {
    const run = this.#runs.get(id) ?? (await this.#awaken(id));
    if (run === undefined) return undefined;
    return await run.turns.run(async () => {
      const wanted = await change(run.record);
      if (wanted === undefined) return run.record;
      const record = await this.#write(run, wanted, version);
      this.wake();
      return record;
    });
  }

  /** Lets go what a campaign kept back: it was resumed, or has other windows. */
  async release(id: string): Promise<void> {
    const { store, onReleased } = this.#options;
    for (;;) {
      const count = await store.ungatePushes(id, ungateSize);
      if (count > 0) onReleased();
      if (count < ungateSize) return;
    }
  }

  async #load(): Promise<void> {
    const { store, clock } = this.#options;
    for (const record of await store.openCampaigns()) {
      if (!this.#runs.has(record.id)) this.#runs.set(record.id, new CampaignRun(record, clock.monotonic()));
      this.gates.put(this.#runs.get(record.id)?.record ?? record);
    }
    // While nothing is sent yet: what leaves is heard of from here on.
    this.rooms.load(await store.queuedOfCampaigns());
    this.#collector.start();
    this.#leave = [
      store.onEvent((_, context) => {
        const { push, before } = context;
        if (push.campaigns === undefined) return;
        if (push.campaign !== undefined) this.rooms.hear(push, before);
        this.#collector.hear(push, context);
      }),
      store.onJobEnd((job) => {
        if (this.#hasJobs()) this.#collector.jobOver(job);
      }),
    ];
  }

  /** One that is over may be taken up again. */
  async #awaken(id: string): Promise<CampaignRun | undefined> {
    const record = await this.#options.store.campaign(id);
    return record === undefined ? undefined : new CampaignRun(record, this.#options.clock.monotonic());
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping) {
      this.#nap.begin();
      try {
        const waitMs = await this.#step();
        if (waitMs > 0) await this.#nap.sleep(Math.min(waitMs, pollMs));
      } catch (error) {
        this.#trouble.note('campaigns could not be worked on', error);
        await this.#nap.sleep(storePauseMs);
      }
      if (clock.monotonic() >= this.#catchUpAt) this.#catchUpAt = 0;
    }
  }

  /** Does what there is to do; gives after how many milliseconds there is more. */
  async #step(): Promise<number> {
    const { clock } = this.#options;
    if (this.#catchUpAt === 0) {
      for (const run of [...this.#runs.values()]) {
        if (run.stale || run.open.underWay > 0) await this.#collector.catchUp(run.id);
      }
      if (this.rooms.isGuessed) this.rooms.correct(await this.#options.store.queuedOfCampaigns());
      this.#catchUpAt = clock.monotonic() + catchUpMs;
    }
    let waitMs = Math.max(0, this.#catchUpAt - clock.monotonic());
    for (const run of [...this.#runs.values()]) {
      if (this.#stopping) return 0;
      waitMs = Math.min(waitMs, await run.turns.run(() => advance(run, this.steps)));
      this.#look(run);
    }
    return Math.min(waitMs, await this.#feeder.feed());
  }

  /** Looks for devices, beside everything else, until all have been found. */
  #look(run: CampaignRun): void {
    const { clock } = this.#options;
    if (this.#stopping || !mayLookUp(run, clock.monotonic())) return;
    run.looking = true;
    const looks = this.#lookAll(run).finally(() => {
      run.looking = false;
      this.#looks.delete(looks);
    });
    this.#looks.add(looks);
  }

  async #lookAll(run: CampaignRun): Promise<void> {
    const { clock, store, reading } = this.#options;
    const beganAt = clock.monotonic();
    try {
      while (!this.#stopping && run.record.state === 'running') {
        const look = await findDevices(run, { store, reading });
        await run.turns.run(async () => {
          run.put(await look.keep(), clock.monotonic());
          run.forgetCarriers();
          await holdGrown(run, this.steps);
        });
        this.wake();
        if (look.isLast) break;
      }
      const tookMs = clock.monotonic() - beganAt;
      run.lookAgainAt = clock.monotonic() + Math.max(lookAgain.everyMs, tookMs * lookAgain.times);
    } catch (error) {
      this.#trouble.note('devices of campaigns could not be looked for', error);
      clock.after(storePauseMs, () => this.wake());
    }
  }

  async #write(run: CampaignRun, change: CampaignChange, version?: number): Promise<CampaignRecord> {
    const { store, clock } = this.#options;
    const before = run.record;
    // At once, and not only when it is on disk: nothing more leaves meanwhile.
    if (change.state !== undefined && change.state !== 'running')
      this.gates.put({ ...before, state: change.state });
    let record: CampaignRecord | undefined;
    try {
      record = await store.changeCampaign(run.id, change, version);
    } catch (error) {
      if (before.endedAt === undefined) this.gates.put(before);
      throw error;
    }
    if (record === undefined) throw new StoreError('UNKNOWN_CAMPAIGN', `there is no campaign ${run.id}`);
    run.put(record, clock.monotonic());
    if (record.endedAt === undefined) {
      this.#runs.set(run.id, run);
      this.gates.put(record);
      run.forgetCarriers();
    } else {
      this.#runs.delete(run.id);
      this.gates.drop(run.id);
    }
    if (record.state !== before.state || record.endedAt !== before.endedAt) this.#tell(record);
    return record;
  }

  #tell(record: CampaignRecord): void {
    const { id, plan, state, devices, reason } = record;
    const about = { campaign: id, name: plan.name, state, devices, ...(reason !== undefined && { reason }) };
    this.#options.logger[state === 'stopped' ? 'warn' : 'info'](about, 'a campaign changed its state');
    for (const listener of this.#listeners) listener(record);
  }

  #hasJobs(): boolean {
    for (const { record } of this.#runs.values()) if (record.plan.content.kind === 'job') return true;
    return false;
  }
}
