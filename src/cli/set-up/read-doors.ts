// The doors of `serve` as settings say them: where the DM endpoint and the REST API listen, behind which certificates, for whom.
import { isIP } from 'node:net';
import {
  type ApiTls,
  checkOidc,
  type OidcSettings,
  requireAuthority,
  requireToken,
} from '../../api/index.ts';
import { ConfigError } from '../../core/index.ts';
import { type DmListenerTls, isMadeToken } from '../../server/index.ts';
import type { SecretGuard } from '../bindings/config-file.ts';
import { readInput } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { isLoopback } from '../io/listen-address.ts';
import { readPem, requirePair } from '../io/tls-files.ts';
import { FaultList } from '../settings/fault-list.ts';
import { readOidcFile } from '../settings/oidc-shape.ts';
import type { ReadSettings } from '../settings/read-settings.ts';
import type { SettingName } from '../settings/settings-table.ts';
import type { ApiDoor, DmDoor } from './doors.ts';

const { called } = FaultList;

/** What doors are read with. */
export interface DoorReading {
  readonly io: Io;
  readonly read: ReadSettings;
  /** Asked before a file with a secret is read. */
  readonly guard: SecretGuard;
  readonly faults: FaultList;
}

/** The door for devices. What is wrong is added to the faults. */
export async function readDmDoor(reading: DoorReading): Promise<DmDoor> {
  const { io, read, faults } = reading;
  const { dm, clientCa, trustProxy } = read.values;
  const pair = await readPair(reading, 'tlsCertificate', 'tlsKey');
  if (clientCa !== undefined && read.values.tlsCertificate === undefined) {
    faults.add(
      read,
      'clientCa',
      'needs a certificate and key of the DM endpoint',
      `give ${called(read, 'tlsCertificate')} and ${called(read, 'tlsKey')} too`,
    );
  }
  const authorities =
    clientCa === undefined
      ? undefined
      : await faults.try(read.nameOf('clientCa'), () => readPem(io, clientCa, 'CERTIFICATE'));
  const tls: DmListenerTls | undefined =
    pair && (authorities === undefined ? pair : { ...pair, clientCa: authorities });
  if (tls !== undefined)
    await faults.try(read.nameOf('tlsCertificate'), () => requirePair('DM endpoint', tls));
  return { ...dm, ...(tls !== undefined && { tls }), ...(trustProxy !== undefined && { trustProxy }) };
}

/** The door for operators. What is wrong is added to the faults; so is what would let others in, or listen in, unasked. */
export async function readApiDoor(reading: DoorReading): Promise<ApiDoor> {
  const { read, faults } = reading;
  const { api: listen, apiHost, apiWithoutTls, apiTlsCertificate, apiTlsKey, rateLimit } = read.values;
  const { tokens, made } = (await readTokens(reading)) ?? { tokens: [], made: 0 };
  const tls = await readPair(reading, 'apiTlsCertificate', 'apiTlsKey');
  if (tls !== undefined) await faults.try(read.nameOf('apiTlsCertificate'), () => requirePair('API', tls));
  const wantsTls = (apiTlsCertificate ?? apiTlsKey) !== undefined;
  if (apiWithoutTls && wantsTls) {
    const name = apiTlsCertificate === undefined ? 'apiTlsKey' : 'apiTlsCertificate';
    faults.add(
      read,
      'apiWithoutTls',
      `this and ${called(read, name)} exclude each other`,
      'leave one of them out',
    );
  }
  const outside = !isLoopback(listen.host);
  if (outside && !wantsTls && !apiWithoutTls) {
    faults.add(
      read,
      'api',
      `${listen.host} can be reached from other machines, and the REST API speaks plain HTTP there, so that its tokens can be read on the way`,
      `give ${called(read, 'apiTlsCertificate')} and ${called(read, 'apiTlsKey')}, listen on 127.0.0.1, or say ${called(read, 'apiWithoutTls')}`,
    );
  }
  for (const host of apiHost) await faults.try(read.nameOf('apiHost'), () => requireAuthority(host));
  const oidc = await readOidc(reading);
  return {
    ...listen,
    tokens,
    ...(made > 0 && { madeTokens: made }),
    // Whoever gave one means that nobody gets in without.
    requireToken: outside || made > 0,
    // A name that it listens on is one that it is known by.
    hosts: [...apiHost, ...(isIP(listen.host) === 0 ? [listen.host] : [])],
    requestsPerMinute: rateLimit,
    ...(oidc !== undefined && { oidc }),
    ...(tls !== undefined && { tls }),
  };
}

