// The MAC that protects a bootstrap message: parameters SEC and MAC of its content type (DM-SEC-1.2 §5.1.7, OMA ProvBoot
// 1.1). It is HMAC-SHA1 over the WBXML document, under what the network or the user knows.
import { createHmac } from 'node:crypto';
import {
  bytesToHex,
  concatBytes,
  equalConstantTime,
  hexToBytes,
  utf8ToBytes,
  ValueError,
} from '../core/index.ts';

/**
 * What a bootstrap message is protected with, by the name of SEC:
 *
 * - `NETWPIN` (DM: NETWORKID): octets that network and device share, such as those of the IMSI (`imsiOctets`);
 * - `USERPIN`: a PIN of decimal digits that the user is told in another way;
 * - `USERNETWPIN` (DM: USERPIN_NETWORKID): both. Client Provisioning takes the octets and then the PIN; the DM profile takes
 *   `PIN:secret`, which is `joined: 'dm'`: the PIN's digits in ASCII, a colon (0x3A), and then the same octets as NETWPIN
 *   takes, not their digits (spec-notes ruling 30). Default `cp`; `composeBootstrap` goes by the profile.
 */
export type BootstrapSecret =
  | { readonly sec: 'NETWPIN'; readonly network: Uint8Array }
  | { readonly sec: 'USERPIN'; readonly pin: string }
  | {
      readonly sec: 'USERNETWPIN';
      readonly network: Uint8Array;
      readonly pin: string;
      readonly joined?: 'cp' | 'dm';
    };

/** Every SEC, USERPINMAC included, which has no MAC parameter: see `userPinMac`. */
export type BootstrapSec = BootstrapSecret['sec'] | 'USERPINMAC';

/** What a bootstrap message's MAC is worth. `malformed` is a MAC that is not 40 hex digits. */
export type BootstrapVerdict = 'accepted' | 'malformed' | 'wrong';

const macOctets = 20;

/**
 * The MAC parameter: 40 upper-case hex digits.
 * @throws {ValueError} BAD_FORMAT for a PIN that is not decimal digits, OUT_OF_RANGE for an empty secret
 */
export function bootstrapMac(body: Uint8Array, secret: BootstrapSecret): string {
  return bytesToHex(hmacSha1(bootstrapKey(secret), body)).toUpperCase();
}

/** Whether the MAC parameter, in either letter case, is that of the document; in constant time. @throws {ValueError} as above */
export function verifyBootstrapMac(body: Uint8Array, mac: string, secret: BootstrapSecret): BootstrapVerdict {
  const expected = hmacSha1(bootstrapKey(secret), body);
  if (!/^[0-9A-Fa-f]{40}$/.test(mac)) return 'malformed';
  return equalConstantTime(hexToBytes(mac), expected) ? 'accepted' : 'wrong';
}

/** The HMAC key that a secret stands for. @throws {ValueError} see `bootstrapMac` */
export function bootstrapKey(secret: BootstrapSecret): Uint8Array {
  switch (secret.sec) {
    case 'NETWPIN':
      return checkedNetwork(secret.network);
    case 'USERPIN':
      return pinOctets(secret.pin);
    case 'USERNETWPIN': {
      const network = checkedNetwork(secret.network);
      const pin = pinOctets(secret.pin);
      return secret.joined === 'dm' ? concatBytes(pin, utf8ToBytes(':'), network) : concatBytes(network, pin);
    }
  }
}

/**
 * What the user is told under USERPINMAC: `pin` and as many digits again, which are the first octets of the MAC under `pin`,
 * each modulo 10. The message carries no MAC.
 * @throws {ValueError} BAD_FORMAT when `pin` is not 1–20 decimal digits
 */
export function userPinMac(body: Uint8Array, pin: string): string {
  const key = pinOctets(pin);
  if (key.length > macOctets) throw new ValueError('BAD_FORMAT', 'a PIN has at most 20 digits', 'pin');
  let digits = '';
  for (const octet of hmacSha1(key, body).subarray(0, key.length)) digits += String(octet % 10);
  return pin + digits;
}

/** Whether what the user was told under USERPINMAC belongs to the document; in constant time. Never throws. */
export function verifyUserPinMac(body: Uint8Array, told: string): BootstrapVerdict {
  if (!/^(?:[0-9]{2}){1,20}$/.test(told)) return 'malformed';
  const expected = userPinMac(body, told.slice(0, told.length / 2));
  return equalConstantTime(utf8ToBytes(told), utf8ToBytes(expected)) ? 'accepted' : 'wrong';
}

/**
 * The IMSI in semi-octets, as NETWPIN takes it in GSM: the first digit with the mark of an IMSI and of an odd count, then
 * two digits an octet, the first one in the low half; F fills up.
 * @throws {ValueError} BAD_FORMAT when it is not 6–15 decimal digits
 */
export function imsiOctets(imsi: string): Uint8Array {
  if (!/^[0-9]{6,15}$/.test(imsi)) throw new ValueError('BAD_FORMAT', 'an IMSI has 6 to 15 digits', 'imsi');
  const odd = imsi.length % 2;
  const digits = `${odd === 1 ? 9 : 1}${imsi}${odd === 1 ? '' : 'f'}`;
  let swapped = '';
  for (let at = 0; at < digits.length; at += 2) swapped += digits.charAt(at + 1) + digits.charAt(at);
  return hexToBytes(swapped);
}

function hmacSha1(key: Uint8Array, body: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha1', key).update(body).digest());
}

function checkedNetwork(network: Uint8Array): Uint8Array {
  if (network.length > 0) return network;
  throw new ValueError('OUT_OF_RANGE', 'an empty secret protects nothing', 'network');
}

function pinOctets(pin: string): Uint8Array {
  if (/^[0-9]{1,64}$/.test(pin)) return utf8ToBytes(pin);
  throw new ValueError('BAD_FORMAT', 'a PIN is decimal digits', 'pin');
}
