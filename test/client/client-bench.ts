// A client of a real API over a socket, and of servers that answer as a test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApiClient, type ClientOptions, createClient } from '../../src/client/index.ts';
import { type ApiBench, withApi } from '../api/api-bench.ts';

/** A token that may do everything. */
export const token = 'a-token-of-operators';

/** Runs with a client of the API on a real store, without an engine behind it. */
export async function withClient(
  run: (client: ApiClient, bench: ApiBench & { readonly url: string }) => Promise<void>,
  options: Partial<ClientOptions> = {},
): Promise<void> {
  await withApi(
    async (bench) => {
      await bench.app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = bench.app.server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}`;
      await run(createClient({ url, token, ...options }), { ...bench, url });
    },
    { tokens: [token] },
  );
}

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Runs with a server that answers as it is told; the body has been read when `answer` is asked. */
export async function withAnswers(
  answer: (request: SeenRequest, response: ServerResponse) => void,
  run: (url: string, seen: readonly SeenRequest[]) => Promise<void>,
): Promise<void> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = '', url = '', headers } = request;
    const came = { method, url, headers, body };
    seen.push(came);
    answer(came, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** All items of what gives them one by one. */
export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
