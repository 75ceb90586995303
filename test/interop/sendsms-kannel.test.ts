// Short messages through Kannel's sendsms: the real bearerbox and smsbox, in front of our simulated centre with our handset behind it, or of
// Kannel's own fakesmsc, which prints the octets that it gets.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bytesToHex, PushError } from '../../src/core/index.ts';
import { contentTypes, type DeliveryReport, type Push, type ReceivedPush } from '../../src/push/index.ts';
import { SmsReceiver } from '../../src/push/sms/index.ts';
import {
  createKannelRoad,
  type KannelRoad,
  type KannelRoadOptions,
  kannelConfigFindings,
} from '../../src/push/sms-kannel/index.ts';
import { CallbackListener, createSmsRoutes } from '../../src/push/sms-routes/index.ts';
import { eventually, SmscSimulator } from '../../src/testing/index.ts';
import { assertSigned, signedPush } from '../push/short-message/signed-message.ts';
import { SendsmsKannel, sendsmsAccount } from './kannel-sendsms.ts';

const number = '+447700900123';
const never = new AbortController().signal;
const long = 20_000;

const smsc = new SmscSimulator({
  accounts: [...['kannel', 'second', 'handset'].map((systemId) => ({ systemId, password: 'pw' }))],
});
const pushes: ReceivedPush[] = [];
let handset: SmsReceiver;
let kannel: SendsmsKannel;
let smscPort: number;

/** A road, its port for reports, and what came there. */
interface OpenRoad {
  readonly road: KannelRoad;
  readonly reports: DeliveryReport[];
  readonly warnings: string[];
  /** Of its listener. */
  readonly port: number;
  close(): Promise<void>;
}

async function openRoad(of: SendsmsKannel, options: Partial<KannelRoadOptions> = {}): Promise<OpenRoad> {
  const reports: DeliveryReport[] = [];
  const warnings: string[] = [];
  let url: string | undefined;
  const road = createKannelRoad({
    name: 'gw',
    url: of.url,
    ...sendsmsAccount,
    callbackUrl: () => url,
    onReport: (report) => {
      reports.push(report);
    },
    onWarning: (detail) => warnings.push(detail),
    backOffMs: 50,
    downMs: 50,
    ...options,
  });
  const roads = new Map([['gw', road.callbacks]]);
  const listener = new CallbackListener({ address: '127.0.0.1', port: 0, roads });
  const port = await listener.start();
  url = `http://127.0.0.1:${port}/sms/gw`;
  return {
    road,
    port,
    reports,
    warnings,
    async close() {
      await road.binding.close();
      await listener.close();
    },
  };
}

async function withRoad(
  of: SendsmsKannel,
  run: (open: OpenRoad) => Promise<void>,
  options: Partial<KannelRoadOptions> = {},
): Promise<void> {
  const open = await openRoad(of, options);
  try {
    await run(open);
  } finally {
    await open.close();
  }
}

function pushOf(octets: number, type: keyof typeof contentTypes, id = 'p'): Push {
  return {
    id,
    contentType: contentTypes[type],
    body: Uint8Array.from({ length: octets }, (_, index) => (index * 31 + (index >> 8)) & 0xff),
  };
}

async function nextPush(): Promise<ReceivedPush> {
  await eventually(() => pushes.length > 0, 'the push', long);
  const push = pushes.shift();
  assert.ok(push !== undefined);
  return push;
}

before(async () => {
  const port = await smsc.start();
  smscPort = port;
  handset = new SmsReceiver({
    smsc: { host: '127.0.0.1', port, systemId: 'handset', password: 'pw' },
    number,
    handler: (push) => {
      pushes.push(push);
    },
  });
  await handset.start();
  kannel = await SendsmsKannel.start({ kind: 'smpp', port, systemId: 'kannel' });
});
after(async () => {
  await kannel?.stop();
  await handset?.close();
  await smsc.close();
});

const sizes: readonly (readonly [keyof typeof contentTypes, number])[] = [
  ['dm1.2', 42],
  ['dm1.3-2010', 60],
  ['dm1.3', 100],
  ['dm+wbxml', 127],
  ['dm+wbxml', 128],
  ['dm+xml', 480],
  ['connectivity+wbxml', 300],
];
for (const [type, octets] of sizes) {
  test(`${type} of ${octets} octets arrives as it is, with a report for each message`, () =>
    withRoad(kannel, async ({ road, reports, warnings }) => {
      const push = pushOf(octets, type);
      const result = await road.binding.send(push, { number }, never);
      assert.ok(result.outcome === 'accepted');
      const got = await nextPush();
      assert.equal(bytesToHex(got.body), bytesToHex(push.body));
      assert.equal(got.contentType.code, push.contentType.code);
      await eventually(() => reports.length === 1, 'the report', long);
      const messages = octets + 6 <= 133 ? 1 : Math.ceil((octets + 6) / 128);
      const [report] = reports;
      assert.deepEqual(
        [report?.outcome, report?.detail, report?.references.length, report?.reference],
        ['delivered', 'gw: delivered to the phone', messages, result.reference],
      );
      const { matched, unknown, malformed, open } = road.reports();
      assert.deepEqual(
        { matched, unknown, malformed, open },
        { matched: messages, unknown: 0, malformed: 0, open: 0 },
      );
      assert.deepEqual(warnings, []);
    }));
}

test('a signed message of four segments is taken, and delivered with the report of each', () =>
  withRoad(kannel, async ({ road, reports }) => {
    const result = await road.binding.send(signedPush('signed'), { number }, never);
    assert.ok(result.outcome === 'accepted');
    assert.equal(result.reference.split(' ').length, 4);
    assertSigned((await nextPush()).body);
    await eventually(() => reports.length === 1, 'the report', long);
    const [report] = reports;
    assert.deepEqual(
      [report?.pushId, report?.outcome, report?.references.length],
      ['signed', 'delivered', 4],
    );
    const { matched, unknown, open } = road.reports();
    assert.deepEqual({ matched, unknown, open }, { matched: 4, unknown: 0, open: 0 });
  }));

