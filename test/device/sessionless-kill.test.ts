// kill -9 of a device at any point of a sessionless message: the tree is before or after, and so is the memory of messages.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { mediaTypes } from '../../src/codec/syncml/index.ts';
import { buildTnds } from '../../src/codec/tnds/index.ts';
import { Device, openStateFile, provisionDevice } from '../../src/device/index.ts';
import { contentTypes } from '../../src/push/index.ts';
import { createWapSender } from '../../src/push/wap/index.ts';
import { SharedKey } from '../../src/security/index.ts';
import { accountTree } from '../../src/sessionless/account-tree.ts';
import { composeMessage } from '../../src/sessionless/index.ts';
import { readAccounts } from '../../src/tree/index.ts';
import { received } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-sessionless-kill-'));
const sender = createWapSender({ maxDatagram: 16_000 });
const children = new Set<ChildProcess>();
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await sender.close();
  rmSync(folder, { recursive: true, force: true });
});

const serverId = 'com.example.dm';
const deviceId = 'IMEI:1';
const secret = 'server secret of 16+';
const tree = buildTnds(
  accountTree(
    {
      serverId: 'com.example.second',
      addresses: [{ addr: 'https://second.example/dm' }],
      credentials: [{ level: 'CLCRED', type: 'DIGEST', name: 'd', secret: 'of the second' }],
    },
    { id: 'Net', address: 'net.example' },
  ),
);
const { octets } = composeMessage(
  {
    serverId,
    deviceId,
    sessionId: '7',
    commands: [
      ...Array.from({ length: 20 }, (_, index) => ({
        name: 'Add' as const,
        cmdId: '1',
        items: [{ target: { uri: `./Vendor/Leaf${index}` }, data: 'x'.repeat(100) }],
      })),
      {
        name: 'Add',
        cmdId: '1',
        items: [
          { target: { uri: './Inbox' }, meta: { format: 'xml', type: mediaTypes.tndsXml }, data: tree },
        ],
      },
    ],
  },
  { key: new SharedKey(new TextEncoder().encode(secret)) },
);

/** Starts a device on the state, pushes the message, and kills it after `delayMs`. */
async function strike(state: string, delayMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'device-process.ts'), state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const push = { id: 'm', contentType: contentTypes['dm+wbxml'], body: octets };
  await sender.send(push, { host: '127.0.0.1', port }, new AbortController().signal);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  children.delete(child);
}

test('SM-C-003: killed at any point, the Connectivity MO and the account are both there or neither, once', async () => {
  let before = 0;
  let done = 0;
  // The long ones are for a machine that is busy with other things.
  for (const delayMs of [0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 25, 60, 500, 5000]) {
    if (delayMs > 60 && done > 0) break;
    const state = join(folder, `${delayMs}.json`);
    const storage = openStateFile(state);
    await provisionDevice(storage, {
      deviceId,
      man: 'M',
      mod: 'X',
      accounts: [
        {
          serverId,
          address: 'http://127.0.0.1:1/dm',
          client: { scheme: 'md5', name: 'd', secret: 'client' },
          server: { scheme: 'md5', secret },
        },
      ],
    });
    await storage.close();
    await strike(state, delayMs);
    const device = new Device({ storage: openStateFile(state) });
    await device.start();
    const found = device.tree;
    assert.ok(found !== undefined);
    const second = readAccounts(found).find((account) => account.serverId === 'com.example.second');
    const placed = [
      second !== undefined,
      found.node('./NAP/Net/NapAddr') !== undefined,
      ...Array.from({ length: 20 }, (_, index) => found.node(`./Vendor/Leaf${index}`) !== undefined),
    ];
    assert.ok(
      placed.every((each) => each === placed[0]),
      `after ${delayMs} ms: ${placed}`,
    );
    if (second !== undefined) assert.equal(second.prefConRef, './NAP/Net');
    // What was processed is not processed again, and what was not, is.
    const outcome = await device.handlePush(received(octets, 0x42));
    if (second === undefined) {
      before += 1;
      assert.equal(outcome.outcome, 'processed', JSON.stringify(outcome));
    } else {
      done += 1;
      assert.ok('reason' in outcome && outcome.reason === 'message-replay', JSON.stringify(outcome));
    }
    await device.stop();
  }
  assert.ok(before > 0, 'some were killed before');
  assert.ok(done > 0, 'some were killed after');
});
