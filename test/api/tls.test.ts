// The API over TLS: what it speaks, and another certificate while it runs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connect, type TLSSocket } from 'node:tls';
import { type createApi, renewApiTls } from '../../src/api/index.ts';
import { ConfigError } from '../../src/core/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { withApi } from './api-bench.ts';

const pem = (name: string): string =>
  readFileSync(new URL(`../device/tls/${name}.pem`, import.meta.url), 'utf8');
const first = { cert: pem('server'), key: pem('server.key') };
const second = { cert: pem('device'), key: pem('device.key') };

/** A connection that trusts whatever it meets, and what it met. */
async function open(port: number, options: object = {}): Promise<{ socket: TLSSocket; serial: string }> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return { socket, serial: socket.getPeerCertificate().serialNumber };
}

async function ask(socket: TLSSocket, port: number): Promise<string> {
  socket.write(`GET /v1/accounts HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString('latin1');
}

function withTls(
  run: (port: number, app: Awaited<ReturnType<typeof createApi>>) => Promise<void>,
): Promise<void> {
  return withApi(
    async ({ app }) => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      await run((app.server.address() as AddressInfo).port, app);
    },
    { tls: first },
  );
}

test('TLS: the API speaks HTTPS with its certificate, not before TLS 1.2, and plain HTTP gets nothing', () =>
  withTls(async (port) => {
    const { socket, serial } = await open(port);
    assert.match(await ask(socket, port), /^HTTP\/1\.1 200/);
    assert.notEqual(serial, '');
    socket.destroy();
    const old = connect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    });
    await once(old, 'error');
    await assert.rejects(fetch(`http://127.0.0.1:${port}/livez`));
  }));

test('TLS: another certificate serves new connections, and those that are open go on', () =>
  withTls(async (port, app) => {
    const before = await open(port);
    assert.match(await ask(before.socket, port), /^HTTP\/1\.1 200/);
    renewApiTls(app, second);
    const after = await open(port);
    assert.notEqual(after.serial, before.serial);
    assert.match(await ask(before.socket, port), /^HTTP\/1\.1 200/);
    assert.match(await ask(after.socket, port), /^HTTP\/1\.1 200/);
    before.socket.destroy();
    after.socket.destroy();
  }));

test('TLS: a pair that does not work is refused, at the start and later, and the one before stays', () =>
  withTls(async (port, app) => {
    const { serial, socket } = await open(port);
    socket.destroy();
    const wrong = [
      { cert: first.cert, key: second.key },
      { cert: 'no certificate', key: first.key },
      { cert: first.cert, key: '' },
      { cert: first.cert, key: first.cert },
    ];
    for (const pair of wrong) {
      assert.throws(() => renewApiTls(app, pair), ConfigError);
      const again = await open(port);
      assert.equal(again.serial, serial);
      again.socket.destroy();
      await assert.rejects(
        withApi(async () => undefined, { tls: pair }),
        ConfigError,
      );
    }
  }));

test('TLS: an API without it takes no certificate', () =>
  withApi(async ({ app }) => assert.throws(() => renewApiTls(app, first), /started without TLS/)));

test('TLS: 400 connections that never say hello are bounded, and an honest client gets in', () =>
  withTls(async (port) => {
    const { connect: connectPlain } = await import('node:net');
    const flood = Array.from({ length: 400 }, () => {
      const socket = connectPlain(port, '127.0.0.1');
      socket.on('error', () => undefined);
      return socket;
    });
    await Promise.all(flood.map((socket) => once(socket, 'connect')));
    const { socket } = await open(port);
    assert.match(await ask(socket, port), /^HTTP\/1\.1 200/);
    socket.destroy();
    for (const each of flood) each.resume();
    await eventually(() => flood.filter((each) => each.readyState === 'open').length <= 250, 'the bound');
    for (const each of flood) each.destroy();
  }));
