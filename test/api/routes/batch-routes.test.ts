// The routes of batches: what they hold on to, and for how long.
import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { type ApiBackend, createApi } from '../../../src/api/index.ts';
import { BatchExchange } from '../../../src/api/routes/batch-exchange.ts';
import { systemClock } from '../../../src/core/index.ts';
import { postBatch } from '../batch-client.ts';

test('an exchange that is over is let go; one that goes on is told when the server stops', async (context) => {
  const stop = context.mock.method(BatchExchange.prototype, 'stop');
  const jobs = { createEach: async (lines: readonly unknown[]) => lines.map(() => ({ outcome: 'refused' })) };
  const backend = { jobs, sessionless: {}, clock: systemClock({ unref: true }) } as unknown as ApiBackend;
  const app = await createApi(backend);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  for (let batch = 0; batch < 3; batch += 1) {
    assert.equal((await postBatch(port, '/v1/jobs/batch', '{}\n')).lines.length, 1);
  }
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `POST /v1/jobs/batch HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/x-ndjson\r\nContent-Length: 99\r\n\r\n{}\n`,
  );
  await new Promise((resolve) => socket.once('data', resolve));
  await app.close();
  assert.equal(stop.mock.callCount(), 1);
  socket.destroy();
});
