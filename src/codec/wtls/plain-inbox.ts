// Puts records that are not protected into the order of their numbers: a handshake is computed over its messages in order.
import { detached, type WtlsRecord } from './record.ts';

/** Records that are kept because they came too early. */
const maximumHeld = 8;

/** The unprotected records of the other end. */
export class PlainInbox {
  /** The next number that is due; unknown before the other end's hello. */
  #due: number | undefined;
  readonly #early = new Map<number, WtlsRecord>();

  /** Begins, or begins anew, with the record of this number. */
  beginWith(sequenceNumber: number): void {
    this.#due = sequenceNumber;
    for (const number of this.#early.keys()) if (number <= sequenceNumber) this.#early.delete(number);
  }

  /** Takes a record; `due` ones are given by `next`, *early* ones when their turn comes, *repeated* and *full* never. */
  offer(record: WtlsRecord, sequenceNumber: number): 'due' | 'early' | 'repeated' | 'full' {
    if (this.#due !== undefined && sequenceNumber < this.#due) return 'repeated';
    if (this.#early.size >= maximumHeld && sequenceNumber !== this.#due) return 'full';
    this.#early.set(sequenceNumber, detached(record));
    return sequenceNumber === this.#due ? 'due' : 'early';
  }

  /** The record that is due, once. */
  next(): WtlsRecord | undefined {
    if (this.#due === undefined) return undefined;
    const record = this.#early.get(this.#due);
    if (record === undefined) return undefined;
    this.#early.delete(this.#due);
    this.#due += 1;
    return record;
  }

  /** The record with this number, given by `next`, was not the other end's after all: its number is due again. */
  waitAgainFor(sequenceNumber: number): void {
    this.#due = sequenceNumber;
  }

  /** Forgets what is held. */
  clear(): void {
    this.#early.clear();
  }
}
