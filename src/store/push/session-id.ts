// Which Session-ID a new notification gets (spec-notes ruling 11).

/** Largest Session-ID: 16 bits, and 0 is never a session (DM-NOTI-1.2 §6.2.10). */
export const largestSessionId = 0xffff;

/**
 * The next free Session-ID after `last`, going up and round, so that an id comes back as late as possible: a client
 * takes an id that it has just seen for a repetition. `undefined` when open notifications hold all of them.
 */
export function nextSessionId(last: number, isTaken: (sessionId: number) => boolean): number | undefined {
  for (let step = 0; step < largestSessionId; step += 1) {
    const candidate = ((last + step) % largestSessionId) + 1;
    if (!isTaken(candidate)) return candidate;
  }
  return undefined;
}
