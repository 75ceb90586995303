// The numbers of OBEX: operations, responses, headers. Unknown ones survive as numbers and print as hex.

/** Operations of requests, without the final bit (IrOBEX §3.3). */
export const opcodes = {
  connect: 0x00,
  disconnect: 0x01,
  put: 0x02,
  get: 0x03,
  setPath: 0x05,
  action: 0x06,
  session: 0x07,
  abort: 0x7f,
} as const;

/** Final bit of an opcode: the request is complete with this packet (IrOBEX §3.1). */
export const finalBit = 0x80;

/** Responses, as they stand on the wire: always with the final bit (IrOBEX §3.2.1). */
export const responseCodes = {
  continue: 0x90,
  success: 0xa0,
  created: 0xa1,
  accepted: 0xa2,
  nonAuthoritative: 0xa3,
  noContent: 0xa4,
  resetContent: 0xa5,
  partialContent: 0xa6,
  multipleChoices: 0xb0,
  movedPermanently: 0xb1,
  movedTemporarily: 0xb2,
  seeOther: 0xb3,
  notModified: 0xb4,
  useProxy: 0xb5,
  badRequest: 0xc0,
  unauthorized: 0xc1,
  paymentRequired: 0xc2,
  forbidden: 0xc3,
  notFound: 0xc4,
  methodNotAllowed: 0xc5,
  notAcceptable: 0xc6,
  proxyAuthenticationRequired: 0xc7,
  requestTimeout: 0xc8,
  conflict: 0xc9,
  gone: 0xca,
  lengthRequired: 0xcb,
  preconditionFailed: 0xcc,
  entityTooLarge: 0xcd,
  urlTooLarge: 0xce,
  unsupportedMediaType: 0xcf,
  internalError: 0xd0,
  notImplemented: 0xd1,
  badGateway: 0xd2,
  serviceUnavailable: 0xd3,
  gatewayTimeout: 0xd4,
  versionNotSupported: 0xd5,
  databaseFull: 0xe0,
  databaseLocked: 0xe1,
} as const;

/** Header identifiers; their top two bits give the form of the value (IrOBEX §2.1, §2.2). */
export const headerIds = {
  name: 0x01,
  description: 0x05,
  type: 0x42,
  timeIso: 0x44,
  target: 0x46,
  http: 0x47,
  body: 0x48,
  endOfBody: 0x49,
  who: 0x4a,
  applicationParameters: 0x4c,
  authenticationChallenge: 0x4d,
  authenticationResponse: 0x4e,
  wanUuid: 0x50,
  objectClass: 0x51,
  sessionParameters: 0x52,
  sessionSequenceNumber: 0x93,
  count: 0xc0,
  length: 0xc3,
  time: 0xc4,
  connectionId: 0xcb,
  creatorId: 0xcf,
} as const;

const opcodeNames = namesOf(opcodes);
const responseNames = namesOf(responseCodes);
const headerNames = namesOf(headerIds);

/** Name of an operation, the final bit aside; an unknown one as `0x0A`. */
export function opcodeName(opcode: number): string {
  return opcodeNames.get(opcode & 0x7f) ?? hexOctet(opcode & 0x7f);
}

/** Name of a response code, with or without its final bit; an unknown one as `0xC7`. */
export function responseName(code: number): string {
  return responseNames.get(code | finalBit) ?? hexOctet(code | finalBit);
}

/** Name of a header; an unknown one as `0x30`. */
export function headerName(id: number): string {
  return headerNames.get(id) ?? hexOctet(id);
}

/** True for the codes that say that the request was carried out: Success, Created, Accepted and their kin. */
export function isSuccess(code: number): boolean {
  return code >= responseCodes.success && code < responseCodes.multipleChoices;
}

function hexOctet(octet: number): string {
  return `0x${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

function namesOf(table: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(table).map(([name, number]) => [number, name]));
}
