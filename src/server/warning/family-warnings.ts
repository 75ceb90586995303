// What the family of a device would not take of what is asked for, one line each, for the answers of the API. A warning keeps
// nothing back (docs/families.md).
import type { DmCommand } from '../../codec/syncml/index.ts';
import {
  type BootstrapProfile,
  bootstrapFindings,
  commandFindings,
  contentTypeFindings,
  type Family,
  type Finding,
  familyOf,
  findingText,
  type NotificationFacts,
  nonceFindings,
  notificationFindings,
  wbxmlFindings,
} from '../../families/index.ts';
import { type AddressScheme, contentTypes, type PushContentType, parseAddress } from '../../push/index.ts';
import type { DeviceRecord, JobCommand, NotificationRequest, NotifiedDevice } from '../../store/index.ts';
import { managementCommand } from '../command/job-commands.ts';
import { composePush } from '../compose/composer.ts';

/** Octets of the MD5 digest, which it does not cover itself. */
const md5Octets = 16;
/** Findings that are told one by one; a job may have as many as commands. */
const mostTold = 16;
/** Schemes whose pushes we write as WSP, with the number of the content type. */
const wspSchemes: readonly AddressScheme[] = ['wap', 'waps', 'sms'];

/** What is worth saying of a device's record: its account's ServerID, its format, its nonces. */
export function deviceFamilyWarnings(device: DeviceRecord): readonly string[] {
  const family = familyOf(device);
  const { serverId, format, serverCredentials, clientCredentials } = device;
  return texts(family, [
    ...notificationFindings(family, { serverId, format, initiator: 'server' }),
    ...nonceFindings(family, 'serverCredentials.nonceBase64', serverCredentials.nonce?.length ?? 0),
    ...nonceFindings(family, 'clientCredentials.nonceBase64', clientCredentials?.nonce?.length ?? 0),
  ]);
}

const none: readonly never[] = [];

/** What is worth saying of a notification for the device. `now` in milliseconds since the POSIX epoch. */
export function notificationFamilyWarnings(
  device: NotifiedDevice,
  request: Pick<NotificationRequest, 'format' | 'fields' | 'resynchronise'>,
  now: number,
): readonly string[] {
  const family = familyOf(device);
  if (family.name === 'generic') return none;
  const { format, fields, resynchronise } = request;
  const { serverId } = device;
  const facts: NotificationFacts = {
    serverId,
    format,
    initiator: fields.initiator === 'user' ? 'user' : 'server',
    resynchronises: resynchronise === true,
    ...(family.rows.triggerMaxOctets !== undefined && { signedOctets: signedOctets(device, request, now) }),
  };
  const findings = notificationFindings(family, facts);
  // A form that is not read is lost on any route.
  const unread = findings.some(({ row }) => row === 'notificationFormats');
  return texts(family, [...findings, ...(unread ? [] : reachFindings(family, device, contentTypes[format]))]);
}

/** Octets that an MD5 digest covers: no other secret, nonce or Session-ID makes them more. */
function signedOctets(
  device: NotifiedDevice,
  { format, fields }: Pick<NotificationRequest, 'format' | 'fields'>,
  now: number,
): number {
  const notification = { id: '', serverId: device.serverId, sessionId: 1, format, fields };
  return composePush(notification, device, 'default', now).body.length - md5Octets;
}

/** What is worth saying of the commands of a job; `path` is where they stand in the request. */
export function jobFamilyWarnings(
  device: DeviceRecord,
  commands: readonly JobCommand[],
  path: string,
): readonly string[] {
  const family = familyOf(device);
  if (family.name === 'generic') return [];
  const meant: readonly DmCommand[] = commands.map((command) => managementCommand(command));
  return texts(family, commandFindings(family, meant, path));
}

/** What is looked at of a message that needs no session. */
export interface MessageFacts {
  readonly contentType: PushContentType;
  /** Of a bootstrap. */
  readonly profile?: BootstrapProfile | undefined;
  readonly wbxmlVersion?: string | undefined;
  readonly commands?: readonly DmCommand[];
}

/** What is worth saying of a message that needs no session, or a bootstrap. */
export function messageFamilyWarnings(
  device: DeviceRecord,
  { contentType, profile, wbxmlVersion, commands = [] }: MessageFacts,
): readonly string[] {
  const family = familyOf(device);
  return texts(family, [
    ...(profile === undefined ? [] : bootstrapFindings(family, profile)),
    ...(wbxmlVersion === undefined ? [] : wbxmlFindings(family, wbxmlVersion)),
    ...reachFindings(family, device, contentType),
    ...commandFindings(family, commands, 'job'),
  ]);
}

/** Whether what goes by WSP reaches the client: by its number, or from a gateway, which is given the name alone. */
function reachFindings(
  family: Family,
  { addresses }: Pick<DeviceRecord, 'addresses'>,
  { code, mime }: PushContentType,
): readonly Finding[] {
  if (family.rows.wspContentTypes === undefined) return [];
  const schemes = addresses.map((address) => parseAddress(address).scheme);
  const byNumber = schemes.some((scheme) => wspSchemes.includes(scheme))
    ? contentTypeFindings(family, { code, mime })
    : [];
  if (byNumber.length > 0 || !schemes.includes('pap')) return byNumber;
  return contentTypeFindings(family, { mime });
}

function texts(family: Family, findings: readonly Finding[]): readonly string[] {
  const told = findings.slice(0, mostTold).map((finding) => findingText(family, finding));
  const more = findings.length - told.length;
  return more === 0 ? told : [...told, `${more} more of the kind (docs/families.md)`];
}
