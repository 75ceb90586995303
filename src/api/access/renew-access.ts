// Other tokens, another identity provider, another bound of requests, while the API runs.
import { type Clock, ConfigError } from '../../core/index.ts';
import type { App } from '../host/app.ts';
import type { OidcSettings } from '../host/oidc-settings.ts';
import type { BearerCheck } from './bearer.ts';
import { OidcTokens } from './oidc.ts';
import type { RateBound } from './rate-limit.ts';

/** Who may use the API, as `ApiOptions` says it. */
export interface ApiAccess {
  readonly tokens: readonly string[];
  readonly oidc?: OidcSettings | undefined;
  /** 0: any number. */
  readonly requestsPerMinute: number;
}

/** What judges the requests of an application. */
interface Judges {
  readonly bearer: BearerCheck;
  readonly rate: RateBound | undefined;
  readonly clock: Clock;
}

const judgesOf = new WeakMap<App, Judges>();

/** Keeps what `renewApiAccess` changes. */
export function renewedBy(app: App, judges: Judges): void {
  judgesOf.set(app, judges);
}

/**
 * Gives the API other tokens, another identity provider and another bound of requests, for requests from now on.
 * @throws {ConfigError} for what cannot be, or a bound where the API was created without; all of before stays then
 */
export function renewApiAccess(app: App, { tokens, oidc, requestsPerMinute }: ApiAccess): void {
  const judges = judgesOf.get(app);
  if (judges === undefined) throw new ConfigError('the API is none of createApi');
  const { bearer, rate, clock } = judges;
  if (rate === undefined && requestsPerMinute !== 0) {
    throw new ConfigError('the API was created without a bound of requests');
  }
  // What may fail comes first.
  const foreign = oidc === undefined ? undefined : new OidcTokens(oidc, clock);
  bearer.renew(tokens, foreign);
  rate?.renew(requestsPerMinute);
}
