// The feed of events as server-sent events (WHATWG HTML, "Server-sent events").
import { Type } from 'typebox';
import { ValueError } from '../../core/index.ts';
import {
  type EventKind,
  type FedEvent,
  feedKinds,
  isNotice,
  maySeeEvent,
  noticeKinds,
  pushPurposes,
  readFeedCursor,
} from '../../store/index.ts';
import { EventStream } from '../feed/event-stream.ts';
import type { ApiBackend, ApiOptions, App } from '../host/app.ts';
import { readRefusals } from '../shapes/basic-shapes.ts';

/** What is told to who names no kinds: no reader meets what it does not know. */
const usualKinds: readonly EventKind[] = ['notification'];

const place = {
  pattern: '^[0-9]{1,15}(-[0-9]{1,15})?$',
  maxLength: 31,
};

export function eventRoutes(app: App, backend: ApiBackend, options: ApiOptions): void {
  const streams = new Set<EventStream>();
  // A stream never ends by itself, and closing waits for every response.
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });

  app.route({
    method: 'GET',
    url: '/v1/events',
    // Its head says nothing of what comes, and would have all of it made.
    exposeHeadRoute: false,
    config: { scope: 'read' },
    schema: {
      tags: ['events'],
      operationId: 'streamEvents',
      summary: 'Events as they happen (text/event-stream), after Last-Event-ID or `after` when given',
      headers: Type.Object({
        'last-event-id': Type.Optional(
          Type.String({
            ...place,
            description: '`id` of the last event that is known; goes before `after`',
          }),
        ),
      }),
      querystring: Type.Object(
        {
          after: Type.Optional(
            Type.String({
              ...place,
              description: '`id` of the last event that is known; `0`: from the beginning',
            }),
          ),
          notification: Type.Optional(Type.String({ description: 'Of this notification: its id' })),
          push: Type.Optional(
            Type.String({ description: 'Of this push alone, whatever its kind unless `kinds` says' }),
          ),
          job: Type.Optional(Type.String({ description: 'Of this job alone' })),
          campaign: Type.Optional(Type.String({ description: 'Of this campaign alone' })),
          device: Type.Optional(Type.String({ description: 'Of this device: its id' })),
          kinds: Type.Optional(
            Type.String({
              description: `Kinds of events, separated by commas: ${feedKinds.join(', ')}. Default: ${usualKinds.join(', ')}. The event's name is its kind`,
            }),
          ),
        },
        { additionalProperties: false },
      ),
      response: { ...readRefusals },
    },
    handler: async (request, reply) => {
      const { query, caller, mayGoOn } = request;
      const told = readKinds(query.kinds, usualOf(query));
      const wants = wishOf(query);
      const wanted = (event: FedEvent): boolean =>
        told.includes(event.kind) && maySeeEvent(caller.accounts, event) && wants(event);
      // Whose token ends reads no further.
      reply.hijack();
      const eventKinds = pushPurposes.filter((kind) => told.includes(kind));
      const noted = noticeKinds.filter((kind) => told.includes(kind));
      const wish = { eventKinds, noticeKinds: noted, wanted, mayGoOn };
      const stream = new EventStream(reply.raw, backend, wish, options);
      streams.add(stream);
      reply.raw.on('error', () => stream.end());
      // Whoever closes its side of a stream that never ends has left.
      request.raw.socket.once('end', () => reply.raw.destroy());
      reply.raw.on('close', () => {
        stream.end();
        streams.delete(stream);
      });
      const after = request.headers['last-event-id'] ?? query.after;
      await stream.run(after === undefined ? undefined : readFeedCursor(after));
    },
  });
}

/** What a query narrows the feed by, beside kinds. */
interface Narrowing {
  readonly notification?: string | undefined;
  readonly push?: string | undefined;
  readonly job?: string | undefined;
  readonly campaign?: string | undefined;
  readonly device?: string | undefined;
}

/** The kinds that are told to who names none, by what else the query names. */
function usualOf({ push, job, campaign }: Narrowing): readonly FedEvent['kind'][] {
  if (push !== undefined) return pushPurposes;
  if (job !== undefined) return ['job'];
  return campaign === undefined ? usualKinds : ['campaign'];
}

function wishOf({ notification, push, job, campaign, device }: Narrowing): (event: FedEvent) => boolean {
  const subjects = { job, campaign } as const;
  return (event) => {
    if (device !== undefined && event.deviceId !== device) return false;
    if (isNotice(event)) {
      if (notification !== undefined || push !== undefined) return false;
      return Object.entries(subjects).every(
        ([kind, id]) => id === undefined || (event.kind === kind && event.subject === id),
      );
    }
    return (
      job === undefined &&
      campaign === undefined &&
      (notification === undefined || (event.kind === 'notification' && event.pushId === notification)) &&
      (push === undefined || event.pushId === push)
    );
  };
}

/** @throws {ValueError} for a kind that there is not */
function readKinds(
  text: string | undefined,
  usual: readonly FedEvent['kind'][],
): readonly FedEvent['kind'][] {
  if (text === undefined) return usual;
  const asked = new Set(text.split(','));
  const known = feedKinds.filter((kind) => asked.delete(kind));
  if (asked.size === 0) return known;
  throw new ValueError(
    'OUT_OF_RANGE',
    `must be one or more of ${feedKinds.join(', ')}, with commas between them`,
    'kinds',
  );
}
