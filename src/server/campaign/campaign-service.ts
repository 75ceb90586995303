// Campaigns, as callers make, look at and change them.
import { StoreError } from '../../core/index.ts';
import {
  type Asker,
  type CampaignChange,
  type CampaignDevice,
  type CampaignDevicePage,
  type CampaignFilter,
  type CampaignRecord,
  isVisible,
  maySee,
  type Page,
  type PageRequest,
} from '../../store/index.ts';
import { forgivenOf } from '../campaign-rules/judge.ts';
import { type ReadPlan, readPlan } from '../campaign-rules/plan-input.ts';
import { campaignBounds, changedPlan } from '../campaign-rules/rules-input.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { type BindingTable, bindingsOfCarriers } from '../push/bindings.ts';
import { countOf, needsApproval, startOf } from './campaign-steps.ts';
import { type CampaignProgress, progressOf } from './campaign-views.ts';
import type { CampaignWork, CampaignWorkOptions } from './campaign-work.ts';
import { checkContent, tryContent } from './content.ts';
import { selectionOf } from './look-up.ts';
import { type CampaignPreview, examine } from './preview.ts';

/** What the service works with. */
export interface CampaignServiceOptions extends Pick<CampaignWorkOptions, 'store' | 'reading' | 'clock'> {
  readonly work: CampaignWork;
}

/** A campaign that was made. */
export interface CreatedCampaign {
  readonly campaign: CampaignRecord;
  /** False when the idempotency key had been used for it before. */
  readonly created: boolean;
  readonly warnings: readonly string[];
}

/** How something that was to be done with a campaign went. */
export type CampaignAction =
  | { readonly outcome: 'done'; readonly campaign: CampaignRecord }
  /** Its state does not allow it. */
  | { readonly outcome: 'refused'; readonly campaign: CampaignRecord; readonly why: string }
  | { readonly outcome: 'unknown' };

/** Most campaigns that are not over. */
export const mostOpenCampaigns = 500;

/** Devices that are made pending again in one transaction. */
const retrySize = 2000;

/** Refuses an action, within the turn of a campaign. */
class Refusal extends Error {}

/** Checks what is given and keeps campaigns. What belongs to accounts that an asker may not see is not there for him. */
export class CampaignService {
  readonly #options: CampaignServiceOptions;

  constructor(options: CampaignServiceOptions) {
    this.#options = options;
  }

