// What opens the protected records of a capture, from files: never from arguments.
import { checkSecret, type WtlsSecret } from '../../codec/wtls/index.ts';
import { ConfigError, utf8ToBytes, ValueError } from '../../core/index.ts';
import { type CaptureSecrets, TlsKeyLog } from '../../inspect/index.ts';
import type { Io } from '../io/io.ts';
import { nameOf, readJsonFile } from '../io/json-file.ts';
import { readOthersSecretFile, readSecretFile } from '../io/secret-file.ts';

/** The files. */
export interface CaptureSecretOptions {
  readonly wtlsSecretFile?: string;
  readonly tlsKeys?: string;
}

/**
 * Secrets of WTLS: JSON with `identity` and `secret`, a list of such, or the section `waps` with `secrets`. A key log of TLS: as
 * it stands, its mode too; lines of it that give no keys are named on standard error and left out.
 * @throws {ConfigError} for a file that cannot be read, holds none, or holds another form; never with a secret in it
 */
export async function readCaptureSecrets(io: Io, options: CaptureSecretOptions): Promise<CaptureSecrets> {
  const { wtlsSecretFile, tlsKeys } = options;
  const wtlsSecrets = wtlsSecretFile === undefined ? undefined : await readWtlsSecrets(io, wtlsSecretFile);
  const tlsKeyLog = tlsKeys === undefined ? undefined : await readKeyLog(io, tlsKeys);
  return {
    ...(wtlsSecrets === undefined ? {} : { wtlsSecrets }),
    ...(tlsKeyLog === undefined ? {} : { tlsKeyLog }),
  };
}

async function readWtlsSecrets(io: Io, file: string): Promise<readonly WtlsSecret[]> {
  const error = (detail: string): ConfigError => new ConfigError(`${nameOf(file)}: ${detail}`);
  const value = readJsonFile(await readSecretFile(io, file), file, (message) => new ConfigError(message));
  const given = isObject(value) && 'secrets' in value ? value.secrets : value;
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length === 0) throw error('holds no secret');
  return list.map((one, index) => {
    if (!isObject(one) || typeof one.identity !== 'string' || typeof one.secret !== 'string') {
      throw error('JSON with "identity" and "secret" was expected, or a list of such');
    }
    const secret = { identity: utf8ToBytes(one.identity), secret: utf8ToBytes(one.secret) };
    try {
      checkSecret(secret, `secrets[${index}]`);
    } catch (cause) {
      if (cause instanceof ValueError) throw error(cause.message);
      throw cause;
    }
    return secret;
  });
}

async function readKeyLog(io: Io, file: string): Promise<string> {
  const text = await readOthersSecretFile(io, file);
  const log = new TlsKeyLog();
  for (const { line, what } of log.add(text)) {
    io.stderr(`reveille: ${nameOf(file)}, line ${line}: ${what}\n`);
  }
  if (log.connections === 0) throw new ConfigError(`${nameOf(file)}: holds no keys of a TLS connection`);
  return text;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
