// Settings that both ends of a connection have, and the random value that both ends choose.
import { type Clock, ValueError } from '../../core/index.ts';
import type { WtlsCrypto } from './crypto.ts';
import { randomOctets } from './hello.ts';
import type { RetransmitOptions } from './schedule.ts';

/** Settings that both ends have. */
export interface WtlsConnectionOptions extends RetransmitOptions {
  readonly crypto: WtlsCrypto;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Keys are renewed every 2^keyRefresh records, 0–4; the server may choose less than the client offers. Default 4. */
  readonly keyRefresh?: number | undefined;
}

/** Default, and largest, `keyRefresh`. */
export const defaultKeyRefresh = 4;

/** @throws {ValueError} OUT_OF_RANGE */
export function checkedKeyRefresh(keyRefresh: number = defaultKeyRefresh): number {
  if (Number.isInteger(keyRefresh) && keyRefresh >= 0 && keyRefresh <= defaultKeyRefresh) return keyRefresh;
  throw new ValueError('OUT_OF_RANGE', `must be an integer from 0 to ${defaultKeyRefresh}`, 'keyRefresh');
}

/** 16 octets of a hello: the time in seconds, then random ones (WTLS §10.5.1). */
export function helloRandom({ crypto, clock }: WtlsConnectionOptions): Uint8Array {
  const random = new Uint8Array(randomOctets);
  new DataView(random.buffer).setUint32(0, Math.floor(clock.now() / 1000));
  random.set(crypto.random(randomOctets - 4), 4);
  return random;
}
