// Routes of jobs.
import { Type } from 'typebox';
import { jobStates } from '../../store/index.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { IdempotencyHeader, idempotencyKey } from '../request/idempotency-key.ts';
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
const params = Type.Object({ id: Type.String() });

export function jobRoutes(app: App, { jobs }: ApiBackend): void {
  app.route({
    method: 'POST',
    url: '/v1/jobs',
    bodyLimit: jobBodyLimit,
    schema: {
      tags,
      summary: 'Have a device carry out commands in its next session: accepted means on disk',
      headers: IdempotencyHeader,
      body: JobBody,
      response: { 202: CreatedJobShape, ...writeRefusals },
    },
    handler: async (request, reply) => {
      const { job, warnings } = await jobs.create(request.body, idempotencyKey(request.headers));
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ ...jobSummaryView(job), ...warningsView(warnings) });
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/jobs',
    schema: {
      tags,
      summary: 'List jobs, newest first, without their commands',
      querystring: Type.Object(
        {
          ...PageQuery,
          device: Type.Optional(Type.String()),
          state: Type.Optional(Type.Enum([...jobStates])),
        },
        { additionalProperties: false },
      ),
      response: { 200: JobPage, ...readRefusals },
    },
    handler: async ({ query }) => {
      const { device, state } = query;
      const page = await jobs.list({
        ...pageRequest(query),
        ...(device !== undefined && { deviceId: device }),
        ...(state !== undefined && { state }),
      });
      return pageView(page, jobSummaryView);
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/jobs/:id',
    schema: {
      tags,
      summary: 'Read a job with what the device said to each command',
      params,
      response: { 200: JobShape, ...readRefusals },
    },
    handler: async ({ params: { id } }) => {
      const job = await jobs.get(id);
      if (job === undefined) throw notFound(`job ${id}`);
      return jobView(job);
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/jobs/:id/cancel',
    schema: {
      tags,
      summary: 'Cancel a job that is not over; commands that went out already are not called back',
      params,
      response: { 200: JobSummaryShape, ...writeRefusals },
    },
    handler: async ({ params: { id } }) => {
      const outcome = await jobs.cancel(id);
      if (outcome.outcome === 'unknown') throw notFound(`job ${id}`);
      if (outcome.outcome === 'refused') {
        throw new ApiError(409, 'NOT_CANCELLABLE', `the job is ${outcome.job.state}: it cannot be cancelled`);
      }
      return jobSummaryView(outcome.job);
    },
  });
}
