// Push over SIP with ends that Python's standard library plays: a device for the whole server, and a server for a whole device
// that Kamailio registers and reaches.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startReceiver } from '../../src/cli/bindings/receivers.ts';
import { Device, type DeviceEvent, memoryState, provisionDevice } from '../../src/device/index.ts';
import { SipListener } from '../../src/push/sip/index.ts';
import { eventually } from '../../src/testing/index.ts';
import { domain, Kamailio, password } from './kamailio.ts';
import { checkDigest } from './package-zero-digest.ts';
import { Witness } from './python.ts';
import { fromWbxml } from './recorded/recorded.ts';
import { startWholeServer, type WholeServer } from './whole-server.ts';

const serverId = 'com.example.dm';
const secret = 'tG5_hN8-cY3vJu1KfD0qWb';
const nonce = Buffer.from('00ff3a41', 'hex');
const mime = {
  notification: 'application/vnd.syncml.dm.notification',
  wbxml: 'application/vnd.syncml.dm+wbxml',
};

describe('the whole server and a SIP device in Python', { concurrency: false, timeout: 240_000 }, () => {
  let witness: Witness;
  let server: WholeServer;
  before(async () => {
    witness = new Witness('sip-witness.py', ['take']);
    const { port } = (await witness.next()) as { readonly port: number };
    const outboundProxy = `sip:127.0.0.1:${port};transport=udp`;
    server = await startWholeServer({ sip: { from: 'sip:dms@example.com', outboundProxy } });
    await server.done('POST', '/v1/accounts', { serverId, url: server.dmUrl });
    await server.done('POST', '/v1/devices', {
      id: 'IMEI:1',
      serverId,
      addresses: ['sip:dev1@example.com'],
      format: 'dm1.3',
      clientCredentials: { scheme: 'md5', name: 'd', secret: 'aV7-kQ2_mT9wRx4LpB6sZe' },
      serverCredentials: { scheme: 'md5', secret, nonceBase64: nonce.toString('base64') },
    });
  });
  after(async () => {
    await server.stop();
    await witness.stop();
  });

  /** The body of the MESSAGE that has come, of that type. */
  async function next(type: string): Promise<Buffer> {
    const { line, headers, body } = (await witness.next()) as {
      readonly line: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };
    assert.equal(line, 'MESSAGE sip:dev1@example.com SIP/2.0');
    assert.equal(headers['content-type'], type);
    assert.equal(headers['accept-contact'], '*;+g.oma.eventappid="syncml.dm";require;explicit');
    assert.match(headers.to ?? '', /^<sip:dev1@example\.com>$/);
    assert.match(headers.from ?? '', /^<sip:dms@example\.com>;tag=/);
    assert.equal(Number(headers['content-length']), body.length / 2);
    return Buffer.from(body, 'hex');
  }

  for (const [format, row] of [
    ['dm1.3-2010', 'N10-S-007 DM-NOTI-1.3-2010 §7.3'],
    ['dm1.3', 'N13-S-014 DM-NOTI-1.3 §7.3'],
  ] as const) {
    test(`${row}: ${format}: a MESSAGE with media type, feature tag and a digest that holds`, async () => {
      const asked = { device: 'IMEI:1', format, uiMode: 'background' };
      const { id } = await server.done('POST', '/v1/notifications', asked);
      checkDigest(await next(mime.notification), format, { serverId, secret, nonce });
      await server.reaches(`/v1/notifications/${String(id)}`, 'delivered');
    });
  }

  test('PB-S-004 DM-PUSH §5.2: a DM message, as libwbxml reads it', async () => {
    const job = [{ command: 'replace', uri: './Vendor/Note', data: 'awake' }];
    const { id } = await server.done('POST', '/v1/messages', { device: 'IMEI:1', job });
    assert.match(fromWbxml(await next(mime.wbxml)), /<Replace>.*\.\/Vendor\/Note.*awake.*<\/Replace>/s);
    await server.reaches(`/v1/messages/${String(id)}`, 'delivered');
  });
});

