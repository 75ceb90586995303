// Follows one notification from its beginning to its end.
import type { ApiClient } from './client.ts';
import type { FeedOptions } from './events.ts';
import type { NotificationEvent } from './shapes.ts';

/** How a notification is followed: `signal` ends it. */
export type WatchOptions = FeedOptions;

/** States in which nothing more happens to a notification. */
export const watchDefaults = Object.freeze({
  finalStates: ['completed', 'failed', 'expired', 'cancelled'] as readonly NotificationEvent['state'][],
});

/**
 * Gives what has happened to a notification, then what happens, until it is over.
 * @throws {ApiProblem} NOT_FOUND where there is none
 */
export async function* watchNotification(
  client: Pick<ApiClient, 'get' | 'events'>,
  id: string,
  options: WatchOptions = {},
): AsyncGenerator<NotificationEvent, void, undefined> {
  const { signal } = options;
  const { items } = await client.get('/v1/notifications/{id}/timeline', {
    params: { path: { id } },
    ...(signal !== undefined && { signal }),
  });
  let last = 0;
  for (const event of items) {
    last = event.sequence;
    yield event;
    if (isOver(event)) return;
  }
  // The feed tells what came between the two requests.
  for await (const { kind, data } of client.events({ notification: id, after: last }, options)) {
    if (kind !== 'notification') continue;
    yield data;
    if (isOver(data)) return;
  }
}

function isOver({ state }: NotificationEvent): boolean {
  return watchDefaults.finalStates.includes(state);
}
