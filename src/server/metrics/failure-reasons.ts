// Why pushes fail, as a closed list of words: codes of errors and of statuses are many, and some are a peer's.

/** Reasons, in an order that people can read. */
export const failureReasons = [
  /** Every push went out, and no session came. */
  'no-answer',
  /** Its time ended before it went out. */
  'unsent',
  /** The carrier took it, and said later that it did not arrive. */
  'undelivered',
  /** The carrier took it, and never said what became of it. */
  'unreported',
  /** A session came, and did not do what it was to. */
  'session',
  /** Nobody answered in time. */
  'timeout',
  /** No connection, no such host, nothing that listens. */
  'unreachable',
  /** The link to the carrier is down, or was lost. */
  'link',
  /** The carrier asked to send less. */
  'throttled',
  /** Our name, password, PIN or account was not taken, or is missing. */
  'credentials',
  /** TLS or WTLS did not come about, or the way is not protected as it has to be. */
  'security',
  /** The carrier, or the device, refused this push. */
  'rejected',
  /** The receiver is not known there. */
  'unknown-receiver',
  /** The octets are too many for the way. */
  'too-long',
  /** The answer was none of the protocol. */
  'protocol',
  /** No binding is configured for any address, or the address is none. */
  'no-route',
  /** It could not be composed. */
  'not-composed',
  /** The modem, or what stands between it and us. */
  'modem',
  /** Its device is not to be woken, or its carrier is suspended. */
  'suspended',
  /** We stopped. */
  'stopped',
  /** By request. */
  'cancelled',
  'other',
] as const;

/** Why a push, or an attempt of one, failed. */
export type FailureReason = (typeof failureReasons)[number];

const byCode: Readonly<Record<string, FailureReason>> = {
  NO_ANSWER: 'no-answer',
  UNSENT: 'unsent',
  UNDELIVERED: 'undelivered',
  UNREPORTED: 'unreported',
  SESSION: 'session',
  CANCELLED: 'cancelled',
  SUSPENDED: 'suspended',
  CARRIER_SUSPENDED: 'suspended',
  NOT_COMPOSED: 'not-composed',
  NO_ROUTE: 'no-route',
  TIMEOUT: 'timeout',
  NO_RESPONSE: 'timeout',
  UNANSWERED: 'timeout',
  ETIMEDOUT: 'timeout',
  EXPIRED: 'unsent',
  HOST_NOT_FOUND: 'unreachable',
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  UND_ERR_SOCKET: 'unreachable',
  NO_LINK: 'link',
  LINK_DOWN: 'link',
  ROAD_DOWN: 'link',
  LINK_LOST: 'link',
  NOT_BOUND: 'link',
  RESET: 'link',
  BUSY: 'throttled',
  THROUGHPUT: 'throttled',
  KANNEL_BUSY: 'throttled',
  ESME_RTHROTTLED: 'throttled',
  ESME_RMSGQFUL: 'throttled',
  SIP_429: 'throttled',
  HTTP_429: 'throttled',
  BIND_REFUSED: 'credentials',
  CREDENTIALS_MISSING: 'credentials',
  CREDENTIALS_REFUSED: 'credentials',
  CREDENTIALS_UNPROTECTED: 'security',
  PEER_NOT_AUTHENTICATED: 'security',
  KANNEL_ACCOUNT: 'credentials',
  NO_SECRET: 'credentials',
  SIP_401: 'credentials',
  SIP_403: 'credentials',
  SIP_407: 'credentials',
  OBEX_UNAUTHORIZED: 'credentials',
  HTTP_401: 'credentials',
  HTTP_403: 'credentials',
  INSECURE: 'security',
  TLS: 'security',
  SIP_404: 'unknown-receiver',
  SIP_410: 'unknown-receiver',
  SIP_604: 'unknown-receiver',
  KANNEL_NOT_ROUTABLE: 'unknown-receiver',
  ESME_RINVDSTADR: 'unknown-receiver',
  SIP_480: 'unreachable',
  SIP_408: 'timeout',
  TOO_LONG: 'too-long',
  EMSGSIZE: 'too-long',
  PROTOCOL: 'protocol',
  GATEWAY_LOSS: 'undelivered',
  UNDELIVERABLE: 'undelivered',
  NOT_ACCEPTED: 'rejected',
  REJECTED: 'rejected',
  WRONG_SERVICE: 'rejected',
  BAD_FORMAT: 'no-route',
  ABORTED: 'stopped',
  CLOSED: 'stopped',
  STOPPED: 'stopped',
  ERR_INVALID_URL: 'no-route',
};

/** What begins like this, where the whole code is not named. */
const byBeginning: readonly (readonly [RegExp, FailureReason])[] = [
  [/^WTLS_|^ERR_(?:TLS|SSL|OSSL)_|^CERT_/, 'security'],
  [/^(?:SIM|PIN|CMS|CME|MODEM|NO_MODEM|NO_SMS|NO_DBUS|NO_SERIALPORT|NO_PROMPT|BUS$|PORT$)/, 'modem'],
  [/^E(?:CONN|HOST|NET|ADDR|AF|AI_|NOTFOUND|PIPE|PROTO|NOBUFS|PERM|ACCES)/, 'unreachable'],
  [/^(?:ESME_|SMPP_|SIP_|HTTP_|OBEX_|PAP_|KANNEL_)/, 'rejected'],
];

/** The reason that a code stands for; of an unknown one, or of none, it is `other`. */
export function failureReason(code: string | undefined): FailureReason {
  if (code === undefined) return 'other';
  if (Object.hasOwn(byCode, code)) return byCode[code] ?? 'other';
  return byBeginning.find(([beginning]) => beginning.test(code))?.[1] ?? 'other';
}
