// The configuration file of `serve`: the sections of bindings, and the PAP endpoint for other push initiators.
import { type Static, Type } from 'typebox';
import {
  closed,
  credentials,
  flag,
  inbound,
  port,
  positive,
  text,
  tlsServer,
} from '../config/common-shapes.ts';
import { senderSections } from './sender-shapes.ts';

const initiator = closed({
  name: text,
  credentials: Type.Optional(credentials),
  from: Type.Optional(Type.Array(text, { minItems: 1 })),
  addresses: Type.Optional(Type.Array(text)),
  kinds: Type.Optional(
    Type.Array(Type.Enum(['notification', 'dm+wbxml', 'dm+xml', 'connectivity+wbxml', 'connectivity+xml'])),
  ),
  notifyTo: Type.Optional(Type.Array(text)),
  /** Proved to the initiator when it is told a result. */
  notifyCredentials: Type.Optional(credentials),
});

const papEndpoint = closed({
  ...inbound,
  address: text,
  port,
  tls: Type.Optional(tlsServer),
  path: Type.Optional(Type.String({ pattern: '^/' })),
  initiators: Type.Array(initiator, { minItems: 1 }),
  gatewayNames: Type.Optional(Type.Array(text, { minItems: 1 })),
  senderName: Type.Optional(text),
  senderAddress: Type.Optional(text),
  realm: Type.Optional(text),
  allowPlainBasic: Type.Optional(flag),
  maxPayload: Type.Optional(positive),
});

/** All sections. */
export const serveSections = closed({
  ...senderSections.properties,
  papEndpoint: Type.Optional(papEndpoint),
});

/** The value of such a file. */
export type ServeSections = Static<typeof serveSections>;
