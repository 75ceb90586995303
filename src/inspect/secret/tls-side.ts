// The protection of one direction of a TLS connection: which keys hold for the next record. In TLS 1.3 that is never told in
// the clear; the tag of a record says which of the secrets in the log it is under, so that nothing is guessed.
import { nextTrafficSecret, type TlsDirectionKeys, trafficKeys } from './tls-keys.ts';
import { openTls12, openTls13, type TlsOpened } from './tls-protection.ts';
import type { TlsRecord } from './tls-record.ts';
import type { TlsSuite } from './tls-suites.ts';

/** Opens the records of one direction, in their order. */
export interface TlsProtection {
  /** `undefined` when the record does not open. */
  open(record: TlsRecord): TlsOpened | undefined;
}

interface Stage {
  readonly secret: Uint8Array;
  readonly keys: TlsDirectionKeys;
  /** Number of the next record. */
  sequence: number;
}

/** TLS 1.3: early data, handshake, application data and its updates, as far as the log has their secrets. */
export class Tls13Protection implements TlsProtection {
  readonly #suite: TlsSuite;
  #stages: Stage[];

  /** `secrets` in the order in which they come to hold; the last one is updated. At least one. */
  constructor(suite: TlsSuite, secrets: readonly Uint8Array[]) {
    this.#suite = suite;
    this.#stages = secrets.map((secret) => this.#stageOf(secret));
  }

  open(record: TlsRecord): TlsOpened | undefined {
    const [now] = this.#stages;
    for (const [index, stage] of this.#stages.entries()) {
      const opened = openTls13(this.#suite, stage.keys, stage.sequence, record);
      if (opened === undefined) continue;
      stage.sequence += 1;
      // What came before does not come again.
      this.#stages.splice(0, index);
      return opened;
    }
    if (this.#stages.length === 1 && now !== undefined) {
      const updated = this.#stageOf(nextTrafficSecret(this.#suite, now.secret));
      const opened = openTls13(this.#suite, updated.keys, 0, record);
      if (opened !== undefined) {
        this.#stages = [{ ...updated, sequence: 1 }];
        return opened;
      }
    }
    // It is counted by its writer all the same.
    if (now !== undefined && now.sequence > 0) now.sequence += 1;
    return undefined;
  }

  #stageOf(secret: Uint8Array): Stage {
    return { secret, keys: trafficKeys(this.#suite, secret), sequence: 0 };
  }
}

/** TLS 1.2, from change_cipher_spec on. */
export class Tls12Protection implements TlsProtection {
  readonly #suite: TlsSuite;
  readonly #keys: TlsDirectionKeys;
  readonly #encryptThenMac: boolean;
  #sequence = 0;

  constructor(suite: TlsSuite, keys: TlsDirectionKeys, encryptThenMac: boolean) {
    this.#suite = suite;
    this.#keys = keys;
    this.#encryptThenMac = encryptThenMac;
  }

  open(record: TlsRecord): TlsOpened | undefined {
    const sequence = this.#sequence;
    this.#sequence += 1;
    return openTls12(this.#suite, this.#keys, sequence, record, this.#encryptThenMac);
  }
}
