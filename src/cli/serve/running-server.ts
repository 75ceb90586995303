// The server put together: store, bindings, engine, DM endpoint and REST API, started and stopped in the right order.
import { join } from 'node:path';
import {
  type ApiAccess,
  type ApiTls,
  createApi,
  drainApi,
  renewApiAccess,
  renewApiTls,
} from '../../api/index.ts';
import { ConfigError, type Logger, type LogLevel, systemClock } from '../../core/index.ts';
import {
  type DmEndpointSettings,
  type DmListenerTls,
  type DropReason,
  type JobSettings,
  type PushPolicy,
  type RetentionSettings,
  Server,
  ServerMetrics,
  startDmListener,
  wholePolicy,
} from '../../server/index.ts';
import { type Sealing, type SealKey, storeTroubleOf } from '../../store/index.ts';
import { openSqliteStore } from '../../store/sqlite/index.ts';
import { openBindings } from '../bindings/open-bindings.ts';
import { type OpenedPapEndpoint, openPapEndpoint } from '../bindings/open-pap-endpoint.ts';
import type { ServeSections } from '../bindings/serve-shapes.ts';
import { reasonOf } from '../io/input.ts';
import type { ListenAddress } from '../io/listen-address.ts';
import { version } from '../io/version.ts';
import type { ApiDoor, DmDoor } from '../set-up/doors.ts';
import { certificateEndsIn, endOfCertificates } from './certificate-ends.ts';
import { openMetricsPort } from './metrics-port.ts';

/** What a server is started with. */
export interface RunningServerOptions {
  /** Folder of the database; made when it does not exist. */
  readonly data: string;
  /** Keys that secrets in it are sealed under. Default: none. */
  readonly sealKeys?: readonly SealKey[];
  /** For devices: the DM endpoint. */
  readonly dm: DmDoor;
  /** For operators: the REST API. */
  readonly api: ApiDoor;
  /** How pushes are sent. Default: WAP push over UDP alone. */
  readonly bindings?: ServeSections;
  /** What errors call the configuration of bindings. */
  readonly bindingsFile?: string | undefined;
  readonly policy?: Partial<PushPolicy>;
  readonly endpoint?: DmEndpointSettings;
  readonly jobs?: JobSettings;
  readonly retention?: RetentionSettings;
  readonly node?: string;
  readonly logger: Logger;
  /** The level of that log, for whoever asks the REST API for another one. */
  readonly logLevel?: LogLevel;
  /** Where metrics are shown without a token; absent: at the REST API alone. */
  readonly metrics?: ListenAddress;
  /** Is given the first token of an empty store, which is made where this is there and `api` has no token. */
  readonly onFirstToken?: ((token: string) => Promise<void>) | undefined;
  /** Hears of the server of the REST API before that listens. */
  readonly onApiServer?: ((server: object) => void) | undefined;
}

/** A server that runs. */
export interface RunningServer {
  readonly server: Server;
  /** Where devices reach the DM endpoint. */
  readonly dmUrl: string;
  /** Where operators reach the REST API. */
  readonly apiUrl: string;
  /** Where other push initiators reach the PAP endpoint; absent without one. */
  readonly papUrl?: string;
  /** Where metrics are shown without a token; absent without such a place. */
  readonly metricsUrl?: string;
  /** For requests from now on. @throws {ConfigError} when it cannot be; all of before stays */
  renewApiAccess(access: ApiAccess): void;
  /** For connections from now on. @throws {ConfigError} when it does not work; the one before stays */
  renewApiTls(tls: ApiTls): void;
  /** For connections from now on. @throws {ConfigError} when it does not work; the one before stays */
  renewDmTls(tls: DmListenerTls): void;
  /** How secrets lie on disk. */
  sealing(): Promise<Sealing>;
  /**
   * Takes no new work: not ready any more, new sessions and writes over REST are answered 503, PAP is told to come again. Resolves
   * when pushes under way have their outcome on disk and no session runs; `stop` follows.
   */
  drain(): Promise<void>;
  /** Stops taking work, finishes what is under way, closes the store. */
  stop(): Promise<void>;
}

/**
 * Starts a server.
 * @throws {ConfigError} {StoreError} when the folder or the database cannot be used, or a port cannot be had
 */
