// What is set about an identity provider.
import { ConfigError } from '../../core/index.ts';
import type { Scope } from '../../store/index.ts';

/** Algorithms that tokens may be signed with: none whose key both sides have, and not `none`. */
export const oidcAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;

/** An identity provider whose tokens are taken (OpenID Connect). */
export interface OidcSettings {
  /** Its issuer identifier, as tokens name it (`iss`): an https: URL; http: on the loopback alone. */
  readonly issuer: string;
  /** What tokens have to be for (`aud`). */
  readonly audience: string;
  /** Where its keys are; absent: found by `/.well-known/openid-configuration` of the issuer. */
  readonly jwksUri?: string;
  /** Default RS256, PS256, ES256, EdDSA. */
  readonly algorithms?: readonly (typeof oidcAlgorithms)[number][];
  /** How far its clock may be off, in seconds, 0–300. Default 30. */
  readonly clockSkewSeconds?: number;
  /** Claim that names whose token it is, for timelines. Default `sub`. */
  readonly ownerClaim?: string;
  /** Claim with what the token may do: a text with spaces, or a list. Default `scope`. */
  readonly scopesClaim?: string;
  /** What its values come to. Absent: `reveille:read` is `read`, and so on. Other values are nothing. */
  readonly scopes?: Readonly<Record<string, readonly Scope[]>>;
  /** Claim with the ServerIDs that the token may see, a list or one; `*` is all. Absent: every token sees all. */
  readonly accountsClaim?: string;
}

/** Defaults of `OidcSettings`. */
export const oidcDefaults = Object.freeze({
  algorithms: Object.freeze(['RS256', 'PS256', 'ES256', 'EdDSA'] as const),
  clockSkewSeconds: 30,
  ownerClaim: 'sub',
  scopesClaim: 'scope',
});

/** @throws {ConfigError} for settings that cannot work, or let others in */
export function checkOidc(settings: OidcSettings): void {
  for (const [name, url] of [
    ['issuer', settings.issuer],
    ['jwksUri', settings.jwksUri],
  ] as const) {
    if (url !== undefined && !isTrusted(url)) {
      throw new ConfigError(
        `oidc.${name} ${JSON.stringify(url)}: must be an https: URL (http: on the loopback alone)`,
      );
    }
  }
  if (settings.audience === '') throw new ConfigError('oidc.audience must not be empty');
  const { algorithms = oidcDefaults.algorithms, clockSkewSeconds: skew = 0 } = settings;
  const wrong = algorithms.find((each) => !oidcAlgorithms.includes(each));
  if (wrong !== undefined || algorithms.length === 0) {
    throw new ConfigError(`oidc.algorithms: ${wrong ?? 'none'} is not one of ${oidcAlgorithms.join(', ')}`);
  }
  if (!(skew >= 0 && skew <= 300)) throw new ConfigError('oidc.clockSkewSeconds must be from 0 to 300');
}

/** True for a URL that nobody on the way can answer for another. */
export function isTrusted(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, hash } = new URL(text);
  if (username !== '' || hash !== '') return false;
  const isLoopback =
    hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}
