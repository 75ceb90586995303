// A server with a heap of 96 MiB, an enrolled device that leaves unfinished whatever it can, and fifty that want something.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';
import { httpCarrier } from '../dm-http.ts';
import { Hoarder } from '../hoarder.ts';
import { ScriptedDevice } from '../scripted-device.ts';

const honestDevices = 50;
const sessions = 40;
const piecesOfSession = 4;
const mebibyte = 1_048_576;

function deviceOf(number: number, port: number, from: string): ScriptedDevice {
  const id = `IMEI:4930051007${String(number).padStart(5, '0')}`;
  const { serverId, clientCredentials: client, serverCredentials: server } = sampleDevice({ id });
  const none = new Uint8Array(0);
  return new ScriptedDevice(
    {
      deviceId: id,
      serverId,
      serverUri: sampleAccount.url,
      client: { ...client, nonce: client.nonce ?? none },
      server: { ...server, nonce: server.nonce ?? none },
    },
    httpCarrier(port, from),
  );
}

interface Figures {
  readonly held: number;
  readonly sessions: number;
  readonly rss: number;
  readonly heapUsed: number;
}

/** A server with a small heap, while `run` runs. */
async function withSmallServer(
  run: (port: number, figures: () => Promise<Figures>) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-small-'));
  const script = join(import.meta.dirname, 'children', 'small-heap.ts');
  const options = ['--max-old-space-size=96', script, join(folder, 'store.db'), String(honestDevices + 1)];
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] });
  const over = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string);
  try {
    const { port } = await next();
    await run(port, async () => {
      child.stdin.write('?\n');
      return next();
    });
    assert.equal(child.exitCode, null, 'the server is still there');
  } finally {
    child.stdin.end();
    await over;
    await rm(folder, { recursive: true });
  }
}

test('one enrolled device does not end a server of 96 MiB: 40 sessions of unfinished objects, and fifty devices served', () =>
  withSmallServer(async (port, figures) => {
    const greedy = deviceOf(0, port, '127.0.6.1');
    let served = 0;
    let honest: Promise<void> = Promise.resolve();
    for (let sessionId = 1; sessionId <= sessions; sessionId += 1) {
      const session = new Hoarder(greedy, port, '127.0.6.1', sessionId);
      assert.equal(await session.begin(), 200);
      for (let piece = 0; piece < piecesOfSession; piece += 1) {
        assert.match(await session.piece(950_000, piece === 0 ? 4_000_000 : undefined), /^(213|413)$/);
        if (served === honestDevices) continue;
        served += 1;
        await honest;
        const device = deviceOf(served, port, `127.0.7.${served}`);
        honest = device.run({ sessionId: 1, trigger: 'client' }).then(({ end }) => {
          assert.deepEqual(end, { outcome: 'completed' });
        });
      }
    }
    await honest;
    assert.equal(served, honestDevices);
    const { held, sessions: running } = await figures();
    assert.ok(held <= 17 * mebibyte, `${held} octets are held`);
    assert.ok(running <= 8, `${running} sessions`);
  }));
