// What differs between two set-ups: names of settings, never their values, for some are secret.
import { isDeepStrictEqual } from 'node:util';
import { settingList } from '../settings/settings-table.ts';
import type { SetUp } from './set-up.ts';

/** Names of what differs. */
export interface Changes {
  /** What a running server takes up. */
  readonly changed: readonly string[];
  /** What it goes on without until it is started again. */
  readonly restart: readonly string[];
}

/** By settings that name a file, what counts is what that holds. */
const byContent: readonly (readonly [name: string, of: (setUp: SetUp) => unknown])[] = [
  ['api.tokenFile', ({ api }) => api.tokens],
  ['api.oidc', ({ api }) => api.oidc],
  ['api.tls', ({ api }) => api.tls],
  ['dm.tls', ({ dm }) => dm.tls],
];

const namesOfFiles: ReadonlySet<string> = new Set([
  'tokenFile',
  'oidc',
  'apiTlsCertificate',
  'apiTlsKey',
  'tlsCertificate',
  'tlsKey',
  'clientCa',
]);

/** TLS is there or not, and asks for client certificates or not, for as long as a door is open. */
export function sameTls(door: 'api' | 'dm', one: SetUp, other: SetUp): boolean {
  const [from, to] = [one[door].tls, other[door].tls];
  const asks = (tls: object | undefined): boolean => tls !== undefined && 'clientCa' in tls;
  return (from === undefined) === (to === undefined) && asks(from) === asks(to);
}

/**
 * What `next` changes of `current`, which the server goes by, and what would need a start, compared with what it was `started`
 * with.
 */
export function changesBetween(started: SetUp, current: SetUp, next: SetUp): Changes {
  const differs = (one: unknown, other: unknown): boolean => !isDeepStrictEqual(one, other);
  const changed: string[] = [];
  const restart: string[] = [];
  for (const [name, { key, reloads }] of settingList) {
    if (namesOfFiles.has(name)) continue;
    const before = (reloads ? current : started).read.values[name];
    if (differs(before, next.read.values[name])) (reloads ? changed : restart).push(key);
  }
  for (const [name, of] of byContent) {
    if (differs(of(current), of(next))) changed.push(name);
  }
  for (const door of ['api', 'dm'] as const) {
    if (sameTls(door, started, next)) continue;
    restart.push(`${door}.tls`);
    const index = changed.indexOf(`${door}.tls`);
    if (index >= 0) changed.splice(index, 1);
  }
  const [before, after]: readonly Readonly<Record<string, unknown>>[] = [
    started.read.sections,
    next.read.sections,
  ];
  const sections = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  for (const name of sections) if (differs(before?.[name], after?.[name])) restart.push(name);
  return { changed, restart };
}
