// The section `sms` with roads and routes. What a road holds besides its kind is checked against the shape of that when it is
// opened, so that errors speak of one kind.
import { type Static, Type } from 'typebox';
import { closed, inbound, port, text, tlsServer } from '../config/common-shapes.ts';
import { roadKindNames } from './road-kinds.ts';

/** Where carriers reach us with delivery reports. */
const callbackListen = closed({
  ...inbound,
  address: text,
  port,
  tls: Type.Optional(tlsServer),
  /** What all paths begin with. */
  path: Type.Optional(Type.String({ pattern: '^/' })),
  /** The same place as seen from outside. */
  url: Type.Optional(Type.String({ pattern: '^https?://[^\\s%?#]+$' })),
});

/** The section. */
export const smsRoads = closed({
  roads: Type.Record(
    Type.String(),
    Type.Object({ kind: Type.Enum([...roadKindNames]) }, { additionalProperties: true }),
  ),
  routes: Type.Array(closed({ prefix: Type.String(), roads: Type.Array(text, { minItems: 1 }) }), {
    minItems: 1,
  }),
  listen: Type.Optional(callbackListen),
});

/** Its value. */
export type SmsRoadsSection = Static<typeof smsRoads>;
