// From a w7 application of Client Provisioning to a DMAcc (DM-StdObj-1.2, mapping of Device Management parameters).
import type {
  DmApplication,
  DmApplicationAddress,
  DmApplicationAuth,
} from '../../codec/provisioning/index.ts';
import { base64ToBytes, ValueError } from '../../core/index.ts';
import type { AuthLevel } from './dm-account.ts';
import type { NewDmAccount } from './write-accounts.ts';

/** A proxy or access point that a w7 application refers to. */
export interface ConnectivityReference {
  readonly kind: 'proxy' | 'access-point';
  /** PROXY-ID or NAPID. */
  readonly id: string;
}

/** How to map. */
export interface W7AccountOptions {
  /**
   * What the account says for a proxy or access point: the URI of a connectivity object, or a name that the device knows;
   * `undefined` leaves the reference out. Default: its identifier.
   */
  readonly connectivity?: (reference: ConnectivityReference) => string | undefined;
}

/** AAUTHLEVEL of w7, and the levels that DMAcc has besides. */
const levels: Readonly<Record<string, AuthLevel>> = {
  APPSRV: 'CLCRED',
  CLIENT: 'SRVCRED',
  OBEX: 'OBEX',
  HTTP: 'HTTP',
  NOTICRED: 'NOTICRED',
};

/**
 * The account that the application describes, for `addAccount`. The first proxy, else the first access point, is the
 * preferred connection; a list of authentication types makes one entry for each, and the first one of the client's is
 * preferred.
 * @throws {ValueError} MISSING without an address, OUT_OF_RANGE for an address type or level that DMAcc does not have,
 * BAD_FORMAT for AAUTHDATA that is not Base64 or an address that is neither URI nor IP; with a path such as `auth[1].level`
 */
export function accountFromW7(application: DmApplication, options: W7AccountOptions = {}): NewDmAccount {
  const { providerId, name, addresses, auth, toProxies, toNapIds } = application;
  if (addresses.length === 0) throw new ValueError('MISSING', 'the application has no address', 'addresses');
  const resolve = options.connectivity ?? (({ id }: ConnectivityReference) => id);
  const references = [
    ...toProxies.map((id) => resolve({ kind: 'proxy', id })),
    ...toNapIds.map((id) => resolve({ kind: 'access-point', id })),
  ].filter((reference) => reference !== undefined);
  const [preferred, ...others] = references;
  const credentials = auth.flatMap((one, index) => credentialsOf(one, `auth[${index}]`));
  const clientTypes = credentials.filter(({ level }) => level === 'CLCRED').map(({ type }) => type);
  const [authPreference] = clientTypes;
  return {
    serverId: providerId,
    ...(name === undefined ? {} : { name }),
    addresses: addresses.map((address, index) => addressOf(address, `addresses[${index}]`)),
    ...(preferred === undefined ? {} : { prefConRef: preferred }),
    toConRefs: others,
    ...(authPreference === undefined ? {} : { authPreference }),
    credentials,
  };
}

function credentialsOf(auth: DmApplicationAuth, path: string): NewDmAccount['credentials'] {
  const level = Object.hasOwn(levels, auth.level) ? levels[auth.level] : undefined;
  if (level === undefined) {
    const shown = JSON.stringify(auth.level.slice(0, 40));
    throw new ValueError('OUT_OF_RANGE', `${shown} is not a level of DMAcc`, `${path}.level`);
  }
  const types = (auth.type ?? '').split(',').map((type) => type.trim());
  const named = types.filter((type) => type !== '');
  // Without a type, what every DM 1.2 client has.
  return (named.length === 0 ? ['DIGEST'] : named).map((type) => ({
    level,
    type,
    ...(auth.name === undefined ? {} : { name: auth.name }),
    ...(auth.secret === undefined ? {} : { secret: auth.secret }),
    ...(auth.data === undefined ? {} : { data: base64ToBytes(auth.data, `${path}.data`) }),
  }));
}

function addressOf(address: DmApplicationAddress, path: string): NewDmAccount['addresses'][number] {
  const { addr, addrType, portNumbers } = address;
  return { addr, addrType: addressType(addr, addrType ?? '', path), portNumbers };
}

function addressType(addr: string, addrType: string, path: string): 'URI' | 'IPv4' | 'IPv6' {
  switch (addrType.trim().toUpperCase()) {
    case 'URI':
      return 'URI';
    case 'IPV4':
      // The document type's default, so encoders write it for URIs as well.
      return addr.includes('://') ? 'URI' : 'IPv4';
    case 'IPV6':
      return 'IPv6';
    case '':
      if (addr.includes('://')) return 'URI';
      if (/^[0-9.]+$/.test(addr)) return 'IPv4';
      if (/^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(addr)) return 'IPv6';
      throw new ValueError('BAD_FORMAT', 'is neither a URI nor an IP address', `${path}.addr`);
    default: {
      const shown = JSON.stringify(addrType.slice(0, 40));
      throw new ValueError('OUT_OF_RANGE', `${shown} is not an address type of DMAcc`, `${path}.addrType`);
    }
  }
}
