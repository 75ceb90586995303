// What one end sends: records with their numbers, the flight that may have to go again, alerts.
import { concatBytes } from '../../core/index.ts';
import { encodeAlert } from './alert.ts';
import { type AlertDescription, type alertLevels, recordTypes } from './code-points.ts';
import { encodeHandshake } from './handshake.ts';
import type { RecordChecksums } from './record-checksums.ts';
import type { RecordProtection } from './record-protection.ts';
import { RecordWriter } from './record-writer.ts';

/** Datagrams on their way to the other end. */
export class Outbox {
  readonly #checksums: RecordChecksums;
  readonly #writer = new RecordWriter();
  #datagrams: Uint8Array[] = [];
  #flight: Uint8Array | undefined;
  #helloRequest: Uint8Array | undefined;

  /** Our protected records are entered in `checksums`. */
  constructor(checksums: RecordChecksums) {
    this.#checksums = checksums;
  }

  /** True once records are protected. */
  get seals(): boolean {
    return this.#writer.seals;
  }

  /** Protected records that can still be written. */
  get left(): number {
    return this.#writer.left;
  }

  /** What has come together since the last call. */
  takeDatagrams(): readonly Uint8Array[] {
    const datagrams = this.#datagrams;
    this.#datagrams = [];
    return datagrams;
  }

  /** Sends a datagram. */
  send(datagram: Uint8Array): void {
    this.#datagrams.push(datagram);
  }

  /** Sends a datagram and keeps it, to be sent again. */
  sendFlight(...records: readonly Uint8Array[]): void {
    this.#flight = concatBytes(...records);
    this.send(this.#flight);
  }

  sendFlightAgain(): void {
    if (this.#flight !== undefined) this.send(this.#flight);
  }

  /** Asks for a handshake: once our records are protected, the other end heeds no request that is not. */
  sendHelloRequest(): void {
    const message = encodeHandshake({ type: 'hello-request' });
    if (!this.#writer.seals) {
      this.#helloRequest ??= this.plain(recordTypes.handshake, message);
      this.send(this.#helloRequest);
    } else this.#sendRecord(recordTypes.handshake, message);
  }

  /** Sends an alert about the record `cause`: by default about the last that came. */
  sendAlert(
    level: keyof typeof alertLevels,
    description: AlertDescription,
    // The checksum of a checksum is itself.
    cause: Uint8Array = this.#checksums.last,
  ): void {
    this.#sendRecord(recordTypes.alert, encodeAlert(level, description, cause));
  }

  /** An unprotected record with the next number. */
  plain(contentType: number, fragment: Uint8Array): Uint8Array {
    return this.#writer.plain(contentType, fragment);
  }

  /** A protected record with the next number; `undefined` without keys, or when all numbers are used up. */
  sealed(contentType: number, fragment: Uint8Array): Uint8Array | undefined {
    const record = this.#writer.sealed(contentType, fragment);
    if (record !== undefined) this.#checksums.went(record);
    return record;
  }

  /** The record that announces protection, and the first one that has it: this end's Finished. */
  finishedRecords(protection: RecordProtection, finished: Uint8Array): readonly [Uint8Array, Uint8Array] {
    const change = this.#writer.plain(recordTypes.changeCipherSpec, Uint8Array.of(1));
    this.#writer.startSealing(protection);
    return [change, this.sealed(recordTypes.handshake, finished) ?? new Uint8Array(0)];
  }

  /** Forgets the flight and the keys: a handshake begins anew. */
  beginAnew(): void {
    this.#flight = undefined;
    this.#writer.stopSealing();
  }

  #sendRecord(contentType: number, fragment: Uint8Array): void {
    const record = this.#writer.seals
      ? this.sealed(contentType, fragment)
      : this.#writer.plain(contentType, fragment);
    if (record !== undefined) this.send(record);
  }
}
