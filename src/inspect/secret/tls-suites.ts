// Cipher suites: their names, and how those are read of which keys in a log open the records.
import { hex } from './tls-code-points.ts';

/** How a suite protects records. */
export interface TlsSuite {
  readonly name: string;
  readonly cipher: 'gcm' | 'chacha20' | 'cbc';
  readonly keyOctets: 16 | 32;
  /** Of HKDF in TLS 1.3, of the PRF in TLS 1.2. */
  readonly hash: 'sha256' | 'sha384';
  /** Of records under CBC. */
  readonly mac?: 'sha1' | 'sha256' | 'sha384';
}

const exchanges = {
  rsa: 'TLS_RSA',
  dhe: 'TLS_DHE_RSA',
  ecdsa: 'TLS_ECDHE_ECDSA',
  ecdhe: 'TLS_ECDHE_RSA',
  psk: 'TLS_PSK',
  dhePsk: 'TLS_DHE_PSK',
  ecdhePsk: 'TLS_ECDHE_PSK',
} as const;

const suites = new Map<number, TlsSuite>([
  [0x1301, gcm('TLS', 16, 'sha256')],
  [0x1302, gcm('TLS', 32, 'sha384')],
  [0x1303, chacha('TLS')],
  [0x009c, gcm(exchanges.rsa, 16, 'sha256')],
  [0x009d, gcm(exchanges.rsa, 32, 'sha384')],
  [0x009e, gcm(exchanges.dhe, 16, 'sha256')],
  [0x009f, gcm(exchanges.dhe, 32, 'sha384')],
  [0x00a8, gcm(exchanges.psk, 16, 'sha256')],
  [0x00a9, gcm(exchanges.psk, 32, 'sha384')],
  [0x00aa, gcm(exchanges.dhePsk, 16, 'sha256')],
  [0x00ab, gcm(exchanges.dhePsk, 32, 'sha384')],
  [0xc02b, gcm(exchanges.ecdsa, 16, 'sha256')],
  [0xc02c, gcm(exchanges.ecdsa, 32, 'sha384')],
  [0xc02f, gcm(exchanges.ecdhe, 16, 'sha256')],
  [0xc030, gcm(exchanges.ecdhe, 32, 'sha384')],
  [0xcca8, chacha(exchanges.ecdhe)],
  [0xcca9, chacha(exchanges.ecdsa)],
  [0xccaa, chacha(exchanges.dhe)],
  [0xccab, chacha(exchanges.psk)],
  [0xccac, chacha(exchanges.ecdhePsk)],
  [0xccad, chacha(exchanges.dhePsk)],
  [0x002f, cbc(exchanges.rsa, 16, 'sha1')],
  [0x0033, cbc(exchanges.dhe, 16, 'sha1')],
  [0x0035, cbc(exchanges.rsa, 32, 'sha1')],
  [0x0039, cbc(exchanges.dhe, 32, 'sha1')],
  [0x003c, cbc(exchanges.rsa, 16, 'sha256')],
  [0x003d, cbc(exchanges.rsa, 32, 'sha256')],
  [0x0067, cbc(exchanges.dhe, 16, 'sha256')],
  [0x006b, cbc(exchanges.dhe, 32, 'sha256')],
  [0xc009, cbc(exchanges.ecdsa, 16, 'sha1')],
  [0xc00a, cbc(exchanges.ecdsa, 32, 'sha1')],
  [0xc013, cbc(exchanges.ecdhe, 16, 'sha1')],
  [0xc014, cbc(exchanges.ecdhe, 32, 'sha1')],
  [0xc023, cbc(exchanges.ecdsa, 16, 'sha256')],
  [0xc024, cbc(exchanges.ecdsa, 32, 'sha384')],
  [0xc027, cbc(exchanges.ecdhe, 16, 'sha256')],
  [0xc028, cbc(exchanges.ecdhe, 32, 'sha384')],
]);

/** Suites that are named and not read: their ciphers are not here. */
const otherNames = new Map([
  [0x00ff, 'TLS_EMPTY_RENEGOTIATION_INFO_SCSV'],
  [0x1304, 'TLS_AES_128_CCM_SHA256'],
  [0x1305, 'TLS_AES_128_CCM_8_SHA256'],
  [0x5600, 'TLS_FALLBACK_SCSV'],
  [0xc09c, 'TLS_RSA_WITH_AES_128_CCM'],
  [0xc09d, 'TLS_RSA_WITH_AES_256_CCM'],
  [0xc0ac, 'TLS_ECDHE_ECDSA_WITH_AES_128_CCM'],
  [0xc0ad, 'TLS_ECDHE_ECDSA_WITH_AES_256_CCM'],
]);

/** How records of this suite are read; `undefined` where they are not. */
export function tlsSuite(number: number): TlsSuite | undefined {
  return suites.get(number);
}

/** Name of a suite, such as `TLS_AES_128_GCM_SHA256`; hex for others. */
export function tlsSuiteName(number: number): string {
  return suites.get(number)?.name ?? otherNames.get(number) ?? hex(number, 4);
}

function gcm(exchange: string, keyOctets: 16 | 32, hash: 'sha256' | 'sha384'): TlsSuite {
  const name = `${exchangeWith(exchange)}AES_${keyOctets * 8}_GCM_${hash.toUpperCase()}`;
  return { name, cipher: 'gcm', keyOctets, hash };
}

function chacha(exchange: string): TlsSuite {
  const name = `${exchangeWith(exchange)}CHACHA20_POLY1305_SHA256`;
  return { name, cipher: 'chacha20', keyOctets: 32, hash: 'sha256' };
}

function cbc(exchange: string, keyOctets: 16 | 32, mac: 'sha1' | 'sha256' | 'sha384'): TlsSuite {
  const printed = mac === 'sha1' ? 'SHA' : mac.toUpperCase();
  const hash = mac === 'sha384' ? 'sha384' : 'sha256';
  return {
    name: `${exchangeWith(exchange)}AES_${keyOctets * 8}_CBC_${printed}`,
    cipher: 'cbc',
    keyOctets,
    hash,
    mac,
  };
}

/** TLS 1.3 names no key exchange in a suite. */
function exchangeWith(exchange: string): string {
  return exchange === 'TLS' ? 'TLS_' : `${exchange}_WITH_`;
}
