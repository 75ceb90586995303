// Connections that a capture is not for: the REST API, whose tokens and bodies are an operator's.
import type { Recording } from '../io/io.ts';
import type { OpenedConnection } from './connection.ts';

/** What is left out; commands say what it is. */
export class LeftOut implements Recording {
  readonly #servers = new WeakSet<object>();
  readonly #hosts = new Set<string>();
  readonly #withApi: boolean;

  /** `withApi` leaves nothing out. */
  constructor(withApi: boolean) {
    this.#withApi = withApi;
  }

  apiServer(server: object): void {
    this.#servers.add(server);
  }

  apiAddress(url: URL): void {
    this.#hosts.add(`${hostOf(url.hostname)} ${url.port || (url.protocol === 'https:' ? '443' : '80')}`);
  }

  /** True for a connection that is left out. */
  has({ server, remote, hostName }: OpenedConnection): boolean {
    if (this.#withApi) return false;
    if (server !== undefined) return this.#servers.has(server);
    const hosts = hostName === undefined ? [remote.address] : [remote.address, hostName];
    return hosts.some((host) => this.#hosts.has(`${hostOf(host)} ${remote.port}`));
  }
}

function hostOf(name: string): string {
  return name.replace(/^\[|\]$/g, '').toLowerCase();
}
