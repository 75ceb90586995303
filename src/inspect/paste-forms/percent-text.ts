// Octets as URLs spell them: %06%05, the spelling of Kannel's sendsms (RFC 3986 §2.1).
import { refuseStrayCharacters } from './escaped-text.ts';
import { PasteError } from './paste-error.ts';

/** True when a text has one word, in which octets are spelt as `%06`. */
export function isPercentText(text: string): boolean {
  const word = text.trim();
  return (
    /^["']?(?:\w{1,16}=)?[A-Za-z0-9._~*-]*%[0-9a-fA-F]{2}/.test(word) &&
    /(?:%[0-9a-fA-F]{2}){2}/.test(word) &&
    !/\s/.test(word)
  );
}

/**
 * The octets that it spells.
 * @throws {PasteError} for `+`, which is a space in forms and itself elsewhere, and for characters that URLs have not in values
 */
export function readPercentText(text: string): Uint8Array {
  const out: number[] = [];
  const start = /^\s*["']?(?:\w{1,16}=)?/.exec(text)?.[0].length ?? 0;
  const end = text.replace(/["']?[;,]?\s*$/, '').length;
  for (let at = start; at < end; at += 1) {
    const character = text.charAt(at);
    const pair = /^%([0-9a-fA-F]{2})/.exec(text.slice(at, at + 3))?.[1];
    if (pair !== undefined) {
      out.push(Number.parseInt(pair, 16));
      at += 2;
    } else if (/[A-Za-z0-9._~*-]/.test(character)) out.push(character.charCodeAt(0));
    else throw PasteError.at(text, at, reasonFor(character));
  }
  refuseStrayCharacters(text, start, text.slice(start, end), /%([0-9a-f]{2})/gi, 16, 2);
  return Uint8Array.from(out);
}

function reasonFor(character: string): string {
  if (character === '%') return '% without two hex digits behind it';
  if (character === '+') return '+ is a space in forms, and itself elsewhere: write %20 or %2B';
  if (character === '&')
    return 'one value was expected: give udh and text behind one another, without their names';
  return `${JSON.stringify(character)} is not percent-encoded`;
}
