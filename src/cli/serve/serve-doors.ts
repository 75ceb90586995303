// The doors of `serve`: where the DM endpoint and the REST API listen, behind which certificates, and for whom.
import { isIP } from 'node:net';
import { type ApiTls, requireToken } from '../../api/index.ts';
import { ConfigError, type Logger } from '../../core/index.ts';
import type { DmListenerTls } from '../../server/index.ts';
import { readInteger, reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { isLoopback, type ListenAddress, readListen } from '../io/listen-address.ts';
import { readSecretFile } from '../io/secret-file.ts';
import { readPem } from '../io/tls-files.ts';
import type { ApiDoor, DmDoor } from './doors.ts';
import { readOidcFile } from './oidc-file.ts';
import type { RunningServer } from './running-server.ts';

/** Options of `serve` that are about its doors. */
export interface DoorOptions {
  readonly dm: string;
  readonly tlsCertificate?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly trustProxy?: string;
  readonly api: string;
  readonly apiHost?: readonly string[];
  readonly apiTlsCertificate?: string;
  readonly apiTlsKey?: string;
  readonly apiWithoutTls?: true;
  readonly tokenFile?: string;
  readonly oidc?: string;
  readonly rateLimit?: string;
}

/** @throws {UsageError} {ConfigError} */
export async function readDmDoor(io: Io, options: DoorOptions): Promise<DmDoor> {
  const { trustProxy } = options;
  checkProxies(trustProxy);
  const tls = await readDmTls(io, options);
  return {
    ...readListen(options.dm, '--dm', 8080),
    ...(tls === undefined ? {} : { tls }),
    ...(trustProxy === undefined ? {} : { trustProxy }),
  };
}

/** @throws {UsageError} when others could get in, or listen in, without that being wanted; {ConfigError} */
export async function readApiDoor(io: Io, options: DoorOptions): Promise<ApiDoor> {
  const listen = readListen(options.api, '--api', 8081);
  const tokens = await readTokens(io, options.tokenFile);
  const tls = await readApiTls(io, options);
  if (!isLoopback(listen.host)) {
    const reached = `--api ${options.api} can be reached from other machines`;
    if (tls === undefined && options.apiWithoutTls !== true) {
      throw new UsageError(
        `${reached} and speaks plain HTTP, so that its tokens can be read on the way`,
        'Give --api-tls-certificate and --api-tls-key, listen on 127.0.0.1, or say --api-without-tls.',
      );
    }
  }
  // A name that it listens on is one that it is known by.
  const hosts = [...(options.apiHost ?? []), ...(isIP(listen.host) === 0 ? [listen.host] : [])];
  const requireToken = !isLoopback(listen.host);
  const oidc = options.oidc === undefined ? undefined : await readOidcFile(io, options.oidc);
  const perMinute = readInteger(options.rateLimit ?? '0', '--rate-limit', 0, 100_000_000);
  return {
    ...listen,
    ...(oidc === undefined ? {} : { oidc }),
    ...(perMinute === 0 ? {} : { requestsPerMinute: perMinute }),
    tokens,
    requireToken,
    hosts,
    ...(tls === undefined ? {} : { tls }),
  };
}

/** Tells the log that the tokens of a file may do everything, for as long as it is given. */
export function warnOfTokenFile({ tokenFile }: DoorOptions, logger: Logger): void {
  if (tokenFile === undefined) return;
  logger.warn(
    { file: tokenFile },
    'every token of --token-file may do everything: make tokens with scopes (reveille token create), then leave the file out',
  );
}

/** HOST:PORT, or a port alone at the loopback. @throws {UsageError} */
export function readMetricsAddress(text: string): ListenAddress {
  return readListen(/^[0-9]+$/.test(text) ? `127.0.0.1:${text}` : text, '--metrics', 9464);
}

/** Tells the log when the door stands open to whoever sees the traffic. */
export function warnOfPlainApi({ host, port, tls }: ApiDoor, logger: Logger): void {
  if (tls !== undefined || isLoopback(host)) return;
  logger.warn(
    { host, port },
    'the REST API listens without TLS: whoever sees the traffic can use its tokens',
  );
}

/**
 * Reads certificates and keys again at each SIGHUP, for connections from then on; what does not work leaves those before,
 * with a line in the log. Gives what ends it.
 */
export function followCertificates(
  io: Io,
  options: DoorOptions,
  running: Pick<RunningServer, 'renewApiTls' | 'renewDmTls'>,
  logger: Logger,
): () => void {
  const renew = async (door: string, work: () => Promise<boolean>): Promise<void> => {
    try {
      if (await work()) logger.info({ door }, 'the certificate was read again');
    } catch (error) {
      logger.error({ door, error: reasonOf(error) }, 'the certificate was read again and stays as it was');
    }
  };
  const renewAll = async (): Promise<void> => {
    await renew('REST API', async () => {
      const tls = await readApiTls(io, options);
      if (tls !== undefined) running.renewApiTls(tls);
      return tls !== undefined;
    });
    await renew('DM endpoint', async () => {
      const tls = await readDmTls(io, options);
      if (tls !== undefined) running.renewDmTls(tls);
      return tls !== undefined;
    });
  };
  if (options.tlsCertificate === undefined && options.apiTlsCertificate === undefined) return () => undefined;
  let last: Promise<void> = Promise.resolve();
  const leave = io.onHangUp?.(() => {
    last = last.then(renewAll);
  });
  return leave ?? (() => undefined);
}

async function readDmTls(io: Io, options: DoorOptions): Promise<DmListenerTls | undefined> {
  const { tlsCertificate, tlsKey, clientCa } = options;
  const pair = await readPair(io, tlsCertificate, tlsKey, ['--tls-certificate', '--tls-key']);
  if (pair === undefined) {
    if (clientCa !== undefined) throw new UsageError('--client-ca needs --tls-certificate and --tls-key');
    return undefined;
  }
  return clientCa === undefined ? pair : { ...pair, clientCa: await readPem(io, clientCa, 'CERTIFICATE') };
}

async function readApiTls(io: Io, options: DoorOptions): Promise<ApiTls | undefined> {
  const { apiTlsCertificate, apiTlsKey, apiWithoutTls } = options;
  const names = ['--api-tls-certificate', '--api-tls-key'] as const;
  if (apiWithoutTls === true && (apiTlsCertificate ?? apiTlsKey) !== undefined) {
    throw new UsageError(`--api-without-tls and ${names[0]} exclude each other`);
  }
  return await readPair(io, apiTlsCertificate, apiTlsKey, names);
}

async function readPair(
  io: Io,
  certificate: string | undefined,
  key: string | undefined,
  names: readonly [certificate: string, key: string],
): Promise<{ readonly cert: string; readonly key: string } | undefined> {
  if ((certificate === undefined) !== (key === undefined)) {
    throw new UsageError(`${names[0]} and ${names[1]} belong together`);
  }
  if (certificate === undefined || key === undefined) return undefined;
  const [cert, pem] = await Promise.all([
    readPem(io, certificate, 'CERTIFICATE'),
    readPem(io, key, 'PRIVATE KEY'),
  ]);
  return { cert, key: pem };
}

async function readTokens(io: Io, file: string | undefined): Promise<readonly string[]> {
  const text = file === undefined ? (io.env.REVEILLE_API_TOKEN ?? '') : await readSecretFile(io, file);
  const tokens = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (file !== undefined && tokens.length === 0) throw new UsageError(`--token-file ${file} holds no token`);
  const source = file === undefined ? 'REVEILLE_API_TOKEN' : `--token-file ${file}`;
  for (const token of tokens) {
    try {
      requireToken(token);
    } catch (error) {
      if (error instanceof ConfigError) throw new UsageError(`${source}: ${error.message}`);
      throw error;
    }
  }
  return tokens;
}

/** @throws {UsageError} unless every entry is an address, a network, or a name for a range */
function checkProxies(text: string | undefined): void {
  for (const entry of text?.split(',').map((part) => part.trim()) ?? []) {
    const [address = '', bits, ...more] = entry.split('/');
    const family = isIP(address);
    const longest = family === 4 ? 32 : 128;
    const fits = bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= longest);
    if ((family > 0 && fits && more.length === 0) || ['loopback', 'linklocal', 'uniquelocal'].includes(entry))
      continue;
    throw new UsageError(`--trust-proxy ${entry}: not an address or network such as 10.0.0.0/8`);
  }
}
