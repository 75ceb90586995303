// A new account as a tree (TNDS) for the Inbox: DMAcc, and the network access that it refers to.
import type { TndsDocument, TndsNode, TndsProperties } from '../codec/tnds/index.ts';
import { ValueError } from '../core/index.ts';
import type { NewDmAccount } from '../tree/index.ts';

/** A network access point that comes along with the account. */
export interface BootstrapAccessPoint {
  /** Name of its node, and NAPID of Client Provisioning: letters, digits and _ . - */
  readonly id: string;
  readonly name?: string;
  /** Access point name, telephone number, … */
  readonly address: string;
  /** Default `APN`. */
  readonly addressType?: string;
  /** Such as `GSM-GPRS`. */
  readonly bearer?: string;
  /** What the device proves itself with to the network, in order of preference. */
  readonly auth?: readonly AccessPointAuth[];
}

/** NAPAUTHINFO of Client Provisioning (OMA ProvCont 1.1 §5.4), AuthInfo of an access point in the tree. */
export interface AccessPointAuth {
  /** Such as `PAP`, `CHAP`, `MD5`. */
  readonly type: string;
  readonly name?: string;
  readonly secret?: string;
}

const connectivityType = 'urn:oma:mo:oma-connmo-nap:1.0';

/**
 * The account, and its access point beside it. The account then prefers that access point, by a reference through the
 * Inbox (DM-SESSIONLESS-1.3 §5.5), and its server gets the rights on both by ACL properties (§5.4).
 * @throws {ValueError} BAD_FORMAT for the name of an access point
 */
export function accountTree(account: NewDmAccount, accessPoint?: BootstrapAccessPoint): TndsDocument {
  const { serverId } = account;
  const acl = `Delete=${serverId}&Get=${serverId}&Replace=${serverId}`;
  const preferred = accessPoint === undefined ? account.prefConRef : `./Inbox/${nodeName(accessPoint.id)}`;
  const noticred = account.credentials.some(({ level }) => level === 'NOTICRED');
  const object: TndsNode = {
    name: account.node ?? 'Account',
    properties: { format: 'node', type: { ddfName: `urn:oma:mo:oma-dm-dmacc:1.${noticred ? 1 : 0}` }, acl },
    nodes: [
      ...leaf('AppID', 'w7'),
      ...leaf('ServerID', serverId),
      ...leaf('Name', account.name),
      ...leaf('PrefConRef', preferred),
      ...branch(
        'ToConRef',
        (account.toConRefs ?? []).map((reference) => leaf('ConRef', reference)),
      ),
      ...branch(
        'AppAddr',
        account.addresses.map(({ addr, addrType, portNumbers }) => [
          ...leaf('Addr', addr),
          ...leaf('AddrType', addrType ?? 'URI'),
          ...branch(
            'Port',
            (portNumbers ?? []).map((port) => leaf('PortNbr', String(port))),
          ),
        ]),
      ),
      ...leaf('AAuthPref', account.authPreference),
      ...branch(
        'AppAuth',
        account.credentials.map((credential) => [
          ...leaf('AAuthLevel', credential.level),
          ...leaf('AAuthType', credential.type),
          ...leaf('AAuthName', credential.name),
          ...leaf('AAuthSecret', credential.secret),
          ...leaf('AAuthData', credential.data),
        ]),
      ),
    ],
  };
  const access = accessPoint === undefined ? [] : [accessPointNode(accessPoint, acl)];
  return { verDtd: '1.2', nodes: [...access, object] };
}

function accessPointNode(
  { id, name, address, addressType = 'APN', bearer, auth = [] }: BootstrapAccessPoint,
  acl: string,
) {
  return {
    name: nodeName(id),
    properties: { format: 'node', type: { ddfName: connectivityType }, acl },
    nodes: [
      ...leaf('NAPID', id),
      ...leaf('Name', name),
      ...leaf('NapAddr', address),
      ...leaf('NapAddrTy', addressType),
      ...leaf('BearerType', bearer),
      ...branch(
        'AuthInfo',
        auth.map((each) => [
          ...leaf('AuthType', each.type),
          ...leaf('AuthName', each.name),
          ...leaf('AuthSecret', each.secret),
        ]),
      ),
    ],
  } satisfies TndsNode;
}

function nodeName(id: string): string {
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(id) && !/^\.+$/.test(id)) return id;
  throw new ValueError('BAD_FORMAT', 'must be 1 to 64 letters, digits and _ . -', 'accessPoint.id');
}

function leaf(name: string, value: string | Uint8Array | undefined): readonly TndsNode[] {
  if (value === undefined) return [];
  const format = typeof value === 'string' ? 'chr' : 'bin';
  const mime = format === 'chr' ? 'text/plain' : 'application/octet-stream';
  // Text is the default format.
  const properties: TndsProperties =
    format === 'chr' ? { type: { mime } } : { format: 'bin', type: { mime } };
  return [{ name, properties, value, nodes: [] }];
}

/** An interior node with numbered children; none without children. */
function branch(name: string, children: readonly (readonly TndsNode[])[]): readonly TndsNode[] {
  if (children.length === 0) return [];
  const properties = { format: 'node', type: { ddfName: '' } } as const;
  const nodes = children.map((inner, index) => ({ name: String(index + 1), properties, nodes: inner }));
  return [{ name, properties, nodes }];
}
