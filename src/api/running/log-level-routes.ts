// How much the log of the server says, changed while it runs.
import { Type } from 'typebox';
import { type LogLevel, type LogLevelState, logLevels, longestLogLevelSeconds } from '../../core/index.ts';
import { readLogLevelRequest } from '../../server/index.ts';
import type { App } from '../host/app.ts';
import { ApiError } from '../request/problem.ts';
import { closed, readRefusals, time, writeRefusals } from '../shapes/basic-shapes.ts';
import { isoTime } from '../shapes/iso-time.ts';

const level = (description: string) => Type.Enum([...logLevels], { description });

const LogLevelBody = Type.Object(
  {
    level: level('What counts from now on'),
    seconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: longestLogLevelSeconds,
        description:
          'After so many seconds what is configured counts again; absent: when the server starts anew',
      }),
    ),
  },
  closed,
);

const LogLevelShape = Type.Object({
  level: level('What counts now'),
  configured: level('What flags, environment and configuration file say'),
  until: Type.Optional(time('When what is configured counts again; absent where nothing ends by itself')),
});

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
