// The sections of a configuration file that say how pushes are sent (docs/bindings.md).
import { type Static, Type } from 'typebox';
import { papGatewayKinds } from '../../push/pap/index.ts';
import {
  closed,
  credentials,
  digestAlgorithms,
  featureTag,
  fields,
  flag,
  hosts,
  inbound,
  messages,
  pace,
  port,
  positive,
  sipCredentials,
  text,
  tlsClient,
  tlsServer,
  wapsSecret,
} from '../config/common-shapes.ts';
import { smsRoads } from '../roads/roads-shape.ts';
import { smppSection } from '../roads/smpp-shape.ts';

const wap = closed({ ...pace, maxDatagram: Type.Optional(positive) });

const waps = closed({
  ...pace,
  secrets: Type.Array(wapsSecret, { minItems: 1 }),
  maxDatagram: Type.Optional(positive),
  retransmitMs: Type.Optional(positive),
  tries: Type.Optional(positive),
  flow: Type.Optional(Type.Enum(['abbreviated', 'full'])),
  localPort: Type.Optional(port),
  sessionMs: Type.Optional(positive),
  idleMs: Type.Optional(positive),
  keyRefresh: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  /** Package #0 too, against the text (spec-notes ruling 26). */
  notifications: Type.Optional(flag),
});

const sip = closed({
  ...pace,
  from: text,
  outboundProxy: Type.Optional(text),
  credentials: Type.Optional(Type.Array(sipCredentials)),
  algorithms: Type.Optional(digestAlgorithms),
  featureTag: Type.Optional(featureTag),
  headers: Type.Optional(Type.Array(closed({ name: text, value: text }))),
  maxPayload: Type.Optional(positive),
  tls: Type.Optional(tlsClient),
  connectMs: Type.Optional(positive),
});

const httpClient = {
  tls: Type.Optional(tlsClient),
  connectMs: Type.Optional(positive),
  responseMs: Type.Optional(positive),
  maxConnections: Type.Optional(positive),
  allowPlainBasic: Type.Optional(flag),
  preemptiveBasic: Type.Optional(flag),
};

const http = closed({
  ...pace,
  ...httpClient,
  form: Type.Optional(Type.Enum(['direct', 'envelope'])),
  credentials: Type.Optional(
    Type.Array(closed({ username: text, password: text, hosts: Type.Optional(hosts) })),
  ),
  headers: Type.Optional(fields),
  messages: Type.Optional(messages),
  register: Type.Optional(Type.Enum(['on-demand', 'always', 'never'])),
  maxPayload: Type.Optional(positive),
});

const obex = closed({
  ...pace,
  credentials: Type.Optional(
    Type.Array(closed({ userId: Type.Optional(text), password: text, hosts: Type.Optional(hosts) })),
  ),
  mutual: Type.Optional(Type.Enum(['messages', 'always', 'never'])),
  messages: Type.Optional(messages),
  target: Type.Optional(text),
  tls: Type.Optional(tlsClient),
  maxPayload: Type.Optional(positive),
  maxPacketLength: Type.Optional(positive),
  connectMs: Type.Optional(positive),
  responseMs: Type.Optional(positive),
});

const qualityOfService = closed({
  priority: Type.Optional(Type.Enum(['high', 'medium', 'low'])),
  deliveryMethod: Type.Optional(Type.Enum(['confirmed', 'preferconfirmed', 'unconfirmed', 'notspecified'])),
  network: Type.Optional(text),
  networkRequired: Type.Optional(flag),
  bearer: Type.Optional(text),
  bearerRequired: Type.Optional(flag),
});

const gateway = closed({
  ...pace,
  ...httpClient,
  name: text,
  url: text,
  kind: Type.Optional(Type.Enum([...papGatewayKinds])),
  force: Type.Optional(flag),
  maxMessages: Type.Optional(positive),
  credentials: Type.Optional(credentials),
  version: Type.Optional(Type.Enum(['1.0', '2.0'])),
  qualityOfService: Type.Optional(qualityOfService),
  notifyTo: Type.Optional(text),
  kannelReportsTo: Type.Optional(text),
  sourceReference: Type.Optional(text),
  lifetimeMs: Type.Optional(positive),
  headers: Type.Optional(fields),
  maxPayload: Type.Optional(positive),
});

const pap = closed({
  /** Of each gateway that does not say it for itself. */
  ...pace,
  gateways: Type.Array(gateway, { minItems: 1 }),
  initiator: Type.Optional(text),
  /** Where gateways reach us with results: what `notifyTo` and `kannelReportsTo` name as seen from outside. */
  listen: Type.Optional(
    closed({
      ...inbound,
      address: text,
      port,
      tls: Type.Optional(tlsServer),
      resultPath: Type.Optional(Type.String({ pattern: '^/' })),
      kannelPath: Type.Optional(Type.String({ pattern: '^/' })),
    }),
  ),
});

/** All sections; each opens the binding of its schemes. */
export const senderSections = closed({
  wap: Type.Optional(wap),
  waps: Type.Optional(waps),
  sms: Type.Optional(Type.Union([smppSection, smsRoads])),
  sip: Type.Optional(sip),
  http: Type.Optional(http),
  obex: Type.Optional(obex),
  pap: Type.Optional(pap),
});

/** The value of such a file. */
export type SenderSections = Static<typeof senderSections>;
