import assert from 'node:assert/strict';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import { headerValue } from '../../../src/codec/sip/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { type Bench, device, makeCertificates, never, pushErrorOf, pushOf, withBench } from './support.ts';

const { ca, cert, key } = makeCertificates();
const resolve = async (): Promise<{ address: string }> => ({ address: '127.0.0.1' });

async function secureRegistrar(bench: Bench) {
  const registrar = await bench.registrar({ tls: { cert, key } });
  registrar.behave = () => ({ status: 200 });
  return registrar;
}

test(
  'RFC 3261 §26.2: over TLS with a verified certificate, by name and by address; one connection for all',
  withBench(async (bench) => {
    const registrar = await secureRegistrar(bench);
    const port = registrar.tlsPort;
    const byName = bench.sender(0, { outboundProxy: `sips:proxy.test:${port}`, resolve, tls: { ca } });
    const byAddress = bench.sender(port ?? 0, { tls: { ca } }, 'tls');
    for (const sender of [byName, byAddress]) {
      for (let count = 0; count < 3; count += 1) {
        assert.equal((await sender.send(pushOf(2000), { uri: device }, never)).outcome, 'delivered');
      }
    }
    assert.equal((await byName.send(pushOf(), { uri: 'sips:dev1@example.com' }, never)).outcome, 'delivered');
    assert.equal(registrar.requests.at(-1)?.requestUri, 'sips:dev1@example.com');
    const ways = registrar.requests.map(
      (request) => /^SIP\/2.0\/TLS [^;]+/.exec(headerValue(request, 'Via') ?? '')?.[0],
    );
    assert.equal(new Set(ways).size, 2);
  }),
);

test(
  'RFC 3261 §26.3: a certificate that cannot be verified, or of another name, is a permanent error; nothing is sent',
  withBench(async (bench) => {
    const registrar = await secureRegistrar(bench);
    const port = registrar.tlsPort;
    for (const options of [
      { outboundProxy: `sips:proxy.test:${port}`, resolve },
      { outboundProxy: `sips:other.test:${port}`, resolve, tls: { ca } },
    ]) {
      const error = await pushErrorOf(bench.sender(0, options).send(pushOf(), { uri: device }, never));
      assert.equal(`${error.code} ${error.retryable}`, 'TLS false');
      assert.match(error.message, /the TLS connection was not made/);
    }
    const plain = bench.sender(registrar.port, { tls: { ca } }, 'tls');
    const refused = await pushErrorOf(plain.send(pushOf(), { uri: device }, never));
    assert.match(refused.message, /127\.0\.0\.1:[0-9]+: /);
    assert.equal(registrar.requests.length, 0);
  }),
);

test(
  'a peer that takes the connection and says nothing: time is up after connectMs',
  withBench(async (bench) => {
    const server = createTcpServer((socket) => socket.resume());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    bench.later(() => new Promise((done) => server.close(() => done())));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sending = pushErrorOf(
      bench.sender(port, { connectMs: 700, tls: { ca } }, 'tls').send(pushOf(), { uri: device }, never),
    );
    await eventually(() => bench.clock.nextTimerAt() !== undefined);
    bench.clock.advance(700);
    const error = await sending;
    assert.equal(`${error.code} ${error.retryable}`, 'TIMEOUT true');
    assert.match(error.message, /no connection within 700 ms/);
  }),
);

test(
  'a connection that is idle for idleMs is closed, and opened again for the next push',
  withBench(async (bench) => {
    const registrar = await bench.registrar();
    registrar.behave = () => ({ status: 200 });
    const sender = bench.sender(registrar.port, { idleMs: 1000 }, 'tcp');
    await sender.send(pushOf(), { uri: device }, never);
    bench.clock.advance(1000);
    await eventually(async () => {
      await sender.send(pushOf(), { uri: device }, never);
      const ports = registrar.requests.map(
        (request) => /127\.0\.0\.1:[0-9]+/.exec(headerValue(request, 'Via') ?? '')?.[0],
      );
      return new Set(ports).size === 2;
    });
  }),
);

test(
  'a host name that cannot be resolved is a retryable error',
  withBench(async (bench) => {
    const failed = Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    const sender = bench.sender(0, {
      outboundProxy: 'sip:proxy.test',
      resolve: () => Promise.reject(failed),
    });
    const error = await pushErrorOf(sender.send(pushOf(), { uri: device }, never));
    assert.equal(`${error.code} ${error.retryable}`, 'HOST_NOT_FOUND true');
    assert.match(error.message, /by way of proxy\.test:5060/);
  }),
);