test('a message that is not delivered fails the push, with what the centre said', () =>
  withRoad(kannel, async ({ road, reports }) => {
    smsc.faults.failDeliveries(1);
    await road.binding.send(pushOf(30, 'dm1.3'), { number }, never);
    await eventually(() => reports.length === 1, 'the report', long);
    assert.equal(reports[0]?.outcome, 'failed');
    assert.match(reports[0]?.detail ?? '', /^gw: not delivered to the phone, error UNDELIV/);
  }));

test('a life of a push reaches the centre, and the class of the message', () =>
  withRoad(kannel, async ({ road }) => {
    await road.binding.send({ ...pushOf(30, 'dm1.3'), expiresAt: Date.now() + 3_600_000 }, { number }, never);
    await nextPush();
  }));

test('a wrong password is known from a refused message: it may be mended, and nothing of it shows', () =>
  withRoad(
    kannel,
    async ({ road }) => {
      await assert.rejects(road.binding.send(pushOf(30, 'dm1.3'), { number }, never), (error) => {
        assert.ok(error instanceof PushError);
        assert.deepEqual([error.code, error.retryable, error.notTaken], ['KANNEL_ACCOUNT', true, true]);
        assert.doesNotMatch(`${error.message} ${error.stack}`, /hidden|reveille\b.*password/);
        return true;
      });
      assert.equal(road.isUp(), false);
    },
    { password: 'hidden', downMs: 60_000 },
  ));

test('Kannel is killed and comes back: what it accepted arrives, and what it cannot take goes by another one', async () => {
  const second = await SendsmsKannel.start({ kind: 'smpp', port: smscPort, systemId: 'second' });
  const [one, two] = [await openRoad(kannel), await openRoad(second)];
  const fallen: string[] = [];
  const routes = createSmsRoutes({
    roads: new Map([
      ['one', one.road],
      ['two', two.road],
    ]),
    routes: [{ prefix: '', roads: ['one', 'two'] }],
    onFallOver: ({ from, to }) => fallen.push(`${from} ${to}`),
  });
  try {
    const send = async (id: string): Promise<string> => {
      const result = await routes.send(pushOf(40, 'dm1.3', id), { number }, never);
      assert.ok(result.outcome === 'accepted');
      return result.reference;
    };
    assert.match(await send('p'), /^one\/gw:/);
    await nextPush();
    await kannel.kill();
    assert.match(await send('q'), /^two\/gw:/);
    await nextPush();
    assert.deepEqual(fallen, ['one two']);
    await eventually(() => two.reports.length === 1, 'the report of the other one', long);
    await kannel.begin();
    await eventually(() => one.road.isUp(), 'the first one again', long);
    assert.match(await send('r'), /^one\/gw:/);
    await nextPush();
    await eventually(() => one.reports.some(({ pushId }) => pushId === 'r'), 'its report', long);
  } finally {
    await routes.close();
    await one.close();
    await two.close();
    await second.stop();
  }
});

test('a report that comes while we are away is said again, and counts for the road of the next process', async () => {
  const first = await openRoad(kannel);
  smsc.faults.deliveryDelayMs = 500;
  const result = await first.road.binding.send(pushOf(40, 'dm1.3', 'late'), { number }, never);
  smsc.faults.deliveryDelayMs = 0;
  assert.ok(result.outcome === 'accepted');
  await first.road.binding.close();
  // The same port, for Kannel knows no other.
  await first.close();
  await nextPush();
  const reports: DeliveryReport[] = [];
  const again = createKannelRoad({
    name: 'gw',
    url: kannel.url,
    ...sendsmsAccount,
    callbackUrl: () => undefined,
    onReport: (report) => {
      reports.push(report);
    },
  });
  again.binding.expectReport('late', result.reference, { number });
  const roads = new Map([['gw', again.callbacks]]);
  const listener = new CallbackListener({ address: '127.0.0.1', port: first.port, roads });
  try {
    await listener.start();
    await eventually(() => reports.length === 1, 'the report', long);
    assert.deepEqual(
      reports.map(({ pushId, outcome, reference }) => [pushId, outcome, reference]),
      [['late', 'delivered', result.reference]],
    );
  } finally {
    await listener.close();
    await again.binding.close();
  }
});

test('fakesmsc prints the octets of ours, header and all, and its reports come too', async () => {
  const fake = await SendsmsKannel.start({ kind: 'fake' });
  try {
    await withRoad(fake, async ({ road, reports }) => {
      await road.binding.send(pushOf(200, 'dm+xml'), { number }, never);
      await eventually(() => reports.length === 1, 'the report', long);
      assert.equal(reports[0]?.outcome, 'delivered');
      await eventually(
        () => (fake.fakeOutput.match(/Got message/g) ?? []).length === 2,
        'both messages',
        long,
      );
      const lines = fake.fakeOutput.split('\n').filter((line) => line.includes('Got message'));
      // Where ports and parts stand, as fakesmsc writes octets.
      for (const line of lines) assert.match(line.toLowerCase(), /%05%04%0b%84%c0%02/);
    });
  } finally {
    await fake.stop();
  }
});

test('the configuration of these tests is judged as documented: only what no storage of reports is at hand for', () => {
  assert.deepEqual(
    kannelConfigFindings(kannel.configuration).map(({ severity, setting }) => [severity, setting]),
    [
      ['warning', 'dlr-storage'],
      ['warning', 'http-request-retry'],
    ],
  );
});
