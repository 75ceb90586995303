// The server's PAP endpoint as `serve` opens it: an initiator's push goes out over short messages, and its result is told.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningServer, startServer } from '../../../src/cli/serve/running-server.ts';
import { PushError, silentLogger } from '../../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type Push } from '../../../src/push/index.ts';
import { createPapSender, PapListener, type PapSender } from '../../../src/push/pap/index.ts';
import { SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually, SmscSimulator } from '../../../src/testing/index.ts';

const number = '+491701234567';
const never = new AbortController().signal;
const to = { address: `WAPPUSH=${number}/TYPE=PLMN@reveille`, gateway: 'reveille' };

function pushOf(size: number): Push {
  const body = Uint8Array.from({ length: size }, (_, index) => index & 0xff);
  return { id: `p-${size}`, contentType: contentTypes['dm+wbxml'], body };
}

/** Submits a push as another initiator would: a multipart of its own making. Gives the answer's document. */
async function submitXml(
  url: string,
  pushId: string,
  { deliverAfter, replaces }: { readonly deliverAfter?: Date; readonly replaces?: string },
): Promise<string> {
  const after =
    deliverAfter === undefined
      ? ''
      : ` deliver-after-timestamp="${deliverAfter.toISOString().slice(0, 19)}Z"`;
  const old = replaces === undefined ? '' : ` replace-push-id="${replaces}" replace-method="all"`;
  const body = [
    '--edge',
    'Content-Type: application/xml; charset=UTF-8',
    '',
    '<?xml version="1.0"?>',
    '<!DOCTYPE pap PUBLIC "-//WAPFORUM//DTD PAP 2.0//EN" "http://www.openmobilealliance.org/tech/DTD/pap_2.0.dtd">',
    `<pap><push-message push-id="${pushId}"${after}${old}><address address-value="${to.address}"/></push-message></pap>`,
    '--edge',
    'Content-Type: application/vnd.syncml.dm+wbxml',
    '',
    'octets',
    '--edge--',
    '',
  ].join('\r\n');
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'multipart/related; boundary=edge; type="application/xml"',
      authorization: `Basic ${Buffer.from('partner:secret').toString('base64')}`,
    },
    body,
  });
  return response.text();
}

describe('PAP endpoint of the server', { concurrency: false }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-pap-'));
  const smsc = new SmscSimulator({ retryMs: 20 });
  const received: Uint8Array[] = [];
  const reports: DeliveryReport[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let running: RunningServer;
  let start: () => Promise<RunningServer>;
  let centrePort = 0;
  let sender: PapSender;

  before(async () => {
    centrePort = await smsc.start();
    const centre = { host: '127.0.0.1', port: centrePort, name: 'sim' };
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
    start = () =>
      startServer({
        data: folder,
        dm: listen,
        api: { ...listen, tokens: [] },
        bindings: {
          sms: { smscs: [{ ...centre, systemId: 'dms' }], linkWaitMs: 200 },
          papEndpoint: {
            address: '127.0.0.1',
            port: 0,
            allowPlainBasic: true,
            initiators: [{ ...initiator, addresses: ['PLMN:+49*'], notifyTo: [notifyTo] }],
          },
        },
        policy: { attempts: 3, backOffBaseMs: 20, backOffCapMs: 50 },
        logger: silentLogger,
      });
    running = await start();
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
    assert.deepEqual(await eventually(() => received[0], 'the push', 4000), push.body);
    const report = await eventually(() => reports[0], 'the result', 4000);
    assert.deepEqual([report.outcome, report.pushId], ['delivered', push.id]);
    const reference = receipt.outcome === 'accepted' ? receipt.reference : '';
    const [state] = await sender.queryStatus('reveille', reference, [], never);
    assert.equal(state?.messageState, 'delivered');
    const [cancelled] = await sender.cancel('reveille', reference, [], never);
    assert.equal(cancelled?.code, 2008);
  });

  it('sends again what the carrier gave up; tells that it failed in the end, never that it was delivered', async () => {
    smsc.faults.failDeliveries(3);
    await sender.send(pushOf(20), to, never);
    const report = await eventually(() => reports[1], 'the result', 4000);
    assert.deepEqual([report.outcome, report.pushId], ['failed', 'p-20']);
    assert.match(report.detail, /UNDELIVERABLE/);
    assert.equal(received.length, 1);
  });

  it('refuses strangers, addresses that the initiator may not reach, and what no route carries, with the limit', async () => {
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

  it('replaces a push that waits for its time, and cancels it', async () => {
    const notBefore = new Date(Date.now() + 3_600_000);
    const url = running.papUrl ?? '';
    const first = await submitXml(url, 'later@partner', { deliverAfter: notBefore });
    assert.match(first, /code="1001"/);
    const next = await submitXml(url, 'instead@partner', {
      deliverAfter: notBefore,
      replaces: 'later@partner',
    });
    assert.match(next, /code="1001"/);
    const [old] = await sender.queryStatus('reveille', 'later@partner', [], never);
    assert.equal(old?.messageState, 'cancelled');
    const [waiting] = await sender.queryStatus('reveille', 'instead@partner', [], never);
    assert.equal(waiting?.messageState, 'pending');
    assert.equal((await sender.cancel('reveille', 'instead@partner', [], never))[0]?.code, 1000);
    assert.match(await submitXml(url, 'instead@partner', {}), /code="2007"/);
  });

  it('accepts a push whose carrier is down, and delivers it when the carrier is back, over a restart', async () => {
    await smsc.stop();
    const push = pushOf(7);
    assert.equal((await sender.send(push, to, never)).outcome, 'accepted');
    await running.stop();
    await smsc.start(centrePort);
    running = await start();
    await eventually(() => received.find(({ length }) => length === 7), 'the push', 4000);
    await eventually(() => reports.find(({ pushId }) => pushId === push.id), 'the result', 4000);
  });

  it('takes nothing while it drains, and says that it may be tried again later', async () => {
    const credentials = { username: 'partner', password: 'secret' };
    const { papUrl: url = '' } = running;
    const another = createPapSender({ gateways: [{ name: 'reveille', url, credentials }] });
    closers.push(() => another.close());
    await running.drain();
    await assert.rejects(another.send(pushOf(9), to, never), (error: unknown) => {
      assert.ok(error instanceof PushError && error.retryable, String(error));
      assert.match(error.message, /4001|stopping/);
      return true;
    });
    const [state] = await another.queryStatus('reveille', 'instead@partner', [], never);
    assert.equal(state?.messageState, 'cancelled');
  });
});
