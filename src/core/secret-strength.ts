// How hard a secret is to guess for somebody who has seen one message under it and tries candidates at home: every
// Package #0 and every MD5 credential lets anyone do that (docs/threat-model.md). An estimate, for warnings.
import { bytesToBase64 } from './bytes.ts';

/** What is said of a secret. Holds nothing of it. */
export interface SecretStrength {
  /** Estimated bits of guessing: an attacker needs about 2 to this power tries. A whole number, never above 8 per octet. */
  readonly bits: number;
  /** Whether `bits` reaches `strongSecretBits`. */
  readonly strong: boolean;
}

/** Bits from which a secret counts as strong: at a million million tries a second they last for thirty thousand years. */
export const strongSecretBits = 80;

/** Characters that are looked at; nobody guesses beyond. */
const longest = 256;

/**
 * Estimates a secret, from what an attacker would try first: characters that repeat or count on cost one bit, letters that
 * read like words two each, others what their alphabet has. Random secrets come out near their true strength; for those
 * that people chose the estimate is an upper bound.
 */
export function secretStrength(secret: string): SecretStrength {
  const characters = [...secret.slice(0, longest)];
  const perCharacter = Math.log2(alphabetOf(secret));
  const wordLike = wordCharacters(secret.slice(0, longest));
  let bits = 0;
  for (let at = 0; at < characters.length; at += 1) {
    if (isPredictable(characters, at)) bits += 1;
    else bits += wordLike.has(at) ? Math.min(2, perCharacter) : perCharacter;
  }
  const whole = Math.floor(bits);
  return { bits: whole, strong: whole >= strongSecretBits };
}

/**
 * A new random secret, Base64 for URLs without padding: letters, digits, `-` and `_`, which every field that carries a
 * secret can hold.
 * @param octets random octets in it, 16–64; default 16 (128 bits)
 * @throws {RangeError} another number
 */
export function generateSecret(octets = 16): string {
  if (!Number.isInteger(octets) || octets < 16 || octets > 64) {
    throw new RangeError(`${octets} octets: a secret has 16 to 64 random octets`);
  }
  for (;;) {
    const text = bytesToBase64(crypto.getRandomValues(new Uint8Array(octets)));
    const secret = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    // One in some hundred looks like words by chance, and would only raise questions.
    if (secretStrength(secret).strong) return secret;
  }
}

/** Characters that an attacker has to consider at each place. */
function alphabetOf(secret: string): number {
  if (/^[0-9]*$/.test(secret)) return 10;
  if (/^(?:[0-9a-f]*|[0-9A-F]*)$/.test(secret)) return 16;
  const classes: readonly (readonly [RegExp, number])[] = [
    [/[0-9]/, 10],
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[^0-9A-Za-z\u{80}-\u{10ffff}]/u, 33],
    [/[\u{80}-\u{10ffff}]/u, 64],
  ];
  return classes.reduce((sum, [pattern, size]) => (pattern.test(secret) ? sum + size : sum), 0);
}

/** True where the character follows from those before it: again the same, the next one, or part of what came before. */
function isPredictable(characters: readonly string[], at: number): boolean {
  const step = difference(characters, at);
  if (step !== undefined && Math.abs(step) <= 1 && (step === 0 || difference(characters, at - 1) === step))
    return true;
  if (at < 3) return false;
  const recent = characters.slice(at - 2, at + 1).join('');
  return characters.slice(0, at).join('').includes(recent);
}

function difference(characters: readonly string[], at: number): number | undefined {
  const before = characters[at - 1]?.codePointAt(0);
  const here = characters[at]?.codePointAt(0);
  return before === undefined || here === undefined ? undefined : here - before;
}

/** Words with something between them, and nothing else: short ones count then too. */
const phrase = /^(?:[A-Z]?[a-z]*|[A-Z]+)(?:[ ,._-]+(?:[A-Z]?[a-z]+|[A-Z]+))+$/;

/** Places of characters in runs of five or more letters with as many vowels as words have, or in a phrase. */
function wordCharacters(secret: string): ReadonlySet<number> {
  if (phrase.test(secret)) return new Set(Array.from(secret).keys());
  const found = new Set<number>();
  for (const match of secret.matchAll(/[A-Za-z][a-z]{4,}|[A-Z]{5,}/g)) {
    const run = match[0];
    if ((run.match(/[aeiouy]/gi)?.length ?? 0) / run.length < 0.25) continue;
    const start = [...secret.slice(0, match.index)].length;
    for (let at = 0; at < run.length; at += 1) found.add(start + at);
  }
  return found;
}
