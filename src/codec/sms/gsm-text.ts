// Text of short messages: the 7-bit default alphabet and UCS2 (3GPP TS 23.038 §6.2.1, §6.2.3).

const alphabet =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extension: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

/**
 * Text of `count` characters that are packed in 7 bits each, the first in the low bits of the first octet; `skip` are
 * those that stand for what comes before the text, a user data header.
 */
export function gsmText(octets: Uint8Array, count: number, skip = 0): string {
  let text = '';
  let escaped = false;
  for (let index = skip; index < count; index += 1) {
    const bit = index * 7;
    const pair = (octets[bit >> 3] ?? 0) | ((octets[(bit >> 3) + 1] ?? 0) << 8);
    const code = (pair >> (bit & 7)) & 0x7f;
    if (!escaped && code === 0x1b) {
      escaped = true;
      continue;
    }
    text += (escaped ? extension.get(code) : undefined) ?? alphabet.charAt(code);
    escaped = false;
  }
  return text;
}

/** Text of octets in UCS2; half pairs of surrogates become U+FFFD. */
export function ucs2Text(octets: Uint8Array): string {
  return new TextDecoder('utf-16be', { ignoreBOM: true }).decode(octets);
}
