// Opens the protected records of the other end, each once, and keeps those that come too early.
import { detached, type WtlsRecord } from './record.ts';
import type { RecordProtection } from './record-protection.ts';
import { ReplayWindow } from './replay-window.ts';

/** Records that are kept because they came too early, and their octets. */
const maximumHeld = 8;
const maximumHeldOctets = 2048;

/** Why a record gave no fragment. */
export type NotOpened = 'early' | 'full' | 'repeated' | 'bad';

/** The protected records of the other end. */
export class CipheredInbox {
  #protection: RecordProtection | undefined;
  readonly #window = new ReplayWindow();
  #early: WtlsRecord[] = [];
  #octets = 0;

  /** From here on records can be opened. */
  startOpening(protection: RecordProtection): void {
    this.#protection = protection;
  }

  /** Begins anew: without keys, and with nothing held. Only before a record was opened. */
  reset(): void {
    this.#protection = undefined;
    this.takeEarly();
  }

  /** True when a record could be opened now. Changes nothing. */
  recognises(record: WtlsRecord): boolean {
    const { sequenceNumber } = record;
    if (this.#protection === undefined || sequenceNumber === undefined || !record.ciphered) return false;
    return this.#window.isFresh(sequenceNumber) && this.#protection.open(record) !== undefined;
  }

  /** The fragment of a record. Without keys, or when it has to `wait`, it is kept, unless the place for such is *full*. */
  open(record: WtlsRecord, sequenceNumber: number, wait: boolean): Uint8Array | NotOpened {
    if (this.#protection === undefined || wait) {
      const octets = this.#octets + record.octets.length;
      if (this.#early.length >= maximumHeld || octets > maximumHeldOctets) return 'full';
      this.#octets = octets;
      this.#early.push(detached(record));
      return 'early';
    }
    if (!this.#window.isFresh(sequenceNumber)) return 'repeated';
    const fragment = this.#protection.open(record);
    if (fragment === undefined) return 'bad';
    this.#window.accept(sequenceNumber);
    return fragment;
  }

  /** The records that came early, to be taken again; none are held afterwards. */
  takeEarly(): readonly WtlsRecord[] {
    const early = this.#early;
    this.#early = [];
    this.#octets = 0;
    return early;
  }
}