/** Of a file that an option or variable names; else of the configuration file, where it stands or is named. */
async function readOidc({ io, read, faults }: DoorReading): Promise<OidcSettings | undefined> {
  const { oidc: file } = read.values;
  const inline = 'server.api.oidc';
  if (read.oidc !== undefined && read.origins.oidc === 'file') {
    faults.add(read, 'oidc', `this and ${inline} exclude each other`, 'leave one of them out');
    return undefined;
  }
  const where = file ?? read.placeOf(inline);
  return await faults.try(where, async () => {
    const settings = file === undefined ? read.oidc : await readOidcFile(io, file);
    if (settings !== undefined) checkOidc(settings);
    return settings;
  });
}

interface GivenTokens {
  /** May do everything. */
  readonly tokens: readonly string[];
  /** How many others there are, which a server has made. */
  readonly made: number;
}

/**
 * Tokens of the file or the variable. Of those that a server has made the store says what they may do: the variable is that of all
 * commands, so what somebody exports to read with would open everything to all who have it.
 */
async function readTokens({ io, read, guard, faults }: DoorReading): Promise<GivenTokens | undefined> {
  const { tokenFile } = read.values;
  const source = tokenFile === undefined ? 'REVEILLE_API_TOKEN' : `${read.nameOf('tokenFile')} ${tokenFile}`;
  return await faults.try(
    source,
    async () => {
      const tokens = linesOf(
        tokenFile === undefined ? (io.env.REVEILLE_API_TOKEN ?? '') : await readSecret(io, tokenFile, guard),
      );
      if (tokenFile !== undefined && tokens.length === 0) throw new UsageError('it holds no token');
      for (const token of tokens) {
        try {
          requireToken(token);
        } catch (error) {
          if (error instanceof ConfigError) throw new UsageError(error.message);
          throw error;
        }
      }
      const own = tokens.filter((token) => !isMadeToken(token));
      return { tokens: own, made: tokens.length - own.length };
    },
    read.origins.tokenFile === 'file',
  );
}

async function readSecret(io: Io, file: string, guard: SecretGuard): Promise<string> {
  guard(file, '');
  return await readInput(io, file);
}

function linesOf(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function readPair(
  { io, read, guard, faults }: DoorReading,
  certificate: SettingName & ('tlsCertificate' | 'apiTlsCertificate'),
  key: SettingName & ('tlsKey' | 'apiTlsKey'),
): Promise<ApiTls | undefined> {
  const { [certificate]: certificateFile, [key]: keyFile } = read.values;
  if (certificateFile === undefined && keyFile === undefined) return undefined;
  if (certificateFile === undefined || keyFile === undefined) {
    const names = [certificate, key].map((name) => called(read, name));
    faults.add(
      read,
      certificateFile === undefined ? key : certificate,
      `${names.join(' and ')} belong together`,
      'give both, or neither',
    );
    return undefined;
  }
  const cert = await faults.try(read.nameOf(certificate), () => readPem(io, certificateFile, 'CERTIFICATE'));
  const pem = await faults.try(read.nameOf(key), () =>
    readPem(io, keyFile, 'PRIVATE KEY', (file) => guard(file, '')),
  );
  return cert === undefined || pem === undefined ? undefined : { cert, key: pem };
}
