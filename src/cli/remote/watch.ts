// Follows one notification of a server to its end.

import type { ApiClient, NotificationEvent } from '../../client/index.ts';
import { sessionIdText } from '../../codec/notification/index.ts';
import { sleep, systemClock } from '../../core/index.ts';
import type { Io } from '../io/io.ts';
import type { JsonObject } from './api-client.ts';

const finalStates: readonly string[] = ['completed', 'failed', 'expired', 'cancelled'];
const pauseMs = 100;

/**
 * Prints the timeline of a notification, one line an event, until it is over or the command is stopped. Gives its last
 * state.
 * @throws {ReveilleError} when the server does not answer
 */
export async function watchNotification(io: Io, api: ApiClient, id: string): Promise<string> {
  const state = await followNotification(io, api, id, (event) =>
    io.stdout(`${describeTimelineEvent(event)}\n`),
  );
  if (!finalStates.includes(state)) io.stderr(`reveille: stopped watching; ${id} is ${state}\n`);
  return state;
}

/**
 * Gives each event of a notification to `seen`, in order, until it is over or the command is stopped. Gives its last
 * state.
 * @throws {ReveilleError} when the server does not answer
 */
export async function followNotification(
  io: Io,
  api: ApiClient,
  id: string,
  seen: (event: NotificationEvent) => void,
): Promise<string> {
  const of = { params: { path: { id } } };
  const clock = systemClock();
  let shown = 0;
  for (;;) {
    const [{ items: events }, notification] = await Promise.all([
      api.get('/v1/notifications/{id}/timeline', of),
      api.get('/v1/notifications/{id}', of),
    ]);
    for (const event of events.slice(shown)) seen(event);
    shown = events.length;
    const last = events.at(-1)?.state ?? notification.state;
    if (finalStates.includes(last)) return last;
    await sleep(clock, pauseMs, io.stop);
    if (io.stop.aborted) return last;
  }
}

/** One event of a timeline as a line. */
export function describeTimelineEvent(event: JsonObject): string {
  const time = String(event.at);
  const attempt = event.attempt === undefined ? '' : ` attempt ${String(event.attempt)}`;
  const session = typeof event.sessionId === 'number' ? ` session ${sessionIdText(event.sessionId)}` : '';
  const route = event.address === undefined ? '' : ` to ${String(event.address)}`;
  const detail = event.detail === undefined ? '' : `: ${String(event.detail)}`;
  return `${time}  ${String(event.event).padEnd(16)}${session}${attempt}${route}${detail}`;
}
