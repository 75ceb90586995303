// A bootstrap message: a new account for a device, in either profile, protected by SEC and MAC (DM-BOOT-1.2, OMA ProvBoot
// 1.1). It is no secret to who can read the bearer: the MAC tells where it comes from, and encrypts nothing.
import {
  type DmApplication,
  dmApplicationCharacteristic,
  writeProvisioning,
} from '../codec/provisioning/index.ts';
import { mediaTypes, writeMessage } from '../codec/syncml/index.ts';
import { writeTnds } from '../codec/tnds/index.ts';
import type { WbxmlVersion } from '../codec/wbxml/index.ts';
import { bytesToBase64, requireServerId, ValueError } from '../core/index.ts';
import { type BootstrapSec, type BootstrapSecret, bootstrapMac, userPinMac } from '../security/index.ts';
import type { AuthLevel, NewDmAccount } from '../tree/index.ts';
import { accountTree, type BootstrapAccessPoint } from './account-tree.ts';

/** What a bootstrap message is protected with. `none` is for bearers that protect it themselves. */
export type BootstrapProtection =
  | BootstrapSecret
  | { readonly sec: 'USERPINMAC'; readonly pin: string }
  | { readonly sec: 'none' };

/** What a bootstrap is made of. */
export interface BootstrapContent {
  /** `dm`: a DM message that adds a DMAcc through the Inbox; `cp`: a Client Provisioning document with a w7 application. */
  readonly profile: 'dm' | 'cp';
  readonly account: NewDmAccount;
  readonly accessPoint?: BootstrapAccessPoint;
  /** `./DevInfo/DevId` for Target/LocURI of the DM profile; default: empty, for any device. */
  readonly deviceId?: string;
  readonly protection: BootstrapProtection;
  /** Default `1.2` in the DM profile, `1.3` in the other. */
  readonly wbxmlVersion?: WbxmlVersion;
}

/** A bootstrap message, ready to be pushed. */
export interface BootstrapMessage {
  /** Name in `contentTypes` of the push contract. */
  readonly kind: 'dm+wbxml' | 'connectivity+wbxml';
  /** SEC by its name, and MAC. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What the user has to be told in another way: the PIN, and under USERPINMAC the digits of the MAC with it. */
  readonly pinForUser?: string;
}

/** Makes the message. @throws {ValueError} for a PIN, an account or an access point that cannot be */
export function composeBootstrap(content: BootstrapContent): BootstrapMessage {
  requireServerId(content.account.serverId, 'account.serverId');
  const body = content.profile === 'dm' ? dmBody(content) : provisioningBody(content);
  const kind = content.profile === 'dm' ? 'dm+wbxml' : 'connectivity+wbxml';
  const { protection } = content;
  if (protection.sec === 'none') return { kind, parameters: {}, body };
  const sec: BootstrapSec = protection.sec;
  if (protection.sec === 'USERPINMAC') {
    return { kind, parameters: { SEC: sec }, body, pinForUser: userPinMac(body, protection.pin) };
  }
  // Each profile joins PIN and secret in its own way, unless somebody insists (spec-notes ruling 30).
  const secret: BootstrapSecret =
    protection.sec === 'USERNETWPIN' ? { joined: content.profile, ...protection } : protection;
  const parameters = { SEC: sec, MAC: bootstrapMac(body, secret) };
  return { kind, parameters, body, ...('pin' in protection && { pinForUser: protection.pin }) };
}

function dmBody({ account, accessPoint, deviceId = '', wbxmlVersion = '1.2' }: BootstrapContent): Uint8Array {
  return writeMessage(
    {
      header: {
        verDtd: '1.2',
        verProto: 'DM/1.2',
        sessionId: '0',
        msgId: '0',
        target: { uri: deviceId },
        source: { uri: account.serverId },
      },
      commands: [
        {
          name: 'Add',
          cmdId: '1',
          items: [
            {
              target: { uri: './Inbox' },
              meta: { format: 'xml', type: mediaTypes.tndsWbxml },
              // Types and names repeat in it, and a datagram is small.
              data: writeTnds(accountTree(account, accessPoint), 'wbxml', {
                version: wbxmlVersion,
                stringTable: true,
              }),
            },
          ],
        },
      ],
      final: true,
    },
    'wbxml',
    { wbxml: { version: wbxmlVersion } },
  );
}

/** AAUTHLEVEL of w7 by the levels of DMAcc (OMA DM w7). */
const w7Levels: Readonly<Partial<Record<AuthLevel, string>>> = {
  CLCRED: 'APPSRV',
  SRVCRED: 'CLIENT',
  OBEX: 'OBEX',
  HTTP: 'HTTP',
};

function provisioningBody({ account, accessPoint, wbxmlVersion }: BootstrapContent): Uint8Array {
  if (account.credentials.some(({ level }) => w7Levels[level] === undefined)) {
    const detail = 'NOTICRED cannot be said in Client Provisioning: use the DM profile';
    throw new ValueError('OUT_OF_RANGE', detail, 'account.credentials');
  }
  const application: DmApplication = {
    providerId: account.serverId,
    ...(account.name !== undefined && { name: account.name }),
    init: false,
    addresses: account.addresses.map(({ addr, addrType, portNumbers }) => ({
      addr,
      ...(addrType !== undefined && { addrType: addrType.toUpperCase() }),
      portNumbers: portNumbers ?? [],
    })),
    auth: account.credentials.map(({ level, data, ...kept }) => ({
      ...kept,
      level: w7Levels[level] ?? level,
      ...(data !== undefined && { data: bytesToBase64(data) }),
    })),
    toProxies: [],
    toNapIds: accessPoint === undefined ? [] : [accessPoint.id],
  };
  const access =
    accessPoint === undefined
      ? []
      : [
          {
            type: 'NAPDEF',
            parms: [
              { name: 'NAPID', value: accessPoint.id },
              ...(accessPoint.name === undefined ? [] : [{ name: 'NAME', value: accessPoint.name }]),
              ...(accessPoint.bearer === undefined ? [] : [{ name: 'BEARER', value: accessPoint.bearer }]),
              { name: 'NAP-ADDRESS', value: accessPoint.address },
              { name: 'NAP-ADDRTYPE', value: accessPoint.addressType ?? 'APN' },
            ],
            characteristics: (accessPoint.auth ?? []).map(({ type, name, secret }) => ({
              type: 'NAPAUTHINFO',
              parms: [
                { name: 'AUTHTYPE', value: type },
                ...(name === undefined ? [] : [{ name: 'AUTHNAME', value: name }]),
                ...(secret === undefined ? [] : [{ name: 'AUTHSECRET', value: secret }]),
              ],
              characteristics: [],
            })),
          },
        ];
  const document = { version: '1.1', characteristics: [...access, dmApplicationCharacteristic(application)] };
  return writeProvisioning(document, 'wbxml', wbxmlVersion === undefined ? {} : { version: wbxmlVersion });
}
