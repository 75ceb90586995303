// Routes of notifications.
import { Type } from 'typebox';
import { ValueError } from '../core/index.ts';
import { notificationStates } from '../store/index.ts';
import type { ApiBackend, App } from './app.ts';
import { pageRequest } from './page-request.ts';
import { ApiError, notFound } from './problem.ts';
import {
  NotificationBody,
  NotificationPage,
  NotificationShape,
  PageQuery,
  ProblemShape,
  TimelineShape,
} from './shapes.ts';
import { eventView, notificationView, pageView } from './views.ts';

const tags = ['notifications'];
const closed = { additionalProperties: false } as const;
const params = Type.Object({ id: Type.String() });

export function notificationRoutes(app: App, { notifications }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/notifications',
    schema: {
      tags,
      summary: 'Wake a device: accepted means on disk',
      headers: Type.Object({
        'idempotency-key': Type.Optional(
          Type.String({ description: 'The same key with the same body gives the same notification' }),
        ),
      }),
      body: NotificationBody,
      response: { 202: NotificationShape, '4xx': ProblemShape },
    },
    handler: async (request, reply) => {
      const key = request.headers['idempotency-key'];
      if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
        throw new ValueError(
          'BAD_FORMAT',
          'must be 1 to 255 visible ASCII characters without spaces',
          'Idempotency-Key',
        );
      }
      const { notification } = await notifications.create(request.body, key);
      return reply
        .code(202)
        .header('location', `/v1/notifications/${notification.id}`)
        .send(notificationView(notification));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/notifications',
    schema: {
      tags,
      summary: 'List notifications, newest first',
      querystring: Type.Object(
        {
          ...PageQuery,
          device: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...notificationStates])),
        },
        closed,
      ),
      response: { 200: NotificationPage, '4xx': ProblemShape },
    },
    handler: async ({ query }) => {
      const { device, state } = query;
      const page = await notifications.list({
        ...pageRequest(query),
        ...(device !== undefined && { deviceId: device }),
        ...(state !== undefined && { state }),
      });
      return pageView(page, notificationView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/notifications/:id',
    schema: {
      tags,
      summary: 'Read a notification',
      params,
      response: { 200: NotificationShape, '4xx': ProblemShape },
    },
    handler: async ({ params: { id } }) => {
      const notification = await notifications.get(id);
      if (notification === undefined) throw notFound(`notification ${id}`);
      return notificationView(notification);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/notifications/:id/timeline',
    schema: {
      tags,
      summary: 'Read everything that happened to a notification, in order',
      params,
      response: { 200: TimelineShape, '4xx': ProblemShape },
    },
    handler: async ({ params: { id } }) => {
      const timeline = await notifications.timeline(id);
      if (timeline === undefined) throw notFound(`notification ${id}`);
      return { items: timeline.map(eventView) };
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/notifications/:id/cancel',
    schema: {
      tags,
      summary: 'Cancel a notification that is not over and whose session has not begun',
      params,
      response: { 200: NotificationShape, '4xx': ProblemShape },
    },
    handler: async ({ params: { id } }) => {
      const outcome = await notifications.cancel(id);
      if (outcome.outcome === 'unknown') throw notFound(`notification ${id}`);
      if (outcome.outcome === 'refused') {
        const { state } = outcome.notification;
        throw new ApiError(409, 'NOT_CANCELLABLE', `the notification is ${state}: it cannot be cancelled`);
      }
      return notificationView(outcome.notification);
    },
  });
}
