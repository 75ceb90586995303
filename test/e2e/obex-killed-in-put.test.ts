// A device is killed in the middle of a PUT: after so many octets of it, a gate holds the rest back and the device gets
// SIGKILL. The whole server does not call that delivered, and brings the message when the device is back.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { freePort } from './processes.ts';

const serverId = 'com.example.dm';
const deviceId = 'IMEI:990000880000041';
const text = `<SyncML>${' '.repeat(12_288 - 17)}</SyncML>`;
const body = new TextEncoder().encode(text);

/** Passes on what a sender writes, up to `limit` octets of a connection; then says so, and passes nothing more. */
class Gate {
  limit = Number.POSITIVE_INFINITY;
  readonly #server = createServer((socket) => this.#take(socket));
  readonly #sockets = new Set<Socket>();
  readonly #target: number;
  onHeld: () => void = () => {};

  constructor(target: number) {
    this.#target = target;
  }

  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(socket: Socket): void {
    const onward = connect({ host: '127.0.0.1', port: this.#target });
    for (const each of [socket, onward]) {
      this.#sockets.add(each);
      each.on('error', () => {});
      each.once('close', () => {
        this.#sockets.delete(each);
        socket.destroy();
        onward.destroy();
      });
    }
    let passed = 0;
    socket.on('data', (chunk: Buffer) => {
      const room = Math.max(0, this.limit - passed);
      passed += chunk.length;
      onward.write(chunk.subarray(0, room));
      if (chunk.length > room) this.onHeld();
    });
    onward.pipe(socket);
  }
}

describe('a device killed in the middle of a PUT', { concurrency: false, timeout: 240_000 }, () => {
  // Octets of the connection that the device still gets: CONNECT has 7 at least, the whole push more than 12 288.
  for (const [where, limit] of [
    ['in CONNECT', 3],
    ['at the start of the PUT', 40],
    ['in the middle of the body', 6000],
    ['in the last octets of the body', 12_200],
  ] as const) {
    it(`OBEX: ${where}: not delivered; delivered when the device is back`, () => play(limit));
  }
});

async function play(limit: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-obex-kill-'));
  const closers: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const port = await freePort();
    const gate = new Gate(port);
    const gatePort = await gate.open();
    closers.push(() => gate.close());
    const listen = { host: '127.0.0.1', port: 0 };
    const running = await startServer({
      data: join(folder, 'data'),
      dm: listen,
      api: { ...listen, tokens: [] },
      // The octets counted are those of the PUT alone, without the proof of a password.
      bindings: { obex: { messages: 'any' } },
      policy: { backOffBaseMs: 30, backOffCapMs: 200 },
      logger: silentLogger,
    });
    closers.push(() => running.stop());
    const credentials = { scheme: 'md5', name: 'd', secret: 'some secret', nonceBase64: 'bm9uY2U=' } as const;
    const provision = join(folder, 'device.json');
    const account = { serverId, address: running.dmUrl, client: credentials, server: credentials };
    writeFileSync(
      provision,
      JSON.stringify({ deviceId, man: 'Example', mod: 'E1', accounts: [{ ...account }] }),
    );
    const listenerConfig = join(folder, 'listener.json');
    writeFileSync(listenerConfig, JSON.stringify({ obex: { messages: 'any' } }));
    const startDevice = async (): Promise<CliProcess> => {
      const child = new CliProcess([
        ...['device', '--state', join(folder, 'state.json'), '--provision', provision, '--json'],
        ...['--listen', `obex://127.0.0.1:${port}`, '--listener-config', listenerConfig],
      ]);
      closers.push(() => child.end('SIGKILL'));
      await child.prints(/listens on/);
      return child;
    };
    const { server } = running;
    await server.accounts.create({ serverId, url: running.dmUrl });
    await server.devices.create({
      id: deviceId,
      serverId,
      addresses: [`obex://127.0.0.1:${gatePort}`],
      format: 'dm1.3',
      clientCredentials: credentials,
      serverCredentials: credentials,
    });

    const first = await startDevice();
    gate.limit = limit;
    const held = new Promise<void>((resolve) => {
      gate.onHeld = resolve;
    });
    const expiresAt = Date.now() + 600_000;
    const contentType = contentTypes['dm+xml'];
    const [queued] = await server.pushes.enqueueMessages([
      { purpose: 'message', deviceId, serverId, contentType, body, summary: {}, expiresAt },
    ]);
    assert.ok(queued?.outcome === 'queued');
    const { id } = queued.push;
    const eventsOf = async (): Promise<readonly string[]> =>
      ((await server.pushes.timeline(id)) ?? []).map(({ event }) => event);
    const until = async (event: string): Promise<void> => {
      while (!(await eventsOf()).includes(event)) await new Promise((resume) => setTimeout(resume, 20));
    };
    await held;
    await first.end('SIGKILL');
    await until('attempt-failed');
    assert.ok(!(await eventsOf()).includes('delivered'), String(await eventsOf()));
    assert.doesNotMatch(first.stdout, /"notification-received"/);

    gate.limit = Number.POSITIVE_INFINITY;
    const second = await startDevice();
    await until('delivered');
    await second.prints(/"notification-received","binding":"obex"[^\n]*"octets":12288/);
    assert.equal(second.stdout.match(/"notification-received"/g)?.length, 1);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
