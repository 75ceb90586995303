// The address of its own where metrics are shown without a token.
import { once } from 'node:events';
import { type ApiBackend, Exposition, metricsServer } from '../../api/index.ts';
import { ConfigError } from '../../core/index.ts';
import { reasonOf } from '../io/input.ts';
import type { ListenAddress } from '../io/listen-address.ts';
import { version } from '../io/version.ts';

/** A port that is open. */
export interface MetricsPort {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens it. @throws {ConfigError} when the port cannot be had */
export async function openMetricsPort(
  backend: Pick<ApiBackend, 'metricFamilies'>,
  { host, port }: ListenAddress,
): Promise<MetricsPort> {
  const server = metricsServer(new Exposition(() => backend.metricFamilies(version())));
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigError(`cannot listen on ${host}:${port} for metrics: ${reasonOf(cause)}`, { cause });
  }
  const bound = server.address();
  const at = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${at}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
