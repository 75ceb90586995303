// Routes of push messages: sessionless messages and bootstraps are created here; those of other initiators are shown.
import { Type } from 'typebox';
import { pushMessageStates } from '../store/index.ts';
import type { ApiBackend, App } from './app.ts';
import { IdempotencyHeader, idempotencyKey } from './idempotency-key.ts';
import { jobBodyLimit } from './job-shapes.ts';
import {
  CreatedMessageShape,
  MessageBody,
  MessagePage,
  MessageShape,
  MessageTimelineShape,
} from './message-shapes.ts';
import { messageEventView, messageView } from './message-views.ts';
import { pageRequest } from './page-request.ts';
import { ApiError, notFound } from './problem.ts';
import { PageQuery, readRefusals, writeRefusals } from './shapes.ts';
import { pageView, warningsView } from './views.ts';

const tags = ['messages'];
const closed = { additionalProperties: false } as const;
const params = Type.Object({ id: Type.String() });

export function messageRoutes(app: App, { messages, sessionless }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/messages',
    bodyLimit: jobBodyLimit,
    schema: {
      tags,
      summary: 'Push a signed DM message that needs no session, or a bootstrap: accepted means on disk',
      headers: IdempotencyHeader,
      body: MessageBody,
      response: { 202: CreatedMessageShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { message, pinForUser, warnings } = await sessionless.create(
        request.body,
        idempotencyKey(request.headers),
      );
      return reply
        .code(202)
        .header('location', `/v1/messages/${message.id}`)
        .send({
          ...messageView(message),
          ...(pinForUser !== undefined && { pinForUser }),
          ...warningsView(warnings),
        });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/messages',
    schema: {
      tags,
      summary: 'List push messages, newest first',
      querystring: Type.Object(
        {
          ...PageQuery,
          device: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...pushMessageStates])),
        },
        closed,
      ),
      response: { 200: MessagePage, ...readRefusals },
    },
    handler: async ({ query }) => {
      const { device, state } = query;
      const page = await messages.list({
        ...pageRequest(query),
        ...(device !== undefined && { deviceId: device }),
        ...(state !== undefined && { state }),
      });
      return pageView(page, messageView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/messages/:id',
    schema: {
      tags,
      summary: 'Read a push message; what it carries is not shown',
      params,
      response: { 200: MessageShape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      const message = await messages.get(id);
      if (message === undefined) throw notFound(`message ${id}`);
      return messageView(message);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/messages/:id/timeline',
    schema: {
      tags,
      summary: 'Read everything that happened to a push message, in order',
      params,
      response: { 200: MessageTimelineShape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      const timeline = await messages.timeline(id);
      if (timeline === undefined) throw notFound(`message ${id}`);
      return { items: timeline.map(messageEventView) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/messages/:id/cancel',
    schema: {
      tags,
      summary: 'Cancel a push message that waits',
      params,
      response: { 200: MessageShape, ...writeRefusals },
    },
    handler: async ({ params: { id } }) => {
      const outcome = await messages.cancel(id);
      if (outcome.outcome === 'unknown') throw notFound(`message ${id}`);
      if (outcome.outcome === 'refused') {
        const { state } = outcome.message;
        throw new ApiError(409, 'NOT_CANCELLABLE', `the message is ${state}: it cannot be cancelled`);
      }
      return messageView(outcome.message);
    },
  });
}
