// The w7 application: a DM account as Client Provisioning has it (OMA DM w7 application characteristic).
import type { Characteristic, ProvisioningDocument } from './document.ts';
import {
  characteristicsOf,
  hasParm,
  parmList,
  parmOf,
  parmsOf,
  portNumbersOf,
  requiredParm,
} from './fields.ts';

/** Where the server is: APPADDR. */
export interface DmApplicationAddress {
  readonly addr: string;
  /** ADDRTYPE as written: `URI`, `IPV4`, `IPV6`, … */
  readonly addrType?: string;
  /** PORTNBR of each PORT, 0–65535. */
  readonly portNumbers: readonly number[];
}

/** Who proves itself to whom: APPAUTH. */
export interface DmApplicationAuth {
  /** AAUTHLEVEL: `APPSRV` (client to server), `CLIENT` (server to client), `OBEX`. */
  readonly level: string;
  /** AAUTHTYPE, may be a list: `DIGEST`, `HTTP-BASIC,HTTP-DIGEST`. */
  readonly type?: string;
  readonly name?: string;
  /** AAUTHSECRET. Never logged. */
  readonly secret?: string;
  /** AAUTHDATA: Base64 of the nonce. */
  readonly data?: string;
}

/** APPLICATION with APPID w7. */
export interface DmApplication {
  /** PROVIDER-ID: the ServerID. */
  readonly providerId: string;
  readonly name?: string;
  /** True asks the device to open a session at once. */
  readonly init: boolean;
  readonly addresses: readonly DmApplicationAddress[];
  readonly auth: readonly DmApplicationAuth[];
  /** Identifiers of PXLOGICAL, in order of preference. */
  readonly toProxies: readonly string[];
  /** Identifiers of NAPDEF, in order of preference; `INTERNET` is any. */
  readonly toNapIds: readonly string[];
}

/** The w7 applications of a document. @throws {DecodeError} BAD_VALUE, with a path such as `APPLICATION[1].APPADDR[0].ADDR` */
export function dmApplications(document: ProvisioningDocument): readonly DmApplication[] {
  return characteristicsOf(document, 'APPLICATION').flatMap((application, index) =>
    parmOf(application, 'APPID') === 'w7' ? [parseApplication(application, `APPLICATION[${index}]`)] : [],
  );
}

/** The characteristic of a w7 application. */
export function dmApplicationCharacteristic(application: DmApplication): Characteristic {
  const { providerId, name, init, addresses, auth, toProxies, toNapIds } = application;
  return {
    type: 'APPLICATION',
    parms: [
      ...parmList([
        ['APPID', 'w7'],
        ['PROVIDER-ID', providerId],
        ['NAME', name],
        ...toProxies.map((id) => ['TO-PROXY', id] as const),
        ...toNapIds.map((id) => ['TO-NAPID', id] as const),
      ]),
      ...(init ? [{ name: 'INIT' }] : []),
    ],
    characteristics: [
      ...addresses.map(({ addr, addrType, portNumbers }) => ({
        type: 'APPADDR',
        parms: parmList([
          ['ADDR', addr],
          ['ADDRTYPE', addrType],
        ]),
        characteristics: portNumbers.map((port) => ({
          type: 'PORT',
          parms: parmList([['PORTNBR', String(port)]]),
          characteristics: [],
        })),
      })),
      ...auth.map((one) => ({
        type: 'APPAUTH',
        parms: parmList([
          ['AAUTHLEVEL', one.level],
          ['AAUTHTYPE', one.type],
          ['AAUTHNAME', one.name],
          ['AAUTHSECRET', one.secret],
          ['AAUTHDATA', one.data],
        ]),
        characteristics: [],
      })),
    ],
  };
}

function parseApplication(application: Characteristic, path: string): DmApplication {
  const name = parmOf(application, 'NAME');
  // ADDR right in the application stands for an APPADDR with nothing else.
  const direct = parmsOf(application, 'ADDR').map((addr) => ({ addr, portNumbers: [] }));
  const addresses = characteristicsOf(application, 'APPADDR').map((address, index) =>
    parseAddress(address, `${path}.APPADDR[${index}]`),
  );
  return {
    providerId: requiredParm(application, 'PROVIDER-ID', path),
    ...(name === undefined ? {} : { name }),
    init: hasParm(application, 'INIT'),
    addresses: [...direct, ...addresses],
    auth: characteristicsOf(application, 'APPAUTH').map((auth, index) =>
      parseAuth(auth, `${path}.APPAUTH[${index}]`),
    ),
    toProxies: parmsOf(application, 'TO-PROXY'),
    toNapIds: parmsOf(application, 'TO-NAPID'),
  };
}

function parseAddress(address: Characteristic, path: string): DmApplicationAddress {
  const addr = requiredParm(address, 'ADDR', path);
  const addrType = parmOf(address, 'ADDRTYPE');
  const portNumbers = portNumbersOf(address, path);
  return addrType === undefined ? { addr, portNumbers } : { addr, addrType, portNumbers };
}

function parseAuth(auth: Characteristic, path: string): DmApplicationAuth {
  const type = parmOf(auth, 'AAUTHTYPE');
  const name = parmOf(auth, 'AAUTHNAME');
  const secret = parmOf(auth, 'AAUTHSECRET');
  const data = parmOf(auth, 'AAUTHDATA');
  return {
    level: requiredParm(auth, 'AAUTHLEVEL', path),
    ...(type === undefined ? {} : { type }),
    ...(name === undefined ? {} : { name }),
    ...(secret === undefined ? {} : { secret }),
    ...(data === undefined ? {} : { data }),
  };
}
