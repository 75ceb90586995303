// kill -9 of a whole server, on real sockets: what was accepted is completed by the next process, under its Session-ID.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { request as send } from 'undici';
import { contentTypes, type ReceivedPush } from '../../src/push/index.ts';
import { WapListener } from '../../src/push/wap/index.ts';
import { sampleAccount, sampleDevice } from '../../src/testing/index.ts';
import { type Carrier, ScriptedDevice } from './scripted-device.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-server-kill-'));
after(() => rm(folder, { recursive: true }));

interface Line {
  readonly port?: number;
  readonly accepted?: string;
  readonly event?: string;
  readonly sessionId?: number;
}

interface Running {
  readonly child: ChildProcess;
  readonly lines: Line[];
}

function startServer(file: string, address: string): Running {
  const script = join(import.meta.dirname, 'children', 'serve.ts');
  const child = spawn(process.execPath, [script, file, address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  assert.ok(child.stdout);
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
  return { child, lines };
}

async function waitFor({ child, lines }: Running, wanted: (line: Line) => boolean): Promise<Line> {
  for (;;) {
    const found = lines.find(wanted);
    if (found !== undefined) return found;
    assert.ok(child.exitCode === null && child.signalCode === null, 'the server runs');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function kill({ child }: Running): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Carries messages to whichever port the running server has, whatever their address names. */
function carrierTo(portOf: () => number): Carrier {
  return async ({ url, body, contentType }) => {
    const { search } = new URL(url);
    const response = await send(`http://127.0.0.1:${portOf()}/dm${search}`, {
      method: 'POST',
      headers: { 'content-type': contentType ?? '' },
      body,
    });
    return {
      status: response.statusCode,
      headers: { 'content-type': String(response.headers['content-type']) },
      body: new Uint8Array(await response.body.arrayBuffer()),
    };
  };
}

function deviceWith(carrier: Carrier): ScriptedDevice {
  const { id, serverId, serverCredentials, clientCredentials } = sampleDevice();
  const nonce = (credentials: typeof serverCredentials) => credentials.nonce ?? new Uint8Array(0);
  return new ScriptedDevice(
    {
      deviceId: id,
      serverId,
      serverUri: sampleAccount.url,
      client: { ...clientCredentials, nonce: nonce(clientCredentials) },
      server: { ...serverCredentials, nonce: nonce(serverCredentials) },
    },
    carrier,
  );
}

async function scene(
  name: string,
  run: (world: {
    readonly start: () => Promise<Running>;
    readonly pushes: ReceivedPush[];
    readonly device: ScriptedDevice;
  }) => Promise<void>,
): Promise<void> {
  const pushes: ReceivedPush[] = [];
  const listener = new WapListener({
    port: 0,
    address: '127.0.0.1',
    handler: async (push) => {
      pushes.push(push);
    },
  });
  const udpPort = await listener.start();
  const started: Running[] = [];
  let port = 0;
  const start = async (): Promise<Running> => {
    const running = startServer(join(folder, `${name}.db`), `wap:127.0.0.1:${udpPort}`);
    started.push(running);
    port = (await waitFor(running, (line) => line.port !== undefined)).port ?? 0;
    return running;
  };
  try {
    await run({ start, pushes, device: deviceWith(carrierTo(() => port)) });
  } finally {
    for (const running of started)
      if (running.child.exitCode === null && running.child.signalCode === null) await kill(running);
    await listener.close();
  }
}

/** Lets the device answer the push. */
async function answer(device: ScriptedDevice, push: ReceivedPush | undefined): Promise<void> {
  assert.ok(push);
  const run = await device.take({ id: 'p', contentType: contentTypes['dm1.2'], body: push.body });
  assert.deepEqual(run?.end, { outcome: 'completed' });
}

/** Waits until a push has come. */
async function arrived(pushes: readonly ReceivedPush[]): Promise<void> {
  while (pushes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('kill -9 right after the acceptance: the next process sends and completes it', () =>
  scene('accepted', async ({ start, pushes, device }) => {
    const first = await start();
    const { sessionId } = await waitFor(first, ({ accepted }) => accepted !== undefined);
    await kill(first);
    const second = await start();
    await arrived(pushes);
    await answer(device, pushes[0]);
    const completed = await waitFor(second, ({ event }) => event === 'completed');
    assert.equal(completed.sessionId, sessionId);
  }));

test('kill -9 between the push and its answer: the answer reaches the next process and completes it', () =>
  scene('answered', async ({ start, pushes, device }) => {
    const first = await start();
    const { sessionId } = await waitFor(first, ({ event }) => event === 'sent');
    await arrived(pushes);
    await kill(first);
    const second = await start();
    await answer(device, pushes[0]);
    const completed = await waitFor(second, ({ event }) => event === 'completed');
    assert.equal(completed.sessionId, sessionId);
    assert.equal(pushes.length, 1, 'no second push was needed');
  }));
