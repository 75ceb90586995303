// How a device reaches the network: PXLOGICAL and NAPDEF (OMA-WAP-ProvCont-1.1 §5.3, §5.4).
import type { Characteristic, Parm, ProvisioningDocument } from './document.ts';
import { characteristicsOf, hasParm, parmOf, parmsOf, portNumber, requiredParm } from './fields.ts';

/** PORT: a port and what is served there. */
export interface ProxyPort {
  /** 0–65535. */
  readonly portNumber: number;
  /** Such as `CO-WSP`, `OTA-HTTP-TO`. */
  readonly services: readonly string[];
}

/** PXPHYSICAL: one address of a proxy. */
export interface PhysicalProxy {
  readonly physicalProxyId: string;
  readonly addr?: string;
  /** PXADDRTYPE as written; default IPV4. */
  readonly addrType?: string;
  readonly toNapIds: readonly string[];
  readonly ports: readonly ProxyPort[];
}

/** PXLOGICAL: a proxy. */
export interface LogicalProxy {
  readonly proxyId: string;
  readonly name?: string;
  readonly physical: readonly PhysicalProxy[];
  /** Ports that hold for every physical proxy. */
  readonly ports: readonly ProxyPort[];
  /** PXAUTHINFO. Secrets are never logged. */
  readonly auth: readonly AccessAuth[];
  /** Every parameter, for what is not named here. */
  readonly parms: readonly Parm[];
}

/** NAPAUTHINFO or PXAUTHINFO: how the device proves itself to an access point or proxy. */
export interface AccessAuth {
  /** AUTHTYPE or PXAUTH-TYPE as written: `PAP`, `CHAP`, `HTTP-BASIC`, … */
  readonly type: string;
  readonly name?: string;
  readonly secret?: string;
}

/** NAPDEF: an access point of a network. */
export interface AccessPoint {
  readonly napId: string;
  readonly name?: string;
  /** Such as `GSM-GPRS`; none means any. */
  readonly bearers: readonly string[];
  /** NAP-ADDRESS: telephone number, access point name, … */
  readonly address?: string;
  /** NAP-ADDRTYPE as written: `APN`, `E164`, … */
  readonly addressType?: string;
  /** True when it reaches the Internet. */
  readonly internet: boolean;
  /** NAPAUTHINFO. Secrets are never logged. */
  readonly auth: readonly AccessAuth[];
  /** Every parameter, for what is not named here. */
  readonly parms: readonly Parm[];
}

/** The proxies of a document. @throws {DecodeError} BAD_VALUE */
export function logicalProxies(document: ProvisioningDocument): readonly LogicalProxy[] {
  return characteristicsOf(document, 'PXLOGICAL').map((proxy, index) => {
    const path = `PXLOGICAL[${index}]`;
    return {
      proxyId: requiredParm(proxy, 'PROXY-ID', path),
      ...text(proxy, 'NAME', 'name'),
      physical: characteristicsOf(proxy, 'PXPHYSICAL').map((one, n) =>
        parsePhysical(one, `${path}.PXPHYSICAL[${n}]`),
      ),
      ports: parsePorts(proxy, path),
      auth: characteristicsOf(proxy, 'PXAUTHINFO').map((auth, n) => ({
        type: requiredParm(auth, 'PXAUTH-TYPE', `${path}.PXAUTHINFO[${n}]`),
        ...text(auth, 'PXAUTH-ID', 'name'),
        ...text(auth, 'PXAUTH-PW', 'secret'),
      })),
      parms: proxy.parms,
    };
  });
}

/** The access points of a document. @throws {DecodeError} BAD_VALUE */
export function accessPoints(document: ProvisioningDocument): readonly AccessPoint[] {
  return characteristicsOf(document, 'NAPDEF').map((point, index) => {
    const path = `NAPDEF[${index}]`;
    return {
      napId: requiredParm(point, 'NAPID', path),
      ...text(point, 'NAME', 'name'),
      bearers: parmsOf(point, 'BEARER'),
      ...text(point, 'NAP-ADDRESS', 'address'),
      ...text(point, 'NAP-ADDRTYPE', 'addressType'),
      internet: hasParm(point, 'INTERNET'),
      auth: characteristicsOf(point, 'NAPAUTHINFO').map((auth, n) => ({
        type: requiredParm(auth, 'AUTHTYPE', `${path}.NAPAUTHINFO[${n}]`),
        ...text(auth, 'AUTHNAME', 'name'),
        ...text(auth, 'AUTHSECRET', 'secret'),
      })),
      parms: point.parms,
    };
  });
}

function parsePhysical(physical: Characteristic, path: string): PhysicalProxy {
  return {
    physicalProxyId: requiredParm(physical, 'PHYSICAL-PROXY-ID', path),
    ...text(physical, 'PXADDR', 'addr'),
    ...text(physical, 'PXADDRTYPE', 'addrType'),
    toNapIds: parmsOf(physical, 'TO-NAPID'),
    ports: parsePorts(physical, path),
  };
}

function parsePorts(of: Characteristic, path: string): readonly ProxyPort[] {
  return characteristicsOf(of, 'PORT').map((port, index) => ({
    portNumber: portNumber(port, `${path}.PORT[${index}]`),
    services: parmsOf(port, 'SERVICE'),
  }));
}

function text<Key extends string>(
  of: Characteristic,
  parm: string,
  key: Key,
): { readonly [K in Key]?: string } {
  const value = parmOf(of, parm);
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}
