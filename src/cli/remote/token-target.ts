// Where the tokens are that `reveille token` works on: at a server that runs, or in the store of one that is stopped.
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiClient, NewToken } from '../../client/index.ts';
import { ReveilleError, silentLogger, systemClock } from '../../core/index.ts';
import { AuditLog, TokenService } from '../../server/index.ts';
import type { TokenRecord } from '../../store/index.ts';
import { openSqliteStore } from '../../store/sqlite/index.ts';
import { type Io, UsageError } from '../io/io.ts';
import { type ApiOptions, type JsonObject, openApi } from './api-client.ts';

/** Options that say where. */
export interface TargetOptions extends ApiOptions {
  readonly data?: string;
}

/** What is done with tokens. Answers are those of the REST API. */
export interface TokenTarget {
  create(body: JsonObject): Promise<JsonObject>;
  list(): Promise<readonly JsonObject[]>;
  revoke(id: string): Promise<JsonObject>;
  rotate(id: string, overlapSeconds: number): Promise<JsonObject>;
}

/** Runs on what the options name. @throws {UsageError} {ReveilleError} */
export async function withTokens<Result>(
  io: Io,
  options: TargetOptions,
  run: (target: TokenTarget) => Promise<Result>,
): Promise<Result> {
  if ((options.data === undefined) === (options.server === undefined)) {
    throw new UsageError('give --server URL, or --data FOLDER of a server that is stopped');
  }
  if (options.data !== undefined) return await inStore(io, options.data, run);
  return await run(atServer(await openApi(io, options)));
}

function atServer(api: ApiClient): TokenTarget {
  const of = (id: string) => ({ params: { path: { id } } });
  return {
    create: (body) => api.post('/v1/tokens', { body: body as unknown as NewToken }),
    list: async () => {
      const all: JsonObject[] = [];
      for await (const token of api.items('/v1/tokens', { limit: 1000 })) all.push(token);
      return all;
    },
    revoke: (id) => api.delete('/v1/tokens/{id}', of(id)),
    rotate: (id, overlapSeconds) =>
      api.post('/v1/tokens/{id}/rotate', { ...of(id), body: { overlapSeconds } }),
  };
}

async function inStore<Result>(
  io: Io,
  folder: string,
  run: (target: TokenTarget) => Promise<Result>,
): Promise<Result> {
  const file = join(folder, 'reveille.sqlite');
  // Opening would make one, and a token for a store that nobody serves.
  await access(file).catch((cause: unknown) => {
    throw new UsageError(`--data ${folder}: there is no reveille.sqlite in it (${Object(cause).code})`);
  });
  const store = await openSqliteStore({
    file,
    // Of tokens only hashes are kept.
    sealKeys: 'unused',
    onRemark: (text) => io.stderr(`reveille: ${text}\n`),
  });
  const clock = systemClock();
  const logger = silentLogger;
  const tokens = new TokenService({ store, clock, logger });
  const audit = new AuditLog({ store, clock, logger });
  const noted = async (action: string, { id }: TokenRecord): Promise<void> =>
    audit.add({ actor: 'operator', action: `reveille token ${action}`, kind: 'tokens', id, outcome: 'done' });
  try {
    return await run({
      create: async (body) => {
        const { record, token } = await tokens.create(body);
        await noted('create', record);
        return { ...shown(record), token };
      },
      list: async () => {
        const all: JsonObject[] = [];
        let after: string | undefined;
        do {
          const page = await tokens.list({ limit: 1000, ...(after !== undefined && { after }) });
          all.push(...page.items.map(shown));
          after = page.next;
        } while (after !== undefined);
        return all;
      },
      revoke: async (id) => {
        const record = await tokens.revoke(id);
        if (record === undefined) throw unknown(id);
        await noted('revoke', record);
        return shown(record);
      },
      rotate: async (id, overlapSeconds) => {
        const issued = await tokens.rotate(id, { overlapSeconds });
        if (issued === undefined) throw unknown(id);
        await noted('rotate', issued.record);
        return { ...shown(issued.record), token: issued.token };
      },
    });
  } finally {
    await store.close();
  }
}

function unknown(id: string): ReveilleError {
  return new ReveilleError('NOT_FOUND', `there is no token ${id} that is not revoked`);
}

/** As the REST API shows it. */
function shown({ hash: _, previous, accounts, ...record }: TokenRecord): JsonObject {
  const view: Record<string, unknown> = { ...record, ...(accounts !== 'all' && { accounts }) };
  if (previous !== undefined) view.previousUntil = previous.until;
  for (const [name, value] of Object.entries(view)) {
    if (typeof value === 'number') view[name] = new Date(value).toISOString();
  }
  return view;
}
