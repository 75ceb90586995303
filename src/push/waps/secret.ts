// Secrets as callers give them.
import { checkSecret, type WtlsSecret } from '../../codec/wtls/index.ts';
import { utf8ToBytes } from '../../core/index.ts';

/** A secret that server and device share, and its name. */
export interface WapsSecret {
  /** Names the secret; it travels in the clear. Text counts as UTF-8; 1–255 octets. */
  readonly identity: string | Uint8Array;
  /** At least 16 octets, as random as a key. Text counts as UTF-8. */
  readonly secret: string | Uint8Array;
}

/** The same in octets. @throws {ValueError} when it cannot be used; never with the secret in it */
export function wtlsSecrets(secrets: readonly WapsSecret[]): readonly WtlsSecret[] {
  return secrets.map(({ identity, secret }, index) => {
    const made = { identity: octets(identity), secret: octets(secret) };
    checkSecret(made, `secrets[${index}]`);
    return made;
  });
}

function octets(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? utf8ToBytes(value) : value;
}
