// Requests that follow one another on one connection: each is held to what it says itself.
import assert from 'node:assert/strict';
import { Agent, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { withApi } from './api-bench.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
after(() => agent.destroy());

/** Asks on the one connection, and gives status and code. */
function ask(port: number, host: string, origin?: string): Promise<readonly [number, string | undefined]> {
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': 'application/json', ...(origin !== undefined && { origin }) };
    const options = { port, host: '127.0.0.1', path: '/v1/notifications', method: 'POST', agent, headers };
    const asked = httpRequest(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      answer.on('end', () => resolve([answer.statusCode ?? 0, JSON.parse(text).code]));
    });
    asked.on('error', reject);
    asked.end('{}');
  });
}

test('a connection that has named this server may not name another one later, nor speak for another page', () =>
  withApi(async ({ app }) => {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const [here, there] = [`127.0.0.1:${port}`, `evil.example:${port}`];
    let connections = 0;
    app.server.on('connection', () => {
      connections += 1;
    });
    for (const [host, origin, expected] of [
      [here, undefined, [400, 'MISSING']],
      [here, undefined, [400, 'MISSING']],
      [there, undefined, [421, 'WRONG_HOST']],
      [here, `http://${here}`, [400, 'MISSING']],
      [here, `http://${there}`, [403, 'CROSS_SITE']],
      [there, undefined, [421, 'WRONG_HOST']],
      ['a b', undefined, [400, 'BAD_HOST']],
      [`localhost:${port}`, undefined, [400, 'MISSING']],
      [here, undefined, [400, 'MISSING']],
    ] as const) {
      assert.deepEqual(await ask(port, host, origin), expected);
    }
    assert.equal(connections, 1);
  }));
