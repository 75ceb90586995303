// Routes of jobs.
import { Type } from 'typebox';
import { jobStates } from '../../store/index.ts';
import { askerOf } from '../access/caller.ts';
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
import {
  CreatedJobShape,
  JobBody,
  JobPage,
  JobShape,
  JobSummaryShape,
  jobBodyLimit,
} from '../shapes/job-shapes.ts';
import { jobSummaryView, jobView } from '../shapes/job-views.ts';

const tags = ['jobs'];
const params = Type.Object({ id: Type.String({ description: 'Id of the job' }) });

export function jobRoutes(app: App, { jobs }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/jobs',
    config: { scope: 'manage' },
    bodyLimit: jobBodyLimit,
    schema: {
      tags,
      operationId: 'createJob',
      summary: 'Have a device carry out commands in its next session: accepted means on disk',
      headers: IdempotencyHeader,
      body: JobBody,
      response: { 202: CreatedJobShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const key = idempotencyKey(request.headers);
      const { job, warnings } = await jobs.create(request.body, key, askerOf(request));
      request.audited.account = job.serverId;
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ ...jobSummaryView(job), ...warningsView(warnings) });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/jobs',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'listJobs',
      summary: 'List jobs, newest first, without their commands',
      querystring: Type.Object(
        {
          ...PageQuery,
          device: Type.Optional(Type.String({ description: 'Of this device: its id' })),
          state: Type.Optional(statesQuery(jobStates)),
          ...CreatedQuery,
          ...DevicesQuery,
        },
        { additionalProperties: false },
      ),
      response: { 200: JobPage, ...readRefusals },
    },
    handler: async ({ query, caller }) => {
      const { device, state } = query;
      const states = readStates(state, jobStates);
      const filter = {
        ...(device !== undefined && { deviceId: device }),
        ...(states !== undefined && { states }),
        ...readCreated(query),
        ...readDevices(query),
      };
      const page = await visiblePage(caller, pageRequest(query, 'uuid'), (part) =>
        jobs.list({ ...part, ...filter }),
      );
      return pageView(page, jobSummaryView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/jobs/:id',
    config: { scope: 'read' },
    schema: {
      tags,
      operationId: 'getJob',
      summary: 'Read a job with what the device said to each command',
      params,
      response: { 200: JobShape, ...readRefusals },
    },
    handler: async (request) => {
      const { id } = request.params;
      return jobView(requireVisible(request, await jobs.get(id), `job ${id}`));
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/jobs/:id/cancel',
    config: { scope: 'manage' },
    schema: {
      tags,
      operationId: 'cancelJob',
      summary: 'Cancel a job that is not over; commands that went out already are not called back',
      params,
      response: { 200: JobSummaryShape, ...writeRefusals },
    },
    handler: async (request) => {
      const { id } = request.params;
      requireVisible(request, await jobs.get(id), `job ${id}`);
      const outcome = await jobs.cancel(id, undefined, askerOf(request));
      if (outcome.outcome === 'unknown') throw notFound(`job ${id}`);
      if (outcome.outcome === 'refused') {
        throw new ApiError(409, 'NOT_CANCELLABLE', `the job is ${outcome.job.state}: it cannot be cancelled`);
      }
      return jobSummaryView(outcome.job);
    },
  });
}
