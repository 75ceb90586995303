// The feed of events as server-sent events (WHATWG HTML, "Server-sent events").
import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import { type Logger, silentLogger, type Timer, ValueError } from '../../core/index.ts';
import { type EventKind, isVisible, type PushEvent, pushPurposes } from '../../store/index.ts';
import type { ApiBackend, ApiOptions, App } from '../host/app.ts';
import { readRefusals } from '../shapes/basic-shapes.ts';
import { feedViews } from '../shapes/push-views.ts';

/** Kinds of events, and those that are told to who names none: no reader meets what it does not know. */
const kinds: readonly EventKind[] = pushPurposes;
const usualKinds: readonly EventKind[] = ['notification'];
/** Octets that may wait for a slow reader before its stream is ended; it can come back with Last-Event-ID. */
const largestBacklog = 1024 * 1024;
const catchUpPage = 500;

export function eventRoutes(app: App, backend: ApiBackend, options: ApiOptions): void {
  const streams = new Set<EventStream>();
  // A stream never ends by itself, and closing waits for every response.
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.end();
  });

  app.route({
    method: 'GET',
    url: '/v1/events',
    config: { scope: 'read' },
    schema: {
      tags: ['events'],
      operationId: 'streamEvents',
      summary: 'Events as they happen (text/event-stream), after Last-Event-ID or `after` when given',
      headers: Type.Object({
        'last-event-id': Type.Optional(
          Type.Integer({
            minimum: 0,
            description: '`id` of the last event that is known; goes before `after`',
          }),
        ),
      }),
      querystring: Type.Object(
        {
          after: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Sequence number of the last event that is known' }),
          ),
          notification: Type.Optional(Type.String({ description: 'Of this notification: its id' })),
          push: Type.Optional(
            Type.String({ description: 'Of this push alone, whatever its kind unless `kinds` says' }),
          ),
          device: Type.Optional(Type.String({ description: 'Of this device: its id' })),
          kinds: Type.Optional(
            Type.String({
              description: `Kinds of events, separated by commas: ${kinds.join(', ')}. Default: ${usualKinds.join(', ')}. The event's name is its kind`,
            }),
          ),
        },
        { additionalProperties: false },
      ),
      response: { ...readRefusals },
    },
    handler: async (request, reply) => {
      const { notification, push, device, after } = request.query;
      const told = readKinds(request.query.kinds, push === undefined ? usualKinds : kinds);
      const { caller } = request;
      const wanted = (event: PushEvent): boolean =>
        told.includes(event.kind) &&
        isVisible(caller.accounts, event.serverId) &&
        (notification === undefined || (event.kind === 'notification' && event.pushId === notification)) &&
        (push === undefined || event.pushId === push) &&
        (device === undefined || event.deviceId === device);
      // Whose token ends reads no further.
      const { mayGoOn } = request;
      reply.hijack();
      const stream = new EventStream(reply.raw, backend, { kinds: told, wanted, mayGoOn }, options);
      streams.add(stream);
      reply.raw.on('error', () => stream.end());
      // Whoever closes its side of a stream that never ends has left.
      request.raw.socket.once('end', () => reply.raw.destroy());
      reply.raw.on('close', () => {
        stream.end();
        streams.delete(stream);
      });
      await stream.run(request.headers['last-event-id'] ?? after);
    },
  });
}

/** What a reader asks for. */
interface Wish {
  readonly kinds: readonly EventKind[];
  readonly wanted: (event: PushEvent) => boolean;
  /** Asked with each sign of life. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** @throws {ValueError} for a kind that there is not */
function readKinds(text: string | undefined, usual: readonly EventKind[]): readonly EventKind[] {
  if (text === undefined) return usual;
  const asked = new Set(text.split(','));
  const known = kinds.filter((kind) => asked.delete(kind));
  if (asked.size === 0) return known;
  throw new ValueError(
    'OUT_OF_RANGE',
    `must be one or more of ${kinds.join(', ')}, with commas between them`,
    'kinds',
  );
}

/** One reader's stream. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #backend: ApiBackend;
  readonly #wish: Wish;
  readonly #heartbeatMs: number;
  readonly #logger: Logger;
  #held: PushEvent[] | undefined = [];
  #last = 0;
  #heartbeat: Timer | undefined;
  #leave: () => void = () => undefined;
  #ended = false;

  constructor(response: ServerResponse, backend: ApiBackend, wish: Wish, options: ApiOptions) {
    this.#response = response;
    this.#backend = backend;
    this.#wish = wish;
    this.#heartbeatMs = options.heartbeatMs ?? 15_000;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Sends what happened after `after`, if given, then what happens. */
  async run(after: number | undefined): Promise<void> {
    const { pushes } = this.#backend;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#write(': events of Reveille\n\n');
    // Listens before it reads, so that nothing falls between; what comes meanwhile is held.
    this.#leave = pushes.onEvent((event) => {
      if (this.#held === undefined) this.#send(event);
      else this.#held.push(event);
    });
    this.#beat();
    try {
      if (after !== undefined) await this.#catchUp(after);
    } catch (error) {
      this.#logger.error({ error: String(error) }, 'an event stream could not catch up');
      this.end();
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#send(event);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#leave();
    this.#heartbeat?.cancel();
    this.#response.end();
  }

  async #catchUp(after: number): Promise<void> {
    const { pushes } = this.#backend;
    const { kinds } = this.#wish;
    this.#last = after;
    for (;;) {
      const events = await pushes.eventsAfter(this.#last, catchUpPage, kinds);
      for (const event of events) this.#send(event);
      if (events.length < catchUpPage || this.#ended) return;
    }
  }

  #send(event: PushEvent): void {
    if (this.#ended || event.sequence <= this.#last) return;
    this.#last = event.sequence;
    const { sequence, kind } = event;
    if (!this.#wish.wanted(event)) return;
    const data = JSON.stringify(feedViews[kind](event));
    this.#write(`id: ${sequence}\nevent: ${kind}\ndata: ${data}\n\n`);
  }

  #write(text: string): void {
    this.#response.write(text);
    if (this.#response.writableLength > largestBacklog) this.end();
  }

  /** Ends the stream of a token that opens nothing any more. */
  async #look(): Promise<void> {
    if (!(await this.#wish.mayGoOn())) this.end();
  }

  #beat(): void {
    this.#heartbeat = this.#backend.clock.after(this.#heartbeatMs, () => {
      if (this.#ended) return;
      this.#write(': still here\n\n');
      this.#beat();
      void this.#look();
    });
  }
}
