// The server as push initiator of a gateway, as `serve` starts it: a result notification that comes after a restart still
// counts, and nobody else can say what became of a push.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type RunningServer, startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger, systemClock } from '../../../src/core/index.ts';
import {
  PapEndpoint,
  type PapHost,
  PapListener,
  PapNotifier,
  type PapSubmission,
} from '../../../src/push/pap/index.ts';
import { eventually, sampleAccount } from '../../../src/testing/index.ts';

const never = new AbortController().signal;
const credentials = { scheme: 'md5', name: 'd', secret: 'secret', nonceBase64: 'AAAAAA==' };

/** A port that is free now: the results have to come to the same one after the restart. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('results of a push gateway are matched over a restart of the server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-results-'));
  const port = await freePort();
  const notifyTo = `http://127.0.0.1:${port}/pap/results`;
  const submissions: PapSubmission[] = [];
  const host: PapHost = {
    submit: async (submission) => {
      submissions.push(submission);
      return { code: 'acceptedForProcessing' };
    },
    cancel: async () => [],
    query: async () => [],
  };
  const endpoint = new PapEndpoint({
    host,
    initiators: [{ name: 'reveille', from: ['127.0.0.1'], notifyTo: [notifyTo] }],
    clock: systemClock(),
  });
  const gateway = new PapListener({
    port: 0,
    address: '127.0.0.1',
    routes: { '/pap': { maxBody: endpoint.maxBody, handle: endpoint.handle.bind(endpoint) } },
  });
  const url = `http://127.0.0.1:${await gateway.start()}/pap`;
  const listen = { host: '127.0.0.1', port: 0 };
  const start = (): Promise<RunningServer> =>
    startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      bindings: {
        pap: {
          gateways: [{ name: 'ppg.example', url, notifyTo }],
          listen: { address: '127.0.0.1', port },
        },
      },
      node: 'test',
      logger: silentLogger,
    });
  const notifier = new PapNotifier();
  let running = await start();
  try {
    await running.server.accounts.create({ serverId: sampleAccount.serverId, url: running.dmUrl });
    await running.server.devices.create({
      id: 'd1',
      serverId: sampleAccount.serverId,
      addresses: ['pap:WAPPUSH=+491701234567/TYPE=PLMN@ppg.example'],
      format: 'dm1.2',
      clientCredentials: credentials,
      serverCredentials: credentials,
    });
    const { push } = await running.server.pushes.createNotification({ device: 'd1' });
    const state = async () => (await running.server.pushes.get(push.id))?.state;
    await eventually(async () => (await state()) === 'accepted', 'accepted', 20_000);
    const [submission] = submissions;
    assert.ok(submission !== undefined);
    await running.stop();
    running = await start();
    assert.equal(await state(), 'accepted');

    const result = {
      address: submission.recipients[0]?.text ?? '',
      messageState: 'delivered',
      code: 1000,
    } as const;
    const guessed = submission.pushId.replace(/\.[0-9a-f]{16}@/, '.0000000000000000@');
    await assert.rejects(
      notifier.notify({ url: notifyTo }, { ...result, pushId: guessed }, never),
      /2004|not known/,
    );
    assert.equal(await state(), 'accepted');
    await notifier.notify({ url: notifyTo }, { ...result, pushId: submission.pushId }, never);
    assert.equal(await state(), 'delivered');
  } finally {
    await notifier.close();
    await running.stop();
    await gateway.close();
    rmSync(folder, { recursive: true });
  }
});
