// Routes that have a campaign wait, go on, end, start, or try again.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { CampaignAction } from '../../server/index.ts';
import type { Asker, CampaignRecord } from '../../store/index.ts';
import { askerOf } from '../access/caller.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ConditionHeaders } from '../request/entity-tags.ts';
import { ApiError, notFound } from '../request/problem.ts';
import { writeRefusals } from '../shapes/basic-shapes.ts';
import { CampaignSummaryShape, ReasonBody, RetryBody } from './campaign-shapes.ts';
import { campaignView } from './campaign-views.ts';
import { allowedVersion, campaignTag, namedVersion, visibleCampaign } from './visible-campaign.ts';

const params = Type.Object({ id: Type.String({ description: 'Id of the campaign' }) });

/** One of them. */
interface ActionRoute {
  readonly name: string;
  readonly operationId: string;
  readonly summary: string;
  readonly body: TSchema;
  readonly act: (
    campaign: CampaignRecord,
    value: unknown,
    match: string | undefined,
    by: Asker,
  ) => Promise<CampaignAction>;
}

/** Answers with a campaign after what was done with it. @throws {ApiError} 404, 409 */
export function answerTo(action: CampaignAction, id: string, reply: FastifyReply) {
  if (action.outcome === 'unknown') throw notFound(`campaign ${id}`);
  if (action.outcome === 'refused') throw new ApiError(409, 'WRONG_STATE', action.why);
  return reply.header('etag', campaignTag(action.campaign)).send(campaignView(action.campaign));
}

export function campaignActions(app: App, { campaigns }: ApiBackend): void {
  const routes: readonly ActionRoute[] = [
    {
      name: 'pause',
      operationId: 'pauseCampaign',
      summary: 'Have a campaign begin nothing until it is resumed; what is out may be answered',
      body: ReasonBody,
      act: (campaign, value, match, by) =>
        campaigns.pause(campaign.id, value, allowedVersion(campaign, match), by),
    },
    {
      name: 'resume',
      operationId: 'resumeCampaign',
      summary:
        'Let a campaign go on that is paused or has stopped; what failed before it stopped is forgiven',
      body: ReasonBody,
      act: (campaign, value, match, by) =>
        campaigns.resume(campaign.id, value, allowedVersion(campaign, match), by),
    },
    {
      name: 'cancel',
      operationId: 'cancelCampaign',
      summary: 'End a campaign: what has not begun is cancelled, and so is what of it can be called back',
      body: ReasonBody,
      act: (campaign, value, match, by) =>
        campaigns.cancel(campaign.id, value, allowedVersion(campaign, match), by),
    },
    {
      name: 'approve',
      operationId: 'approveCampaign',
      summary:
        'Let a large campaign start, by another owner than its maker, who says by If-Match what he has seen',
      body: ReasonBody,
      act: (campaign, value, match, by) =>
        campaigns.approve(campaign.id, value, namedVersion(campaign, match), by),
    },
    {
      name: 'retry',
      operationId: 'retryCampaign',
      summary: 'Begin again the devices of a campaign that failed or expired',
      body: RetryBody,
      act: (campaign, value, match, by) =>
        campaigns.retry(campaign.id, value, allowedVersion(campaign, match), by),
    },
  ];
  for (const { name, operationId, summary, body, act } of routes) {
    app.route({
      method: 'POST',
      url: `/v1/campaigns/:id/${name}`,
      config: { scope: 'manage' },
      schema: {
        tags: ['campaigns'],
        operationId,
        summary,
        params,
        headers: ConditionHeaders,
        body,
        response: { 200: CampaignSummaryShape, ...writeRefusals },
      },
      handler: async (request, reply) => {
        const { id } = request.params;
        const campaign = await visibleCampaign(request, campaigns, id);
        const action = await act(campaign, request.body, request.headers['if-match'], askerOf(request));
        noted(request, request.body);
        return answerTo(action, id, reply);
      },
    });
  }
}

/** The reason that was given goes into the audit log. */
function noted(request: FastifyRequest, body: unknown): void {
  const reason = (body as { readonly reason?: unknown } | null | undefined)?.reason;
  if (typeof reason === 'string') request.audited.detail = reason;
}
