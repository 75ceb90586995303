// Places of pushes that nobody has proved yet: bounded by sender, by host and in all, so that a flood displaces itself.
import { type HeldPlace, Places } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import { hostOf, senderOf } from './push-source.ts';

/** Bounds. */
export interface StrangerBounds {
  /** Places in all. */
  readonly total: number;
  /** Of one sender. */
  readonly perSender: number;
}

/** A host may speak for many senders, as a proxy does: it has a quarter of all places. */
const shareOfHost = 1 / 4;

/** What a push holds. */
export interface StrangersPlace {
  /** Aborts when it gave way to a newer push. */
  readonly signal: AbortSignal;
  /** Its sender proved himself: it does not give way any more. */
  proved(): void;
  release(): void;
}

/** Gives places. */
export class StrangerPlaces {
  readonly #senders: Places;
  readonly #hosts: Places;

  constructor({ total, perSender }: StrangerBounds) {
    const perHost = Math.max(Math.min(perSender, total), Math.floor(total * shareOfHost));
    this.#senders = new Places({ total, perSource: Math.min(perSender, total) });
    this.#hosts = new Places({ total, perSource: perHost });
  }

  /**
   * Takes `count` places; older pushes that are not proved give way, those of the same sender first.
   * @returns undefined where nothing can give way, or the push would have to give way to itself
   */
  take(push: Pick<ReceivedPush, 'from' | 'sender'>, count = 1): StrangersPlace | undefined {
    const gone = new AbortController();
    const held: HeldPlace[] = [];
    const release = (): void => {
      for (const place of held) place.release();
    };
    const giveWay = (): void => {
      release();
      gone.abort();
    };
    for (let taken = 0; taken < count; taken += 1) {
      for (const place of [
        this.#senders.take(senderOf(push), giveWay),
        this.#hosts.take(hostOf(push), giveWay),
      ]) {
        if (place !== undefined) held.push(place);
      }
    }
    if (held.length < 2 * count || gone.signal.aborted) {
      release();
      return undefined;
    }
    return {
      signal: gone.signal,
      proved: () => {
        for (const place of held) place.finish();
      },
      release,
    };
  }
}
