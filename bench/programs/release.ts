// A release as the programs drive it: what is the same in this checkout and in the older commit, loaded from either.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type ServerRoom = typeof import('../../src/server/index.ts');
type WapRoom = typeof import('../../src/push/wap/index.ts');
type SqliteRoom = typeof import('../../src/store/sqlite/index.ts');
type PushRoom = typeof import('../../src/push/index.ts');
type CoreRoom = typeof import('../../src/core/index.ts');

/** A store that is open. */
export type OpenStore = Awaited<ReturnType<SqliteRoom['openSqliteStore']>>;
/** A server, started or not. */
export type AnyServer = InstanceType<ServerRoom['Server']>;
/** Bindings by scheme. */
export type Table = ConstructorParameters<ServerRoom['Server']>[0]['bindings'];

type Wap = NonNullable<Table['wap']>;

/** What a release has. */
export interface Release {
  openStore(folder: string): Promise<OpenStore>;
  /** Sends over UDP. Nothing is sent again within a run, and nothing expires. */
  server(store: OpenStore, bindings: Table): AnyServer;
  /** WAP push over UDP alone. */
  wap(): { readonly wap: Wap };
}

const day = 86_400_000;

/** Loads the release whose files are at `root`. */
export async function loadRelease(root: string): Promise<Release> {
  const room = (path: string): Promise<unknown> =>
    import(pathToFileURL(join(root, 'src', path, 'index.ts')).href);
  const { Server, forHostAddresses } = (await room('server')) as ServerRoom;
  const { createWapSender } = (await room('push/wap')) as WapRoom;
  const { openSqliteStore } = (await room('store/sqlite')) as SqliteRoom;
  const { paced, paceDefaults } = (await room('push')) as Partial<PushRoom>;
  const { systemClock } = (await room('core')) as CoreRoom;
  /** With places as `reveille serve` gives them, where a release has such. */
  const placed = (binding: Wap): Wap =>
    paced === undefined || paceDefaults === undefined
      ? binding
      : paced(binding, { places: paceDefaults.udpPlaces, clock: systemClock() });
  return {
    openStore: (folder) => openSqliteStore({ file: join(folder, 'reveille.sqlite') }),
    server: (store, bindings) =>
      new Server({ store, bindings, policy: { answerTimeoutMs: day, lifetimeMs: 2 * day } }),
    wap: () => ({ wap: placed(forHostAddresses(createWapSender())) }),
  };
}

/** The service of the older commit. */
interface OlderServer {
  readonly notifications: {
    create(body: unknown): Promise<{ readonly notification: { readonly id: string } }>;
  };
}

/** Queues a notification, as its REST route does; gives its id. */
export async function queueNotification(server: AnyServer, body: object): Promise<string> {
  if ('pushes' in server) return (await server.pushes.createNotification(body)).push.id;
  return (await (server as OlderServer).notifications.create(body)).notification.id;
}
