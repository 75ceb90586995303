// Another certificate while the API runs.
import { Server } from 'node:tls';
import { ConfigError } from '../../core/index.ts';
import type { App } from './app.ts';
import { type ApiTls, secured } from './http-server.ts';

/**
 * Gives the API another certificate and key, for connections that are made from now on; those that are open stay.
 * @throws {ConfigError} when they do not work, and those before stay
 */
export function renewApiTls(app: App, tls: ApiTls): void {
  const context = secured(tls);
  const server: unknown = app.server;
  if (!(server instanceof Server)) throw new ConfigError('the API was started without TLS');
  server.setSecureContext(context);
}
