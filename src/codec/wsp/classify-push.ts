// The filter of DM-NOTI §7.1.1: which WSP pushes are meant for the DM client. The port is the listener's business.
import {
  applicationIdNames,
  contentTypeNames,
  dmApplicationId,
  numberOf,
  pduTypeNames,
  pduTypes,
} from './assigned-numbers.ts';
import { hexOctet, type WspPush } from './decode-push.ts';

/** What a content type of ours carries: Package #0, a DM message, or Client Provisioning, which bootstraps DM. */
export type DmContentKind =
  | 'notification'
  | 'dm+wbxml'
  | 'dm+xml'
  | 'connectivity+wbxml'
  | 'connectivity+xml';

/** Why a push is not for the DM client. */
export type PushRejection = 'pdu-type' | 'application-id' | 'content-type';

/** Whether a push is for the DM client. */
export type PushClass =
  | {
      readonly accepted: true;
      readonly kind: DmContentKind;
      /** `code` is absent when the type came as text; `mime` is always there. */
      readonly contentType: { readonly mime: string; readonly code: number | undefined };
      readonly parameters: Readonly<Record<string, string>>;
    }
  | {
      readonly accepted: false;
      readonly reason: PushRejection;
      /** What was found, for a log. */
      readonly detail: string;
    };

const kinds: ReadonlyMap<number, DmContentKind> = new Map([
  [0x35, 'connectivity+xml'],
  [0x36, 'connectivity+wbxml'],
  [0x42, 'dm+wbxml'],
  [0x43, 'dm+xml'],
  [0x44, 'notification'],
  [0x58, 'notification'],
]);

/** What a content type carries for DM, by its number if it has one, else by its name; `undefined` when it is not ours. */
export function dmContentKind(type: {
  readonly code?: number | undefined;
  readonly mime?: string | undefined;
}): DmContentKind | undefined {
  if (type.code !== undefined) return kinds.get(type.code);
  const code = type.mime === undefined ? undefined : numberOf(contentTypeNames, type.mime);
  return code === undefined ? undefined : kinds.get(code);
}

/** True for Client Provisioning, which goes without an application id. */
export function isProvisioningKind(kind: DmContentKind | undefined): boolean {
  return kind === 'connectivity+wbxml' || kind === 'connectivity+xml';
}

/**
 * Applies DM-NOTI §7.1.1: a Push for application id syncml.dm with a content type of ours. No application id means
 * wml.ua, so not ours; of several, one that matches is enough. Client Provisioning needs none.
 */
export function classifyPush(push: WspPush): PushClass {
  if (push.pduType !== pduTypes.push) {
    const name = pduTypeNames.get(push.pduType);
    const detail = `PDU type 0x${hexOctet(push.pduType)}${name === undefined ? '' : ` (${name})`}, not Push`;
    return { accepted: false, reason: 'pdu-type', detail };
  }
  const kind = dmContentKind(push.contentType);
  // Client Provisioning has an application of its own, and is known by its type alone (OMA ProvBoot 1.1).
  if (!isProvisioningKind(kind) && !push.applicationIds.some(isDmApplication)) {
    const shown = push.applicationIds.slice(0, 4).map(showApplication).join(', ');
    const detail =
      shown === '' ? 'no application id, which means wml.ua' : `application id ${shown}, not syncml.dm`;
    return { accepted: false, reason: 'application-id', detail };
  }
  const { code, mime } = push.contentType;
  if (kind === undefined || mime === undefined) {
    const number = code === undefined ? '' : ` 0x${hexOctet(code)}`;
    const name = mime === undefined ? '' : ` ${shorten(mime)}`;
    return { accepted: false, reason: 'content-type', detail: `content type${number}${name}` };
  }
  return { accepted: true, kind, contentType: { mime, code }, parameters: push.contentType.parameters };
}

const scheme = 'x-wap-application:';

/** Text ids are compared with case, absolute or as the name after the colon. */
function isDmApplication(id: number | string): boolean {
  if (typeof id === 'number') return id === dmApplicationId;
  const name = applicationIdNames.get(dmApplicationId);
  return (id.startsWith(scheme) ? id.slice(scheme.length) : id) === name;
}

function showApplication(id: number | string): string {
  if (typeof id === 'string') return shorten(id);
  const name = applicationIdNames.get(id);
  return name === undefined ? String(id) : `${id} (${name})`;
}

/** A peer's text, fit for one line of a log. */
function shorten(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
