// What a server would be started with, out of the settings of `serve`; what cannot be is found, and the rest is looked at.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkOidc, requireAuthority } from '../../api/index.ts';
import { ConfigError } from '../../core/index.ts';
import { readSealKeys } from '../../store/index.ts';
import { type Finding, tellerOf } from '../doctor-base/finding.ts';
import { secretFileFinding } from '../doctor-base/secret-files.ts';
import type { Door, SetUp } from '../doctor-base/set-up.ts';
import { reasonOf } from '../io/input.ts';
import type { Io } from '../io/io.ts';
import { FaultList } from '../settings/fault-list.ts';
import { readOidcFile } from '../settings/oidc-shape.ts';
import type { ReadSettings } from '../settings/read-settings.ts';
import type { SettingName } from '../settings/settings-table.ts';

const tell = tellerOf('options');

/** The set-up. What is wrong with settings together is added to what is found. */
export async function readSetUp(io: Io, read: ReadSettings, found: Finding[]): Promise<SetUp> {
  const { data, metrics } = read.values;
  const doors: Door[] = [dmDoor(read), apiDoor(read, found)];
  if (metrics !== undefined) doors.push({ name: 'metrics', listen: metrics, knownAs: [] });
  found.push(...togetherFindings(read));
  const sealKeys = readKeys(io, read, found);
  const tokens = readTokens(io, read, found);
  return { data, doors, sealKeys, tokens, oidc: await readOidc(io, read, found) };
}

function dmDoor(read: ReadSettings): Door {
  const { dm, tlsCertificate, tlsKey, clientCa, trustProxy, url } = read.values;
  const knownAs =
    url === undefined
      ? []
      : [{ host: new URL(url).hostname.replace(/^\[|\]$/g, ''), where: `${read.nameOf('url')} ${url}` }];
  return {
    name: 'DM endpoint',
    listen: dm,
    certificate: tlsCertificate,
    key: tlsKey,
    clientCa,
    // Behind a proxy that does TLS the name is that of the proxy.
    knownAs: trustProxy === undefined ? knownAs : [],
    plain: trustProxy === undefined ? undefined : 'proxy',
  };
}

function apiDoor(read: ReadSettings, found: Finding[]): Door {
  const { api, apiHost, apiTlsCertificate, apiTlsKey, apiWithoutTls } = read.values;
  const named = read.nameOf('apiHost');
  const names = apiHost.flatMap((text) => {
    try {
      requireAuthority(text);
      return [{ host: hostOf(text), where: `${named} ${text}` }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      found.push(tell.error(named, error.message));
      return [];
    }
  });
  const own = isIP(api.host) === 0 ? [{ host: api.host, where: read.nameOf('api') }] : [];
  return {
    name: 'REST API',
    listen: api,
    certificate: apiTlsCertificate,
    key: apiTlsKey,
    knownAs: [...names, ...own],
    plain: apiWithoutTls ? 'on purpose' : undefined,
  };
}

/** The host of HOST or HOST:PORT. */
function hostOf(text: string): string {
  return isIP(text) === 0 ? text.replace(/:[0-9]+$/, '').replace(/^\[|\]$/g, '') : text;
}

/** Settings of which one does nothing without the other, and those that exclude each other. */
function togetherFindings(read: ReadSettings): readonly Finding[] {
  const { values, nameOf } = read;
  const needs = (one: SettingName, other: SettingName): readonly Finding[] => {
    if (values[one] === undefined || values[other] !== undefined) return [];
    const called = FaultList.called(read, other);
    return [tell.error(nameOf(one), `it does nothing without ${called}`, `give ${called} too`)];
  };
  const found = [
    ...needs('tlsCertificate', 'tlsKey'),
    ...needs('tlsKey', 'tlsCertificate'),
    ...needs('clientCa', 'tlsCertificate'),
    ...needs('apiTlsCertificate', 'apiTlsKey'),
    ...needs('apiTlsKey', 'apiTlsCertificate'),
    ...needs('url', 'serverId'),
  ];
  if (values.apiWithoutTls && values.apiTlsCertificate !== undefined) {
    const what = `it excludes ${FaultList.called(read, 'apiTlsCertificate')}`;
    found.push(tell.error(nameOf('apiWithoutTls'), what, 'leave one of them out'));
  }
  return found;
}

/** An identity provider, of a file of its own or within the configuration. */
async function readOidc(io: Io, read: ReadSettings, found: Finding[]): Promise<SetUp['oidc']> {
  const file = read.values.oidc;
  const where = file ?? read.placeOf('server.api.oidc');
  try {
    const provider = file === undefined ? read.oidc : await readOidcFile(io, file);
    if (provider === undefined) return undefined;
    checkOidc(provider);
    return { where, url: provider.jwksUri ?? provider.issuer };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    found.push(tell.error(where, error.message, 'docs/access.md has its fields'));
    return undefined;
  }
}

/** Ids of the keys of the file, or of the environment variable. The file stays as it is. */
function readKeys(io: Io, { values: { sealKey } }: ReadSettings, found: Finding[]): SetUp['sealKeys'] {
  const text = io.env.REVEILLE_SEAL_KEY ?? '';
  if (sealKey === undefined && text === '') return { where: 'this set-up, for want of --seal-key,', ids: [] };
  const where = sealKey ?? 'REVEILLE_SEAL_KEY';
  try {
    if (sealKey !== undefined) found.push(...secretFileFinding(sealKey));
    const keys = readSealKeys(sealKey === undefined ? text : readFileSync(sealKey, 'utf8'), where);
    return { where, ids: keys.map(({ id }) => id) };
  } catch (error) {
    const what = error instanceof ConfigError ? error.message : `it cannot be read: ${reasonOf(error)}`;
    found.push(
      tellerOf('secrets').error(where, what, 'give a file with one key a line: reveille seal new-key'),
    );
    return undefined;
  }
}

/** Lines of the token file, or of the environment variable. */
function readTokens(io: Io, { values: { tokenFile } }: ReadSettings, found: Finding[]): SetUp['tokens'] {
  const where = tokenFile ?? 'REVEILLE_API_TOKEN';
  let text = io.env.REVEILLE_API_TOKEN ?? '';
  if (tokenFile !== undefined) {
    try {
      text = readFileSync(tokenFile, 'utf8');
    } catch (error) {
      const what = `it cannot be read: ${reasonOf(error)}`;
      found.push(tellerOf('secrets').error(where, what, 'give a file with one token a line, with mode 0600'));
      return undefined;
    }
  }
  const list = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return list.length === 0 && tokenFile === undefined ? undefined : { where, file: tokenFile, list };
}
