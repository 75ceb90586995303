// Routes of deliveries that are not tried any more: listed, tried again, dropped.
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { WebhookRecord } from '../../store/index.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { pageRequest } from '../request/page-request.ts';
import { closed, PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView } from '../shapes/basic-views.ts';
import { CountedShape, DeadPage, DeadSelectionBody } from './webhook-shapes.ts';
import { deadView } from './webhook-views.ts';

const params = Type.Object({ id: Type.String({ description: 'Id of the webhook' }) });
const tags = ['webhooks'];
const manage = { scope: 'manage' } as const;

/** `found` gives a webhook that the caller may see, or throws 404. */
export function deadRoutes(
  app: App,
  { webhooks }: ApiBackend,
  found: (request: FastifyRequest, id: string) => Promise<WebhookRecord>,
): void {
  app.route({
    method: 'GET',
    url: '/v1/webhooks/:id/dead',
    config: manage,
    schema: {
      tags,
      operationId: 'listDeadDeliveries',
      summary: 'List deliveries that failed as often as they may, oldest first',
      params,
      querystring: Type.Object(PageQuery, closed),
      response: { 200: DeadPage, ...readRefusals },
    },
    handler: async (request) => {
      const { id } = await found(request, request.params.id);
      return pageView(await webhooks.dead(id, pageRequest(request.query)), deadView);
    },
  });

  for (const act of ['retry', 'drop'] as const) {
    app.route({
      method: 'POST',
      url: `/v1/webhooks/:id/dead/${act}`,
      config: manage,
      schema: {
        tags,
        operationId: act === 'retry' ? 'retryDeadDeliveries' : 'dropDeadDeliveries',
        summary:
          act === 'retry'
            ? 'Try dead deliveries again, as if they were new, each before what waits of its device'
            : 'Let go of dead deliveries',
        params,
        body: DeadSelectionBody,
        response: { 200: CountedShape, ...writeRefusals },
      },
      handler: async (request) => {
        const { id } = await found(request, request.params.id);
        const count =
          act === 'retry'
            ? await webhooks.retryDead(id, request.body)
            : await webhooks.dropDead(id, request.body);
        request.audited.detail = `${count} deliveries`;
        return { count };
      },
    });
  }
}
