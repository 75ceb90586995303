// The server put together: store, bindings, engine, DM endpoint and REST API, started and stopped in the right order.
import { join } from 'node:path';
import { createApi } from '../api/index.ts';
import { ConfigError } from '../core/index.ts';
import { createWapSender } from '../push/wap/index.ts';
import {
  type DmListenerTls,
  forHostAddresses,
  type Logger,
  type PushPolicy,
  Server,
  startDmListener,
} from '../server/index.ts';
import { openSqliteStore } from '../store/sqlite/index.ts';
import { reasonOf } from './input.ts';
import type { ListenAddress } from './listen-address.ts';
import { version } from './version.ts';

/** What a server is started with. */
export interface RunningServerOptions {
  /** Folder of the database; made when it does not exist. */
  readonly data: string;
  /** For devices: the DM endpoint. */
  readonly dm: ListenAddress & { readonly tls?: DmListenerTls; readonly trustProxy?: string };
  /** For operators: the REST API. */
  readonly api: ListenAddress & { readonly tokens: readonly string[] };
  readonly policy?: Partial<PushPolicy>;
  readonly node?: string;
  readonly logger: Logger;
}

/** A server that runs. */
export interface RunningServer {
  readonly server: Server;
  /** Where devices reach the DM endpoint. */
  readonly dmUrl: string;
  /** Where operators reach the REST API. */
  readonly apiUrl: string;
  /** Stops taking work, finishes what is under way, closes the store. */
  stop(): Promise<void>;
}

/**
 * Starts a server.
 * @throws {ConfigError} {StoreError} when the folder or the database cannot be used, or a port cannot be had
 */
export async function startServer(options: RunningServerOptions): Promise<RunningServer> {
  const { logger, dm, api, policy, node } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const store = await openSqliteStore({ file: join(options.data, 'reveille.sqlite') });
    closers.push(() => store.close());
    const wap = createWapSender();
    closers.push(() => wap.close());
    const server = new Server({
      store,
      bindings: { wap: forHostAddresses(wap) },
      logger,
      ...(policy === undefined ? {} : { policy }),
      ...(node === undefined ? {} : { node }),
    });
    const listener = await startDmListener(server.endpoint, {
      host: dm.host,
      port: dm.port,
      logger,
      ...(dm.tls === undefined ? {} : { tls: dm.tls }),
      ...(dm.trustProxy === undefined ? {} : { trustProxy: dm.trustProxy }),
    });
    closers.push(() => listener.close());
    const app = await createApi(server, { tokens: api.tokens, version: version(), logger });
    closers.push(() => app.close());
    const apiUrl = await listen(() => app.listen({ host: api.host, port: api.port }), api);
    await server.start();
    closers.push(() => server.stop());
    return { server, dmUrl: listener.url, apiUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function listen(start: () => Promise<string>, { host, port }: ListenAddress): Promise<string> {
  try {
    return await start();
  } catch (cause) {
    throw new ConfigError(`cannot listen on ${host}:${port}: ${reasonOf(cause)}`, { cause });
  }
}
