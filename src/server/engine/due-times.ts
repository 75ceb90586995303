// When the pushes of a lane are due, as far as that is known: the store is asked again only after something was said.
import { type PushPurpose, type PushQueue, pushPurposes } from '../../store/index.ts';

/** Due times of one carrier, by purpose; milliseconds since the POSIX epoch. */
export class DueTimes {
  readonly #queue: Pick<PushQueue, 'nextDueAt'>;
  readonly #carrier: string;
  /** Absent: perhaps now. */
  readonly #known = new Map<PushPurpose, number>();
  /** How often something was said: what was read before it does not count. */
  #words = 0;

  constructor(queue: Pick<PushQueue, 'nextDueAt'>, carrier: string) {
    this.#queue = queue;
    this.#carrier = carrier;
  }

  /** When the next push of a purpose is due; `undefined` when it may be due already, and infinite when none will be. */
  of(purpose: PushPurpose): number | undefined {
    return this.#known.get(purpose);
  }

  /** Something may be due, of one purpose or of any. */
  forget(purpose?: PushPurpose): void {
    this.#words += 1;
    for (const one of purpose === undefined ? pushPurposes : [purpose]) this.#known.delete(one);
  }

  /** A push of that purpose is due then. True when that is sooner than what was known, or when nothing was. */
  hear(purpose: PushPurpose, dueAt: number): boolean {
    this.#words += 1;
    const known = this.#known.get(purpose);
    // Others may be due sooner, so this is not what is known now; but whoever sleeps may sleep no longer than that.
    if (known === undefined) return true;
    if (dueAt >= known) return false;
    this.#known.set(purpose, dueAt);
    return true;
  }

  /** Asks the store when the next push of a purpose is due. Rejects when the store fails. */
  async ask(purpose: PushPurpose): Promise<number> {
    const words = this.#words;
    const dueAt =
      (await this.#queue.nextDueAt({ carrier: this.#carrier, purpose })) ?? Number.POSITIVE_INFINITY;
    if (words === this.#words) this.#known.set(purpose, dueAt);
    return dueAt;
  }
}
