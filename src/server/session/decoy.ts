// Credentials of devices that do not exist: they fail like those of devices that do.
import { randomBytes } from 'node:crypto';
import { bytesToHex, sha256, utf8ToBytes } from '../../core/index.ts';
import type { SessionCredentials } from '../../session/index.ts';

const key = randomBytes(32);

/** Credentials that nobody holds, the same for the same device as long as the process lives. */
export function decoyCredentials(deviceId: string): SessionCredentials {
  const secret = bytesToHex(sha256(key, utf8ToBytes(deviceId)));
  const nonce = sha256(key, utf8ToBytes(`nonce ${deviceId}`)).subarray(0, 16);
  return { scheme: 'md5', name: deviceId, secret, nonce };
}
