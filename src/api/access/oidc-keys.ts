// The keys of an identity provider: fetched within bounds, kept for a while, fetched anew where a token names one that is not there.
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '../../core/index.ts';
import { isTrusted, type OidcSettings } from '../host/oidc-settings.ts';
import { ApiError } from '../request/problem.ts';

/** Bounds of what is fetched, and for how long it counts, in milliseconds. */
export const keyBounds = Object.freeze({
  /** Octets of a document. */
  octets: 256 * 1024,
  timeoutMs: 5000,
  /** Keys count for so long. */
  keptMs: 600_000,
  /** Where fetching fails, those before count for so long beyond that: an identity provider that is away keeps nobody out at once. */
  staleMs: 3_600_000,
  /** Between two tries, whatever tokens name: anyone can make up the name of a key. */
  pauseMs: 10_000,
});

/** Keys that were fetched. */
export interface FetchedKeys {
  readonly set: JSONWebKeySet;
  /** On the monotonic clock. */
  readonly at: number;
}

/** Fetches keys when they are needed. */
export class OidcKeys {
  readonly #settings: OidcSettings;
  readonly #clock: Clock;
  #keys: FetchedKeys | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<void> | undefined;
  #trouble = '';

  constructor(settings: OidcSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  /**
   * The keys.
   * @param missing keys in which one was not found: they are fetched anew, unless that was just tried
   * @throws {ApiError} 503 where there are none
   */
  async get(missing?: FetchedKeys): Promise<FetchedKeys> {
    const now = this.#clock.monotonic();
    const age = this.#keys === undefined ? Number.POSITIVE_INFINITY : now - this.#keys.at;
    const isWanted = age >= keyBounds.keptMs || (missing !== undefined && missing === this.#keys);
    if (this.#fetching !== undefined || (isWanted && now - this.#triedAt >= keyBounds.pauseMs)) {
      this.#fetching ??= this.#fetch(now);
      await this.#fetching;
    }
    if (this.#keys !== undefined && now - this.#keys.at < keyBounds.keptMs + keyBounds.staleMs)
      return this.#keys;
    const detail = `the keys of the identity provider cannot be had: ${this.#trouble}`;
    throw new ApiError(503, 'IDENTITY_PROVIDER', detail, Math.ceil(keyBounds.pauseMs / 1000));
  }

  async #fetch(now: number): Promise<void> {
    this.#triedAt = now;
    try {
      const set = await fetchJson(this.#settings.jwksUri ?? (await this.#discover()));
      if (!Array.isArray(set.keys)) throw new Error('the answer holds no keys');
      this.#keys = { set: set as unknown as JSONWebKeySet, at: now };
    } catch (error) {
      this.#trouble = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'unknown trouble';
    } finally {
      this.#fetching = undefined;
    }
  }

  /** OpenID Connect Discovery 1.0 §4. */
  async #discover(): Promise<string> {
    const { issuer } = this.#settings;
    const found = await fetchJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    // §4.3: it must be the issuer that was asked for.
    if (found.issuer !== issuer) throw new Error('its configuration names another issuer');
    const { jwks_uri: uri } = found;
    if (typeof uri === 'string' && isTrusted(uri)) return uri;
    throw new Error('its configuration names no place of keys that can be trusted');
  }
}

/** A JSON object; a redirection is none. */
async function fetchJson(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(keyBounds.timeoutMs),
  });
  if (!response.ok || response.body === null) throw new Error(`it answers ${response.status}`);
  const parts: Uint8Array[] = [];
  let octets = 0;
  for await (const part of response.body) {
    octets += part.length;
    if (octets > keyBounds.octets) throw new Error(`its answer has more than ${keyBounds.octets} octets`);
    parts.push(part);
  }
  const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error('its answer is no JSON object');
}
