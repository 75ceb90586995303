// The server as `serve` starts it, over short messages: a receipt that comes after a restart still counts.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type RunningServer, startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually, SmscSimulator, sampleAccount } from '../../../src/testing/index.ts';

const number = '+491701234567';
const credentials = { scheme: 'md5', name: 'd', secret: 'secret', nonceBase64: 'AAAAAA==' };

test('receipts are matched over a restart of the server, and only what was delivered is delivered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-receipts-'));
  const smsc = new SmscSimulator({ retryMs: 20 });
  const port = await smsc.start();
  const centre = { host: '127.0.0.1', port, name: 'sim' };
  const listen = { host: '127.0.0.1', port: 0 };
  const start = (): Promise<RunningServer> =>
    startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      bindings: { sms: { smscs: [{ ...centre, systemId: 'dms' }], backOffMs: 10 } },
      node: 'test',
      logger: silentLogger,
    });
  let running = await start();
  let handset: SmsReceiver | undefined;
  try {
    await running.server.accounts.create({ serverId: sampleAccount.serverId, url: running.dmUrl });
    const device = {
      id: 'd1',
      serverId: sampleAccount.serverId,
      addresses: [`sms:${number}`],
      format: 'dm1.2',
    };
    await running.server.devices.create({
      ...device,
      clientCredentials: credentials,
      serverCredentials: credentials,
    });
    const state = async (id: string) => (await running.server.pushes.get(id))?.state;
    const push = async (): Promise<string> => {
      const { push: queued } = await running.server.pushes.createNotification({ device: 'd1' });
      await eventually(async () => (await state(queued.id)) === 'accepted', 'accepted', 200_000);
      return queued.id;
    };
    // The first is given up on its way, the second arrives once the handset is there: both after the restart.
    smsc.faults.deliveryDelayMs = 2000;
    smsc.faults.failDeliveries(1);
    const [first, second] = [await push(), await push()];
    await running.stop();
    running = await start();
    assert.deepEqual([await state(first), await state(second)], ['accepted', 'accepted']);

    handset = new SmsReceiver({ smsc: { ...centre, systemId: 'phone' }, number, handler: () => {} });
    await handset.start();
    await eventually(async () => (await state(second)) === 'delivered', 'the receipt', 400_000);
    const story = await eventually(
      async () => {
        const timeline = await running.server.pushes.timeline(first);
        return timeline?.find(({ event }) => event === 'attempt-failed');
      },
      'the failure',
      400_000,
    );
    assert.match(story.detail ?? '', /sim: UNDELIVERABLE/);
    assert.equal(story.state, 'accepted');
  } finally {
    await running.stop();
    await handset?.close();
    await smsc.close();
    rmSync(folder, { recursive: true });
  }
});
