// Secrets of the database sealed and opened: AES-256-GCM (NIST SP 800-38D), each under a nonce of its own and bound to its place.
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { StoreError } from '../../core/index.ts';
import type { SealKey } from './seal-key.ts';

// A sealed text: $seal$1$ID$ and, in Base64 for URLs, nonce, octets, tag. ID names the key. What follows $seal$0$ is plain: so
// stands a plain text that begins as a sealed one does.
const mark = '$seal$';
/** How sealed texts of version 1 begin. */
export const sealedMark = '$seal$1$';
const plainMark = '$seal$0$';

const cipher = 'aes-256-gcm';
const nonceOctets = 12;
const tagOctets = 16;
const idLength = 16;
const headLength = sealedMark.length + idLength + 1;

/** Longest text that is sealed, in octets of UTF-8: far more than any column holds. */
const longestPlain = 64 * 1024 * 1024;
/** Longest sealed text, in characters. */
const longestSealed = headLength + Math.ceil(((longestPlain + nonceOctets + tagOctets) * 4) / 3);

/** Random octets are drawn for many nonces at once: one by one costs as much as sealing. */
const pool = Buffer.alloc(nonceOctets * 256);
let drawn = pool.length;

function nextNonce(): Buffer {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += nonceOctets;
  return pool.subarray(drawn - nonceOctets, drawn);
}

/** Id of the key of a sealed text; `undefined` for a plain one. */
export function keyOfSealed(kept: string): string | undefined {
  return kept.startsWith(sealedMark)
    ? kept.slice(sealedMark.length, sealedMark.length + idLength)
    : undefined;
}

/** Seals and opens what columns hold. An empty text says nothing and stays as it is. */
export class Sealer {
  readonly #first: SealKey | undefined;
  readonly #keys: ReadonlyMap<string, SealKey>;

  /** `keys`: the first seals, all open; with none, texts stay plain. */
  constructor(keys: readonly SealKey[]) {
    this.#first = keys[0];
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /** Id of the key that seals; absent without keys. */
  get keyId(): string | undefined {
    return this.#first?.id;
  }

  /** True when it opens what is sealed under the key. */
  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** Ids of all keys. */
  get keyIds(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** True for a text that is kept as it is. */
  isPlain(kept: string): boolean {
    return !kept.startsWith(mark);
  }

  /** True when a kept text is as this sealer would keep it: sealed under its first key, or plain when it has none. */
  isUpToDate(kept: string): boolean {
    return kept === '' || keyOfSealed(kept) === this.#first?.id;
  }

  /**
   * What is kept of a text. `place` names table, column and record; the text opens nowhere else.
   * @throws {StoreError} TOO_LARGE
   */
  seal(plain: string, place: string): string {
    const first = this.#first;
    if (plain === '') return plain;
    if (first === undefined) return plain.startsWith(mark) ? plainMark + plain : plain;
    const nonce = nextNonce();
    const sealing = createCipheriv(cipher, first.key, nonce, { authTagLength: tagOctets });
    sealing.setAAD(Buffer.from(place));
    const octets = sealing.update(plain, 'utf8');
    if (octets.length > longestPlain) {
      throw new StoreError('TOO_LARGE', `${place}: ${octets.length} octets are more than ${longestPlain}`);
    }
    sealing.final();
    const sealed = Buffer.concat([nonce, octets, sealing.getAuthTag()]);
    return `${sealedMark}${first.id}$${sealed.toString('base64url')}`;
  }

  /**
   * The text that was kept.
   * @throws {StoreError} SEALED when its key is not there, SEAL_BROKEN when it does not open: both name the place
   */
  open(kept: string, place: string): string {
    if (!kept.startsWith(mark)) return kept;
    if (kept.startsWith(plainMark)) return kept.slice(plainMark.length);
    const id = keyOfSealed(kept);
    // Whose head is damaged names no key that anybody could give.
    if (id === undefined || !/^[0-9a-f]{16}$/.test(id) || kept[headLength - 1] !== '$')
      throw broken(place, 'it is of a form that this release does not know');
    const known = this.#keys.get(id);
    if (known === undefined) {
      throw new StoreError('SEALED', `${place} is sealed under the key ${id}, which was not given`);
    }
    if (kept.length > longestSealed) throw broken(place, 'it is too long');
    const octets = Buffer.from(kept.slice(headLength), 'base64url');
    const end = octets.length - tagOctets;
    if (end < nonceOctets) throw broken(place, 'it is cut short');
    try {
      const opening = createDecipheriv(cipher, known.key, octets.subarray(0, nonceOctets), {
        authTagLength: tagOctets,
      });
      opening.setAAD(Buffer.from(place));
      opening.setAuthTag(octets.subarray(end));
      const plain = opening.update(octets.subarray(nonceOctets, end));
      opening.final();
      return plain.toString('utf8');
    } catch (cause) {
      throw broken(place, 'it was changed, or belongs elsewhere', cause);
    }
  }
}

/** Stands where nobody is going to read or write a secret: it needs no key, and refuses. */
export class ClosedSealer extends Sealer {
  constructor() {
    super([]);
  }

  override has(): boolean {
    return true;
  }

  override seal(plain: string, place: string): string {
    if (plain === '') return plain;
    throw new StoreError('SEALED', `${place} cannot be written: the store was opened without its keys`);
  }
}

/** Seals nothing and opens what is plain. */
export const noSealer = new Sealer([]);

/** True for an error that says that a secret does not open: the trouble of one record, and not of the store. */
export function isSealTrouble(error: unknown): error is StoreError {
  return error instanceof StoreError && (error.code === 'SEAL_BROKEN' || error.code === 'SEALED');
}

function broken(place: string, why: string, cause?: unknown): StoreError {
  return new StoreError(
    'SEAL_BROKEN',
    `${place} does not open: ${why}. Restore it from a copy, set it anew, or remove the record and create it again`,
    { cause },
  );
}
