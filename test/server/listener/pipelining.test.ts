// Many requests in one go on one connection, which no client of DM or of the API sends: none is worked on but the first.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { oneRequestAtATime } from '../../../src/server/listener/one-request.ts';
import { listening } from '../dm-http.ts';
import { withServer } from '../server-bench.ts';

/** Sends octets and reads until the other end closes. */
function exchange(port: number, octets: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(octets));
    let seen = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(seen));
  });
}

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

test('a second request before the answer ends the connection, and no further one is worked on', async (t) => {
  let worked = 0;
  const server = createServer((_, response) => {
    worked += 1;
    setTimeout(() => response.end('late'), 50);
  });
  oneRequestAtATime(server);
  await new Promise<void>((bound) => server.listen(0, '127.0.0.1', bound));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  assert.equal(await exchange(port, get.repeat(2000)), '');
  assert.equal(worked, 1);
});

test('a connection may have one request after the other', async (t) => {
  const server = createServer((_, response) => response.end('done'));
  oneRequestAtATime(server);
  await new Promise<void>((bound) => server.listen(0, '127.0.0.1', bound));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  let answers = 0;
  const socket = connect(port, '127.0.0.1', () => socket.write(get));
  await new Promise<void>((over) => {
    socket.on('data', (chunk) => {
      answers += chunk.toString().split('done').length - 1;
      if (answers < 50) socket.write(get);
      else socket.destroy();
    });
    socket.on('close', over);
  });
  assert.equal(answers, 50);
});

test('the DM endpoint answers none of a thousand requests that come at once', () =>
  withServer({}, (bench) =>
    listening(bench, async ({ port }) => {
      const answers = await exchange(port, get.repeat(1000));
      assert.ok(answers.split('HTTP/1.1 ').length - 1 <= 1, answers.slice(0, 200));
    }),
  ));
