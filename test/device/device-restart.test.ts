import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { encodeNotification, type NotificationInput } from '../../src/codec/notification/index.ts';
import { bytesToBase64 } from '../../src/core/index.ts';
import { Device, openStateFile, provisionDevice } from '../../src/device/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createWapSender } from '../../src/push/wap/index.ts';
import { defaultNonce, dm12, dm13, secret, serverId, storedNonce } from './fixtures.ts';
import { deviceId, ScriptedServer } from './scripted-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-device-'));
const children = new Set<ChildProcess>();
const servers: ScriptedServer[] = [];
const sender = createWapSender();
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(servers.map((server) => server.close()));
  await sender.close();
  rmSync(folder, { recursive: true, force: true });
});

interface RunningDevice {
  readonly port: number;
  /** The next event of a kind that has not been waited for. */
  next(event: string): Promise<Record<string, unknown>>;
  kill(): Promise<void>;
}

async function run(path: string): Promise<RunningDevice> {
  const script = join(import.meta.dirname, 'device-process.ts');
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const lines: Record<string, unknown>[] = [];
  let wake = (): void => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    wake();
  });
  const find = async (
    wanted: (line: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>> => {
    for (;;) {
      const at = lines.findIndex(wanted);
      if (at >= 0) return lines.splice(at, 1)[0] ?? {};
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const { port } = await find((line) => 'port' in line);
  return {
    port: Number(port),
    next: (event) => find((line) => line.event === event),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      children.delete(child);
    },
  };
}

async function scene(
  name: string,
  deviceNonce = storedNonce,
): Promise<{ path: string; server: ScriptedServer }> {
  const server = new ScriptedServer({ client: storedNonce, server: storedNonce });
  await server.start();
  servers.push(server);
  const path = join(folder, name);
  const storage = openStateFile(path);
  const nonce = bytesToBase64(deviceNonce);
  await provisionDevice(storage, {
    deviceId,
    man: 'Example',
    mod: 'One',
    accounts: [
      {
        serverId,
        address: server.url,
        client: { scheme: 'md5', name: 'Bruce2', secret: 'OhBehave', nonceBase64: nonce },
        server: { scheme: 'md5', secret, nonceBase64: nonce },
      },
    ],
  });
  await storage.close();
  return { path, server };
}

async function push(port: number, message: NotificationInput, nonce: Uint8Array): Promise<void> {
  const body = encodeNotification(message, { secret, nonce });
  const contentType = contentTypes[message.format];
  await sender.send(
    { id: 'x', contentType, body },
    { host: '127.0.0.1', port },
    new AbortController().signal,
  );
}

test('kill -9 after a resynchronisation: fresh nonces and the memory of notifications survive', {
  timeout: 240_000,
}, async () => {
  const { path, server } = await scene('resync.json', new TextEncoder().encode('wrong'));
  server.resynchronising.add(dm12.sessionId);
  const first = await run(path);
  await push(first.port, dm12, storedNonce);
  assert.equal((await first.next('ignored')).reason, 'bad-digest');
  await push(first.port, dm12, defaultNonce);
  const ended = await first.next('session-ended');
  assert.deepEqual([ended.outcome, ended.nonce, ended.resynchronised], ['completed', 'default', true]);
  await first.kill();

  const second = await run(path);
  await push(second.port, dm12, defaultNonce);
  assert.equal((await second.next('ignored')).reason, 'replay');
  await push(second.port, { ...dm12, sessionId: 2 }, server.nonces.server);
  const again = await second.next('session-ended');
  assert.deepEqual([again.outcome, again.nonce], ['completed', 'stored']);
  await second.kill();
});

test('kill -9 in the middle of a session: the same notification, sent again, is completed', {
  timeout: 240_000,
}, async () => {
  for (const message of [dm12, { ...dm13, timeoutMinutes: 0 }]) {
    const { path, server } = await scene(`middle-${message.format}.json`);
    server.script = [[{ name: 'Get', cmdId: '1', items: [{ target: { uri: './DevDetail/FwV' } }] }]];
    const reached = Promise.withResolvers<void>();
    server.interfere = (request) => {
      if (request !== 2) return undefined;
      reached.resolve();
      return 'hang';
    };
    const first = await run(path);
    await push(first.port, message, storedNonce);
    await reached.promise;
    await first.kill();
    server.forgetSessions();

    const state = JSON.parse(readFileSync(path, 'utf8')) as {
      servers: Record<string, { notifications: unknown[] }>;
    };
    assert.equal(state.servers[serverId]?.notifications.length, 1);
    const second = await run(path);
    // The nonce of the server has moved on where the device had renewed it; its notifications keep theirs.
    const nonce = message.format === 'dm1.2' ? nonceOf(path) : storedNonce;
    await push(second.port, message, nonce);
    assert.equal((await second.next('session-ended')).outcome, 'completed');
    await push(second.port, message, nonce);
    assert.ok(['replay', 'bad-digest'].includes(String((await second.next('ignored')).reason)));
    await second.kill();
  }
});

/** The server nonce that the device holds, as its file has it. */
function nonceOf(path: string): Uint8Array {
  const text = readFileSync(path, 'utf8');
  const nonces = [...text.matchAll(/"name":"AAuthData"[^}]*?"base64":"([^"]*)"/g)].map(
    (match) => match[1] ?? '',
  );
  return Buffer.from(nonces[1] ?? '', 'base64');
}

test('a datagram with another application id never reaches the device, and is counted and told', {
  timeout: 240_000,
}, async () => {
  const { path } = await scene('application-id.json');
  const device = await run(path);
  const { createSocket } = await import('node:dgram');
  const socket = createSocket('udp4');
  const body = encodeNotification(dm12, { secret, nonce: storedNonce });
  const datagram = Buffer.concat([Buffer.from('010603c4af84', 'hex'), body]);
  socket.send(datagram, device.port, '127.0.0.1');
  const dropped = await device.next('dropped');
  assert.equal(dropped.reason, 'application-id');
  assert.equal(dropped.octets, datagram.length);
  socket.close();
  await device.kill();
});

test('two devices on one state file: the second is refused with what to do', {
  timeout: 240_000,
}, async () => {
  const { path } = await scene('shared.json');
  const device = await run(path);
  assert.throws(() => openStateFile(path), /in use by process \d+; stop that one, or use another state file/);
  await device.kill();
  const successor = new Device({ storage: openStateFile(path) });
  await successor.start();
  await successor.stop();
});
