// Which pushes a road may have handed over, whole or in part: asked for by whoever gives them up while they are under way.
import { PushError } from '../../core/index.ts';

/** One attempt of a push at one road. */
export interface OutMark {
  /**
   * True from before the first octet of a message leaves; false again only where it is certain that none of the messages that left was
   * taken.
   */
  out: boolean;
}

/** The attempts that are under way at one road, by the ids of their pushes. */
export class PushesOut {
  /** An attempt that was given up may still end while the next one of its push has begun. */
  readonly #attempts = new Map<string, readonly OutMark[]>();

  /** True while a message of this push may be out: as `SmsRoad.mayHave`. */
  has(pushId: string): boolean {
    return this.#attempts.get(pushId)?.some(({ out }) => out) === true;
  }

  /**
   * Carries out one attempt. `work` sets the mark when a message is about to leave, and lets none leave once it was aborted. What fails
   * without it says that it was not taken (`PushError.notTaken`), whatever it waited for: a place, a turn, a connection, a link.
   */
  async attempt<T>(pushId: string, work: (mark: OutMark) => Promise<T>): Promise<T> {
    const mark: OutMark = { out: false };
    this.#attempts.set(pushId, [...(this.#attempts.get(pushId) ?? []), mark]);
    try {
      return await work(mark);
    } catch (error) {
      throw mark.out ? error : certainlyNot(error);
    } finally {
      const others = (this.#attempts.get(pushId) ?? []).filter((one) => one !== mark);
      if (others.length === 0) this.#attempts.delete(pushId);
      else this.#attempts.set(pushId, others);
    }
  }
}

/** The same error, of what had not left. */
function certainlyNot(error: unknown): unknown {
  if (!(error instanceof PushError) || error.notTaken) return error;
  const { code, message, retryable } = error;
  return new PushError(code, message, retryable, { cause: error, notTaken: true });
}
