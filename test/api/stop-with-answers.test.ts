// Stopping while an answer is under way on a connection that its client keeps: the answer comes whole, and then all is over.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startDmListener } from '../../src/server/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { withServer } from '../server/server-bench.ts';
import { withApi } from './api-bench.ts';

// Connections that nobody ends stay open for a minute at the DM endpoint, here for ten at the API.
const timeout = 30_000;
const limits = { idleTimeoutMs: 600_000 };

test('the API: a copy that is being read is read to its end, and the API is closed', {
  timeout,
}, async () => {
  const agent = new Agent({ keepAlive: true });
  let goOn = (): void => undefined;
  const second = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const copyStore = async () => ({
    octets: 10,
    async *pieces() {
      yield Buffer.from('first');
      await second;
      yield Buffer.from(' last');
    },
    end: async () => undefined,
  });
  await withApi(
    async ({ app }) => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const asked = get({ host: '127.0.0.1', port, path: '/v1/backup', agent });
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      const closed = app.close();
      await eventually(() => !app.server.listening, 'the end of listening');
      goOn();
      let text = '';
      for await (const piece of answer) text += String(piece);
      assert.equal(text, 'first last');
      await closed;
    },
    { limits },
    {},
    { copyStore },
  );
  agent.destroy();
});

test(
  'the DM endpoint: a request whose body is still coming is answered, and the endpoint is closed',
  { timeout },
  () =>
    withServer({}, async ({ server }) => {
      const agent = new Agent({ keepAlive: true });
      const listener = await startDmListener(server.endpoint, { host: '127.0.0.1', port: 0 });
      const sent = request({
        ...{ host: '127.0.0.1', port: listener.port, path: '/dm', method: 'POST', agent },
        headers: {
          'content-type': 'application/vnd.syncml.dm+xml',
          'content-length': 4,
          expect: '100-continue',
        },
      });
      const answered = once(sent, 'response');
      sent.flushHeaders();
      // Now its head is there, and the request under way.
      await once(sent, 'continue');
      const closed = listener.close();
      sent.end('none');
      const [answer] = (await answered) as [IncomingMessage];
      answer.resume();
      assert.equal(answer.statusCode, 400);
      await closed;
      agent.destroy();
    }),
);
