// Routes of webhooks: who is told of events over HTTP. Whoever makes one is told of what he may read, for as long as it stands: so
// the scope read is asked for beside manage.
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { WebhookRecord } from '../../store/index.ts';
import { askerOf, requireScope } from '../access/caller.ts';
import { givenFields } from '../access/given-fields.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ConditionHeaders, entityTag, versionsOf } from '../request/entity-tags.ts';
import { pageRequest } from '../request/page-request.ts';
import { notFound } from '../request/problem.ts';
import { closed, PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView } from '../shapes/basic-views.ts';
import { deadRoutes } from './dead-routes.ts';
import {
  IssuedWebhookShape,
  ReplayBody,
  WebhookBody,
  WebhookChangeBody,
  WebhookPage,
  WebhookRotationBody,
  WebhookShape,
  WebhookTestShape,
} from './webhook-shapes.ts';
import { issuedWebhookView, webhookTestView, webhookView } from './webhook-views.ts';

const params = Type.Object({ id: Type.String({ description: 'Id of the webhook' }) });
const tags = ['webhooks'];
const manage = { scope: 'manage' } as const;

/** True where a caller may see a webhook: what it is told is of no account that he may not see. */
function maySee({ caller: { accounts } }: FastifyRequest, webhook: WebhookRecord): boolean {
  if (accounts === 'all') return true;
  return webhook.accounts?.every((account) => accounts.includes(account)) ?? false;
}

export function webhookRoutes(app: App, backend: ApiBackend): void {
  const { webhooks } = backend;

  /** @throws {ApiError} 404 where there is none, and where the caller may not see it */
  async function found(request: FastifyRequest, id: string): Promise<WebhookRecord> {
    const webhook = await webhooks.get(id);
    if (webhook !== undefined && maySee(request, webhook)) return webhook;
    if (webhook !== undefined) request.audited.isHidden = true;
    throw notFound(`webhook ${id}`);
  }

  app.route({
    method: 'POST',
    url: '/v1/webhooks',
    config: manage,
    schema: {
      tags,
      operationId: 'createWebhook',
      summary:
        'Have events told over HTTP from now on: the answer shows what signs them, this once and never again',
      body: WebhookBody,
      response: { 201: IssuedWebhookShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      webhooks.check(request.body);
      requireScope(request.caller, 'read');
      const issued = await webhooks.create(request.body, askerOf(request));
      const { id, kinds, url } = issued.record;
      request.audited.id = id;
      request.audited.detail = `${new URL(url).origin}: ${kinds.join(' ')}`;
      return reply
        .code(201)
        .header('location', `/v1/webhooks/${id}`)
        .header('etag', entityTag(issued.record))
        .header('cache-control', 'no-store')
        .send(issuedWebhookView(issued));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/webhooks',
    config: manage,
    schema: {
      tags,
      operationId: 'listWebhooks',
      summary: 'List webhooks in order of creation, without what signs',
      querystring: Type.Object(PageQuery, closed),
      response: { 200: WebhookPage, ...readRefusals },
    },
    handler: async (request) => {
      const page = await webhooks.list(pageRequest(request.query));
      const items = page.items.filter((webhook) => maySee(request, webhook));
      return pageView({ ...page, items }, webhookView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/webhooks/:id',
    config: manage,
    schema: {
      tags,
      operationId: 'getWebhook',
      summary: 'Read a webhook: how far it was told, and what went wrong',
      params,
      response: { 200: WebhookShape, ...readRefusals },
    },
    handler: async (request, reply) => {
      const webhook = await found(request, request.params.id);
      return reply.header('etag', entityTag(webhook)).send(webhookView(webhook));
    },
  });

  app.route({
    method: 'PATCH',
    url: '/v1/webhooks/:id',
    config: manage,
    schema: {
      tags,
      operationId: 'updateWebhook',
      summary: 'Change the fields that are given; `state` suspends it, or lets it go on where it was',
      params,
      headers: ConditionHeaders,
      body: WebhookChangeBody,
      response: { 200: WebhookShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = await found(request, request.params.id);
      webhooks.checkChange(request.body);
      // Whoever says where it goes reads what it is told.
      requireScope(request.caller, 'read');
      const webhook = await webhooks.change(id, request.body, versionsOf(request.headers['if-match']));
      if (webhook === undefined) throw notFound(`webhook ${id}`);
      request.audited.detail = givenFields(request.body);
      return reply.header('etag', entityTag(webhook)).send(webhookView(webhook));
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/webhooks/:id',
    config: manage,
    schema: {
      tags,
      operationId: 'deleteWebhook',
      summary: 'End a webhook, with all that waits for it',
      params,
      headers: ConditionHeaders,
      response: { 204: Type.Null(), ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = await found(request, request.params.id);
      if (!(await webhooks.delete(id, versionsOf(request.headers['if-match']))))
        throw notFound(`webhook ${id}`);
      return reply.code(204).send(null);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/webhooks/:id/rotate-secret',
    config: manage,
    schema: {
      tags,
      operationId: 'rotateWebhookSecret',
      summary: 'Make what signs anew: the answer shows it once; the one before signs too for a while',
      params,
      body: WebhookRotationBody,
      response: { 200: IssuedWebhookShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { id } = await found(request, request.params.id);
      const issued = await webhooks.rotate(id, request.body);
      if (issued === undefined) throw notFound(`webhook ${id}`);
      return reply.header('cache-control', 'no-store').send(issuedWebhookView(issued));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/webhooks/:id/test',
    config: manage,
    schema: {
      tags,
      operationId: 'testWebhook',
      summary: 'Send an event of the type `webhook.test` now, once, and say what came of it',
      params,
      response: { 200: WebhookTestShape, ...writeRefusals },
    },
    handler: async (request) => webhookTestView(await webhooks.test(await found(request, request.params.id))),
  });

  app.route({
    method: 'POST',
    url: '/v1/webhooks/:id/replay',
    config: manage,
    schema: {
      tags,
      operationId: 'replayWebhook',
      summary:
        'Tell everything again from a moment, a place in the feed or an event on, as far as it is kept',
      params,
      body: ReplayBody,
      response: { 200: WebhookShape, ...writeRefusals },
    },
    handler: async (request) => {
      const { id } = await found(request, request.params.id);
      const webhook = await webhooks.replay(id, request.body);
      if (webhook === undefined) throw notFound(`webhook ${id}`);
      request.audited.detail = `from ${webhook.position.event}-${webhook.position.notice}`;
      return webhookView(webhook);
    },
  });

  deadRoutes(app, backend, found);
}
