// Keys that seal what lies in the database: read from text, and named without giving anything of them away.
import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import { ConfigError } from '../../core/index.ts';

/** Octets of a key: AES-256. */
export const sealKeyOctets = 32;

/** Most keys that a text may have. */
export const mostSealKeys = 16;

/** Longest text of keys, in characters. */
const longestText = 65_536;

/** Fewer different octets has no key that a machine drew: one in 10^11 would. */
const fewestDifferent = 16;

/** A key. Its octets are in `key` alone, which no log and no JSON shows. */
export interface SealKey {
  /** 16 hex digits that tell keys apart. */
  readonly id: string;
  readonly key: KeyObject;
}

/**
 * Keys out of a text: one a line, 32 octets each in hex or Base64 (with either alphabet); empty lines and those that begin
 * with # say nothing. The first one seals, the others only open.
 * @param named what errors call the text; they never show what stands in it
 * @throws {ConfigError} naming the line of a key that is ill-formed, short, weak or there twice; when there are none, or too many
 */
export function readSealKeys(text: string, named: string): readonly SealKey[] {
  if (text.length > longestText) {
    throw new ConfigError(`${named}: ${text.length} characters are more than ${mostSealKeys} keys have`);
  }
  const lines = new Map<string, number>();
  const keys: SealKey[] = [];
  for (const [index, whole] of text.split(/\r\n|[\r\n]/).entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const where = `${named}, line ${index + 1}`;
    const key = sealKeyOf(octetsOf(line, where), where);
    const before = lines.get(key.id);
    if (before !== undefined) throw new ConfigError(`${where}: the key of line ${before} again`);
    if (keys.length === mostSealKeys) throw new ConfigError(`${where}: more than ${mostSealKeys} keys`);
    lines.set(key.id, index + 1);
    keys.push(key);
  }
  if (keys.length === 0) {
    throw new ConfigError(`${named} has no key: make one with reveille seal new-key`);
  }
  return keys;
}

function octetsOf(line: string, where: string): Uint8Array {
  const octets =
    /^[0-9a-f]+$/i.test(line) && line.length % 2 === 0 ? Buffer.from(line, 'hex') : base64Of(line);
  if (octets === undefined) {
    throw new ConfigError(`${where}: neither hex nor Base64; make a key with reveille seal new-key`);
  }
  if (octets.length !== sealKeyOctets) {
    throw new ConfigError(
      `${where}: ${octets.length} octets, and a key has ${sealKeyOctets}: 64 hex digits or 44 characters of Base64`,
    );
  }
  return octets;
}

/** `undefined` for what is no Base64, or has bits that belong to no octet. */
function base64Of(line: string): Buffer | undefined {
  const plain = line.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(plain) || line.length - plain.length > 2) return undefined;
  const octets = Buffer.from(plain, 'base64');
  return octets.toString('base64').replace(/=+$/, '') === plain ? octets : undefined;
}

function sealKeyOf(octets: Uint8Array, where: string): SealKey {
  const weakness = weaknessOf(octets);
  if (weakness !== undefined) {
    throw new ConfigError(`${where}: ${weakness}: make a key with reveille seal new-key`);
  }
  // Of 256 random bits no hash gives anything away.
  const id = hash('sha256', Buffer.concat([Buffer.from('reveille seal key '), octets])).slice(0, 16);
  return { id, key: createSecretKey(octets) };
}

/** Why nobody should seal with these octets; `undefined` when they look random. */
function weaknessOf(octets: Uint8Array): string | undefined {
  if (new Set(octets).size < fewestDifferent) return 'its octets repeat, so it is no random key';
  if (octets.every((octet) => octet >= 0x20 && octet < 0x7f)) return 'it is text, so it is no random key';
  const [first = 0, second = 0] = octets;
  const step = (second - first) & 0xff;
  if (octets.every((octet, place) => octet === ((first + place * step) & 0xff))) {
    return 'its octets count, so it is no random key';
  }
  return undefined;
}
