// Where a server listens, and behind which certificates.
import type { ApiTls, OidcSettings } from '../../api/index.ts';
import type { DmListenerTls } from '../../server/index.ts';
import type { ListenAddress } from '../io/listen-address.ts';

/** The door for devices. */
export interface DmDoor extends ListenAddress {
  readonly tls?: DmListenerTls;
  readonly trustProxy?: string;
}

/** The door for operators. */
export interface ApiDoor extends ListenAddress {
  readonly tokens: readonly string[];
  /** How many tokens were given that a server has made: what they may do, the store says alone. */
  readonly madeTokens?: number;
  /** True where nobody gets in without a token from the beginning. */
  readonly requireToken?: boolean;
  readonly oidc?: OidcSettings;
  readonly requestsPerMinute?: number;
  /** Names under which it is known besides its address. */
  readonly hosts?: readonly string[];
  readonly tls?: ApiTls;
}
