// A link to a view: the octets stand in the fragment of the address, which browsers send to nobody. What may be a secret does not.
import { base64ToBytes, bytesToBase64, ValueError } from '../../../src/core/index.ts';

/** Octets of a message that a link holds, at most: longer addresses are cut by what they are pasted into. */
export const longestLinked = 4096;

/** The fragment for a message, or why there is none. */
export function fragmentOf(
  parts: readonly Uint8Array[],
  mayHold: string | undefined,
): { readonly fragment: string } | { readonly refusal: string } {
  const octets = parts.reduce((sum, { length }) => sum + length, 0);
  if (mayHold !== undefined) {
    return { refusal: `These octets may hold a secret (${mayHold}), and a link would hand it on.` };
  }
  if (octets > longestLinked) {
    return { refusal: `The message has ${octets} octets, and a link holds ${longestLinked}.` };
  }
  return { fragment: `#octets=${parts.map(toUrl).join('.')}` };
}

/** The octets of a link; `undefined` when the fragment is none of ours. @throws {ValueError} */
export function partsOf(fragment: string): readonly Uint8Array[] | undefined {
  if (!fragment.startsWith('#octets=')) return undefined;
  const text = fragment.slice('#octets='.length);
  if (text.length > (longestLinked * 4) / 3 + 1024) {
    throw new ValueError('TOO_LONG', `more than ${longestLinked} octets`, 'link');
  }
  const parts = text.split('.').map(fromUrl);
  if (parts.some(({ length }) => length === 0)) throw new ValueError('BAD_FORMAT', 'no octets in it', 'link');
  return parts;
}

function toUrl(octets: Uint8Array): string {
  return bytesToBase64(octets).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromUrl(text: string): Uint8Array {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return base64ToBytes(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='), 'link');
}
