// Checksums by which alerts are believed (WTLS §10.2): ours carry that of the last record that came, and an alert that
// nobody protects counts in a session only with that of a record that we sent.
import { equalConstantTime } from '../../core/index.ts';
import { alertChecksum, checksumOctets } from './alert.ts';

/** Our records that are remembered. */
const kept = 8;

/** What one connection remembers of its records. */
export class RecordChecksums {
  #last: Uint8Array = new Uint8Array(checksumOctets);
  #ours: readonly Uint8Array[] = [];

  /** Of the last record that came; zeros before there was one. */
  get last(): Uint8Array {
    return this.#last;
  }

  /** A record of the other end, header included. */
  came(record: Uint8Array): void {
    this.#last = alertChecksum(record);
  }

  /** A protected record of ours. */
  went(record: Uint8Array): void {
    this.#ours = [alertChecksum(record), ...this.#ours.slice(0, kept - 1)];
  }

  /** True for the checksum of one of the last protected records that we sent. */
  isOurs(checksum: Uint8Array | undefined): boolean {
    return checksum !== undefined && this.#ours.some((known) => equalConstantTime(known, checksum));
  }
}
