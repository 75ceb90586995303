// The settings of a road through Kannel's sendsms.
import { Type } from 'typebox';
import { closed, flag, pace, port, positive, text, tlsClient } from '../config/common-shapes.ts';

/** The settings. */
export const kannelSection = closed({
  ...pace,
  url: Type.String({ pattern: '^https?://' }),
  username: text,
  password: text,
  from: Type.Optional(text),
  smsc: Type.Optional(text),
  account: Type.Optional(text),
  messageClass: Type.Optional(Type.Enum([0, 1, 2, 3, 'none'])),
  alternativeCoding: Type.Optional(flag),
  priority: Type.Optional(Type.Integer()),
  validitySeconds: Type.Optional(positive),
  referenceBits: Type.Optional(Type.Enum([8, 16])),
  maxSegments: Type.Optional(positive),
  destinationPort: Type.Optional(port),
  sourcePort: Type.Optional(port),
  trackMs: Type.Optional(positive),
  maxResends: Type.Optional(Type.Integer({ minimum: 0 })),
  backOffMs: Type.Optional(positive),
  downMs: Type.Optional(positive),
  tls: Type.Optional(tlsClient),
  connectMs: Type.Optional(positive),
  responseMs: Type.Optional(positive),
  maxConnections: Type.Optional(positive),
});
