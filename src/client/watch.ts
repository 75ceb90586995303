// Follows one notification from its beginning to its end.
import type { FeedEvent, FeedOptions, FeedQuery } from './events.ts';
import type { NotificationEvent } from './shapes.ts';

/** How a notification is followed: `signal` ends it. */
export type WatchOptions = FeedOptions;

/** States in which nothing more happens to a notification. */
export const watchDefaults = Object.freeze({
  finalStates: ['completed', 'failed', 'expired', 'cancelled'] as readonly NotificationEvent['state'][],
});

/** What a notification is followed with. */
export interface Watched {
  /** Its timeline as it is now. */
  readonly timeline: () => Promise<readonly NotificationEvent[]>;
  readonly events: (query: FeedQuery, options: FeedOptions) => AsyncIterable<FeedEvent>;
}

/**
 * Gives what has happened to a notification, then what happens, until it is over.
 * @throws {ApiProblem} NOT_FOUND where there is none
 */
export async function* watchNotification(
  { timeline, events }: Watched,
  id: string,
  options: WatchOptions = {},
): AsyncGenerator<NotificationEvent, void, undefined> {
  let last = 0;
  for (const event of await timeline()) {
    last = event.sequence;
    yield event;
    if (isOver(event)) return;
  }
  // The feed tells what came between the two requests.
  for await (const { kind, data } of events({ notification: id, after: last }, options)) {
    if (kind !== 'notification') continue;
    yield data;
    if (isOver(data)) return;
  }
}

function isOver({ state }: NotificationEvent): boolean {
  return watchDefaults.finalStates.includes(state);
}
