// The server put together: store, bindings, engine, DM endpoint and REST API, started and stopped in the right order.
import { join } from 'node:path';
import { createApi, drainApi, feedView, renewApiAccess, renewApiTls } from '../../api/index.ts';
import { ConfigError, systemClock } from '../../core/index.ts';
import { type DropReason, Server, ServerMetrics, startDmListener, wholePolicy } from '../../server/index.ts';
import { storeTroubleOf } from '../../store/index.ts';
import { openSqliteStore } from '../../store/sqlite/index.ts';
import { openBindings } from '../bindings/open-bindings.ts';
import { type OpenedPapEndpoint, openPapEndpoint } from '../bindings/open-pap-endpoint.ts';
import { reasonOf } from '../io/input.ts';
import type { ListenAddress } from '../io/listen-address.ts';
import { version } from '../io/version.ts';
import { certificateEndsIn, endOfCertificates } from './certificate-ends.ts';
import { openMetricsPort } from './metrics-port.ts';
import type { RunningServer, RunningServerOptions } from './running.ts';

export type { RunningServer, RunningServerOptions } from './running.ts';

/**
 * Starts a server.
 * @throws {ConfigError} {StoreError} when the folder or the database cannot be used, or a port cannot be had
 */
export async function startServer(options: RunningServerOptions): Promise<RunningServer> {
  const { logger, dm, api, policy, endpoint, jobs, campaigns, retention, node, webhookAllow = [] } = options;
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
      ...(campaigns === undefined ? {} : { campaigns }),
      ...(retention === undefined ? {} : { retention }),
      webhooks: { view: feedView, allow: webhookAllow },
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
    await options.beforeApi?.({ server: running, dmUrl: listener.url });
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
