// Kannel in front of our simulated centre, behind which our handset stands: its bearerbox is a client that we did not
// write, and its push gateway builds the WSP and the user data headers that our handset takes apart.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import type { ReceivedPush } from '../../src/push/index.ts';
import { type SmsDropReason, SmsReceiver } from '../../src/push/sms/index.ts';
import { type SmscEvent, SmscSimulator } from '../../src/testing/index.ts';
import { Kannel } from './kannel-smpp.ts';

const number = '+447700900123';
const account = { systemId: 'kannel', password: 'pw' };
const events: SmscEvent[] = [];
const pushes: ReceivedPush[] = [];
const drops: SmsDropReason[] = [];
/** What Kannel said at the URL for delivery reports. */
const reports: string[] = [];
const smsc = new SmscSimulator({
  accounts: [account, { systemId: 'handset', password: 'hs' }],
  enquireMs: 1000,
  responseMs: 1000,
  onEvent: (event) => events.push(event),
});
let receiver: SmsReceiver;
let kannel: Kannel;
let reportServer: Server;
let reportUrl: string;

before(async () => {
  const port = await smsc.start();
  receiver = new SmsReceiver({
    smsc: { host: '127.0.0.1', port, systemId: 'handset', password: 'hs' },
    number,
    handler: (push) => {
      pushes.push(push);
    },
    onDrop: ({ reason }) => drops.push(reason),
  });
  await receiver.start();
  reportServer = createServer((request, response) => {
    reports.push(new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('type') ?? '');
    response.end();
  });
  reportServer.listen(0, '127.0.0.1');
  await once(reportServer, 'listening');
  reportUrl = `http://127.0.0.1:${(reportServer.address() as AddressInfo).port}/?type=%d`;
  kannel = await Kannel.start(port, account);
});
after(async () => {
  await kannel?.stop();
  await receiver?.close();
  await smsc.close();
  reportServer?.closeAllConnections();
  reportServer?.close();
});

/** Waits for what a daemon does in its own time. */
async function until<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    await wait(50);
  }
  return assert.fail(`${what} did not come`);
}

const nextPush = (): Promise<ReceivedPush> => until('the push', () => pushes.shift());
const body = (octets: number): Uint8Array => Uint8Array.from({ length: octets }, (_, i) => (i * 3) & 0xff);

test('SMPP 3.4 §4.1.5: Kannel binds to the simulated centre as a transceiver', () => {
  assert.deepEqual(
    events.filter(({ type }) => type === 'bound'),
    [
      { type: 'bound', systemId: 'handset', number: '447700900123' },
      { type: 'bound', systemId: 'kannel', number: undefined },
    ],
  );
});

// Kannel writes 0x58 as a code, the others as text, and adds Content-Length and Encoding-Version. It cuts off what does
// not fit ten messages.
const sent: readonly (readonly [string, string, number])[] = [
  ['N13-C-020 DM-NOTI-1.3 §7.1: Package #0 in one message', 'application/vnd.syncml.dm.notification', 60],
  [
    'DM-NOTI-1.2 §7.1: Package #0 with its type as text, in one message',
    'application/vnd.syncml.notification',
    42,
  ],
  ['PB-C-002 DM-PUSH §5.1.1: a DM message in WBXML, in three parts', 'application/vnd.syncml.dm+wbxml', 300],
  ['PB-C-002 DM-PUSH §5.1.1: a DM message in XML, in ten parts', 'application/vnd.syncml.dm+xml', 1200],
];
for (const [name, contentType, octets] of sent) {
  test(`${name}: PAP to Kannel, SMPP to the simulated centre, to our handset`, async () => {
    const answer = await kannel.push(number, contentType, body(octets));
    assert.match(answer, /code *="1001"/);
    const push = await nextPush();
    assert.deepEqual([push.binding, push.contentType.mime], ['sms', contentType]);
    assert.equal(bytesToHex(push.body), bytesToHex(body(octets)));
    assert.deepEqual(drops, []);
  });
}

const udh = hexToBytes('0605040b84c002');
const wsp = hexToBytes('010603c4af8700112233');

test('SMPP 3.4 appendix B: the receipts of the simulated centre reach the one who asked Kannel for them', async () => {
  reports.length = 0;
  assert.match(await kannel.sendSms(number, udh, wsp, { url: reportUrl, mask: 31 }), /^202 0: Accepted/);
  assert.equal(bytesToHex((await nextPush()).body), '00112233');
  // 8: the centre has it; 1: delivered.
  await until('both reports', () => reports.length === 2);
  assert.deepEqual(reports, ['8', '1']);
  reports.length = 0;
  smsc.faults.failDeliveries(1);
  await kannel.sendSms(number, udh, wsp, { url: reportUrl, mask: 31 });
  await until('both reports', () => reports.length === 2);
  // 2: not delivered.
  assert.deepEqual(reports, ['8', '2']);
});

test('SMPP 3.4 §5.1.3: throttled by the simulated centre, Kannel sends again later, and the push arrives once', async () => {
  const before = smsc.counters().refused;
  smsc.faults.throttle(1);
  await kannel.sendSms(number, udh, wsp);
  assert.equal(bytesToHex((await nextPush()).body), '00112233');
  assert.equal(smsc.counters().refused, before + 1);
});

test('the simulated centre breaks the link: Kannel binds again and goes on', async () => {
  const bound = (): number =>
    events.filter((event) => event.type === 'bound' && event.systemId === 'kannel').length;
  const before = bound();
  smsc.disconnect('kannel');
  await until('the link', () => bound() > before);
  assert.match(
    await kannel.push(number, 'application/vnd.syncml.dm.notification', body(30)),
    /code *="1001"/,
  );
  assert.equal(bytesToHex((await nextPush()).body), bytesToHex(body(30)));
});

test('SMPP 3.4 §4.11: Kannel answers enquire_link, without which the session would be over', async () => {
  const ended = (): number => events.filter(({ type }) => type === 'unbound').length;
  const before = ended();
  // Silence of 1 s, then two enquire_link of 1 s each.
  await wait(4000);
  assert.equal(ended(), before);
});
