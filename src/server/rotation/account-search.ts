// Finds the secrets of the server's account on a device, with Get alone: which node of ./DMAcc has the ServerID, and which of
// its AppAuth has the level (DM-STDOBJ-1.2, DMAcc).
import type { ManagementCommand } from '../../codec/syncml/index.ts';
import { isSuccess, type RotatedSide } from '../../store/index.ts';
import { type Answered, jobItem } from '../command/job-commands.ts';

/** What the device said to the commands of a package. */
export type Replies = ReadonlyMap<ManagementCommand, Answered>;

/** An entry of AppAuth. */
export interface AuthEntry {
  /** URI of its AAuthSecret. */
  readonly secretUri: string;
  /** AAuthLevel. */
  readonly level: string;
  /** AAuthType; empty when the device does not say. */
  readonly type: string;
}

/** What the search came to. */
export type Found = { readonly entries: readonly AuthEntry[] } | { readonly problem: string };

/** Nodes of a level that are looked at. */
const mostNodes = 20;
const root = './DMAcc';

/** Gives packages of commands, is resumed with the replies to each, returns what was found. */
export function* searchAccount(serverId: string): Generator<readonly ManagementCommand[], Found, Replies> {
  const accounts = yield* children(root);
  if ('problem' in accounts) return accounts;
  const ids = accounts.names.map((name) => ({ name, get: getOf(`${root}/${name}/ServerID`) }));
  const idReplies = yield ids.map(({ get }) => get);
  const own = ids.filter(({ get }) => textOf(idReplies.get(get)) === serverId);
  const [account, ...more] = own;
  if (account === undefined) {
    return { problem: `none of its accounts (${accounts.names.join(', ')}) has the ServerID ${serverId}` };
  }
  if (more.length > 0) return { problem: `${own.length} of its accounts have the ServerID ${serverId}` };
  const authUri = `${root}/${account.name}/AppAuth`;
  const nodes = yield* children(authUri);
  if ('problem' in nodes) return nodes;
  const asked = nodes.names.map((name) => {
    const uri = `${authUri}/${name}`;
    return { uri, level: getOf(`${uri}/AAuthLevel`), type: getOf(`${uri}/AAuthType`) };
  });
  const replies = yield asked.flatMap(({ level, type }) => [level, type]);
  return {
    entries: asked.map(({ uri, level, type }) => ({
      secretUri: `${uri}/AAuthSecret`,
      level: textOf(replies.get(level)) ?? '',
      type: textOf(replies.get(type)) ?? '',
    })),
  };
}

const levels: Readonly<Record<RotatedSide, string>> = { server: 'SRVCRED', client: 'CLCRED' };
const types = { basic: 'BASIC', md5: 'DIGEST', hmac: 'HMAC' } as const;

/** The node of a side's secret: of several of its level, the one of the scheme. */
export function chooseSecret(
  entries: readonly AuthEntry[],
  side: RotatedSide,
  scheme: keyof typeof types,
): { readonly uri: string } | { readonly problem: string } {
  const level = levels[side];
  const candidates = entries.filter((entry) => entry.level === level);
  const [only, ...others] = candidates;
  if (only === undefined) return { problem: `its account has no ${level}` };
  if (others.length === 0) return { uri: only.secretUri };
  const fitting = candidates.filter(({ type }) => type.toUpperCase() === types[scheme]);
  const [chosen, ...rest] = fitting;
  if (chosen !== undefined && rest.length === 0) return { uri: chosen.secretUri };
  return {
    problem: `its account has ${candidates.length} ${level}, and which one is meant is not clear: give uri`,
  };
}

function* children(
  uri: string,
): Generator<
  readonly ManagementCommand[],
  { readonly names: readonly string[] } | { readonly problem: string },
  Replies
> {
  const get = getOf(uri);
  const answered = (yield [get]).get(get);
  const text = textOf(answered);
  if (text === undefined) {
    return { problem: `get ${uri}: status ${answered?.statuses[0]?.status ?? 'unknown'}` };
  }
  const names = text.split('/').filter((name) => /^[^\s?\p{Cc}]{1,64}$/u.test(name));
  if (names.length > 0 && names.length <= mostNodes) return { names };
  return {
    problem: `${uri} has ${names.length} nodes, of which none or too many can be looked at: give uri`,
  };
}

function getOf(uri: string): ManagementCommand {
  return { name: 'Get', cmdId: '1', items: [{ target: { uri } }] };
}

/** The one value that a Get brought as text; `undefined` when it brought none. */
function textOf(answered: Answered | undefined): string | undefined {
  const [status] = answered?.statuses ?? [];
  const [item] = answered?.results ?? [];
  if (status === undefined || !isSuccess(status.status) || item === undefined) return undefined;
  const { data, dataBase64 } = jobItem(item, []);
  return data ?? (dataBase64 === undefined ? undefined : Buffer.from(dataBase64, 'base64').toString('utf8'));
}
