// The settings of pushes over SMPP: the section `sms` where it has no roads, and a road of the kind `smpp`.
import { type Static, Type } from 'typebox';
import {
  closed,
  flag,
  linkTimes,
  places,
  port,
  positive,
  smsc,
  text,
  tlsClient,
} from '../config/common-shapes.ts';

const number = { ton: Type.Optional(Type.Integer()), npi: Type.Optional(Type.Integer()) };
const receiptId = Type.Enum(['any', 'same', 'hex-to-decimal', 'decimal-to-hex']);

const smsCentre = closed({
  ...smsc.properties,
  bind: Type.Optional(Type.Enum(['transceiver', 'separate'])),
  receiver: Type.Optional(
    closed({
      host: Type.Optional(text),
      port: Type.Optional(port),
      systemId: Type.Optional(text),
      password: Type.Optional(text),
      systemType: Type.Optional(text),
      tls: Type.Optional(tlsClient),
    }),
  ),
});

/** The settings. */
export const smppSection = closed({
  smscs: Type.Array(smsCentre, { minItems: 1 }),
  ...linkTimes,
  /** Its pace is `throughput`. */
  places: Type.Optional(places),
  distribution: Type.Optional(Type.Enum(['in-order', 'spread'])),
  connections: Type.Optional(positive),
  window: Type.Optional(positive),
  throughput: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  source: Type.Optional(closed({ address: text, ...number })),
  destination: Type.Optional(closed(number)),
  form: Type.Optional(Type.Enum(['udh', 'payload', 'sar'])),
  referenceBits: Type.Optional(Type.Enum([8, 16])),
  maxSegments: Type.Optional(positive),
  dataCoding: Type.Optional(Type.Integer()),
  serviceType: Type.Optional(text),
  priority: Type.Optional(Type.Integer()),
  storeAndForward: Type.Optional(flag),
  validitySeconds: Type.Optional(positive),
  validityForm: Type.Optional(Type.Enum(['relative', 'absolute', 'none'])),
  destinationPort: Type.Optional(port),
  sourcePort: Type.Optional(port),
  receipts: Type.Optional(Type.Enum(['all', 'failures', 'none'])),
  receiptParts: Type.Optional(Type.Enum(['each', 'last'])),
  receiptIds: Type.Optional(closed({ text: Type.Optional(receiptId), parameter: Type.Optional(receiptId) })),
  trackMs: Type.Optional(positive),
  linkWaitMs: Type.Optional(positive),
  pushMs: Type.Optional(positive),
});

/** Their value. */
export type SmppSection = Static<typeof smppSection>;
