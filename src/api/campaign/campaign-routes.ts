// Routes of campaigns: made, looked at before, listed, read, changed.
import { Type } from 'typebox';
import { campaignStates } from '../../store/index.ts';
import { askerOf, hasScope } from '../access/caller.ts';
import { givenFields } from '../access/given-fields.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ConditionHeaders } from '../request/entity-tags.ts';
import { IdempotencyHeader, idempotencyKey } from '../request/idempotency-key.ts';
import { CreatedQuery, readCreated, readStates, statesQuery } from '../request/list-query.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView, warningsView } from '../shapes/basic-views.ts';
import { answerTo, campaignActions } from './campaign-actions.ts';
import { campaignReport, type ReportContext } from './campaign-report.ts';
import {
  CampaignBody,
  CampaignChangeBody,
  CampaignPage,
  CampaignPreviewShape,
  CampaignShape,
  CampaignSummaryShape,
  CreatedCampaignShape,
  campaignBodyLimit,
} from './campaign-shapes.ts';
import { bodyView, campaignView, previewView, progressView } from './campaign-views.ts';
import { allowedVersion, campaignTag, visibleCampaign } from './visible-campaign.ts';

const tags = ['campaigns'];
const params = Type.Object({ id: Type.String({ description: 'Id of the campaign' }) });

export function campaignRoutes(app: App, backend: ApiBackend, context: ReportContext): void {
  const { campaigns } = backend;
  app.route({
    method: 'POST',
    url: '/v1/campaigns',
    config: { scope: 'manage' },
    bodyLimit: campaignBodyLimit,
    schema: {
      tags,
      operationId: 'createCampaign',
      summary: 'Wake, or give a job or message to, many devices by rules: accepted means on disk',
      headers: IdempotencyHeader,
      body: CampaignBody,
      response: { 202: CreatedCampaignShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const key = idempotencyKey(request.headers);
      const { campaign, warnings } = await campaigns.create(request.body, key, askerOf(request));
      request.audited.detail = `${campaign.plan.name}: ${campaign.devices} devices, ${campaign.state}`;
      return reply
        .code(202)
        .header('location', `/v1/campaigns/${campaign.id}`)
        .header('etag', campaignTag(campaign))
        .send({ ...campaignView(campaign), ...warningsView(warnings) });
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/campaigns/preview',
    config: { scope: 'manage', audit: 'never' },
    bodyLimit: campaignBodyLimit,
    schema: {
      tags,
      operationId: 'previewCampaign',
      summary:
        'What a campaign would do: how many devices, by which carriers, who is left out; nothing is made',
      body: CampaignBody,
      response: { 200: CampaignPreviewShape, ...readRefusals },
    },
    handler: async (request) => previewView(await campaigns.preview(request.body, askerOf(request))),
  });

  app.route({
    method: 'GET',
    url: '/v1/campaigns',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'listCampaigns',
      summary: 'List campaigns, newest first',
      querystring: Type.Object(
        { ...PageQuery, state: Type.Optional(statesQuery(campaignStates)), ...CreatedQuery },
        { additionalProperties: false },
      ),
      response: { 200: CampaignPage, ...readRefusals },
    },
    handler: async (request) => {
      const { query } = request;
      const states = readStates(query.state, campaignStates);
      const page = await campaigns.list(
        { ...pageRequest(query, 'uuid'), ...(states !== undefined && { states }), ...readCreated(query) },
        askerOf(request),
      );
      return pageView(page, campaignView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/campaigns/:id',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'getCampaign',
      summary: 'Read a campaign and how it goes on',
      params,
      response: { 200: CampaignShape, ...readRefusals },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const campaign = await visibleCampaign(request, campaigns, id);
      const progress = await campaigns.progress(id);
      if (progress === undefined) throw notFound(`campaign ${id}`);
      return reply
        .header('etag', campaignTag(campaign))
        .header('cache-control', 'no-store')
        .send({
          ...campaignView(campaign),
          ...bodyView(campaign, hasScope(request.caller, 'secrets')),
          progress: progressView(progress),
        });
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/campaigns/:id',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'updateCampaign',
      summary: 'Change the name and rules of a campaign, also while it runs; null takes away',
      params,
      headers: ConditionHeaders,
      body: CampaignChangeBody,
      response: { 200: CampaignSummaryShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const before = await visibleCampaign(request, campaigns, id);
      const version = allowedVersion(before, request.headers['if-match']);
      const action = await campaigns.change(id, request.body, version, askerOf(request));
      request.audited.detail = givenFields(request.body);
      return answerTo(action, id, reply);
    },
  });

  campaignActions(app, backend);
  campaignReport(app, backend, context);
}
