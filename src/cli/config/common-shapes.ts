// Shapes that sections of a configuration file share.
import { type TProperties, Type } from 'typebox';

/** An object without other fields than these. */
export function closed<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}

export const text = Type.String({ minLength: 1 });
export const flag = Type.Boolean();
export const port = Type.Integer({ minimum: 0, maximum: 65_535 });
/** Milliseconds, octets or a count. */
export const positive = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
/** Header fields by name. */
export const fields = Type.Record(Type.String(), Type.String());

/** Bounds of the connections that peers open, and how long one may take for a request, in milliseconds. */
export const inbound = {
  maxConnections: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  maxConnectionsPerSource: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  idleMs: Type.Optional(positive),
};

/** Pushes under way at once. */
export const places = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** How much a carrier is given: pushes under way at once, and how many begin in a second. */
export const pace = {
  places: Type.Optional(places),
  perSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
};

/** Bounds of pushes whose handler has not finished. */
export const pending = { maxPending: Type.Optional(positive), maxPendingPerSource: Type.Optional(positive) };

/** How a DM message has to be protected over HTTP or OBEX. */
export const messages = Type.Enum(['tls', 'authenticated', 'any']);

/** Hosts of devices that something is for; absent: all. */
export const hosts = Type.Array(text, { minItems: 1 });

/** TLS of connections that we open: authorities to trust, and the certificate that we prove ourselves with (PEM). */
export const tlsClient = closed({
  ca: Type.Optional(text),
  cert: Type.Optional(text),
  key: Type.Optional(text),
});

/** TLS of what listens: certificate chain and key (PEM), and the authorities of client certificates. */
export const tlsServer = closed({ cert: text, key: text });

export const credentials = closed({ username: text, password: text });

/** A secret of WTLS: text, and the hosts that it is for. */
export const wapsSecret = closed({ identity: text, secret: text, hosts: Type.Optional(hosts) });

/** Where an account at a message centre is. */
export const smsc = closed({
  host: text,
  port: Type.Optional(port),
  name: Type.Optional(text),
  systemId: text,
  password: Type.Optional(text),
  systemType: Type.Optional(text),
  tls: Type.Optional(tlsClient),
});

/** Times of links to message centres, in milliseconds. */
export const linkTimes = {
  connectMs: Type.Optional(positive),
  responseMs: Type.Optional(positive),
  enquireMs: Type.Optional(positive),
  backOffMs: Type.Optional(positive),
  maxBackOffMs: Type.Optional(positive),
};

export const sipCredentials = closed({ username: text, password: text, realm: Type.Optional(text) });
export const digestAlgorithms = Type.Array(Type.Enum(['MD5', 'SHA-256']), { minItems: 1 });
export const featureTag = Type.Enum(['specified', 'deployed']);

/** A modem that is opened by us, apart from where it is. */
export const modemLine = {
  baudRate: Type.Optional(positive),
  pin: Type.Optional(Type.String({ pattern: '^[0-9]{4,8}$' })),
  pinWithoutCount: Type.Optional(Type.Boolean()),
  memories: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z]{2}$' }))),
  commandMs: Type.Optional(positive),
  promptMs: Type.Optional(positive),
  submitMs: Type.Optional(positive),
  statusMs: Type.Optional(positive),
};
