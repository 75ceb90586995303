// The server's PAP endpoint, on a port of its own, as the configuration says.
import { ConfigError, type Logger, systemClock, ValueError } from '../../core/index.ts';
import {
  PapEndpoint,
  type PapEndpointOptions,
  PapListener,
  type PapListenerOptions,
  PapNotifier,
} from '../../push/pap/index.ts';
import {
  type DropReason,
  dropReasonOf,
  PapPushes,
  type PapPushesOptions,
  PapResults,
  type PapResultsOptions,
} from '../../server/index.ts';
import { PapLog } from './pap-log.ts';
import type { ServeSections } from './serve-shapes.ts';

/** An endpoint that runs. */
export interface OpenedPapEndpoint {
  /** Begins to take requests; gives the URL. @throws {ConfigError} when the port cannot be had */
  listen(): Promise<string>;
  /** Takes no push any more, and tells initiators to try again later. */
  drain(): void;
  close(): Promise<void>;
}

/** What it is opened with. */
export interface PapEndpointContext extends PapPushesOptions {
  readonly store: PapPushesOptions['store'] & PapResultsOptions['store'];
  readonly logger: Logger;
  /** Hears of what the port refuses. Must not throw. */
  readonly onDropped?: (reason: DropReason) => void;
}

type Section = NonNullable<ServeSections['papEndpoint']>;

/** Makes it; nothing is taken before `listen`. @throws {ConfigError} for a setting that cannot be */
export function openPapEndpoint(section: Section, context: PapEndpointContext): OpenedPapEndpoint {
  const { address, tls, path = defaultPath, initiators } = section;
  const { logger, onDropped } = context;
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
  const host = new PapPushes(context);
  const listener = makeListener(section, {
    host,
    onRefused: (request) => {
      onDropped?.(refusalReason(request.code));
      log.refused(request);
    },
    onDrop: (drop) => {
      onDropped?.(dropReason(drop.reason));
      log.dropped(drop);
    },
    onError: (error, what) => logger.error({ error: String(error) }, `the PAP ${what} failed`),
  });
  let listening = false;
  return {
    async listen() {
      const bound = await listener.start();
      listening = true;
      results.start();
      return `${tls === undefined ? 'http' : 'https'}://${address}:${bound}${path}`;
    },
    drain: () => host.drain(),
    async close() {
      if (listening) await listener.close();
      log.flush();
      await results.stop();
      await notifier.close();
    },
  };
}

/** Whether the section is right, without a server: nothing is opened. @throws {ConfigError} for a setting that cannot be */
export function checkPapEndpoint(section: Section): void {
  const nobody = (): never => {
    throw new ConfigError('this endpoint is only looked at');
  };
  makeListener(section, {
    host: { submit: nobody, cancel: nobody, query: nobody },
    onRefused: () => {},
    onDrop: () => {},
    onError: () => {},
  });
}

const dropOf: Readonly<Record<string, DropReason>> = { busy: 'no-room', timeout: 'too-slow' };

function dropReason(reason: string): DropReason {
  return dropOf[reason] ?? 'unreadable';
}

/** HTTP statuses are below 1000, codes of PAP above. */
function refusalReason(code: number): DropReason {
  return code < 1000 ? dropReasonOf(code) : 'refused';
}

const defaultPath = '/pap';

interface ListenerHooks extends Pick<PapEndpointOptions, 'host' | 'onRefused'> {
  readonly onDrop: PapListenerOptions['onDrop'];
  readonly onError: (error: unknown, what: 'endpoint' | 'listener') => void;
}

function makeListener(section: Section, { host, onRefused, onDrop, onError }: ListenerHooks): PapListener {
  const { address, port, tls, path = defaultPath, initiators, ...rest } = section;
  const { maxConnections, maxConnectionsPerSource, idleMs, ...options } = rest;
  try {
    const endpoint = new PapEndpoint({
      ...options,
      host,
      initiators: initiators.map(({ notifyCredentials: _, ...initiator }) => initiator),
      onRefused,
      onError: (error) => onError(error, 'endpoint'),
    });
    return new PapListener({
      address,
      port,
      tls,
      maxConnections,
      maxConnectionsPerSource,
      idleMs,
      routes: { [path]: { maxBody: endpoint.maxBody, handle: endpoint.handle.bind(endpoint) } },
      onDrop,
      onError: (error) => onError(error, 'listener'),
    });
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ConfigError(`section "papEndpoint": ${error.message}`, { cause: error });
  }
}