  /**
   * Makes a campaign of a plan (`readPlan`); it is on disk when the promise resolves. It starts at once, or when its time comes, or
   * waits for approval where it is large.
   * @throws {ValueError} for the first thing wrong, also with its content
   * @throws {StoreError} IDEMPOTENCY_CONFLICT, UNKNOWN_DEVICE, TOO_MANY_CAMPAIGNS
   */
  async create(value: unknown, idempotencyKey?: string, by?: Asker): Promise<CreatedCampaign> {
    const { store, clock, work } = this.#options;
    const now = clock.now();
    const read = readPlan(value, now);
    const asked = await this.#asked(read, by);
    const { plan, list } = read;
    if (work.runs.size >= mostOpenCampaigns) {
      const detail = `there are ${work.runs.size} campaigns that are not over, as many as there may be: end some of them`;
      throw new StoreError('TOO_MANY_CAMPAIGNS', detail);
    }
    const large = needsApproval(undefined, asked.devices, work.steps);
    const { campaign, created } = await store.createCampaign({
      plan,
      state: large ? 'awaiting-approval' : 'scheduled',
      devices: asked.devices,
      ...(asked.accounts !== undefined && { accounts: asked.accounts }),
      ...(by?.actor !== undefined && { actor: by.actor }),
      ...(by?.owner !== undefined && { owner: by.owner }),
      ...(list !== undefined && { list }),
      ...idempotencyOf(idempotencyKey, value),
    });
    const warnings = warningsOf(plan, this.#options.reading.bindings);
    if (!created) return { campaign, created, warnings };
    work.adopt(campaign);
    if (large || (plan.startAt ?? 0) > now) return { campaign, created, warnings };
    const started = await work.change(campaign.id, (as) =>
      as.state === 'scheduled' ? startOf(as, asked.devices, clock.now()) : undefined,
    );
    return { campaign: started ?? campaign, created, warnings };
  }

  /** What a plan would do. @throws {ValueError} as `create` */
  async preview(value: unknown, by?: Asker): Promise<CampaignPreview> {
    const { work, clock, store, reading } = this.#options;
    const read = readPlan(value, clock.now());
    const asked = await this.#asked(read, by);
    const campaign = { plan: read.plan, ...asked };
    const rateOf = (carrier: string): number | undefined => work.rooms.rateOf(carrier);
    return {
      ...(await examine(campaign, read.list, { store, reading, clock, rateOf })),
      needsApproval: needsApproval(undefined, asked.devices, work.steps),
      warnings: warningsOf(read.plan, reading.bindings),
    };
  }

  /** `undefined` where there is none. */
  async get(id: string, by?: Asker): Promise<CampaignRecord | undefined> {
    const campaign = this.#options.work.runs.get(id)?.record ?? (await this.#options.store.campaign(id));
    return campaign !== undefined && maySeeCampaign(by, campaign) ? campaign : undefined;
  }

  /** Campaigns, newest first. */
  list(page: PageRequest & Omit<CampaignFilter, 'accounts'>, by?: Asker): Promise<Page<CampaignRecord>> {
    const accounts = accountsOf(by);
    return this.#options.store.listCampaigns({ ...page, ...(accounts !== undefined && { accounts }) });
  }

  /** How it goes on; `undefined` where there is none. */
  async progress(id: string, by?: Asker): Promise<CampaignProgress | undefined> {
    const campaign = await this.get(id, by);
    if (campaign === undefined) return undefined;
    const { store, clock, work } = this.#options;
    const now = { wall: clock.now(), monotonic: clock.monotonic() };
    return progressOf(campaign, await store.campaignCounts(id), work.runs.get(id), work.rooms, now);
  }

  /** A page of its devices; `undefined` where there is no such campaign. */
  async devices(
    id: string,
    page: CampaignDevicePage,
    by?: Asker,
  ): Promise<readonly CampaignDevice[] | undefined> {
    if ((await this.get(id, by)) === undefined) return undefined;
    return await this.#options.store.campaignDevices(id, page);
  }

  /**
   * Begins nothing more, until it is resumed; what is out may be answered. `value`: `{ reason? }`.
   * @throws {ValueError} @throws {StoreError} VERSION_MISMATCH, as all of these
   */
  pause(id: string, value: unknown, version: number | undefined, by?: Asker): Promise<CampaignAction> {
    const reason = reasonOf(value, by, 'paused');
    return this.#act(id, version, by, ({ state }) => {
      if (state === 'running' || state === 'scheduled') return { state: 'paused', reason };
      throw new Refusal(`it is ${state}: only what is running or scheduled can be paused`);
    });
  }

  /** Goes on. What failed before one that stopped by itself is forgiven; of a stopped canary it goes on with the rest. */
  async resume(id: string, value: unknown, version: number | undefined, by?: Asker): Promise<CampaignAction> {
    reasonOf(value, by, 'resumed');
    const { store } = this.#options;
    return await this.#act(id, version, by, async (campaign) => {
      const { state, step, startedAt } = campaign;
      if (state === 'paused')
        return { state: startedAt === undefined ? 'scheduled' : 'running', reason: null };
      if (state !== 'stopped')
        throw new Refusal(`it is ${state}: only what is paused or stopped can be resumed`);
      const forgiven = forgivenOf(await store.campaignCounts(id), step === 'rest' ? 'rest' : 'canary');
      return { state: 'running', step: 'rest', forgiven, reason: null };
    });
  }

  /** Ends it: what was not begun is cancelled, and so is what of it can be. */
  cancel(id: string, value: unknown, version: number | undefined, by?: Asker): Promise<CampaignAction> {
    const reason = reasonOf(value, by, 'cancelled');
    return this.#act(id, version, by, ({ state, endedAt }) => {
      if (endedAt !== undefined || state === 'cancelled') throw new Refusal(`it is ${state}`);
      return { state: 'cancelled', reason };
    });
  }

  /**
   * Lets a large one start: for an owner other than its maker's who sees all of its accounts, and says by the version what he saw.
   */
  approve(id: string, value: unknown, version: number, by: Asker): Promise<CampaignAction> {
    reasonOf(value, by, 'approved');
    const { clock } = this.#options;
    return this.#act(id, version, by, (campaign) => {
      const { state, owner: maker, devices, plan, startedAt } = campaign;
      const { owner } = by;
      if (state !== 'awaiting-approval') throw new Refusal(`it is ${state}, and waits for no approval`);
      if (owner === undefined || owner === maker)
        throw new Refusal('its maker cannot approve it: somebody else has to');
      const now = clock.now();
      const approval = { owner, at: now, devices };
      if (now >= plan.expiresAt) throw new Refusal('its time is over');
      // It counts anew when it starts, and more than it had now has to be approved again. One that grew goes on where it was.
      return { state: startedAt === undefined ? 'scheduled' : 'running', approval, reason: null };
    });
  }

  /** Changes its name and rules. One that has not started loses its approval by that. @throws {ValueError} */
  async change(id: string, value: unknown, version: number | undefined, by?: Asker): Promise<CampaignAction> {
    const { clock, work } = this.#options;
    return await this.#act(id, version, by, async (campaign) => {
      const { plan, state, startedAt, endedAt, approval, createdAt } = campaign;
      if (endedAt !== undefined || state === 'cancelled') throw new Refusal(`it is ${state}`);
      const now = clock.now();
      const changed = changedPlan(value, plan, startedAt ?? plan.startAt ?? createdAt, now);
      if (startedAt !== undefined || approval === undefined) return { plan: changed };
      const devices = await countOf(campaign, work.steps);
      const large = needsApproval(undefined, devices, work.steps);
      const paused = state === 'paused';
      return {
        plan: changed,
        approval: null,
        devices,
        ...(large && !paused && { state: 'awaiting-approval' as const }),
      };
    });
  }

  /** Begins again what failed or expired. `value`: `{ expiresAt? }`, for one whose time is over or nearly so. */
  async retry(id: string, value: unknown, version: number | undefined, by?: Asker): Promise<CampaignAction> {
    const { clock, store } = this.#options;
    const end = onlyEnd(value);
    return await this.#act(id, version, by, async (campaign) => {
      const { plan, state, startedAt = clock.now() } = campaign;
      if (state !== 'running' && state !== 'stopped' && state !== 'completed') {
        throw new Refusal(`it is ${state}: only what is running, stopped or completed can be retried`);
      }
      const now = clock.now();
      const changed = changedPlan(end, plan, Math.max(startedAt, now - campaignBounds.lifeMs), now);
      if (now >= changed.expiresAt) throw new Refusal('its time is over: give it another expiresAt');
      while ((await store.retryCampaignDevices(id, retrySize)) === retrySize);
      // A canary that is tried again is judged again, before the rest.
      const step = plan.canary !== undefined && campaign.step !== 'rest' ? 'canary' : 'rest';
      return { plan: changed, state: 'running', step, endedAt: null, forgiven: null, reason: null };
    });
  }

  /** Calls back with each campaign whose state changed. Gives what ends that. The listener must not throw. */
  onChange(listener: (campaign: CampaignRecord) => void): () => void {
    return this.#options.work.onChange(listener);
  }

  async #act(
    id: string,
    version: number | undefined,
    by: Asker | undefined,
    change: (campaign: CampaignRecord) => Promise<CampaignChange> | CampaignChange,
  ): Promise<CampaignAction> {
    const { work } = this.#options;
    let seen: CampaignRecord | undefined;
    try {
      const before = await this.get(id, by);
      if (before === undefined) return { outcome: 'unknown' };
      const campaign = await work.change(
        id,
        async (as) => {
          seen = as;
          if (version !== undefined && version !== as.version) {
            throw new StoreError('VERSION_MISMATCH', 'somebody else has changed the campaign since');
          }
          return await change(as);
        },
        version,
      );
      if (campaign === undefined) return { outcome: 'unknown' };
      if (campaign.state === 'running' || campaign.state === 'scheduled') await work.release(id);
      return { outcome: 'done', campaign };
    } catch (error) {
      if (!(error instanceof Refusal) || seen === undefined) throw error;
      return { outcome: 'refused', campaign: seen, why: error.message };
    }
  }

  /** Reads what of a plan depends on devices, and counts them. */
  async #asked({ plan, list }: ReadPlan, by: Asker | undefined) {
    const { store, reading } = this.#options;
    const accounts = accountsOf(by);
    checkContent(plan.content, reading);
    const campaign = { plan, devices: list?.length ?? 0, ...(accounts !== undefined && { accounts }) };
    const [first] =
      list === undefined
        ? (await store.listDevices({ ...selectionOf(campaign), limit: 1 })).items
        : (await store.devices(list.slice(0, 1))).filter(({ serverId }) => maySee(by, serverId));
    const account = first === undefined ? undefined : await store.account(first.serverId);
    if (first !== undefined && account !== undefined) tryContent(plan.content, first, account, reading);
    const devices = await countOf(campaign, { store });
    return { devices, ...(accounts !== undefined && { accounts }) };
  }
}

