// How the server stands: its version, and its carriers.
import type { WholeStatus } from '../../server/index.ts';
import type { ApiBackend, App } from '../host/app.ts';
import { carrierView, queueView } from '../metrics/carrier-view.ts';
import { StatusShape } from '../metrics/status-shapes.ts';
import { readRefusals } from '../shapes/basic-shapes.ts';
import { isoTime } from '../shapes/iso-time.ts';

export function statusRoutes(app: App, backend: ApiBackend, version: string): void {
  app.route({
    method: 'GET',
    url: '/v1/status',
    config: { scope: 'read', allAccounts: true },
    schema: {
      tags: ['status'],
      operationId: 'getStatus',
      summary:
        'Version of the server, since when it runs, its store, its pushes by state, and its carriers: state, room, rate, queue, what went wrong last, and of a modem signal and network',
      response: { 200: StatusShape, ...readRefusals },
    },
    handler: async (_, reply) => {
      void reply.header('cache-control', 'no-store');
      return { version, ...viewOf(await backend.status()) };
    },
  });
}

function viewOf(status: WholeStatus) {
  const { at, startedAt, uptimeMs, oldestDueAt, pushes, carriers, unplaced, ...rest } = status;
  return {
    ...rest,
    at: isoTime(at),
    startedAt: isoTime(startedAt),
    uptimeSeconds: Math.floor(uptimeMs / 1000),
    ...(oldestDueAt !== undefined && { oldestDueAt: isoTime(oldestDueAt) }),
    pushes: [...pushes],
    unplaced: queueView(unplaced),
    carriers: carriers.map(carrierView),
  };
}
