// The settings of a road of the kind `http` (docs/sms-over-http.md).
import { type Static, Type } from 'typebox';
import { bodyFormats, centrePresetNames, statusMeanings } from '../../push/sms-http/index.ts';
import {
  closed,
  credentials,
  fields,
  flag,
  pace,
  port,
  positive,
  text,
  tlsClient,
} from '../config/common-shapes.ts';

const pointer = Type.String({ pattern: '^(?:/|$)' });
const words = Type.Array(Type.String(), { maxItems: 200 });

const request = closed({
  method: Type.Optional(Type.Enum(['GET', 'POST', 'PUT'])),
  url: Type.Optional(text),
  query: Type.Optional(fields),
  blank: Type.Optional(Type.Enum(['%20', '+'])),
  headers: Type.Optional(fields),
  form: Type.Optional(fields),
  json: Type.Optional(Type.Record(Type.String(), Type.Any())),
});

const answer = closed({
  format: Type.Optional(Type.Enum([...bodyFormats])),
  separator: Type.Optional(text),
  id: Type.Optional(pointer),
  code: Type.Optional(pointer),
  taken: Type.Optional(words),
  retryable: Type.Optional(words),
  throttled: Type.Optional(words),
  account: Type.Optional(words),
  statuses: Type.Optional(
    Type.Record(Type.String({ pattern: '^[1345][0-9]{2}$' }), Type.Enum([...statusMeanings])),
  ),
  meanings: Type.Optional(fields),
  detail: Type.Optional(pointer),
  retryAfterSeconds: Type.Optional(pointer),
  refusal: Type.Optional(closed({ code: Type.Optional(pointer), detail: Type.Optional(pointer) })),
});

const proof = closed({
  path: Type.Optional(closed({ secret: text })),
  query: Type.Optional(closed({ name: text, secret: text })),
  header: Type.Optional(closed({ name: text, secret: text, prefix: Type.Optional(Type.String()) })),
  basic: Type.Optional(credentials),
  signature: Type.Optional(
    closed({
      secret: text,
      header: text,
      prefix: Type.Optional(Type.String()),
      algorithm: Type.Optional(Type.Enum(['sha256', 'sha512', 'sha1'])),
      encoding: Type.Optional(Type.Enum(['hex', 'base64'])),
      over: Type.Optional(Type.Array(text, { minItems: 1, maxItems: 20 })),
    }),
  ),
});

const receipts = closed({
  /** Default: where `sms.listen` is. */
  callback: Type.Optional(text),
  proof: Type.Optional(proof),
  tie: Type.Optional(Type.Enum(['token', 'id'])),
  each: Type.Optional(pointer),
  token: Type.Optional(pointer),
  id: Type.Optional(pointer),
  number: Type.Optional(pointer),
  state: Type.Optional(pointer),
  error: Type.Optional(pointer),
  delivered: Type.Optional(words),
  failed: Type.Optional(words),
  underWay: Type.Optional(words),
  answerStatus: Type.Optional(Type.Integer({ minimum: 200, maximum: 299 })),
});

/** The settings. */
export const httpSection = closed({
  ...pace,
  preset: Type.Optional(Type.Enum([...centrePresetNames])),
  account: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]+$' }), text)),
  from: Type.Optional(text),
  request: Type.Optional(request),
  answer: Type.Optional(answer),
  receipts: Type.Optional(receipts),
  credentials: Type.Optional(credentials),
  dataCoding: Type.Optional(Type.Integer()),
  validitySeconds: Type.Optional(positive),
  throughput: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  maxResends: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
  backOffMs: Type.Optional(positive),
  downMs: Type.Optional(positive),
  maxTracked: Type.Optional(positive),
  trackMs: Type.Optional(positive),
  referenceBits: Type.Optional(Type.Enum([8, 16])),
  maxSegments: Type.Optional(positive),
  destinationPort: Type.Optional(port),
  sourcePort: Type.Optional(port),
  tls: Type.Optional(tlsClient),
  connectMs: Type.Optional(positive),
  responseMs: Type.Optional(positive),
  maxConnections: Type.Optional(positive),
  allowPlainBasic: Type.Optional(flag),
});

/** Their value. */
export type HttpSection = Static<typeof httpSection>;
