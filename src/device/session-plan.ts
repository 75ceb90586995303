// The account as the device's end of a session takes it.
import type { ClientAccount, SessionCredentials } from '../session/index.ts';
import type { DmAccount, DmCredential } from '../tree/index.ts';
import { schemeOfEntry, sessionEntry } from './account.ts';

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

/** True when TLS alone has to vouch for the server: HTTPS, and the account holds nothing to check it with. */
export function trustsTransport(account: ClientAccount): boolean {
  return account.server === undefined && account.serverUri.toLowerCase().startsWith('https:');
}
