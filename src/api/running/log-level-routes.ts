// How much the log of the server says, changed while it runs.
import type { LogLevel, LogLevelState } from '../../core/index.ts';
import { readLogLevelRequest } from '../../server/index.ts';
import type { App } from '../host/app.ts';
import { ApiError } from '../request/problem.ts';
import { readRefusals, writeRefusals } from '../shapes/basic-shapes.ts';
import { isoTime } from '../shapes/iso-time.ts';
import { LogLevelBody, LogLevelShape } from './running-shapes.ts';

const tags = ['log'];
const config = { scope: 'admin', allAccounts: true } as const;

/** Adds the routes; without `logLevel` they say that there is none. */
export function logLevelRoutes(app: App, logLevel: LogLevel | undefined): void {
  const held = (): LogLevel => {
    if (logLevel !== undefined) return logLevel;
    throw new ApiError(
      501,
      'NO_LOG_LEVEL',
      'the level of the log of this server cannot be changed while it runs',
    );
  };

  app.route({
    method: 'GET',
    url: '/v1/log-level',
    config,
    schema: {
      tags,
      operationId: 'getLogLevel',
      summary: 'Read how much the log says, and until when',
      response: { 200: LogLevelShape, ...readRefusals },
    },
    handler: async (_, reply) => {
      void reply.header('cache-control', 'no-store');
      return viewOf(held().state);
    },
  });

  app.route({
    method: 'PUT',
    url: '/v1/log-level',
    config,
    schema: {
      tags,
      operationId: 'setLogLevel',
      summary: 'Have the log say more or less, for some time or until the server starts anew',
      body: LogLevelBody,
      response: { 200: LogLevelShape, ...writeRefusals },
    },
    handler: async (request) => {
      const { level: wanted, seconds } = readLogLevelRequest(request.body);
      const kept = held();
      kept.set(wanted, seconds);
      request.audited.detail = seconds === undefined ? wanted : `${wanted} for ${seconds} s`;
      return viewOf(kept.state);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/v1/log-level',
    config,
    schema: {
      tags,
      operationId: 'resetLogLevel',
      summary: 'Have the log say what is configured again',
      response: { 200: LogLevelShape, ...writeRefusals },
    },
    handler: async () => {
      const kept = held();
      kept.reset();
      return viewOf(kept.state);
    },
  });
}

function viewOf({ until, ...state }: LogLevelState) {
  return { ...state, ...(until !== undefined && { until: isoTime(until) }) };
}
