// Clients of HTTP that a load asks with, over connections that are kept.
import { Agent, request as ask } from 'node:http';
import { Pool } from 'undici';
import type { Asked } from './requests.ts';

/** `undici`: a pool of it; `node`: Node's own client, which costs more. */
export type ClientName = 'undici' | 'node';

/** What a server answered. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks one server. */
interface LoadClient {
  ask(request: Pick<Asked, 'method' | 'path' | 'headers' | 'body'>): Promise<Answer>;
  close(): Promise<void>;
}

/** Makes one with so many connections at most. */
export function openClient(name: ClientName, origin: string, connections: number): LoadClient {
  return name === 'undici' ? undiciClient(origin, connections) : nodeClient(origin, connections);
}

function undiciClient(origin: string, connections: number): LoadClient {
  const pool = new Pool(origin, { connections, pipelining: 1 });
  return {
    async ask(request) {
      const { statusCode, body } = await pool.request(request);
      return { status: statusCode, text: await body.text() };
    },
    close: () => pool.close(),
  };
}

function nodeClient(origin: string, connections: number): LoadClient {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    ask: ({ body, ...request }) =>
      new Promise((resolve, reject) => {
        const asked = ask({ host: hostname, port, agent, ...request }, (response) => {
          let text = '';
          response.setEncoding('latin1');
          response.on('data', (part: string) => {
            text += part;
          });
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        });
        asked.on('error', reject);
        asked.end(body);
      }),
    close: async () => agent.destroy(),
  };
}
