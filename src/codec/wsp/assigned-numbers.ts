// Numbers assigned in WSP (WAP-230-WSP, Appendix A) and by OMNA: as data, in the spelling that is shown to people.

/** PDU types of a push (WSP §8.2.4.1). */
export const pduTypes = { push: 0x06, confirmedPush: 0x07 } as const;

/** Names of the PDU types, for saying what came instead of a push (WSP, table 34). */
export const pduTypeNames: ReadonlyMap<number, string> = new Map([
  [0x01, 'Connect'],
  [0x02, 'ConnectReply'],
  [0x03, 'Redirect'],
  [0x04, 'Reply'],
  [0x05, 'Disconnect'],
  [pduTypes.push, 'Push'],
  [pduTypes.confirmedPush, 'ConfirmedPush'],
  [0x08, 'Suspend'],
  [0x09, 'Resume'],
  [0x40, 'Get'],
  [0x41, 'Options'],
  [0x42, 'Head'],
  [0x43, 'Delete'],
  [0x44, 'Trace'],
  [0x60, 'Post'],
  [0x61, 'Put'],
  [0x80, 'DataFragment'],
]);

/** WSP content type numbers that a push is likely to carry, with their MIME types. */
export const contentTypeNames: ReadonlyMap<number, string> = new Map([
  [0x2e, 'application/vnd.wap.sic'],
  [0x30, 'application/vnd.wap.slc'],
  [0x32, 'application/vnd.wap.coc'],
  [0x35, 'text/vnd.wap.connectivity-xml'],
  [0x36, 'application/vnd.wap.connectivity-wbxml'],
  [0x3e, 'application/vnd.wap.mms-message'],
  [0x42, 'application/vnd.syncml.dm+wbxml'],
  [0x43, 'application/vnd.syncml.dm+xml'],
  [0x44, 'application/vnd.syncml.notification'],
  [0x4e, 'application/vnd.syncml.ds.notification'],
  [0x58, 'application/vnd.syncml.dm.notification'],
  [0x0303, 'application/vnd.syncml+wbxml'],
]);

/** Application ids (X-Wap-Application-Id), the part after `x-wap-application:`. */
export const applicationIdNames: ReadonlyMap<number, string> = new Map([
  [0x00, '*'],
  [0x01, 'push.sia'],
  [0x02, 'wml.ua'],
  [0x03, 'wta.ua'],
  [0x04, 'mms.ua'],
  [0x05, 'push.syncml'],
  [0x06, 'loc.ua'],
  [0x07, 'syncml.dm'],
  [0x08, 'drm.ua'],
  [0x09, 'emn.ua'],
  [0x0a, 'wv.ua'],
  [0x1a, 'lwm2m.dm'],
]);

/** Application id of Device Management. */
export const dmApplicationId = 0x07;

/** What a header's value is, as far as showing and reading it goes. */
export type HeaderValueKind = 'integer' | 'date' | 'version' | 'any';

/** One assigned header name on the default code page. */
export interface HeaderName {
  readonly code: number;
  readonly name: string;
  readonly kind: HeaderValueKind;
}

/** Header names of the default code page that pushes carry. */
export const headerNames: readonly HeaderName[] = [
  { code: 0x0b, name: 'Content-Encoding', kind: 'any' },
  { code: 0x0d, name: 'Content-Length', kind: 'integer' },
  { code: 0x0e, name: 'Content-Location', kind: 'any' },
  { code: 0x11, name: 'Content-Type', kind: 'any' },
  { code: 0x12, name: 'Date', kind: 'date' },
  { code: 0x14, name: 'Expires', kind: 'date' },
  { code: 0x1d, name: 'Last-Modified', kind: 'date' },
  { code: 0x2f, name: 'X-Wap-Application-Id', kind: 'integer' },
  { code: 0x30, name: 'X-Wap-Content-URI', kind: 'any' },
  { code: 0x31, name: 'X-Wap-Initiator-URI', kind: 'any' },
  { code: 0x32, name: 'Accept-Application', kind: 'any' },
  { code: 0x33, name: 'Bearer-Indication', kind: 'integer' },
  { code: 0x34, name: 'Push-Flag', kind: 'integer' },
  { code: 0x3d, name: 'Cache-Control', kind: 'any' },
  { code: 0x3f, name: 'X-Wap-Tod', kind: 'date' },
  { code: 0x40, name: 'Content-ID', kind: 'any' },
  { code: 0x43, name: 'Encoding-Version', kind: 'version' },
  { code: 0x47, name: 'Cache-Control', kind: 'any' },
];

/** What a Content-Type parameter's value is. */
export type ParameterKind = 'charset' | 'sec' | 'any';

/** One assigned parameter name. */
export interface ParameterName {
  readonly code: number;
  readonly name: string;
  readonly kind: ParameterKind;
}

/** Well-known parameters of Content-Type. Where a name has two numbers, the first is the one that is written. */
export const parameterNames: readonly ParameterName[] = [
  { code: 0x01, name: 'charset', kind: 'charset' },
  { code: 0x03, name: 'type', kind: 'any' },
  { code: 0x05, name: 'name', kind: 'any' },
  { code: 0x06, name: 'filename', kind: 'any' },
  { code: 0x08, name: 'padding', kind: 'any' },
  { code: 0x09, name: 'type', kind: 'any' },
  { code: 0x0a, name: 'start', kind: 'any' },
  { code: 0x11, name: 'SEC', kind: 'sec' },
  { code: 0x12, name: 'MAC', kind: 'any' },
  { code: 0x13, name: 'creation-date', kind: 'any' },
  { code: 0x17, name: 'name', kind: 'any' },
  { code: 0x18, name: 'filename', kind: 'any' },
  { code: 0x19, name: 'start', kind: 'any' },
];

/** Values of SEC: how the MAC of a bootstrap message was keyed. */
export const secNames: readonly string[] = ['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC'];

/** IANA MIBenum numbers of character sets. */
export const charsetNames: ReadonlyMap<number, string> = new Map([
  [0, '*'],
  [3, 'us-ascii'],
  [4, 'iso-8859-1'],
  [106, 'utf-8'],
  [1015, 'utf-16'],
]);

/** The number that a name stands for in one of the maps above, or `undefined`. Case does not matter. */
export function numberOf(names: ReadonlyMap<number, string>, name: string): number | undefined {
  const wanted = name.toLowerCase();
  for (const [number, text] of names) if (text.toLowerCase() === wanted) return number;
  return undefined;
}