describe('a whole device behind Kamailio, and a SIP server in Python', {
  concurrency: false,
  timeout: 240_000,
}, () => {
  const events: DeviceEvent[] = [];
  let kamailio: Kamailio;
  let device: Device;
  let witness: Witness;
  let zero: Witness;
  const to = `sip:dev2@${domain}`;
  before(async () => {
    kamailio = await Kamailio.start();
    const storage = memoryState();
    const account = {
      serverId,
      address: 'http://127.0.0.1:1/dm',
      client: { scheme: 'md5', name: 'd', secret: 'client secret' },
      server: { scheme: 'md5', secret, nonceBase64: nonce.toString('base64') },
    } as const;
    await provisionDevice(storage, { deviceId: 'IMEI:2', man: 'M', mod: 'X', accounts: [account] });
    // Ready to be managed it is not: what it is told counts here.
    const mayStart = (): string => 'only looking';
    device = new Device({ storage, onEvent: (event) => void events.push(event), mayStart });
    await device.start();
    const { receiver } = await startReceiver(to, device, {
      sip: {
        instanceId: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf7',
        credentials: [{ username: 'dev2', password }],
        outboundProxy: `sip:127.0.0.1:${kamailio.port};transport=udp`,
        address: '127.0.0.1',
      },
    });
    device.addReceiver(receiver);
    assert.ok(receiver instanceof SipListener);
    await receiver.registration?.whenRegistered(AbortSignal.timeout(20_000));
    witness = new Witness('sip-witness.py', ['send']);
    zero = new Witness('package-zero-witness.py');
  });
  after(async () => {
    await Promise.all([witness.stop(), zero.stop()]);
    await device.stop();
    await kamailio.stop();
  });

  const send = (asked: object): Promise<unknown> =>
    witness.ask({ port: kamailio.port, to, tag: '+g.oma.eventappid', ...asked });
  const named = (name: DeviceEvent['event'], from: number): DeviceEvent[] =>
    events.slice(from).filter(({ event }) => event === name);

  for (const [format, row] of [
    ['dm1.3-2010', 'N10-C-006 DM-NOTI-1.3-2010 §7.3'],
    ['dm1.3', 'N13-C-022 DM-NOTI-1.3 §7.3'],
  ] as const) {
    test(`${row}: ${format}: answered 200, and verified, under every spelling of the feature tag`, async () => {
      for (const [index, tag] of ['+g.oma.eventappid', 'g.oma.eventappid', '+g.oma.pusheventapp'].entries()) {
        const before = events.length;
        const timestamp = Math.floor(Date.now() / 1000) + index;
        const asked = {
          format,
          serverId,
          secret,
          nonce: nonce.toString('hex'),
          sessionId: 0xaf + index,
          timestamp,
        };
        const body = ((await zero.ask(asked)) as string).slice(12);
        assert.equal(await send({ type: mime.notification, body, tag }), 200);
        // Answered at once, and handed over then: not being ready is the last that it says.
        await eventually(() => named('ignored', before).length > 0, 'the end of the push', 200_000);
        const [received] = named('notification-received', before);
        assert.ok(received?.event === 'notification-received' && received.binding === 'sip');
        assert.equal(received.octets, body.length / 2);
        const [verified] = named('notification-verified', before);
        assert.ok(verified?.event === 'notification-verified', JSON.stringify(events.slice(before)));
        assert.deepEqual([verified.format, verified.sessionId], [format, 0xaf + index]);
      }
    });
  }

  test('PB-C-004 DM-PUSH §5.2: a DM message is answered 200 and handed over; another type is refused', async () => {
    const before = events.length;
    const body = '00'.repeat(100);
    assert.equal(await send({ type: mime.wbxml, body }), 200);
    await eventually(() => named('ignored', before).length > 0, 'the end of the push', 200_000);
    const [received] = named('notification-received', before);
    assert.ok(received?.event === 'notification-received' && received.octets === 100);
    // Whoever it is from: these octets are no signed message.
    const [ignored] = named('ignored', before);
    assert.ok(ignored?.event === 'ignored' && ignored.reason.startsWith('message-'), JSON.stringify(ignored));
    assert.equal(await send({ type: 'text/plain', body }), 415);
    assert.equal(named('notification-received', before).length, 1);
  });
});
