// What the commands of campaigns do.
import type { QueryOf } from '../../client/index.ts';
import { systemClock } from '../../core/index.ts';
import { readInteger } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { readMoment } from '../io/moment.ts';
import { type ApiOptions, openApi, tellWarnings } from '../remote/api-client.ts';
import { campaignLines, previewLines, summaryLine } from './campaign-lines.ts';
import { type PlanOptions, planOf, type RuleOptions, rulesOf } from './campaign-plan.ts';
import { type CampaignSummary, readCampaign } from './campaign-types.ts';
import { watchCampaign } from './watch-campaign.ts';

interface CampaignOptions extends ApiOptions {
  readonly json?: boolean;
}

export interface CreateOptions extends CampaignOptions, PlanOptions {
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}
export interface ListOptions extends CampaignOptions {
  readonly state?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit: string;
}
export type ShowOptions = CampaignOptions;
export interface WatchOptions extends CampaignOptions {
  readonly interval: string;
}
export interface ActOptions extends CampaignOptions {
  readonly reason?: string;
}
export interface ChangeOptions extends CampaignOptions, RuleOptions {
  readonly ifMatch?: string;
}
export interface ReportOptions extends CampaignOptions {
  readonly format: 'ndjson' | 'csv';
  readonly state?: string;
  readonly reason?: string;
}

/** Pause between looks at a campaign that was just made, in milliseconds. */
const watchMs = 2000;

export async function createCampaign(io: Io, options: CreateOptions): Promise<void> {
  const { dryRun = false, watch = false, json = false, idempotencyKey } = options;
  if (dryRun && watch) throw new UsageError('--dry-run and --watch exclude each other');
  const body = await planOf(io, options);
  const api = await openApi(io, options);
  if (dryRun) {
    const preview = await api.post('/v1/campaigns/preview', { body });
    io.stdout(json ? `${JSON.stringify(preview)}\n` : `${previewLines(preview).join('\n')}\n`);
    return;
  }
  const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const made = await api.post('/v1/campaigns', { body, params: { header } });
  tellWarnings(io, made);
  tell(io, json, made);
  if (watch) await watchCampaign(io, api, made.id, { pauseMs: watchMs, json });
}

export async function listCampaigns(io: Io, options: ListOptions): Promise<void> {
  const { json = false, state, since, until } = options;
  const limit = readInteger(options.limit, '--limit', 1, 1_000_000);
  const now = systemClock().now();
  const query: QueryOf<'/v1/campaigns'> = {
    limit: Math.min(limit, 500),
    ...(state !== undefined && { state }),
    ...(since !== undefined && { since: readMoment(since, '--since', now) }),
    ...(until !== undefined && { until: readMoment(until, '--until', now) }),
  };
  const api = await openApi(io, options);
  let left = limit;
  for await (const campaign of api.items('/v1/campaigns', query)) {
    tell(io, json, campaign);
    left -= 1;
    if (left <= 0) return;
  }
}

export async function showCampaign(io: Io, id: string, options: ShowOptions): Promise<void> {
  const { campaign } = await readCampaign(await openApi(io, options), id);
  io.stdout(
    options.json === true
      ? `${JSON.stringify(campaign)}\n`
      : `${campaignLines(campaign, systemClock().now()).join('\n')}\n`,
  );
}

export async function watchOne(io: Io, id: string, options: WatchOptions): Promise<void> {
  const pauseMs = readInteger(options.interval, '--interval', 1, 86_400) * 1000;
  await watchCampaign(io, await openApi(io, options), id, { pauseMs, json: options.json === true });
}

export async function actOn(
  io: Io,
  name: 'pause' | 'resume' | 'cancel',
  id: string,
  { reason, ...options }: ActOptions,
): Promise<void> {
  const api = await openApi(io, options);
  const body = reason === undefined ? {} : { reason };
  tell(
    io,
    options.json === true,
    await api.post(`/v1/campaigns/{id}/${name}`, { params: { path: { id } }, body }),
  );
}

/** What is shown is what is approved: its version goes along. */
export async function approveCampaign(io: Io, id: string, { reason, ...options }: ActOptions): Promise<void> {
  const { json = false } = options;
  const api = await openApi(io, options);
  const { campaign, etag = '' } = await readCampaign(api, id);
  if (!json) io.stderr(`${campaignLines(campaign, systemClock().now()).join('\n')}\n`);
  const approved = await api.post('/v1/campaigns/{id}/approve', {
    params: { path: { id }, header: { 'if-match': etag } },
    body: reason === undefined ? {} : { reason },
  });
  tell(io, json, approved);
}

export async function changeCampaign(io: Io, id: string, options: ChangeOptions): Promise<void> {
  const api = await openApi(io, options);
  const needsPace = options.carrierRate !== undefined || options.perSecond !== undefined;
  const needsStop =
    options.stopFrom !== undefined || options.stopRate !== undefined || options.stopFailures !== undefined;
  // A rule of several parts is replaced as a whole, so that the parts that are not named are those of before.
  const read = needsPace || needsStop ? await readCampaign(api, id) : undefined;
  const body = rulesOf(options, read?.campaign);
  if (Object.keys(body).length === 0) throw new UsageError('say what to change, such as --per-second 50');
  const match = options.ifMatch ?? read?.etag;
  const changed = await api.patch('/v1/campaigns/{id}', {
    params: { path: { id }, header: match === undefined ? {} : { 'if-match': match } },
    body,
  });
  tell(io, options.json === true, changed);
}

export async function retryCampaign(
  io: Io,
  id: string,
  { expires, ...options }: ActOptions & { readonly expires?: string },
): Promise<void> {
  const { expiresAt } = rulesOf(expires === undefined ? {} : { expires });
  const api = await openApi(io, options);
  const body = typeof expiresAt === 'string' ? { expiresAt } : {};
  tell(
    io,
    options.json === true,
    await api.post('/v1/campaigns/{id}/retry', { params: { path: { id } }, body }),
  );
}

export async function reportCampaign(io: Io, id: string, options: ReportOptions): Promise<void> {
  const api = await openApi(io, options);
  const { state, reason } = options;
  const query = {
    format: options.json === true ? ('ndjson' as const) : options.format,
    ...(state !== undefined && { state }),
    ...(reason !== undefined && { reason }),
  };
  const decoder = new TextDecoder();
  for await (const octets of api.octets('/v1/campaigns/{id}/report', query, { params: { id } })) {
    if (io.write !== undefined) await io.write(octets);
    else io.stdout(decoder.decode(octets, { stream: true }));
  }
}

function tell(io: Io, json: boolean, campaign: CampaignSummary): void {
  io.stdout(json ? `${JSON.stringify(campaign)}\n` : `${summaryLine(campaign)}\n`);
}
