// DM messages over real HTTP, from loopback addresses of one's choice: devices and strangers at sources of their own.
import { request as open } from 'node:http';
import { type DmListener, type DmListenerOptions, startDmListener } from '../../src/server/index.ts';
import type { Carrier } from './scripted-device.ts';
import type { ServerBench } from './server-bench.ts';

export interface Post {
  readonly port: number;
  /** Address to come from: one of 127.0.0.0/8. */
  readonly from: string;
  readonly body: Uint8Array;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Posted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One request on a connection of its own. */
export function post({ port, from, body, path = '/dm', headers = {} }: Post): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const sent = open(
      { host: '127.0.0.1', port, localAddress: from, path, method: 'POST', agent: false, headers },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Carries a device's messages over HTTP; with `ignoresRespUri`, always to the address that it began at. */
export function httpCarrier(
  port: number,
  from: string,
  { ignoresRespUri = false }: { readonly ignoresRespUri?: boolean } = {},
): Carrier {
  return ({ url, contentType, body, hmac }) => {
    const { pathname, search } = new URL(url);
    return post({
      port,
      from,
      body,
      path: ignoresRespUri ? '/dm' : pathname + search,
      headers: {
        ...(contentType !== undefined && { 'content-type': contentType }),
        ...(hmac !== undefined && { 'x-syncml-hmac': hmac }),
      },
    });
  };
}

/** The bench's server on a port of its own while `run` runs. */
export async function listening(
  { server }: Pick<ServerBench, 'server'>,
  run: (listener: DmListener) => Promise<void>,
  options: Partial<DmListenerOptions> = {},
): Promise<void> {
  const listener = await startDmListener(server.endpoint, { port: 0, host: '127.0.0.1', ...options });
  try {
    await run(listener);
  } finally {
    await listener.close();
  }
}
