// All published vectors, file by file.
import { smsVectors, wspVectors } from './carriers.ts';
import { bootstrapVectors, credentialVectors, digestVectors, wtlsVectors } from './macs.ts';
import { package0Vectors } from './package0.ts';
import { signedVectors } from './signed.ts';
import type { Vector, VectorFile } from './vector.ts';

const file = (about: string, vectors: readonly Vector[]): VectorFile => ({
  $schema: './schema.json',
  about,
  vectors,
});

/** Name in `vectors/` and content of each file. */
export function vectorFiles(): Readonly<Record<string, VectorFile>> {
  return {
    'package0.json': file(
      'Package #0 in its three formats: fields, digests, what is let pass, what is refused.',
      package0Vectors(),
    ),
    'digests.json': file('Digests of Package #0 by nonce, and credentials of DM sessions.', [
      ...digestVectors(),
      ...credentialVectors(),
    ]),
    'wsp.json': file('WSP connectionless push.', wspVectors()),
    'sms.json': file('User data of short messages, segments, TPDUs.', smsVectors()),
    'bootstrap.json': file(
      'MACs of bootstrap messages, for Client Provisioning and the DM profile.',
      bootstrapVectors(),
    ),
    'signed.json': file('Signed and encrypted DM messages.', signedVectors()),
    'wtls.json': file('WTLS with a shared secret: key schedule and records.', wtlsVectors()),
  };
}

/** A file as it is written. */
export const textOfFile = (content: VectorFile): string => `${JSON.stringify(content, undefined, 1)}\n`;
