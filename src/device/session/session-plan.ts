// The account as the device's end of a session takes it.
import type { ClientAccount, SessionCredentials } from '../../session/index.ts';
import type { DmAccount, DmCredential } from '../../tree/index.ts';
import { type DeviceAccount, schemeOfEntry, sessionEntry } from '../account/account.ts';
import type { DmHttpClient } from '../transport/dm-http-client.ts';

/** The account as the session takes it. */
export function clientAccount(account: DmAccount, serverUri: string): ClientAccount {
  const client = sessionEntry(account, 'CLCRED');
  const server = sessionEntry(account, 'SRVCRED');
  return {
    serverId: account.serverId,
    serverUri,
    ...(client === undefined ? {} : { client: credentialsOf(client, '') }),
    // A server without a name of its own authenticates by its identifier.
    ...(server === undefined ? {} : { server: credentialsOf(server, account.serverId) }),
  };
}

function credentialsOf(entry: DmCredential, defaultName: string): SessionCredentials {
  return {
    scheme: schemeOfEntry(entry) ?? 'basic',
    name: entry.name ?? defaultName,
    secret: entry.secret ?? '',
    nonce: entry.data ?? new Uint8Array(0),
  };
}

/**
 * True when TLS may vouch for the server: the account says so, and at this address it certifies both ends. An account
 * without SRVCRED believes no server otherwise.
 */
export function trustsTransport(
  account: Pick<DeviceAccount, 'trustTransport'>,
  address: string,
  http: Pick<DmHttpClient, 'certifiesBothEnds'>,
): boolean {
  return account.trustTransport === true && http.certifiesBothEnds === true && isHttps(address);
}

/** True for an https URL. */
export function isHttps(address: string): boolean {
  return URL.canParse(address) && new URL(address).protocol === 'https:';
}
