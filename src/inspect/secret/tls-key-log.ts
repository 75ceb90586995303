// Key logs of TLS in the format of NSS, as SSLKEYLOGFILE names them and pcapng carries them (RFC 9850).
import { bytesToHex, hexToBytes, ReveilleError } from '../../core/index.ts';

/** Labels of secrets that open records (RFC 9850 §2). */
export type TlsKeyLabel =
  /** The master secret of TLS 1.2. */
  | 'CLIENT_RANDOM'
  | 'CLIENT_EARLY_TRAFFIC_SECRET'
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0';

/** A line that gives no keys. */
export interface TlsKeyLogFault {
  /** From 1. */
  readonly line: number;
  /** What is wrong with it; never with what stands there. */
  readonly what: string;
}

/** Most lines with secrets that are kept. */
export const maximumTlsSecrets = 262_144;

/** Octets of a random, and of the secrets of each label. */
const randomOctets = 32;
const secretOctets: ReadonlyMap<string, readonly number[]> = new Map([
  ['CLIENT_RANDOM', [48]],
  ['CLIENT_EARLY_TRAFFIC_SECRET', [32, 48]],
  ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', [32, 48]],
  ['SERVER_HANDSHAKE_TRAFFIC_SECRET', [32, 48]],
  ['CLIENT_TRAFFIC_SECRET_0', [32, 48]],
  ['SERVER_TRAFFIC_SECRET_0', [32, 48]],
]);

/** Secrets of connections by the client's random. */
export class TlsKeyLog {
  readonly #secrets = new Map<string, string>();
  #connections = 0;

  /** Connections of which there is a secret. */
  get connections(): number {
    return this.#connections;
  }

  /**
   * Adds the lines of a log. Comments, empty lines and labels that open nothing (exporters) are passed over; the faults of
   * others come back, 16 at most, and the rest counts all the same: a log is often cut in its last line.
   */
  add(text: string): readonly TlsKeyLogFault[] {
    const faults: TlsKeyLogFault[] = [];
    let line = 0;
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      const next = end < 0 ? text.length : end;
      line += 1;
      const what = this.#take(text.slice(at, next).trim());
      if (what !== undefined && faults.length < 16) faults.push({ line, what });
      at = next + 1;
    }
    return faults;
  }

  /** The secret of a connection; `undefined` where the log has none. */
  secretOf(label: TlsKeyLabel, clientRandom: Uint8Array): Uint8Array | undefined {
    const hex = this.#secrets.get(`${label} ${bytesToHex(clientRandom)}`);
    return hex === undefined ? undefined : hexToBytes(hex);
  }

  #take(line: string): string | undefined {
    if (line === '' || line.startsWith('#')) return undefined;
    const [label = '', random = '', secret = '', ...more] = line.split(/ +/, 4);
    const lengths = secretOctets.get(label);
    if (lengths === undefined) {
      return /^[A-Z][A-Z0-9_]*$/.test(label)
        ? undefined
        : 'is no line of a key log: a label, a random, a secret';
    }
    if (more.length > 0) return `${label}: more than a random and a secret`;
    const octets = octetsIn(random);
    if (octets !== randomOctets) return `${label}: its random is not ${randomOctets} octets in hex`;
    if (!lengths.includes(octetsIn(secret) ?? 0)) {
      return `${label}: its secret is not ${lengths.join(' or ')} octets in hex`;
    }
    if (this.#secrets.size >= maximumTlsSecrets) return `more than ${maximumTlsSecrets} secrets; left out`;
    const key = `${label} ${random.toLowerCase()}`;
    if (!this.#secrets.has(key) && (label === 'CLIENT_RANDOM' || label === 'CLIENT_TRAFFIC_SECRET_0')) {
      this.#connections += 1;
    }
    this.#secrets.set(key, secret.toLowerCase());
    return undefined;
  }
}

/** Octets of a text in hex; `undefined` for what is none. */
function octetsIn(hex: string): number | undefined {
  try {
    return hexToBytes(hex).length;
  } catch (error) {
    if (error instanceof ReveilleError) return undefined;
    throw error;
  }
}
