// libxmlsec1 as what signatures are held against: a small program around its library, the message, and the keys.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from './compiled.ts';
import { dmSignedDocument } from './dm-documents.ts';

/** Files that both sides of a row read. */
export interface SignFiles {
  /** The message as XML text. */
  readonly message: string;
  /** The octets of a shared secret. */
  readonly secret: string;
  /** A private key of RSA with 2048 bits, in PEM. */
  readonly rsa: string;
}

/** Writes the message and new keys into a folder. */
export function writeSignFiles(folder: string): SignFiles {
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    message: file('message.xml', dmSignedDocument),
    secret: file('secret', 'bench-secret-0123456789abcdef'),
    rsa: file('rsa.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
}

/** Compiles `bench/programs/xmlsec.c` into a folder; or says why it cannot be had. */
export function makeXmlsec(
  root: string,
  folder: string,
): { readonly program: string } | { readonly missing: string } {
  return compiled(root, 'xmlsec', folder, {
    name: 'xmlsec1-openssl',
    packages: 'libxmlsec1-dev, libxmlsec1-openssl',
  });
}
