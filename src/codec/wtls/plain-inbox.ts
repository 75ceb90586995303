// Puts records that are not protected into the order of their numbers: a handshake is computed over its messages in order.
import { detached, type WtlsRecord } from './record.ts';

/** Records that are kept because they came too early, and their octets: the largest flight has fewer. */
const maximumHeld = 8;
const maximumHeldOctets = 2048;

/** The unprotected records of the other end. */
export class PlainInbox {
  /** The next number that is due; unknown before the other end's hello. */
  #due: number | undefined;
  readonly #early = new Map<number, WtlsRecord>();
  #octets = 0;
  /** Numbers of alerts, which are taken at once. */
  #passed: readonly number[] = [];

  /** Begins, or begins anew, with the record of this number. */
  beginWith(sequenceNumber: number): void {
    this.#due = sequenceNumber;
    for (const number of this.#early.keys()) if (number <= sequenceNumber) this.#remove(number);
  }

  /** Takes a record; *kept* ones are given by `next` when their turn comes, *repeated* and *full* never. */
  offer(record: WtlsRecord, sequenceNumber: number): 'kept' | 'repeated' | 'full' {
    if (this.#due !== undefined && sequenceNumber < this.#due) return 'repeated';
    const { length } = record.octets;
    const isFull = this.#early.size >= maximumHeld || this.#octets + length > maximumHeldOctets;
    if (isFull && sequenceNumber !== this.#due) return 'full';
    this.#remove(sequenceNumber);
    this.#early.set(sequenceNumber, detached(record));
    this.#octets += length;
    return 'kept';
  }

  /**
   * An alert had this number. When its turn comes it is passed over, unless a record with the same number is there:
   * anybody can send an alert, and it must not push out a true record.
   */
  passOver(sequenceNumber: number): void {
    this.#passed = [...this.#passed.slice(1 - maximumHeld), sequenceNumber];
  }

  /** The record that is due, once. */
  next(): WtlsRecord | undefined {
    if (this.#due === undefined) return undefined;
    let number = this.#due;
    while (!this.#early.has(number) && this.#passed.includes(number)) number += 1;
    const record = this.#early.get(number);
    if (record === undefined) return undefined;
    this.#remove(number);
    this.#due = number + 1;
    return record;
  }

  /** The record with this number, given by `next`, was not the other end's after all: its number is due again. */
  waitAgainFor(sequenceNumber: number): void {
    this.#due = sequenceNumber;
  }

  /** Forgets what is held. */
  clear(): void {
    this.#early.clear();
    this.#octets = 0;
    this.#passed = [];
  }

  #remove(sequenceNumber: number): void {
    this.#octets -= this.#early.get(sequenceNumber)?.octets.length ?? 0;
    this.#early.delete(sequenceNumber);
  }
}
