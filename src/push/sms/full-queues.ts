// Whose queue is full: ESME_RMSGQFUL says it of a number's queue, and some centres say it of their own (SMPP 3.4 §5.1.3).

/** Numbers that have to be refused one after the other, with nothing taken between, before it is the centre's queue. */
const manyNumbers = 8;

/** Tells one from the other by the numbers that are refused. */
export class FullQueues {
  readonly #numbers = new Set<string>();

  /** A queue was full for a message to `number`. True when that is the centre's own: it gets too many messages. */
  refused(number: string): boolean {
    this.#numbers.add(number);
    if (this.#numbers.size < manyNumbers) return false;
    this.#numbers.clear();
    return true;
  }

  /** A message was taken: there is room in the centre. */
  accepted(): void {
    this.#numbers.clear();
  }
}
