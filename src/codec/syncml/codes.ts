// Names and numbers of DM: media types, alert codes, status codes, command names.

/** Media types of DM messages and of what they embed. */
export const mediaTypes = {
  dmXml: 'application/vnd.syncml.dm+xml',
  dmWbxml: 'application/vnd.syncml.dm+wbxml',
  tndsXml: 'application/vnd.syncml.dmtnds+xml',
  tndsWbxml: 'application/vnd.syncml.dmtnds+wbxml',
  ddfXml: 'application/vnd.syncml.dmddf+xml',
  ddfWbxml: 'application/vnd.syncml.dmddf+wbxml',
} as const;

/** Alert codes (DM-PRO-1.2, alert table). */
export const alertCodes = {
  display: 1100,
  confirmOrReject: 1101,
  textInput: 1102,
  singleChoice: 1103,
  multipleChoice: 1104,
  serverInitiated: 1200,
  clientInitiated: 1201,
  nextMessage: 1222,
  sessionAbort: 1223,
  clientEvent: 1224,
  noEndOfData: 1225,
  genericAlert: 1226,
} as const;

/** Name of an alert code. */
export type AlertName = keyof typeof alertCodes;

/** Status codes that DM uses (DM-REPPRO-1.2, response status codes). */
export const statusCodes = {
  ok: 200,
  acceptedForProcessing: 202,
  authenticationAccepted: 212,
  chunkedItemAccepted: 213,
  operationCancelled: 214,
  notExecuted: 215,
  atomicRollBackOk: 216,
  notModified: 304,
  badRequest: 400,
  invalidCredentials: 401,
  forbidden: 403,
  notFound: 404,
  commandNotAllowed: 405,
  optionalFeatureNotSupported: 406,
  missingCredentials: 407,
  requestTimeout: 408,
  gone: 410,
  incompleteCommand: 412,
  requestEntityTooLarge: 413,
  uriTooLong: 414,
  unsupportedMediaTypeOrFormat: 415,
  requestedRangeNotSatisfiable: 416,
  alreadyExists: 418,
  deviceFull: 420,
  sizeMismatch: 424,
  permissionDenied: 425,
  commandFailed: 500,
  serviceUnavailable: 503,
  dtdVersionNotSupported: 505,
  processingError: 506,
  atomicFailed: 507,
  dataStoreFailure: 510,
  protocolVersionNotSupported: 513,
  operationCancelledByDevice: 514,
  atomicRollBackFailed: 516,
  atomicResponseTooLarge: 517,
} as const;

/** Name of a status code. */
export type StatusName = keyof typeof statusCodes;

const statusNames = new Map<number, StatusName>();
for (const [name, code] of Object.entries(statusCodes)) statusNames.set(code, name as StatusName);

const alertNames = new Map<number, AlertName>();
for (const [name, code] of Object.entries(alertCodes)) alertNames.set(code, name as AlertName);

/** Name of a status code, given as a number or as Data of Status; `undefined` for one that DM does not use. */
export function statusName(code: number | string): StatusName | undefined {
  return statusNames.get(Number(code));
}

/** Name of an alert code, given as a number or as Data of Alert; `undefined` for one that DM does not use. */
export function alertName(code: number | string): AlertName | undefined {
  return alertNames.get(Number(code));
}

/** The code with its meaning in words, for people: `404 not found`. Unknown codes stay numbers. */
export function describeStatus(code: number | string): string {
  const name = statusName(code);
  return name === undefined ? String(code) : `${code} ${inWords(name)}`;
}

/** The alert code with its meaning in words, for people: `1200 server initiated`. */
export function describeAlert(code: number | string): string {
  const name = alertName(code);
  return name === undefined ? String(code) : `${code} ${inWords(name)}`;
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
}
