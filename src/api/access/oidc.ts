// Tokens of an identity provider (OpenID Connect Core 1.0, RFC 9068): JWTs that it has signed for us.
import type { Clock } from '../../core/index.ts';
import { checkOidc, type OidcSettings, oidcDefaults } from '../host/oidc-settings.ts';
import type { ForeignTokens } from './bearer.ts';
import type { Caller } from './caller.ts';
import { callerOfClaims } from './oidc-claims.ts';
import { type FetchedKeys, OidcKeys } from './oidc-keys.ts';

/** Longest token that is looked at, in characters. */
const longestToken = 16_384;

/** Says whose tokens of an identity provider are. */
export class OidcTokens implements ForeignTokens {
  readonly #settings: OidcSettings;
  readonly #clock: Clock;
  readonly #keys: OidcKeys;
  readonly #jose = import('jose');

  /** Nothing is fetched before the first token. @throws {ConfigError} for settings that cannot work */
  constructor(settings: OidcSettings, clock: Clock) {
    checkOidc(settings);
    this.#settings = settings;
    this.#clock = clock;
    this.#keys = new OidcKeys(settings, clock);
  }

  /** True for what has the form of a signed JWT. */
  isOne(token: string): boolean {
    return token.length <= longestToken && /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/.test(token);
  }

  /** @throws {ApiError} 503 where the keys of the identity provider cannot be had */
  async lookUp(token: string): Promise<Caller | undefined> {
    const keys = await this.#keys.get();
    const claims = await this.#claims(token, keys);
    if (claims !== 'unknown key') return this.#callerOf(claims);
    // Keys are changed from time to time.
    const newer = await this.#keys.get(keys);
    if (newer === keys) return undefined;
    const again = await this.#claims(token, newer);
    return again === 'unknown key' ? undefined : this.#callerOf(again);
  }

  #callerOf(claims: Readonly<Record<string, unknown>> | undefined): Caller | undefined {
    return claims === undefined ? undefined : callerOfClaims(claims, this.#settings);
  }

  async #claims(
    token: string,
    { set }: FetchedKeys,
  ): Promise<Readonly<Record<string, unknown>> | undefined | 'unknown key'> {
    const { createLocalJWKSet, errors, jwtVerify } = await this.#jose;
    const { issuer, audience, algorithms, clockSkewSeconds } = { ...oidcDefaults, ...this.#settings };
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(set), {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: clockSkewSeconds,
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      // Why it is refused is not said: whoever made it up would learn from it.
      return error instanceof errors.JWKSNoMatchingKey ? 'unknown key' : undefined;
    }
  }
}
