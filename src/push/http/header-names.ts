// Header fields and codes of OTA-HTTP (OMA PushOTA), as both ends use them.

/** Path of the push service on a terminal. */
export const httpPushPath = '/wappush';

/** Registered ports of OTA-HTTP on a terminal: plain, and with TLS. */
export const httpPushPort = 4035;
export const httpsPushPort = 4036;

/** Names in lower case, as the parsers give them. */
export const fieldNames = {
  applicationId: 'x-wap-application-id',
  otaVersion: 'x-wap-push-ota-version',
  cpiTag: 'x-wap-cpitag',
  pushStatus: 'x-wap-push-status',
  terminalId: 'x-wap-terminal-id',
  bearerIndication: 'x-wap-bearer-indication',
  accept: 'x-wap-push-accept',
  acceptApplicationId: 'x-wap-push-accept-appid',
  maxMessageSize: 'x-wap-push-maxmsgsize',
  maxPushRequests: 'x-wap-push-accept-maxpushreq',
} as const;

/** The version that we speak. */
export const otaVersion = '1.0';

/** How an application id is written for DM. */
export const dmApplicationId = 'x-wap-application:syncml.dm';

/** Codes of X-Wap-Push-Status. */
export const pushStatuses = {
  accepted: 400,
  /** Refused; not to be tried again. */
  refused: 235,
  /** It cannot be delivered to the application. */
  undeliverable: 236,
  /** Discarded for want of resources. */
  discarded: 237,
  /** The content type cannot be processed. */
  unsupportedType: 238,
  /** The CPITag is not the terminal's; the push was not processed. */
  capabilitiesChanged: 256,
  /** Answers to a registration: nothing new, or what the capabilities are now. */
  unchanged: 500,
  changed: 501,
} as const;

/** Code and text of an X-Wap-Push-Status; `undefined` when it cannot be read. */
export function parsePushStatus(value: string): { readonly code: number; readonly text: string } | undefined {
  const match = /^\s*([0-9]{3})(?:\s+(.{0,200}))?/.exec(value);
  return match === null ? undefined : { code: Number(match[1]), text: (match[2] ?? '').trim() };
}

/** True for the application id of DM, absolute, as a name, or as its number. Case does not matter. */
export function isDmApplicationId(value: string): boolean {
  const id = value.trim().toLowerCase();
  return id === dmApplicationId || id === 'syncml.dm' || id === '7';
}
