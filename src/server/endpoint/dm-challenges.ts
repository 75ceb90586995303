// Challenges that nothing is kept of: nonces and tokens are computed, so no flood of strangers can displace any, and each
// stands by itself however many there are (spec-notes ruling 22).
import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { bytesToHex, type Clock, hexToBytes } from '../../core/index.ts';

/** Whom a challenge is for: Source/LocURI and SessionID as the client wrote them. */
export interface ChallengeSubject {
  readonly deviceId: string;
  readonly sessionId: string;
}

/** What a token tells of the message that it answered. */
export interface ChallengeMemo {
  /** Who began the session, by the alert of package #1. */
  readonly trigger: 'server' | 'client';
  /** True when the message came with credentials that did not hold. */
  readonly failed: boolean;
}

const nonceLength = 16;
const tokenForm = /^[0-9a-f]{32}$/;
const macLength = 8;

/**
 * Makes the challenges of one endpoint. A nonce is the digest of whom it is for, of the time, of the nonce that the server
 * has stored for the device, and of a key that lives as long as the process. Whoever meets it gets a new stored nonce, so
 * each nonce opens one session; and a client finds its session by its credentials even when it ignores RespURI.
 */
export class Challenges {
  /** As an object: made of octets for each digest, it would cost more than that. */
  readonly #key = createSecretKey(randomBytes(32));
  readonly #clock: Clock;
  readonly #lifeMs: number;

  /** A challenge may be answered for `lifeMs` at least, and for twice as long at most. */
  constructor(clock: Clock, lifeMs: number) {
    this.#clock = clock;
    this.#lifeMs = lifeMs;
  }

  /** The nonces that the device may have been given, the one for a new challenge first. `stored`: of its record. */
  nonces(subject: ChallengeSubject, stored: Uint8Array | undefined): readonly [Uint8Array, ...Uint8Array[]] {
    const nonce = (period: number): Uint8Array =>
      this.#digest('nonce', subject, period, bytesToHex(stored ?? new Uint8Array(0))).subarray(
        0,
        nonceLength,
      );
    const period = this.#period;
    return [nonce(period), nonce(period - 1)];
  }

  /** A token for RespURI: unguessable, and another one each time. */
  token(subject: ChallengeSubject, { trigger, failed }: ChallengeMemo): string {
    const random = randomBytes(nonceLength - macLength);
    random[0] = ((random[0] ?? 0) & 0xfc) | (trigger === 'server' ? 2 : 0) | (failed ? 1 : 0);
    return bytesToHex(random) + bytesToHex(this.#mac(random, subject, this.#period));
  }

  /** What a token that was given to this client lately tells; `undefined` for any other. */
  memo(subject: ChallengeSubject, token: string | undefined): ChallengeMemo | undefined {
    if (token === undefined || !tokenForm.test(token)) return undefined;
    const octets = hexToBytes(token);
    const random = octets.subarray(0, nonceLength - macLength);
    const mac = octets.subarray(nonceLength - macLength);
    const period = this.#period;
    const ours = [period, period - 1].some((each) => timingSafeEqual(mac, this.#mac(random, subject, each)));
    if (!ours) return undefined;
    const flags = random[0] ?? 0;
    return { trigger: (flags & 2) === 0 ? 'client' : 'server', failed: (flags & 1) === 1 };
  }

  #mac(random: Uint8Array, subject: ChallengeSubject, period: number): Uint8Array {
    return this.#digest('token', subject, period, bytesToHex(random)).subarray(0, macLength);
  }

  get #period(): number {
    return Math.floor(this.#clock.monotonic() / this.#lifeMs);
  }

  #digest(what: string, { deviceId, sessionId }: ChallengeSubject, period: number, more: string): Uint8Array {
    const text = JSON.stringify([what, deviceId, sessionId, period, more]);
    return createHmac('sha256', this.#key).update(text).digest();
  }
}
