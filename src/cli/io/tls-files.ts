// Certificates and keys for https, from files.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../../core/index.ts';
import { reasonOf } from './input.ts';
import { UsageError } from './io.ts';
import { guardSecretFile, type RemarkIo } from './secret-file.ts';

/** Options that name PEM files. */
export interface TlsFileOptions {
  readonly ca?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
}

/** Contents of the files, or `undefined` when no option was given. @throws {UsageError} {ConfigError} */
export async function readTlsFiles(
  io: RemarkIo,
  options: TlsFileOptions,
): Promise<{ ca?: string; cert?: string; key?: string } | undefined> {
  const { ca, clientCertificate, clientKey } = options;
  if ((clientCertificate === undefined) !== (clientKey === undefined)) {
    throw new UsageError('--client-certificate and --client-key belong together');
  }
  if (ca === undefined && clientCertificate === undefined) return undefined;
  const files = {
    ...(ca === undefined ? {} : { ca: await readPem(io, ca, 'CERTIFICATE') }),
    ...(clientCertificate === undefined ? {} : { cert: await readPem(io, clientCertificate, 'CERTIFICATE') }),
    ...(clientKey === undefined ? {} : { key: await readPem(io, clientKey, 'PRIVATE KEY') }),
  };
  try {
    createSecureContext(files);
  } catch (cause) {
    const named = [ca, clientCertificate, clientKey].filter((file) => file !== undefined).join(', ');
    throw new ConfigError(`${named} do not work together: ${reasonOf(cause)}`, { cause });
  }
  return files;
}

/**
 * Text of a PEM file that holds a block of that kind. `guard` sees to it that nobody else can use a key; by default its mode is
 * narrowed.
 * @throws {ConfigError} when it cannot be read or holds none
 */
export async function readPem(
  io: RemarkIo,
  file: string,
  kind: 'CERTIFICATE' | 'PRIVATE KEY',
  guard: (file: string) => void = (key) => guardSecretFile(io, key),
): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`cannot read ${file}: ${reasonOf(cause)}`, { cause });
  }
  if (!new RegExp(`-----BEGIN [A-Z ]*${kind}-----`).test(text)) {
    throw new ConfigError(`${file} holds no PEM block of a ${kind.toLowerCase()}; give the file that does`);
  }
  // Only now: a file that was named by mistake keeps its mode.
  if (kind === 'PRIVATE KEY') guard(file);
  return text;
}

/** That certificate and key can be used and belong together. @throws {ConfigError} */
export function requirePair(
  whose: string,
  {
    cert,
    key,
    clientCa: ca,
  }: Readonly<Record<'cert' | 'key', string | Buffer> & { clientCa?: string | Buffer }>,
): void {
  try {
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
      throw new Error('the key is not that of the certificate');
    }
    createSecureContext({ cert, key, ...(ca !== undefined && { ca }) });
  } catch (cause) {
    const [why] = reasonOf(cause).split('\n', 1);
    throw new ConfigError(`the certificate or the key of the ${whose} does not work: ${why}`, { cause });
  }
}