export async function startServer(options: RunningServerOptions): Promise<RunningServer> {
  const { logger, dm, api, policy, endpoint, jobs, retention, node } = options;
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const metrics = new ServerMetrics(systemClock({ unref: true }));
    const store = await openSqliteStore({
      file: join(options.data, 'reveille.sqlite'),
      sealKeys: options.sealKeys ?? [],
      onRemark: (text) => logger.warn({}, text),
      onCommit: (ms, error) =>
        error === undefined ? metrics.committed(ms) : metrics.committed(ms, storeTroubleOf(error) ?? 'other'),
    });
    closers.push(() => store.close());
    let server: Server | undefined;
    const { papEndpoint, ...sections } = options.bindings ?? {};
    const bindings = await openBindings(sections, {
      onReport: (report) => {
        // The carrier says it again.
        if (server === undefined) throw new ConfigError('the server is not up yet');
        return server.reports.take(report);
      },
      onTrouble: ({ binding, detail }) => logger.warn({ binding }, detail),
      file: options.bindingsFile,
      policy: wholePolicy(policy),
    });
    closers.push(() => bindings.close());
    server = new Server({
      store,
      bindings: bindings.table,
      copyStore: () => store.copy(),
      logger,
      metrics,
      policy: { ...policy, ...(sections.waps?.notifications === true && { secureNotifications: true }) },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(jobs === undefined ? {} : { jobs }),
      ...(retention === undefined ? {} : { retention }),
      ...(node === undefined ? {} : { node }),
    });
    const running = server;
    const listener = await startDmListener(running.endpoint, {
      host: dm.host,
      port: dm.port,
      logger,
      onDropped: (reason) => metrics.listeners.dropped('dm', reason),
      ...(dm.tls === undefined ? {} : { tls: dm.tls }),
      ...(dm.trustProxy === undefined ? {} : { trustProxy: dm.trustProxy }),
    });
    closers.push(() => listener.close());
    const { tokens, requireToken = false, oidc, requestsPerMinute, hosts = [], tls } = api;
    const app = await createApi(running, {
      tokens,
      requireToken,
      ...(oidc === undefined ? {} : { oidc }),
      ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
      hosts,
      version: version(),
      logger,
      ...(options.logLevel === undefined ? {} : { logLevel: options.logLevel }),
      ...(tls === undefined ? {} : { tls }),
    });
    closers.push(() => app.close());
    options.onApiServer?.(app.server);
    const apiUrl = await listen(() => app.listen({ host: api.host, port: api.port }), api);
    await running.start();
    closers.push(() => running.stop());
    let pap: OpenedPapEndpoint | undefined;
    let papUrl: string | undefined;
    if (papEndpoint !== undefined) {
      const { clock, node: name } = running;
      const onDropped = (reason: DropReason): void => metrics.listeners.dropped('pap', reason);
      const context = {
        store,
        devices: store,
        bindings: bindings.table,
        clock,
        node: name,
        logger,
        onDropped,
      };
      const opened = openPapEndpoint(papEndpoint, context);
      pap = opened;
      closers.push(() => opened.close());
      papUrl = await opened.listen();
    }
    const metricsPort =
      options.metrics === undefined ? undefined : await openMetricsPort(running, options.metrics);
    if (metricsPort !== undefined) closers.push(() => metricsPort.close());
    for (const [use, at] of certificateEndsIn(options.bindings)) metrics.certificate(use, at);
    const certify = (use: string, given: { readonly cert: string | Buffer } | undefined): void =>
      metrics.certificate(use, given && endOfCertificates(given.cert));
    certify('api', tls);
    certify('dm', dm.tls);
    logger.info({ listener: 'dm', url: listener.url }, 'listening');
    logger.info({ listener: 'api', url: apiUrl }, 'listening');
    if (papUrl !== undefined) logger.info({ listener: 'pap', url: papUrl }, 'listening');
    if (metricsPort !== undefined) logger.info({ listener: 'metrics', url: metricsPort.url }, 'listening');
    for (const { binding, url } of await bindings.listen()) {
      logger.info({ listener: 'reports', binding, url }, 'listening');
    }
    const { onFirstToken } = options;
    if (onFirstToken !== undefined && tokens.length === 0) await running.tokens.createFirst(onFirstToken);
    return {
      server: running,
      dmUrl: listener.url,
      apiUrl,
      sealing: () => store.sealing(),
      renewApiAccess: (access) => renewApiAccess(app, access),
      renewApiTls: (renewed) => {
        renewApiTls(app, renewed);
        certify('api', renewed);
      },
      renewDmTls: (renewed) => {
        listener.renewTls(renewed);
        certify('dm', renewed);
      },
      drain: async () => {
        drainApi(app);
        pap?.drain();
        await running.drain();
      },
      stop: async () => {
        const runs = closers.length > 0;
        await stop();
        if (runs) logger.info({}, 'stopped');
      },
      ...(papUrl === undefined ? {} : { papUrl }),
      ...(metricsPort === undefined ? {} : { metricsUrl: metricsPort.url }),
    };
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
