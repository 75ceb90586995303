// A secret of WTLS as it is typed: text, as the section `waps` of a configuration has it, or hex where that is said.
import type { CaptureKeys } from '../worker/protocol.ts';

/** Identity and secret as typed. */
export type TypedSecret = NonNullable<CaptureKeys['wtls']>;

/** Shortest secret and longest identity, in octets. */
const [leastSecret, mostIdentity] = [16, 255];

/** Why this cannot be a secret of WTLS; `undefined` for one that can. The secret is not in it. */
export function wtlsSecretFault({ identity, secret, hex = false }: TypedSecret): string | undefined {
  const sizeOf = (text: string): number => new TextEncoder().encode(text).length;
  const named = sizeOf(identity);
  if (named < 1 || named > mostIdentity) return `The identity has ${named} octets, 1 to ${mostIdentity} fit.`;
  const digits = secret.replace(/\s/g, '');
  if (hex && !/^(?:[0-9a-f]{2})*$/i.test(digits)) return 'The secret is not pairs of hex digits.';
  const octets = hex ? digits.length / 2 : sizeOf(secret);
  if (octets >= leastSecret) return undefined;
  return `The secret has ${octets} octets, at least ${leastSecret} are needed.`;
}
