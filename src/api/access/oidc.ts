// Tokens of an identity provider (OpenID Connect Core 1.0, RFC 9068): JWTs that it has signed for us.
import type { Clock } from '../../core/index.ts';
import { checkOidc, type OidcSettings, oidcDefaults } from '../host/oidc-settings.ts';
import type { ForeignTokens } from './bearer.ts';
import type { Caller } from './caller.ts';
import { callerOfClaims } from './oidc-claims.ts';
import { type FetchedKeys, OidcKeys } from './oidc-keys.ts';

/** Why a token does not count whose key the identity provider does not have. */
const unknownKey = 'no key of the identity provider fits it';
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
  async lookUp(token: string, refused: (why: string) => void = () => undefined): Promise<Caller | undefined> {
    const keys = await this.#keys.get();
    let claims = await this.#claims(token, keys);
    if (claims === unknownKey) {
      // Keys are changed from time to time.
      const newer = await this.#keys.get(keys);
      if (newer !== keys) claims = await this.#claims(token, newer);
    }
    if (typeof claims === 'string') {
      refused(claims);
      return undefined;
    }
    const caller = callerOfClaims(claims, this.#settings);
    if (caller === undefined) refused('the claim with its owner is none that can be shown');
    return caller;
  }

  /** What it says, or why it does not count. */
  async #claims(token: string, { set }: FetchedKeys): Promise<Readonly<Record<string, unknown>> | string> {
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
      // Why it is refused is told to the log alone: whoever made it up would learn from it.
      if (error instanceof errors.JWKSNoMatchingKey) return unknownKey;
      // The words of these name claims of ours; those of others may repeat what is in the token.
      const named = [
        errors.JWTClaimValidationFailed,
        errors.JWTExpired,
        errors.JWSSignatureVerificationFailed,
        errors.JOSEAlgNotAllowed,
      ].some((kind) => error instanceof kind);
      if (named) return (error as Error).message;
      return error instanceof errors.JOSEError ? error.code : 'it is no token that can be read';
    }
  }
}
