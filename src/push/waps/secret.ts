// Secrets as callers give them.
import {
  checkSecret,
  helloRequestsFor,
  retransmitDefaults,
  type WtlsSecret,
} from '../../codec/wtls/index.ts';
import { secretStrength, strongSecretBits, utf8ToBytes, ValueError } from '../../core/index.ts';

/** A secret that server and device share, and its name. */
export interface WapsSecret {
  /** Names the secret; it travels in the clear. Text counts as UTF-8; 1–255 octets. */
  readonly identity: string | Uint8Array;
  /**
   * At least 16 octets, as random as a key, such as `generateSecret` makes them: whoever is at the device's address, or
   * records a handshake, can try guesses at home. Text counts as UTF-8.
   */
  readonly secret: string | Uint8Array;
}

/**
 * Secrets that were checked, by their text: callers give the same ones for every push, if not the same objects. No more than so many
 * are remembered.
 */
const checked = new Map<string, WtlsSecret>();
const remembered = 4096;

/**
 * The same in octets.
 * @throws {ValueError} when one cannot be used, or can be guessed; never with the secret in it
 */
export function wtlsSecrets(secrets: readonly WapsSecret[]): readonly WtlsSecret[] {
  return secrets.map(({ identity, secret }, index) => {
    const text =
      typeof identity === 'string' && typeof secret === 'string'
        ? `${identity.length} ${identity}${secret}`
        : undefined;
    const known = text === undefined ? undefined : checked.get(text);
    if (known !== undefined) return known;
    const path = `secrets[${index}]`;
    const made = { identity: octets(identity), secret: octets(secret) };
    checkSecret(made, path);
    requireStrong(secret, `${path}.secret`);
    if (text !== undefined) {
      if (checked.size >= remembered) checked.clear();
      checked.set(text, made);
    }
    return made;
  });
}

/**
 * Checks secrets where they are configured, before the first push or handshake needs them.
 * @throws {ValueError} OUT_OF_RANGE for an identity or a secret of the wrong length, or a secret that can be guessed
 */
export function checkWapsSecrets(secrets: readonly WapsSecret[]): void {
  wtlsSecrets(secrets);
}

/**
 * Checks what a device offers to one server, besides each secret: it answers a stranger with little more than what came, so
 * that it cannot be made to flood others; many or long identities have to be asked for several times.
 * @throws {ValueError} also TOO_LONG when servers do not ask that often
 */
export function checkWapsOffers(secrets: readonly WapsSecret[], anonymous = false): void {
  requireOffers(wtlsSecrets(secrets), anonymous);
}

/** @throws {ValueError} TOO_LONG when servers do not ask often enough for these offers */
export function requireOffers(secrets: readonly WtlsSecret[], anonymous: boolean): void {
  const needed = helloRequestsFor(secrets, anonymous);
  const { tries } = retransmitDefaults;
  if (needed <= tries) return;
  const detail = `offering these identities needs ${needed} HelloRequests, and a server sends ${tries}`;
  throw new ValueError(
    'TOO_LONG',
    `${detail}: give secrets by address, fewer, or shorter identities`,
    'secrets',
  );
}

function requireStrong(secret: string | Uint8Array, path: string): void {
  const { bits, strong } = secretStrength(typeof secret === 'string' ? secret : latin1(secret));
  if (strong) return;
  const detail = `can be guessed: about ${bits} bits, ${strongSecretBits} are needed`;
  throw new ValueError('OUT_OF_RANGE', `${detail}; make one with: reveille secret`, path);
}

/** A character for each octet. */
function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => String.fromCharCode(octet)).join('');
}

function octets(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? utf8ToBytes(value) : value;
}
