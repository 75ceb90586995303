// Keys of records: from the traffic secrets of TLS 1.3 (RFC 8446 §7), from the master secret of TLS 1.2 (RFC 5246 §6.3).
import { expand } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '../../core/index.ts';
import type { TlsSuite } from './tls-suites.ts';

/** Keys of one direction. */
export interface TlsDirectionKeys {
  readonly key: Uint8Array;
  /** 12 octets; 4 for GCM in TLS 1.2; none for CBC. */
  readonly iv: Uint8Array;
  /** None for suites that authenticate by themselves. */
  readonly macKey: Uint8Array;
}

const hashes = { sha1, sha256, sha384 } as const;
const macOctets = { sha1: 20, sha256: 32, sha384: 48 } as const;

/** HMAC of the parts. */
export function tlsHmac(
  hash: keyof typeof hashes,
  key: Uint8Array,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return hmac(hashes[hash], key, concatBytes(...parts));
}

/** Octets of a MAC. */
export const tlsMacOctets = (hash: keyof typeof macOctets): number => macOctets[hash];

/** Keys under a traffic secret (RFC 8446 §7.3). */
export function trafficKeys(suite: TlsSuite, secret: Uint8Array): TlsDirectionKeys {
  return {
    key: expandLabel(suite, secret, 'key', suite.keyOctets),
    iv: expandLabel(suite, secret, 'iv', 12),
    macKey: new Uint8Array(0),
  };
}

/** The traffic secret after a KeyUpdate (RFC 8446 §7.2). */
export function nextTrafficSecret(suite: TlsSuite, secret: Uint8Array): Uint8Array {
  return expandLabel(suite, secret, 'traffic upd', secret.length);
}

/** HKDF-Expand-Label with an empty context (RFC 8446 §7.1). */
function expandLabel(suite: TlsSuite, secret: Uint8Array, label: string, length: number): Uint8Array {
  const name = utf8ToBytes(`tls13 ${label}`);
  const info = concatBytes(Uint8Array.of(length >> 8, length & 0xff, name.length), name, Uint8Array.of(0));
  return expand(hashes[suite.hash], secret, info, length);
}

/** Keys of both directions in TLS 1.2 (RFC 5246 §6.3). */
export function keysOfTls12(
  suite: TlsSuite,
  masterSecret: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Readonly<Record<'client' | 'server', TlsDirectionKeys>> {
  const mac = suite.mac === undefined ? 0 : macOctets[suite.mac];
  const iv = { gcm: 4, chacha20: 12, cbc: 0 }[suite.cipher];
  const seed = concatBytes(utf8ToBytes('key expansion'), serverRandom, clientRandom);
  const block = pHash(suite.hash, masterSecret, seed, 2 * (mac + suite.keyOctets + iv));
  let at = 0;
  const next = (length: number): Uint8Array => {
    at += length;
    return block.subarray(at - length, at);
  };
  const macKeys = [next(mac), next(mac)] as const;
  const keys = [next(suite.keyOctets), next(suite.keyOctets)] as const;
  const ivs = [next(iv), next(iv)] as const;
  return {
    client: { macKey: macKeys[0], key: keys[0], iv: ivs[0] },
    server: { macKey: macKeys[1], key: keys[1], iv: ivs[1] },
  };
}

/** P_hash (RFC 5246 §5). */
function pHash(hash: TlsSuite['hash'], secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const step = macOctets[hash];
  let a = seed;
  for (let at = 0; at < length; at += step) {
    a = tlsHmac(hash, secret, a);
    out.set(tlsHmac(hash, secret, a, seed).subarray(0, length - at), at);
  }
  return out;
}
