// The DM listener on real sockets: HTTP, HTTPS, headers, limits, errors at the start.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { Agent, request as send } from 'undici';
import { ConfigError } from '../../../src/core/index.ts';
import { type DmListener, type DmListenerOptions, startDmListener } from '../../../src/server/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { type Carrier, ScriptedDevice } from '../scripted-device.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const pem = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', 'device', 'tls', `${name}.pem`), 'utf8');

async function withListener(
  options: Partial<DmListenerOptions>,
  run: (listener: DmListener, bench: ServerBench) => Promise<void>,
): Promise<void> {
  await withServer({}, async (bench) => {
    const listener = await startDmListener(bench.server.endpoint, { port: 0, host: '127.0.0.1', ...options });
    try {
      await run(listener, bench);
    } finally {
      await listener.close();
    }
  });
}

/** Carries messages over HTTP to the listener, whatever host their address names. */
function httpCarrier(listener: DmListener, base: string, agent: Agent): Carrier {
  return async ({ url, body, contentType, hmac }) => {
    const { search } = new URL(url);
    const response = await send(`${base}:${listener.port}/dm${search}`, {
      method: 'POST',
      dispatcher: agent,
      headers: {
        'content-type': contentType ?? '',
        ...(hmac !== undefined && { 'x-syncml-hmac': hmac }),
      },
      body,
    });
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(response.headers)) headers[name] = String(value);
    return { status: response.statusCode, headers, body: new Uint8Array(await response.body.arrayBuffer()) };
  };
}

for (const scheme of ['md5', 'hmac'] as const) {
  test(`a session over HTTP, ${scheme}: body and x-syncml-hmac pass octet for octet`, () =>
    withListener({}, async (listener, { push, store, device, wap, reaches }) => {
      await store.updateDevice(sampleDevice().id, {
        clientCredentials: { ...sampleDevice().clientCredentials, scheme },
      });
      const id = await push();
      await reaches(id, 'sent');
      const agent = new Agent();
      const client = { ...device.state.client, scheme };
      const overHttp = new ScriptedDevice(
        { ...device.state, client },
        httpCarrier(listener, 'http://127.0.0.1', agent),
        { form: 'wbxml' },
      );
      const sent = wap.pushes[0];
      assert.ok(sent);
      assert.deepEqual((await overHttp.take(sent.push))?.end, { outcome: 'completed' });
      await reaches(id, 'completed');
      await agent.close();
    }));
}

test('DM-HTTP-1.2: HTTPS with TLS 1.2 and later, and nothing older', () =>
  withListener({ tls: { cert: pem('server'), key: pem('server.key') } }, async (listener, bench) => {
    const { push, device, wap, reaches } = bench;
    assert.match(listener.url, /^https:\/\/.*\/dm$/);
    const id = await push();
    await reaches(id, 'sent');
    const agent = new Agent({ connect: { ca: pem('ca'), servername: 'localhost' } });
    const overTls = new ScriptedDevice(device.state, httpCarrier(listener, 'https://127.0.0.1', agent));
    const sent = wap.pushes[0];
    assert.ok(sent);
    assert.deepEqual((await overTls.take(sent.push))?.end, { outcome: 'completed' });
    await agent.close();
    const versionOf = (limits: { minVersion?: 'TLSv1.1' | 'TLSv1.2'; maxVersion: 'TLSv1.1' | 'TLSv1.2' }) =>
      new Promise<string | null>((resolve) => {
        // Level 0 lets this end offer what the listener has to refuse.
        const options = { port: listener.port, host: '127.0.0.1', servername: 'localhost', ca: pem('ca') };
        const socket = connectTls({ ...options, ...limits, ciphers: 'DEFAULT:@SECLEVEL=0' }, () => {
          const version = socket.getProtocol();
          socket.destroy();
          resolve(version);
        });
        socket.on('error', () => resolve('refused'));
      });
    assert.equal(await versionOf({ maxVersion: 'TLSv1.2' }), 'TLSv1.2');
    assert.equal(await versionOf({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }), 'refused');
  }));

