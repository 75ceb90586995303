// kill -9 of a whole server at each step of the replacement of a secret, on real sockets, with a whole device: what was asked
// for is carried through by the next process, at no moment is the device one that neither of the two secrets wakes or lets
// in, and both ends hold the same one in the end.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { bytesToBase64 } from '../../../src/core/index.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../../src/device/index.ts';
import { WapListener } from '../../../src/push/wap/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { freePort } from '../../e2e/processes.ts';

interface Line {
  readonly state?: string;
  readonly hash?: string;
  readonly event?: string;
  readonly pushId?: string;
  readonly woken?: string;
}

class Life {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;

  constructor(...args: readonly string[]) {
    const script = join(import.meta.dirname, 'children', 'rotate.ts');
    this.#child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exit = once(this.#child, 'exit');
    const { stdout } = this.#child;
    assert.ok(stdout);
    createInterface({ input: stdout }).on('line', (line) => this.lines.push(JSON.parse(line) as Line));
  }

  /** Resolves when it is dead, by which signal. */
  async over(): Promise<NodeJS.Signals | null> {
    await this.#exit;
    return this.#child.signalCode;
  }

  async prints(wanted: (line: Line) => boolean, what: string): Promise<Line> {
    const found = await eventually(() => this.lines.find(wanted), what, 400_000);
    return found;
  }

  say(text: string): void {
    this.#child.stdin?.write(text);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#exit;
  }
}

const base64 = (octets: Uint8Array | undefined): string => bytesToBase64(octets ?? new Uint8Array(0));

describe('kill -9 while a secret is being replaced', { concurrency: 2, timeout: 300_000 }, () => {
  const places = {
    server: [
      'before begun',
      'after begun',
      'before tried',
      'after tried',
      'before sent',
      'after sent',
      'before completed',
      'after completed',
    ],
    client: ['after begun', 'after sent', 'before completed', 'after completed'],
  } as const;
  for (const side of ['server', 'client'] as const) {
    for (const place of places[side]) {
      it(`${side} secret, ${place}`, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'reveille-rotation-kill-'));
        const port = await freePort();
        const { id: deviceId, serverId, serverCredentials, clientCredentials } = sampleDevice();
        const storage = memoryState();
        const credentials = (from: typeof serverCredentials) => ({
          scheme: from.scheme,
          name: from.name,
          secret: from.secret,
          nonceBase64: base64(from.nonce),
        });
        await provisionDevice(storage, {
          deviceId,
          man: 'Example',
          mod: 'E1',
          accounts: [
            {
              serverId,
              address: `http://127.0.0.1:${port}/dm`,
              client: credentials(clientCredentials),
              server: credentials(serverCredentials),
            },
          ],
        });
        const events: DeviceEvent[] = [];
        const device = new Device({
          storage,
          onEvent: (event) => events.push(event),
          // Until the next process is up, however slow the machine is.
          backOff: { attempts: 100, firstMs: 300, longestMs: 600 },
        });
        await device.start();
        const handler = device.receive;
        const listener = new WapListener({ port: 0, address: '127.0.0.1', handler, onDrop: device.dropped });
        device.addReceiver(listener);
        const address = `wap:127.0.0.1:${await listener.start()}`;
        const args = [join(folder, 'store.db'), address, String(port), side];
        const lives: Life[] = [];
        const live = (...more: readonly string[]): Life => {
          const life = new Life(...args, ...more);
          lives.push(life);
          return life;
        };
        try {
          assert.equal(await live(place).over(), 'SIGKILL');
          const second = live();
          const { hash } = await second.prints(({ state }) => state === 'completed', 'the new secret');
          // A push in the middle of a session may be signed under the nonce that it renews.
          await second.prints(({ event }) => event === 'completed', 'the end of the session');
          const level = side === 'server' ? 'SRVCRED' : 'CLCRED';
          const entry = device.accounts[0]?.credentials.find((each) => each.level === level);
          const held = createHash('sha256')
            .update(entry?.secret ?? '')
            .digest('hex');
          assert.equal(held, hash, 'both ends hold the same secret');
          const before = (side === 'server' ? serverCredentials : clientCredentials).secret;
          assert.notEqual(entry?.secret, before);
          // It wakes and lets in, at once.
          const from = events.length;
          second.say('\n');
          const { woken } = await second.prints((line) => line.woken !== undefined, 'a notification');
          await second.prints(
            ({ event, pushId }) => pushId === woken && event === 'completed',
            'its session',
          );
          const refused = events
            .slice(from)
            .filter((event) => event.event === 'ignored' && event.reason === 'bad-digest');
          assert.deepEqual(refused, []);
        } finally {
          for (const life of lives) await life.kill();
          await device.stop();
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  }
});
