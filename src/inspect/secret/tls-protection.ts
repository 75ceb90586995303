// Opens single records: AEAD of TLS 1.3 and 1.2, and CBC with HMAC of TLS 1.2 in both orders (RFC 8446 §5.2, RFC 5246
// §6.2.3, RFC 7366, RFC 7905). It reads captures, so that nothing hangs on how long it takes.
import { cbc, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes, equalConstantTime } from '../../core/index.ts';
import { type TlsDirectionKeys, tlsHmac, tlsMacOctets } from './tls-keys.ts';
import type { TlsRecord } from './tls-record.ts';
import type { TlsSuite } from './tls-suites.ts';

/** What stood in a record. */
export interface TlsOpened {
  readonly contentType: number;
  readonly data: Uint8Array;
}

const tagOctets = 16;
const blockOctets = 16;

/** Opens a record of TLS 1.3: its true type stands behind the data, zeros behind that. `undefined` when it does not open. */
export function openTls13(
  suite: TlsSuite,
  keys: TlsDirectionKeys,
  sequence: number,
  { header, fragment }: TlsRecord,
): TlsOpened | undefined {
  const inner = openAead(suite, keys.key, nonceOf(keys.iv, sequence), header, fragment);
  if (inner === undefined) return undefined;
  let end = inner.length;
  while (end > 0 && inner[end - 1] === 0) end -= 1;
  if (end === 0) return undefined;
  return { contentType: inner[end - 1] ?? 0, data: inner.subarray(0, end - 1) };
}

/** Opens a record of TLS 1.2. `undefined` when it does not open. */
export function openTls12(
  suite: TlsSuite,
  keys: TlsDirectionKeys,
  sequence: number,
  record: TlsRecord,
  encryptThenMac: boolean,
): TlsOpened | undefined {
  const data =
    suite.cipher === 'cbc'
      ? openCbc(suite, keys, sequence, record, encryptThenMac)
      : openAead12(suite, keys, sequence, record);
  return data === undefined ? undefined : { contentType: record.contentType, data };
}

function openAead12(
  suite: TlsSuite,
  keys: TlsDirectionKeys,
  sequence: number,
  record: TlsRecord,
): Uint8Array | undefined {
  // GCM writes half of its nonce into the record.
  const explicit = suite.cipher === 'gcm' ? 8 : 0;
  const sealed = record.fragment.subarray(explicit);
  const nonce =
    explicit === 0 ? nonceOf(keys.iv, sequence) : concatBytes(keys.iv, record.fragment.subarray(0, explicit));
  const length = sealed.length - tagOctets;
  if (length < 0) return undefined;
  return openAead(suite, keys.key, nonce, pseudoHeader(sequence, record, length), sealed);
}

function openAead(
  suite: TlsSuite,
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < tagOctets) return undefined;
  const cipher =
    suite.cipher === 'gcm' ? gcm(key, nonce, additional) : chacha20poly1305(key, nonce, additional);
  try {
    return cipher.decrypt(sealed);
  } catch {
    // Lengths are right, so it is the tag.
    return undefined;
  }
}

function openCbc(
  suite: TlsSuite,
  keys: TlsDirectionKeys,
  sequence: number,
  record: TlsRecord,
  encryptThenMac: boolean,
): Uint8Array | undefined {
  const hash = suite.mac ?? 'sha256';
  const mac = tlsMacOctets(hash);
  const { fragment } = record;
  const end = encryptThenMac ? fragment.length - mac : fragment.length;
  const encrypted = fragment.subarray(blockOctets, Math.max(end, 0));
  if (encrypted.length < blockOctets || encrypted.length % blockOctets !== 0) return undefined;
  if (encryptThenMac) {
    const covered = fragment.subarray(0, end);
    const wanted = tlsHmac(hash, keys.macKey, pseudoHeader(sequence, record, end), covered);
    if (!equalConstantTime(wanted, fragment.subarray(end))) return undefined;
  }
  const iv = fragment.subarray(0, blockOctets);
  const plain = cbc(keys.key, iv, { disablePadding: true }).decrypt(encrypted);
  const padding = plain[plain.length - 1] ?? 0;
  const behind = encryptThenMac ? 0 : mac;
  const length = plain.length - 1 - padding - behind;
  if (length < 0 || plain.subarray(-1 - padding).some((octet) => octet !== padding)) return undefined;
  const data = plain.subarray(0, length);
  if (encryptThenMac) return data;
  const wanted = tlsHmac(hash, keys.macKey, pseudoHeader(sequence, record, length), data);
  return equalConstantTime(wanted, plain.subarray(length, length + mac)) ? data : undefined;
}

/** The number of the record, XORed into the end of the IV (RFC 8446 §5.3). */
function nonceOf(iv: Uint8Array, sequence: number): Uint8Array {
  const number = uint64(sequence);
  return iv.map((octet, at) => octet ^ (at < 4 ? 0 : (number[at - 4] ?? 0)));
}

function pseudoHeader(sequence: number, { header }: TlsRecord, length: number): Uint8Array {
  return concatBytes(uint64(sequence), header.subarray(0, 3), Uint8Array.of(length >> 8, length & 0xff));
}

function uint64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  let rest = value;
  for (let at = 7; at >= 0; at -= 1) {
    out[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return out;
}
