// Routes of pushes: what creates notifications and messages, and one text that lists, reads and cancels them under each of
// their paths.

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { hasJob } from '../../server/index.ts';
import { type PushFilter, type PushPurpose, type PushRecord, pushPurposes } from '../../store/index.ts';
import { askerOf, requireScope } from '../access/caller.ts';
import { requireVisible, visiblePage } from '../access/visible.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { IdempotencyHeader, idempotencyKey } from '../request/idempotency-key.ts';
import {
  CreatedQuery,
  DevicesQuery,
  readCreated,
  readDevices,
  readStates,
  statesQuery,
} from '../request/list-query.ts';
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
const params = Type.Object({ id: Type.String({ description: 'Id of the push' }) });

export function pushRoutes(app: App, backend: ApiBackend): void {
  const { jobs, sessionless } = backend;
  app.route({
    method: 'POST',
    url: '/v1/notifications',
    config: { scope: 'push', audit: 'behind' },
    bodyLimit: jobBodyLimit,
    schema: {
      tags: [notificationFace.tag],
      operationId: 'createNotification',
      summary: 'Wake a device: accepted means on disk',
      headers: IdempotencyHeader,
      body: NotificationBody,
      response: { 202: NotificationShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      // Its commands change the device.
      if (hasJob(request.body)) requireScope(request.caller, 'manage');
      const { push, job, warnings } = await jobs.createNotification(
        request.body,
        idempotencyKey(request.headers),
        askerOf(request),
      );
      request.audited.account = push.serverId;
      void reply.code(202).header('location', `/v1/notifications/${push.id}`);
      return Object.assign(notificationView(push, job?.id), warningsView(warnings));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/messages',
    config: { scope: 'manage', audit: 'behind' },
    bodyLimit: jobBodyLimit,
    schema: {
      tags: [messageFace.tag],
      operationId: 'createMessage',
      summary: 'Push a signed DM message that needs no session, or a bootstrap: accepted means on disk',
      headers: IdempotencyHeader,
      body: MessageBody,
      response: { 202: CreatedMessageShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { message, pinForUser, warnings } = await sessionless.create(
        request.body,
        idempotencyKey(request.headers),
        askerOf(request),
      );
      if (message.serverId !== undefined) request.audited.account = message.serverId;
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
  /** One or several, with commas. */
  readonly state?: string;
  readonly since?: string;
  readonly until?: string;
  readonly held?: string;
  /** Where it shows several. */
  readonly purpose?: PushPurpose;
}

/** Lists, reads and cancels the pushes that a face shows. */
function faceRoutes<Push extends PushRecord>(app: App, { pushes }: ApiBackend, face: PushFace<Push>): void {
  const tags = [face.tag];
  const url = `/v1/${face.tag}`;

  /** @throws {ApiError} 404 */
  const shown = async (request: FastifyRequest, id: string): Promise<Push> => {
    const push = requireVisible(request, await pushes.get(id), `${face.name} ${id}`);
    if (!face.shows(push)) throw notFound(`${face.name} ${id}`);
    return push;
  };
  /** With the job that came with it: only a notification has one. */
  const viewOf = async (push: Push): Promise<object> => {
    const job = push.purpose === 'notification' ? await pushes.jobOf(push.id) : undefined;
    return face.view(push, job?.id);
  };

  const filters = {
    ...PageQuery,
    device: Type.Optional(Type.String({ description: 'Of this device: its id' })),
    state: Type.Optional(statesQuery(face.states)),
    ...CreatedQuery,
    ...DevicesQuery,
    held: Type.Optional(Type.Literal('true', { description: '`true`: only what is held after a restore' })),
  };
  const purpose = Type.Optional(Type.Enum([...pushPurposes], { description: 'Of this purpose' }));
  app.route({
    method: 'GET',
    url,
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: face.operationIds.list,
      summary: face.summaries.list,
      querystring:
        face.purposes.length === pushPurposes.length
          ? Type.Object({ ...filters, purpose }, closed)
          : Type.Object(filters, closed),
      response: { 200: face.page, ...readRefusals },
    },
    handler: async ({ query, caller }) => {
      const { device, state, held, purpose: asked }: Filters = query;
      const states = readStates(state, face.states);
      const filter: PushFilter = {
        purposes: asked === undefined ? face.purposes : [asked],
        ...(device !== undefined && { deviceId: device }),
        ...(states !== undefined && { states }),
        ...(held === 'true' && { held: true }),
        ...readCreated(query),
        ...readDevices(query),
      };
      const { items, next } = await visiblePage(caller, pageRequest(query, 'uuid'), (part) =>
        pushes.list({ ...part, ...filter }),
      );
      const page = { items: items.filter(face.shows), ...(next !== undefined && { next }) };
      return pageView(page, (push) => face.view(push));
    },
  });

  app.route({
    method: 'GET',
    url: `${url}/:id`,
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: face.operationIds.read,
      summary: face.summaries.read,
      params,
      response: { 200: face.shape, ...readRefusals },
    },
    handler: async (request) => viewOf(await shown(request, request.params.id)),
  });

  app.route({
    method: 'GET',
    url: `${url}/:id/timeline`,
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: face.operationIds.timeline,
      summary: face.summaries.timeline,
      params,
      response: { 200: face.timeline, ...readRefusals },
    },
    handler: async (request) => {
      const { id } = request.params;
      await shown(request, id);
      const timeline = await pushes.timeline(id);
      if (timeline === undefined) throw notFound(`${face.name} ${id}`);
      return { items: timeline.map(face.eventView) };
    },
  });

  app.route({
    method: 'POST',
    url: `${url}/:id/cancel`,
    config: { scope: 'push' },
    schema: {
      tags,
      operationId: face.operationIds.cancel,
      summary: face.summaries.cancel,
      params,
      response: { 200: face.shape, ...writeRefusals },
    },
    handler: async (request) => {
      const { id } = request.params;
      await shown(request, id);
      const outcome = await pushes.cancel(id, undefined, askerOf(request));
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
