// Routes for who runs the server: a copy of its store, and what is held after a restore.
import { Readable } from 'node:stream';
import type { Clock } from '../../core/index.ts';
import type { ReadableCopy } from '../../server/index.ts';
import { askerOf } from '../access/caller.ts';
import { whileItMay } from '../access/goes-on.ts';
import { HeldBody, HeldShape } from '../bulk/held-shapes.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { ApiError } from '../request/problem.ts';
import { writeRefusals } from '../shapes/basic-shapes.ts';

/** Longest that a reader of a copy may take for one piece, in milliseconds: the copy takes room until it has been read. */
const pieceTimeoutMs = 60_000;

/** The pieces of a copy, each of which has to be taken in time. */
async function* timed(
  copy: ReadableCopy,
  clock: Clock,
  onStalled: (error: Error) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const piece of copy.pieces()) {
    const timer = clock.after(pieceTimeoutMs, () => onStalled(new Error('the copy was not read in time')));
    try {
      yield piece;
    } finally {
      timer.cancel();
    }
  }
}

export function runningRoutes(app: App, { held, copyStore, clock }: ApiBackend): void {
  const config = { scope: 'manage', allAccounts: true } as const;
  app.route({
    method: 'POST',
    url: '/v1/pushes/release',
    config,
    schema: {
      tags: ['pushes'],
      operationId: 'releasePushes',
      summary: 'Let go on what is held after a restore: pushes and jobs, all or some',
      body: HeldBody,
      response: { 200: HeldShape, ...writeRefusals },
    },
    handler: async (request) => {
      const counts = await held.release(request.body, askerOf(request));
      request.audited.detail = `${counts.pushes} pushes, ${counts.jobs} jobs`;
      return counts;
    },
  });

  app.route({
    method: 'POST',
    url: '/v1/pushes/cancel-held',
    config,
    schema: {
      tags: ['pushes'],
      operationId: 'cancelHeldPushes',
      summary: 'End what is held after a restore, where its state allows that: pushes and jobs, all or some',
      body: HeldBody,
      response: { 200: HeldShape, ...writeRefusals },
    },
    handler: async (request) => {
      const counts = await held.cancel(request.body, askerOf(request));
      request.audited.detail = `${counts.pushes} pushes, ${counts.jobs} jobs`;
      return counts;
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/backup',
    // Its head says nothing of what comes, and would have all of it made.
    exposeHeadRoute: false,
    config: { scope: 'admin', allAccounts: true, audit: 'before' },
    schema: {
      tags: ['status'],
      operationId: 'downloadBackup',
      summary: 'Read a consistent copy of the whole store, with all secrets, for reveille restore',
      response: {
        200: {
          description: 'A database of SQLite',
          content: { 'application/vnd.sqlite3': { schema: { type: 'string', format: 'binary' } } },
        },
        ...writeRefusals,
      },
    },
    handler: async (request, reply) => {
      if (copyStore === undefined)
        throw new ApiError(501, 'NO_COPIES', 'the store of this server makes no copies');
      const copy = await copyStore();
      request.audited.detail = `${copy.octets} octets`;
      const pieces = timed(copy, clock, (error) => stream.destroy(error));
      const stream: Readable = Readable.from(whileItMay(pieces, request.mayGoOn));
      // It may never be begun.
      stream.once('close', () => void copy.end());
      return reply
        .type('application/vnd.sqlite3')
        .header('content-length', copy.octets)
        .header('cache-control', 'no-store')
        .send(stream as never);
    },
  });
}
