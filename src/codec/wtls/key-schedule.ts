// From the secret to keys: PRF, master secret, key blocks, verify_data (WTLS §11).
import { concatBytes, utf8ToBytes } from '../../core/index.ts';
import { type CipherSuite, suiteOctets } from './cipher-suite.ts';
import type { WtlsCrypto } from './crypto.ts';
import { verifyDataOctets } from './handshake.ts';

/** The two ends: the terminal is the client. */
export type WtlsSide = 'client' | 'server';

/** What both ends have agreed on. */
export interface SessionSecrets {
  readonly masterSecret: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly suite: CipherSuite;
}

/** Keys of one direction, good for 2^keyRefresh records. */
export interface KeyBlock {
  readonly macSecret: Uint8Array;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

const masterSecretOctets = 20;

/** PRF(secret, label, seed) = P_SHA1(secret, label ‖ seed), as many octets as asked for (WTLS §11.3.2). */
export function prf(
  crypto: WtlsCrypto,
  secret: Uint8Array,
  label: string,
  seed: readonly Uint8Array[],
  length: number,
): Uint8Array {
  const labelled = concatBytes(utf8ToBytes(label), ...seed);
  const out = new Uint8Array(length);
  let a = labelled;
  for (let at = 0; at < length; at += 20) {
    a = crypto.hmacSha1(secret, a);
    out.set(crypto.hmacSha1(secret, a, labelled).subarray(0, length - at), at);
  }
  return out;
}

/** PRF(pre_master, "master secret", client_random ‖ server_random), 20 octets (WTLS §11.1). */
export function masterSecretOf(
  crypto: WtlsCrypto,
  preMasterSecret: Uint8Array,
  clientRandom: Uint8Array,
  serverRandom: Uint8Array,
): Uint8Array {
  return prf(crypto, preMasterSecret, 'master secret', [clientRandom, serverRandom], masterSecretOctets);
}

/**
 * PRF(master_secret, "client expansion" | "server expansion", sequence number ‖ server_random ‖ client_random), cut into
 * MAC secret, key and IV (WTLS §11.2). `sequenceNumber` is the first one that these keys are for.
 */
export function keyBlockOf(
  crypto: WtlsCrypto,
  secrets: SessionSecrets,
  side: WtlsSide,
  sequenceNumber: number,
): KeyBlock {
  const { masterSecret, clientRandom, serverRandom, suite } = secrets;
  const keyEnd = suiteOctets.macSecret + suite.keyOctets;
  const seed = [uint16(sequenceNumber), serverRandom, clientRandom];
  const block = prf(crypto, masterSecret, `${side} expansion`, seed, keyEnd + suiteOctets.iv);
  return {
    macSecret: block.subarray(0, suiteOctets.macSecret),
    key: block.subarray(suiteOctets.macSecret, keyEnd),
    iv: block.subarray(keyEnd),
  };
}

/** The IV of one record: the direction's, XORed with four times the sequence number (WTLS §9.2.3). */
export function recordIvOf(iv: Uint8Array, sequenceNumber: number): Uint8Array {
  const octets = uint16(sequenceNumber);
  return iv.map((octet, index) => octet ^ (octets[index & 1] ?? 0));
}

/** PRF(master_secret, "client finished" | "server finished", SHA-1(handshake messages)), 12 octets (WTLS §10.5.9). */
export function verifyDataOf(
  crypto: WtlsCrypto,
  masterSecret: Uint8Array,
  side: WtlsSide,
  handshakeMessages: readonly Uint8Array[],
): Uint8Array {
  const hash = crypto.sha1(...handshakeMessages);
  return prf(crypto, masterSecret, `${side} finished`, [hash], verifyDataOctets);
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
