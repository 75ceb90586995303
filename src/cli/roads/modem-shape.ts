// The settings of pushes through a modem: a road of the kind `modem`.
import { type Static, Type } from 'typebox';
import { closed, modemLine, pace, port, positive, text } from '../config/common-shapes.ts';

/** The section. */
export const modemSection = closed({
  ...pace,
  ...modemLine,
  /** Serial port, or `tcp:HOST:PORT`. */
  port: text,
  serviceCentre: Type.Optional(Type.String({ pattern: '^\\+?[0-9]{3,20}$' })),
  dataCoding: Type.Optional(Type.Integer()),
  validitySeconds: Type.Optional(positive),
  validityForm: Type.Optional(Type.Enum(['relative', 'absolute', 'none'])),
  referenceBits: Type.Optional(Type.Enum([8, 16])),
  maxSegments: Type.Optional(positive),
  destinationPort: Type.Optional(port),
  sourcePort: Type.Optional(port),
  receipts: Type.Optional(Type.Enum(['all', 'none'])),
  trackMs: Type.Optional(positive),
  linkWaitMs: Type.Optional(positive),
  maxResends: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 })),
});

/** Its value. */
export type ModemSection = Static<typeof modemSection>;
