// Addresses that refused a notification for good, so that later attempts leave them out.

/** Notifications that are remembered, at most: the oldest is forgotten, and costs one more refusal. */
const capacity = 100_000;

/** A memory of this process. */
export class RefusedRoads {
  readonly #roads = new Map<string, Set<string>>();

  /** Notes that an address will never take this notification. */
  add(notificationId: string, address: string): void {
    const known = this.#roads.get(notificationId);
    if (known !== undefined) {
      known.add(address);
      return;
    }
    if (this.#roads.size >= capacity) {
      const [oldest] = this.#roads.keys();
      if (oldest !== undefined) this.#roads.delete(oldest);
    }
    this.#roads.set(notificationId, new Set([address]));
  }

  has(notificationId: string, address: string): boolean {
    return this.#roads.get(notificationId)?.has(address) === true;
  }

  /** The notification is over. */
  forget(notificationId: string): void {
    this.#roads.delete(notificationId);
  }
}
