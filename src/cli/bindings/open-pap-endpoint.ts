// The server's PAP endpoint, on a port of its own, as the configuration says.
import { ConfigError, type Logger, systemClock, ValueError } from '../../core/index.ts';
import { PapEndpoint, PapListener, PapNotifier } from '../../push/pap/index.ts';
import { PapPushes, type PapPushesOptions, PapResults, type PapResultsOptions } from '../../server/index.ts';
import { PapLog } from './pap-log.ts';
import type { ServeSections } from './serve-shapes.ts';

/** An endpoint that runs. */
export interface OpenedPapEndpoint {
  /** Begins to take requests; gives the URL. @throws {ConfigError} when the port cannot be had */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** What it is opened with. */
export interface PapEndpointContext extends PapPushesOptions {
  readonly store: PapPushesOptions['store'] & PapResultsOptions['store'];
  readonly logger: Logger;
}

/** Makes it; nothing is taken before `listen`. @throws {ConfigError} for a setting that cannot be */
export function openPapEndpoint(
  section: NonNullable<ServeSections['papEndpoint']>,
  context: PapEndpointContext,
): OpenedPapEndpoint {
  const { address, port, tls, path = '/pap', initiators, ...rest } = section;
  const { maxConnections, maxConnectionsPerSource, idleMs, ...options } = rest;
  const { logger } = context;
  const log = new PapLog(logger, systemClock({ unref: true }));
  const notifier = new PapNotifier();
  const results = new PapResults({
    ...context,
    notifier,
    targetOf: (name, url) => ({
      url,
      credentials: initiators.find((initiator) => initiator.name === name)?.notifyCredentials,
    }),
  });
  const make = (): PapEndpoint => {
    try {
      return new PapEndpoint({
        ...options,
        host: new PapPushes(context),
        initiators: initiators.map(({ notifyCredentials: _, ...initiator }) => initiator),
        onRefused: (request) => log.refused(request),
        onError: (error) => logger.error({ error: String(error) }, 'the PAP endpoint failed'),
      });
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new ConfigError(`section "papEndpoint": ${error.message}`, { cause: error });
    }
  };
  const endpoint = make();
  const route = { maxBody: endpoint.maxBody, handle: endpoint.handle.bind(endpoint) };
  const listener = new PapListener({
    address,
    port,
    tls,
    maxConnections,
    maxConnectionsPerSource,
    idleMs,
    routes: { [path]: route },
    onDrop: (drop) => log.dropped(drop),
    onError: (error) => logger.error({ error: String(error) }, 'the PAP listener failed'),
  });
  let listening = false;
  return {
    async listen() {
      const bound = await listener.start();
      listening = true;
      results.start();
      return `${tls === undefined ? 'http' : 'https'}://${address}:${bound}${path}`;
    },
    async close() {
      if (listening) await listener.close();
      log.flush();
      await results.stop();
      await notifier.close();
    },
  };
}
