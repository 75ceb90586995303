// Places of a memory that the modem told of, read one at a time: a push never waits for more than one of them.
import type { AtModem } from './modem/at-modem.ts';
import type { ListedMessage, MessagePlace } from './modem/read-answers.ts';

/** Places that wait to be read, at most; a modem that tells of more has lost its senses. */
export const maxWaitingPlaces = 1000;

/** Reads each place that is told, and gives what lies there to `take`. */
export class StoredReports {
  readonly #modem: Pick<AtModem, 'read'>;
  readonly #take: (listed: ListedMessage, place: MessagePlace) => Promise<void>;
  readonly #waiting = new Map<string, MessagePlace>();
  #reading = false;

  constructor(
    modem: Pick<AtModem, 'read'>,
    take: (listed: ListedMessage, place: MessagePlace) => Promise<void>,
  ) {
    this.#modem = modem;
    this.#take = take;
  }

  /** Takes a place; one that waits already waits once. */
  tell(place: MessagePlace): void {
    if (this.#waiting.size >= maxWaitingPlaces) return;
    this.#waiting.set(`${place.memory} ${place.index}`, place);
    if (!this.#reading) void this.#read();
  }

  /** Reads no further. */
  close(): void {
    this.#waiting.clear();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    for (const [key, place] of this.#waiting) {
      // Out before it is read: what comes to lie there meanwhile is told anew.
      this.#waiting.delete(key);
      // What fails here is looked at again by nobody: a report that lies in the memory harms no one.
      const listed = await this.#modem.read(place).catch(() => undefined);
      if (listed !== undefined) this.#take(listed, place).catch(() => {});
    }
    this.#reading = false;
  }
}
