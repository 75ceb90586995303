// The digest of a notification, computed from the documents for tests that read one off the wire.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** What the digest is computed with. */
export interface DigestParts {
  readonly serverId: string;
  readonly secret: string;
  readonly nonce: Uint8Array;
}

/** Checks it (DM-NOTI-1.3-2010 §6.2.2, DM-NOTI-1.3 §6.6). */
export function checkDigest(body: Buffer, format: 'dm1.3-2010' | 'dm1.3', parts: DigestParts): void {
  const { serverId, secret, nonce } = parts;
  const hash = (name: string, ...pieces: (string | Uint8Array)[]): Buffer =>
    pieces.reduce((sum, piece) => sum.update(piece), createHash(name)).digest();
  if (format === 'dm1.3') {
    const head = body.subarray(0, 12);
    const digest = hash('sha256', `${secret}:`, head, ':', body.subarray(12, -32));
    assert.deepEqual(body.subarray(-32), digest);
    return;
  }
  const name = hash('md5', `${serverId}:${secret}`).toString('base64');
  const trigger = hash('md5', body.subarray(16)).toString('base64');
  assert.deepEqual(body.subarray(0, 16), hash('md5', `${name}:`, nonce, `:${trigger}`));
}