test('client certificates are demanded when an authority for them is given', () =>
  withListener(
    { tls: { cert: pem('server'), key: pem('server.key'), clientCa: pem('ca') } },
    async (listener) => {
      const ask = async (identity: { cert?: string; key?: string }) => {
        const agent = new Agent({ connect: { ca: pem('ca'), servername: 'localhost', ...identity } });
        try {
          const response = await send(`https://127.0.0.1:${listener.port}/dm`, { dispatcher: agent });
          return response.statusCode;
        } catch {
          return 'refused';
        } finally {
          await agent.destroy();
        }
      };
      assert.equal(await ask({}), 'refused');
      assert.equal(await ask({ cert: pem('device'), key: pem('device.key') }), 405);
    },
  ));

test('what is no DM message is refused in one line, without leaving the protocol of HTTP', () =>
  withListener({}, async (listener, { server }) => {
    const base = `http://127.0.0.1:${listener.port}`;
    const ask = async (path: string, options: NonNullable<Parameters<typeof send>[1]>) => {
      const response = await send(`${base}${path}`, options);
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    };
    const get = await ask('/dm', { method: 'GET' });
    assert.deepEqual([get.status, get.headers.allow], [405, 'POST']);
    assert.equal((await ask('/other', { method: 'POST' })).text, 'DM messages go to /dm\n');
    assert.equal(
      (await ask('/dm', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }))
        .status,
      415,
    );
    assert.equal((await ask('/dm', { method: 'POST', body: 'x' })).status, 415);
    const large = await ask('/dm', {
      method: 'POST',
      body: Buffer.alloc(server.endpoint.maxBody + 1),
      headers: { 'content-type': 'application/vnd.syncml.dm+xml' },
    });
    assert.deepEqual([large.status, large.text], [413, 'at most 1048576 octets\n']);
    // Octets that are not even HTTP end their connection and nothing else.
    await new Promise<void>((resolve) => {
      const socket = connect(listener.port, '127.0.0.1', () => socket.end('\u0000\u0001\u0002\r\n\r\n'));
      socket.resume().on('close', () => resolve());
    });
    assert.equal((await ask('/dm', { method: 'GET' })).status, 405);
  }));

test('a port in use, an address of another machine, a bad certificate: one line that says what to do', () =>
  withListener({}, async (listener, { server }) => {
    const start = (options: Partial<DmListenerOptions>) =>
      startDmListener(server.endpoint, { port: 0, host: '127.0.0.1', ...options });
    for (const [options, words] of [
      [{ port: listener.port }, /TCP port \d+ on 127\.0\.0\.1 is in use: stop the program/],
      [{ host: '192.0.2.77' }, /192\.0\.2\.77 is not an address of this machine/],
      [{ tls: { cert: 'x', key: 'y' } }, /TLS cannot be set up/],
      [{ port: Number.NaN }, /^port: /],
    ] as const) {
      await assert.rejects(start(options), (error) => {
        assert.ok(error instanceof ConfigError, String(error));
        assert.match(error.message, words);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    }
  }));

test('a listener takes another certificate for new connections; one that does not work, or without TLS, is refused', async () => {
  const tls = { cert: pem('server'), key: pem('server.key') };
  const shownBy = (port: number) =>
    new Promise<string>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false };
      const socket = connectTls(options, () => {
        resolve(socket.getPeerX509Certificate()?.subject ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });
  await withListener({ tls }, async (listener) => {
    const before = await shownBy(listener.port);
    assert.throws(() => listener.renewTls({ cert: 'x', key: 'y' }), ConfigError);
    assert.equal(await shownBy(listener.port), before);
    listener.renewTls({ cert: pem('device'), key: pem('device.key') });
    assert.notEqual(await shownBy(listener.port), before);
  });
  await withListener({}, async (listener) => {
    assert.throws(
      () => listener.renewTls(tls),
      (error) => error instanceof ConfigError && /was started without TLS/.test(error.message),
    );
  });
});
