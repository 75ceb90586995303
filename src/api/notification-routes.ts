// Routes of notifications.
import { Type } from 'typebox';
import { notificationStates } from '../store/index.ts';
import type { ApiBackend, App } from './app.ts';
import { IdempotencyHeader, idempotencyKey } from './idempotency-key.ts';
import { jobBodyLimit, NotificationBody } from './job-shapes.ts';
import { pageRequest } from './page-request.ts';
import { ApiError, notFound } from './problem.ts';
import {
  NotificationPage,
  NotificationShape,
  PageQuery,
  readRefusals,
  TimelineShape,
  writeRefusals,
} from './shapes.ts';
import { eventView, notificationView, pageView, warningsView } from './views.ts';

const tags = ['notifications'];
const closed = { additionalProperties: false } as const;
const params = Type.Object({ id: Type.String() });

export function notificationRoutes(app: App, { notifications }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/notifications',
    bodyLimit: jobBodyLimit,
    schema: {
      tags,
      summary: 'Wake a device: accepted means on disk',
      headers: IdempotencyHeader,
      body: NotificationBody,
      response: { 202: NotificationShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { notification, job, warnings } = await notifications.create(
        request.body,
        idempotencyKey(request.headers),
      );
      return reply
        .code(202)
        .header('location', `/v1/notifications/${notification.id}`)
        .send({ ...notificationView(notification, job?.id), ...warningsView(warnings) });
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
      response: { 200: NotificationPage, ...readRefusals },
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
      response: { 200: NotificationShape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      const notification = await notifications.get(id);
      if (notification === undefined) throw notFound(`notification ${id}`);
      const job = await notifications.jobOf(id);
      return notificationView(notification, job?.id);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/notifications/:id/timeline',
    schema: {
      tags,
      summary: 'Read everything that happened to a notification, in order',
      params,
      response: { 200: TimelineShape, ...readRefusals },
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
      response: { 200: NotificationShape, ...writeRefusals },
    },
    handler: async ({ params: { id } }) => {
      const outcome = await notifications.cancel(id);
      if (outcome.outcome === 'unknown') throw notFound(`notification ${id}`);
      if (outcome.outcome === 'refused') {
        const { state } = outcome.notification;
        throw new ApiError(409, 'NOT_CANCELLABLE', `the notification is ${state}: it cannot be cancelled`);
      }
      const job = await notifications.jobOf(id);
      return notificationView(outcome.notification, job?.id);
    },
  });
}
