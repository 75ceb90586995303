// A message without a session in the demonstration: pushed by the server, verified and carried out by the device.

import type { ApiClient } from '../../client/index.ts';
import { sleep, systemClock } from '../../core/index.ts';
import type { Io } from '../io/io.ts';
import type { DemoDevice } from './fleet.ts';
import type { DemoRow } from './report.ts';

/** The device that gets it. */
export interface MessageTarget {
  readonly plan: Pick<DemoDevice, 'deviceId'>;
  readonly route?: { readonly binding: string };
  /** When it was carried out, once it is; milliseconds since the POSIX epoch. */
  readonly processedAt?: number;
}

/** How long the device may take, in milliseconds. */
const patienceMs = 30_000;
const pauseMs = 20;

/** Pushes one signed message that adds a node, and waits until the device has carried it out. */
export async function pushMessage(io: Io, api: ApiClient, target: MessageTarget): Promise<DemoRow> {
  const { deviceId } = target.plan;
  const created = await api.post('/v1/messages', {
    body: {
      device: deviceId,
      job: [{ command: 'add', uri: './Vendor/Note', data: 'no session was needed' }],
    },
  });
  const of = { params: { path: { id: created.id } } };
  const clock = systemClock();
  const late = clock.monotonic() + patienceMs;
  while (target.processedAt === undefined && clock.monotonic() < late && !io.stop.aborted) {
    await sleep(clock, pauseMs, io.stop);
  }
  const { items } = await api.get('/v1/messages/{id}/timeline', of);
  for (const { event } of items) {
    if (event !== 'queued' && event !== 'sending') {
      io.stderr(`${String(event).padEnd(15)} ${deviceId} message without a session\n`);
    }
  }
  const sending = items.filter(({ event }) => event === 'sending');
  const { processedAt } = target;
  if (processedAt !== undefined) io.stderr(`${'processed'.padEnd(15)} ${deviceId} by the device\n`);
  return {
    device: deviceId,
    ...(target.route === undefined ? {} : { binding: target.route.binding }),
    format: 'DM message',
    sessionId: '-',
    digest: 'signature',
    pushes: sending.length,
    milliseconds:
      processedAt === undefined
        ? undefined
        : processedAt - Date.parse(String(sending[0]?.at ?? created.createdAt)),
    state: processedAt === undefined ? (await api.get('/v1/messages/{id}', of)).state : 'processed',
  };
}
