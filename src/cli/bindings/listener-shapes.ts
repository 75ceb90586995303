// The sections of a device's configuration file: what `--listen URI` cannot say (docs/bindings.md).
import { type Static, Type } from 'typebox';
import {
  closed,
  credentials,
  digestAlgorithms,
  featureTag,
  flag,
  inbound,
  linkTimes,
  messages,
  modemLine,
  pending,
  port,
  positive,
  sipCredentials,
  smsc,
  text,
  tlsClient,
  wapsSecret,
} from '../config/common-shapes.ts';

const wap = closed(pending);

const waps = closed({
  ...pending,
  secrets: Type.Array(wapsSecret, { minItems: 1 }),
  retransmitMs: Type.Optional(positive),
  tries: Type.Optional(positive),
  maxHandshakes: Type.Optional(positive),
  maxHandshakesPerSource: Type.Optional(positive),
  sessionMs: Type.Optional(positive),
  idleMs: Type.Optional(positive),
  maxSessions: Type.Optional(positive),
  maxSessionsPerSource: Type.Optional(positive),
  keyRefresh: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  /** Package #0 too, against the text (spec-notes ruling 26). */
  notifications: Type.Optional(flag),
});

const sms = closed({
  ...pending,
  smsc,
  ...linkTimes,
  bind: Type.Optional(Type.Enum(['receiver', 'transceiver'])),
  port: Type.Optional(port),
});

/** Behind a modem (`--listen modem:…`). */
const modem = closed({
  ...pending,
  ...modemLine,
  port: Type.Optional(port),
  busAddress: Type.Optional(text),
});

const sip = closed({
  ...inbound,
  ...pending,
  registrar: Type.Optional(text),
  outboundProxy: Type.Optional(text),
  instanceId: text,
  credentials: Type.Optional(Type.Array(sipCredentials)),
  algorithms: Type.Optional(digestAlgorithms),
  featureTags: Type.Optional(Type.Array(featureTag, { minItems: 1 })),
  expiresSeconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 0xffffffff })),
  contact: Type.Optional(closed({ host: text, port: Type.Optional(port) })),
  address: Type.Optional(text),
  port: Type.Optional(port),
  udp: Type.Optional(flag),
  tcp: Type.Optional(flag),
  tls: Type.Optional(closed({ cert: text, key: text, port: Type.Optional(port) })),
  tlsClient: Type.Optional(tlsClient),
  maxPayload: Type.Optional(positive),
});

const http = closed({
  ...inbound,
  ...pending,
  accounts: Type.Optional(Type.Array(credentials)),
  realm: Type.Optional(text),
  allowPlainBasic: Type.Optional(flag),
  authenticate: Type.Optional(Type.Enum(['messages', 'always'])),
  messages: Type.Optional(messages),
  applicationIdRequired: Type.Optional(flag),
  terminalId: Type.Optional(text),
  maxPayload: Type.Optional(positive),
  /** For `https:` only. */
  tls: Type.Optional(
    closed({
      cert: text,
      key: text,
      clientCa: Type.Optional(text),
      clientCertificate: Type.Optional(Type.Enum(['optional', 'required'])),
    }),
  ),
});

const obex = closed({
  ...inbound,
  accounts: Type.Optional(Type.Array(closed({ userId: Type.Optional(text), password: text }))),
  authenticate: Type.Optional(Type.Enum(['messages', 'always'])),
  messages: Type.Optional(messages),
  realm: Type.Optional(text),
  target: Type.Optional(text),
  targetRequired: Type.Optional(flag),
  maxPayload: Type.Optional(positive),
  maxPacketLength: Type.Optional(positive),
  tls: Type.Optional(closed({ cert: text, key: text })),
});

/** All sections, by what listens. */
export const listenerSections = closed({
  wap: Type.Optional(wap),
  waps: Type.Optional(waps),
  sms: Type.Optional(sms),
  modem: Type.Optional(modem),
  sip: Type.Optional(sip),
  http: Type.Optional(http),
  obex: Type.Optional(obex),
});

/** The value of such a file. */
export type ListenerSections = Static<typeof listenerSections>;
