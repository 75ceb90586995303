// One whole message, of whatever protocol: everything that finds secrets goes over it.
import { configuredSecret, Mask, type MaskedMessage } from './mask.ts';
import { maskDocuments } from './mask-document.ts';
import { maskEncoded } from './mask-encoded.ts';
import { maskText } from './mask-text.ts';

/** Secrets that are known as such, as they are spelt in messages. */
export type KnownSecrets = readonly string[];

/** Places of a message whose octets belong together although others stand between them: chunks, pieces of a body. */
export type Pieces = readonly { readonly offset: number; readonly length: number }[];

/** Covers all that is known to be a secret, or looks like one. `pieces` are looked at as one more text, put together. */
export function maskMessage(octets: Uint8Array, secrets: KnownSecrets, pieces: Pieces = []): Mask {
  const mask = new Mask(octets);
  look(mask, secrets);
  if (pieces.length > 1) lookAtPieces(mask, secrets, pieces);
  return mask;
}

function look(mask: Mask, secrets: KnownSecrets): void {
  maskText(mask);
  maskDocuments(mask);
  maskEncoded(mask);
  for (const secret of secrets) {
    for (let at = mask.text.indexOf(secret); at >= 0; at = mask.text.indexOf(secret, at + 1)) {
      mask.cover(at, secret.length, configuredSecret);
    }
  }
}

function lookAtPieces(mask: Mask, secrets: KnownSecrets, pieces: Pieces): void {
  const parts = pieces.map(({ offset, length }) => mask.plain.subarray(offset, offset + length));
  const whole = new Mask(Buffer.concat(parts));
  look(whole, secrets);
  // Both lists are in order: each range goes on at the piece where the one before it ended.
  let [index, before] = [0, 0];
  for (const range of whole.finish().masked) {
    for (; index < pieces.length; index += 1) {
      const { offset, length } = pieces[index] ?? { offset: 0, length: 0 };
      const from = Math.max(range.offset, before);
      const to = Math.min(range.offset + range.length, before + length);
      if (to > from) mask.cover(offset + from - before, to - from, range.what);
      if (range.offset + range.length < before + length) break;
      before += length;
    }
  }
}

/** What nobody looked through: all of it covered but the first `kept` octets. */
export function covered(
  octets: Uint8Array,
  kept: number,
  what: string,
  secrets: KnownSecrets,
): MaskedMessage {
  const mask = maskMessage(octets, secrets);
  const whole = new Mask(mask.octets);
  whole.cover(kept, octets.length - kept, what);
  const inside = mask.finish().masked.filter(({ offset }) => offset < kept);
  const outside = whole.finish();
  return { octets: outside.octets, masked: [...inside, ...outside.masked] };
}
