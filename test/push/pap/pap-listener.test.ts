// The listener of PAP: one handler for each path, bounded bodies and connections, an end that nobody can delay.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ConfigError, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { type PapHttpRequest, PapListener, type PapListenerOptions } from '../../../src/push/pap/index.ts';
import { eventually } from '../../../src/testing/index.ts';

async function withListener(
  options: Partial<PapListenerOptions>,
  run: (url: string, seen: readonly PapHttpRequest[], listener: PapListener) => Promise<void>,
): Promise<void> {
  const seen: PapHttpRequest[] = [];
  const handle = async (request: PapHttpRequest) => {
    seen.push(request);
    return { status: 202, headers: { 'X-Test': ['a', 'b'] }, body: utf8ToBytes('taken') };
  };
  const routes = { '/pap': { maxBody: 100, handle } };
  const listener = new PapListener({ port: 0, address: '127.0.0.1', routes, ...options });
  const port = await listener.start();
  try {
    await run(`http://127.0.0.1:${port}`, seen, listener);
  } finally {
    await listener.close();
  }
}

test('a request reaches the handler of its path, with peer and target', () =>
  withListener({}, async (url, seen) => {
    const answer = await fetch(`${url}/pap?x=1`, {
      method: 'POST',
      body: 'hello',
      headers: { authorization: 'Basic eA==', 'content-type': 'text/plain' },
    });
    assert.deepEqual(
      [answer.status, answer.headers.get('x-test'), await answer.text()],
      [202, 'a, b', 'taken'],
    );
    const [request] = seen;
    assert.deepEqual(
      { ...request, body: new TextDecoder().decode(request?.body) },
      {
        method: 'POST',
        target: '/pap?x=1',
        contentType: 'text/plain',
        authorization: 'Basic eA==',
        body: 'hello',
        tls: false,
        peer: '127.0.0.1',
      },
    );
    assert.equal((await fetch(`${url}/other`)).status, 404);
    assert.equal((await fetch(`${url}/constructor`)).status, 404);
  }));

test('a body that is too long is refused, announced or not', () =>
  withListener({}, async (url, seen) => {
    assert.equal((await fetch(`${url}/pap`, { method: 'POST', body: 'x'.repeat(101) })).status, 413);
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i += 1) controller.enqueue(utf8ToBytes('0123456789'));
        controller.close();
      },
    });
    const streamed: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    assert.equal((await fetch(`${url}/pap`, streamed)).status, 413);
    assert.deepEqual(seen, []);
  }));

test('thousands of requests in one piece: eight of a connection are worked on at once, and the ninth ends it', async () => {
  let underWay = 0;
  let most = 0;
  const drops: string[] = [];
  const release: (() => void)[] = [];
  const handle = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise<void>((resolve) => release.push(resolve));
    underWay -= 1;
    return { status: 202, headers: {}, body: new Uint8Array() };
  };
  const onDrop = ({ reason }: { readonly reason: string }): void => void drops.push(reason);
  const routes = { '/slow': { maxBody: 100, handle } };
  await withListener({ routes, onDrop }, async (url) => {
    const request = 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na';
    const open = async () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };
    const impatient = await open();
    const closed = new Promise((resolve) => impatient.once('close', resolve));
    impatient.write(request.repeat(3000));
    await closed;
    assert.deepEqual([most, drops], [8, ['protocol']]);
    // A few before the first answer are what HTTP allows.
    const patient = await open();
    let received = '';
    patient.on('data', (octets) => {
      received += String(octets);
    });
    patient.write(request.repeat(8));
    await eventually(() => underWay === 16);
    for (const go of release) go();
    await eventually(() => received.split('HTTP/1.1 202').length === 9);
    patient.destroy();
  });
});

test('a peer that never finishes its request does not keep the listener from closing', () =>
  withListener({ closeMs: 20 }, async (url, _seen, listener) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write('POST /pap HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closed = once(socket, 'close');
    await listener.close();
    await closed;
  }));

test('a port in use, and an address that is none, are errors of configuration', () =>
  withListener({}, async (url) => {
    const routes = {};
    const taken = new PapListener({ port: Number(new URL(url).port), address: '127.0.0.1', routes });
    await assert.rejects(taken.start(), ConfigError);
    assert.throws(() => new PapListener({ port: 0, address: 'example.com', routes }).start(), ConfigError);
    assert.throws(
      () => new PapListener({ port: 0, address: '127.0.0.1', routes, tls: { cert: 'x', key: 'y' } }),
      /TLS cannot be set up/,
    );
    const place = { port: 0, address: '127.0.0.1', routes };
    assert.throws(() => new PapListener({ ...place, port: Number.NaN }), ConfigError);
    for (const wrong of [Number.NaN, -1, 0, 1.5]) {
      for (const name of ['idleMs', 'maxConnections', 'maxConnectionsPerSource', 'closeMs']) {
        assert.throws(
          () => new PapListener({ ...place, [name]: wrong }),
          (error) => error instanceof ValueError && error.path === name,
        );
      }
    }
  }));
