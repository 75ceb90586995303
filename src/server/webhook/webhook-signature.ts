// Signatures of webhooks (Standard Webhooks 1.0): HMAC-SHA256 over id, time and body, under a secret that begins with `whsec_`.
import { createHmac, randomBytes } from 'node:crypto';
import type { WebhookSecrets } from '../../store/index.ts';

const prefix = 'whsec_';
/** Octets of a secret: from 24 to 64 are allowed. */
const secretOctets = 32;

/** A new secret of 256 random bits. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(secretOctets).toString('base64');
}

/** What the receiver is told to know the sender by. */
export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  /** One signature for each secret that counts now, with a space between them. */
  readonly 'webhook-signature': string;
}

/** Signs a body. `now` is milliseconds since the POSIX epoch. */
export function signedHeaders(
  eventId: string,
  body: string,
  secrets: WebhookSecrets,
  now: number,
): SignedHeaders {
  const timestamp = String(Math.floor(now / 1000));
  const { current, previous } = secrets;
  const counting = [current, ...(previous !== undefined && now < previous.until ? [previous.secret] : [])];
  const signature = counting.map((secret) => `v1,${signatureOf(secret, `${eventId}.${timestamp}.${body}`)}`);
  return {
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature.join(' '),
  };
}

function signatureOf(secret: string, text: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  return createHmac('sha256', key).update(text).digest('base64');
}
