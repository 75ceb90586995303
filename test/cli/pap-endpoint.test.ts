// The server's PAP endpoint as `serve` opens it: an initiator's push goes out over short messages, and its result is told.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningServer, startServer } from '../../src/cli/running-server.ts';
import { PushError, silentLogger } from '../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type Push } from '../../src/push/index.ts';
import { createPapSender, PapListener, type PapSender } from '../../src/push/pap/index.ts';
import { SmsReceiver } from '../../src/push/sms/index.ts';
import { eventually, SmscSimulator } from '../../src/testing/index.ts';

const number = '+491701234567';
const never = new AbortController().signal;
const to = { address: `WAPPUSH=${number}/TYPE=PLMN@reveille`, gateway: 'reveille' };

function pushOf(size: number): Push {
  const body = Uint8Array.from({ length: size }, (_, index) => index & 0xff);
  return { id: `p-${size}`, contentType: contentTypes['dm+wbxml'], body };
}

describe('PAP endpoint of the server', { concurrency: false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-pap-'));
  const smsc = new SmscSimulator({ retryMs: 20 });
  const received: Uint8Array[] = [];
  const reports: DeliveryReport[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let running: RunningServer;
  let sender: PapSender;

  before(async () => {
    const centre = { host: '127.0.0.1', port: await smsc.start(), name: 'sim' };
    closers.push(() => smsc.close());
    const handset = new SmsReceiver({
      smsc: { ...centre, systemId: 'phone' },
      number,
      handler: ({ body }) => {
        received.push(body);
      },
    });
    await handset.start();
    closers.push(() => handset.close());
    const results = new PapListener({
      port: 0,
      address: '127.0.0.1',
      routes: { '/results': { maxBody: 100_000, handle: (request) => sender.receiveResult(request) } },
    });
    const notifyTo = `http://127.0.0.1:${await results.start()}/results`;
    closers.push(() => results.close());
    const listen = { host: '127.0.0.1', port: 0 };
    const initiator = { name: 'partner', credentials: { username: 'partner', password: 'secret' } };
    running = await startServer({
      data: folder,
      dm: listen,
      api: { ...listen, tokens: [] },
      bindings: {
        sms: { smscs: [{ ...centre, systemId: 'dms' }], linkWaitMs: 200 },
        papEndpoint: {
          address: '127.0.0.1',
          port: 0,
          initiators: [{ ...initiator, addresses: ['PLMN:+49*'], notifyTo: [notifyTo] }],
        },
      },
      logger: silentLogger,
    });
    closers.push(() => running.stop());
    const { papUrl: url = '' } = running;
    const gateway = { url, credentials: initiator.credentials, notifyTo };
    sender = createPapSender({
      gateways: [
        { ...gateway, name: 'reveille' },
        { ...gateway, name: 'stranger', credentials: { username: 'partner', password: 'wrong' } },
      ],
      onReport: (report) => {
        reports.push(report);
      },
    });
    closers.push(() => sender.close());
  });
  after(async () => {
    for (const close of closers.reverse()) await close();
    rmSync(folder, { recursive: true });
  });

  it('carries a DM message of 12 KB to the device, and tells that it was delivered', async () => {
    const push = pushOf(12_288);
    const receipt = await sender.send(push, to, never);
    assert.equal(receipt.outcome, 'accepted');
    assert.deepEqual(await eventually(() => received[0], 'the push', 400_000), push.body);
    const report = await eventually(() => reports[0], 'the result', 400_000);
    assert.deepEqual([report.outcome, report.pushId], ['delivered', push.id]);
    const reference = receipt.outcome === 'accepted' ? receipt.reference : '';
    const [state] = await sender.queryStatus('reveille', reference, [], never);
    assert.equal(state?.messageState, 'delivered');
    const [cancelled] = await sender.cancel('reveille', reference, [], never);
    assert.equal(cancelled?.code, 2008);
  });

  it('tells that a push failed, and never that it was delivered', async () => {
    smsc.faults.failDeliveries(1);
    await sender.send(pushOf(20), to, never);
    const report = await eventually(() => reports[1], 'the result', 400_000);
    assert.deepEqual([report.outcome, report.pushId], ['failed', 'p-20']);
    assert.match(report.detail, /UNDELIVERABLE/);
    assert.equal(received.length, 1);
  });

  it('refuses strangers, addresses that the initiator may not reach, and what no road carries, with the limit', async () => {
    const refused = (code: RegExp) => (error: unknown) => {
      assert.ok(error instanceof PushError && !error.retryable, String(error));
      assert.match(error.message, code);
      return true;
    };
    await assert.rejects(
      sender.send(pushOf(5), { ...to, gateway: 'stranger' }, never),
      refused(/does not take our credentials/),
    );
    const abroad = { ...to, address: 'WAPPUSH=+331701234567/TYPE=PLMN@reveille' };
    await assert.rejects(sender.send(pushOf(5), abroad, never), refused(/2001|may not be pushed/));
    await assert.rejects(sender.send(pushOf(40_000), to, never), refused(/40000 octets, \d+ fit/));
  });

  it('does not accept a push whose carrier is down: the initiator is told to come again', async () => {
    await smsc.stop();
    await assert.rejects(sender.send(pushOf(7), to, never), (error: unknown) => {
      assert.ok(error instanceof PushError && error.retryable, String(error));
      return true;
    });
  });
});
