// Routes of pushes: what creates notifications and messages, and one text that lists, reads and cancels them under each of
// their paths.
import { Type } from 'typebox';
import { type PushPurpose, type PushRecord, type PushState, pushPurposes } from '../../store/index.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { IdempotencyHeader, idempotencyKey } from '../request/idempotency-key.ts';
import { pageRequest } from '../request/page-request.ts';
import { ApiError, notFound } from '../request/problem.ts';
import { PageQuery, readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { pageView, warningsView } from '../shapes/basic-views.ts';
import { jobBodyLimit } from '../shapes/job-shapes.ts';
import { MessageBody, NotificationBody } from '../shapes/push-bodies.ts';
import { CreatedMessageShape, NotificationShape } from '../shapes/push-shapes.ts';
import { messageView, notificationView } from '../shapes/push-views.ts';
import { allFace, messageFace, notificationFace, type PushFace } from './push-faces.ts';

const closed = { additionalProperties: false } as const;
const params = Type.Object({ id: Type.String() });

export function pushRoutes(app: App, backend: ApiBackend): void {
  const { jobs, sessionless } = backend;
  app.route({
    method: 'POST',
    url: '/v1/notifications',
    bodyLimit: jobBodyLimit,
    schema: {
      tags: [notificationFace.tag],
      summary: 'Wake a device: accepted means on disk',
      headers: IdempotencyHeader,
      body: NotificationBody,
      response: { 202: NotificationShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { push, job, warnings } = await jobs.createNotification(
        request.body,
        idempotencyKey(request.headers),
      );
      void reply.code(202).header('location', `/v1/notifications/${push.id}`);
      return Object.assign(notificationView(push, job?.id), warningsView(warnings));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/messages',
    bodyLimit: jobBodyLimit,
    schema: {
      tags: [messageFace.tag],
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

  faceRoutes(app, backend, notificationFace);
  faceRoutes(app, backend, messageFace);
  faceRoutes(app, backend, allFace);
}

/** Which of its pushes a face lists. */
interface Filters {
  readonly device?: string;
  readonly state?: PushState;
  /** Where it shows several. */
  readonly purpose?: PushPurpose;
}

/** Lists, reads and cancels the pushes that a face shows. */
function faceRoutes<Push extends PushRecord>(app: App, { pushes }: ApiBackend, face: PushFace<Push>): void {
  const tags = [face.tag];
  const url = `/v1/${face.tag}`;

  /** @throws {ApiError} 404 */
  const shown = async (id: string): Promise<Push> => {
    const push = await pushes.get(id);
    if (push === undefined || !face.shows(push)) throw notFound(`${face.name} ${id}`);
    return push;
  };
  /** With the job that came with it: only a notification has one. */
  const viewOf = async (push: Push): Promise<object> => {
    const job = push.purpose === 'notification' ? await pushes.jobOf(push.id) : undefined;
    return face.view(push, job?.id);
  };

  const filters = {
    ...PageQuery,
    device: Type.Optional(Type.String()),
    state: Type.Optional(face.states),
  };
  const purpose = Type.Optional(Type.Enum([...pushPurposes]));
  app.route({
    method: 'GET',
    url,
    schema: {
      tags,
      summary: face.summaries.list,
      querystring:
        face.purposes.length === pushPurposes.length
          ? Type.Object({ ...filters, purpose }, closed)
          : Type.Object(filters, closed),
      response: { 200: face.page, ...readRefusals },
    },
    handler: async ({ query }) => {
      const { device, state, purpose: asked }: Filters = query;
      const { items, next } = await pushes.list({
        ...pageRequest(query),
        purposes: asked === undefined ? face.purposes : [asked],
        ...(device !== undefined && { deviceId: device }),
        ...(state !== undefined && { state }),
      });
      const page = { items: items.filter(face.shows), ...(next !== undefined && { next }) };
      return pageView(page, (push) => face.view(push));
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:id`,
    schema: {
      tags,
      summary: face.summaries.read,
      params,
      response: { 200: face.shape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => viewOf(await shown(id)),
  });

  app.route({
    method: 'GET',
    url: `${url}/:id/timeline`,
    schema: {
      tags,
      summary: face.summaries.timeline,
      params,
      response: { 200: face.timeline, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      await shown(id);
      const timeline = await pushes.timeline(id);
      if (timeline === undefined) throw notFound(`${face.name} ${id}`);
      return { items: timeline.map(face.eventView) };
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/:id/cancel`,
    schema: {
      tags,
      summary: face.summaries.cancel,
      params,
      response: { 200: face.shape, ...writeRefusals },
    },
    handler: async ({ params: { id } }) => {
      await shown(id);
      const outcome = await pushes.cancel(id);
      if (outcome.outcome === 'unknown' || !face.shows(outcome.push)) throw notFound(`${face.name} ${id}`);
      const { push } = outcome;
      if (outcome.outcome === 'refused') {
        throw new ApiError(
          409,
          'NOT_CANCELLABLE',
          `the ${face.name} is ${push.state}: it cannot be cancelled`,
        );
      }
      return viewOf(push);
    },
  });
}