/** True where an asker sees all that a campaign is of. */
function maySeeCampaign(by: Asker | undefined, { accounts }: CampaignRecord): boolean {
  if (by === undefined || by.accounts === 'all') return true;
  return accounts?.every((serverId) => isVisible(by.accounts, serverId)) === true;
}

function accountsOf(by: Asker | undefined): readonly string[] | undefined {
  return by === undefined || by.accounts === 'all' ? undefined : by.accounts;
}

/** Who did it, and why, in words. */
function reasonOf(value: unknown, by: Asker | undefined, what: string): string {
  const input = new InputReader(value ?? {}, 'a request');
  const reason = input.optionalText('reason', { max: 500 });
  input.end();
  const who = by?.actor === undefined ? what : `${what} by ${by.actor}`;
  return reason === undefined ? who : `${who}: ${reason}`;
}

function onlyEnd(value: unknown): unknown {
  const input = new InputReader(value ?? {}, 'a retry');
  const expiresAt = input.take('expiresAt');
  input.end();
  return { expiresAt };
}

/** What is worth saying of a plan, and keeps nothing back. */
function warningsOf({ pace }: CampaignRecord['plan'], bindings: BindingTable): readonly string[] {
  const configured = new Set(bindingsOfCarriers(bindings).keys());
  return Object.keys(pace?.carriers ?? {})
    .filter((name) => !configured.has(name))
    .map(
      (name) => `pace.carriers: no carrier ${name} is configured (there are ${[...configured].join(', ')})`,
    );
}
