// Kamailio registers our device and forwards our MESSAGE to it; tshark looks on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Binding, contentTypes, type Push } from '../../src/push/index.ts';
import {
  createSipSender,
  type ReceivedSipPush,
  SipListener,
  type SipRegistration,
  type SipRegistrationOptions,
  type SipSenderOptions,
  type SipTarget,
} from '../../src/push/sip/index.ts';
import { never, pushErrorOf } from '../push/sip/support.ts';
import { domain, Kamailio, password } from './kamailio.ts';
import { capture } from './tshark.ts';

const instanceId = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
const closers: (() => Promise<void>)[] = [];
let kamailio: Kamailio;

before(async () => {
  kamailio = await Kamailio.start();
});
after(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await kamailio.stop();
});

interface Device {
  readonly listener: SipListener;
  readonly registration: SipRegistration;
  readonly pushes: ReceivedSipPush[];
  readonly port: number;
}

async function deviceOf(
  user: string,
  transport: 'udp' | 'tcp',
  registrar = kamailio,
  options: Partial<SipRegistrationOptions> = {},
): Promise<Device> {
  const pushes: ReceivedSipPush[] = [];
  const listener = new SipListener({
    port: 0,
    address: '127.0.0.1',
    handler: (push) => void pushes.push(push),
    registration: {
      registrar: `sip:${domain}`,
      addressOfRecord: `sip:${user}@${domain}`,
      instanceId,
      credentials: { username: user, password },
      outboundProxy: `sip:127.0.0.1:${registrar.port};transport=${transport}`,
      ...options,
    },
  });
  closers.push(() => listener.close());
  const port = await listener.start();
  const { registration } = listener;
  assert.ok(registration !== undefined);
  return { listener, registration, pushes, port };
}

function senderOf(options: Partial<SipSenderOptions> = {}, registrar = kamailio): Binding<SipTarget> {
  const sender = createSipSender({
    from: `sip:dms@${domain}`,
    outboundProxy: `sip:127.0.0.1:${registrar.port}`,
    ...options,
  });
  closers.push(() => sender.close());
  return sender;
}

/** Every octet, 00 and FF among them. */
const everyOctet = Uint8Array.from({ length: 256 }, (_, index) => index);
const push = (body: Uint8Array = everyOctet, type: keyof typeof contentTypes = 'dm1.3'): Push => ({
  id: 'p',
  contentType: contentTypes[type],
  body,
});

for (const transport of ['udp', 'tcp'] as const) {
  test(`N10-C-006 N10-S-007 N13-C-022 N13-S-014 PB-C-004 PB-S-004: over ${transport}, to AOR, public and temporary GRUU`, async () => {
    const user = `device-${transport}`;
    const { registration, pushes, port } = await deviceOf(user, transport);
    await registration.whenRegistered(AbortSignal.timeout(20_000));
    const { publicGruu, temporaryGruus, contact, expiresAt = 0 } = registration.status();
    assert.equal(contact, `sip:${user}@127.0.0.1:${port};transport=${transport}`);
    assert.equal(publicGruu, `sip:${user}@${domain};gr=${instanceId}`);
    const [temporary = ''] = temporaryGruus;
    assert.match(temporary, /^sip:.+@dm\.test;gr$/);
    assert.ok(expiresAt > Date.now() + 500_000);
    const sender = senderOf();
    for (const uri of [`sip:${user}@${domain}`, publicGruu ?? '', temporary]) {
      for (const type of ['dm1.2', 'dm1.3-2010', 'dm1.3', 'dm+wbxml', 'dm+xml'] as const) {
        const receipt = await sender.send(push(everyOctet, type), { uri }, never);
        assert.equal(receipt.outcome, 'delivered', uri);
        const received = pushes.at(-1);
        assert.deepEqual(received?.body, everyOctet);
        assert.equal(received?.contentType.mime, contentTypes[type].mime);
        assert.equal(received?.sender, `sip:dms@${domain}`);
      }
    }
    assert.equal(pushes.length, 15);
    // A message of 12 KB: over TCP to the proxy, and on by whatever way the device registered.
    const large = Uint8Array.from({ length: 12_288 }, (_, index) => (index * 7) & 255);
    assert.equal(
      (await sender.send(push(large, 'dm+wbxml'), { uri: publicGruu ?? '' }, never)).outcome,
      'delivered',
    );
    assert.deepEqual(pushes.at(-1)?.body, large);
  });
}

test('RFC 5627 §4.2: temporary GRUUs outlive a refresh and end with the registration', async () => {
  const first = await deviceOf('refreshed', 'udp');
  await first.registration.whenRegistered(AbortSignal.timeout(20_000));
  const before = first.registration.status();
  // The clock of a registration has milliseconds.
  await wait(5);
  first.registration.refresh();
  while (first.registration.status().expiresAt === before.expiresAt) await wait(5);
  const sender = senderOf();
  const uris = [...new Set([...before.temporaryGruus, ...first.registration.status().temporaryGruus])];
  assert.ok(uris.length > 0);
  for (const uri of uris) assert.equal((await sender.send(push(), { uri }, never)).outcome, 'delivered', uri);
  assert.equal(first.pushes.length, uris.length);
  await first.listener.close();
  const second = await deviceOf('refreshed', 'udp');
  await second.registration.whenRegistered(AbortSignal.timeout(20_000));
  for (const uri of uris) {
    const error = await pushErrorOf(sender.send(push(), { uri }, never));
    assert.equal(`${error.code} ${error.retryable}`, 'SIP_404 true');
  }
  const [uri = ''] = second.registration.status().temporaryGruus;
  assert.equal((await sender.send(push(), { uri }, never)).outcome, 'delivered');
  await second.listener.close();
  const gone = await pushErrorOf(sender.send(push(), { uri: `sip:refreshed@${domain}` }, never));
  assert.equal(gone.code, 'SIP_404');
});

test('RFC 3261 §22: a wrong password is refused for good', async () => {
  const { registration } = await deviceOf('stranger', 'udp', kamailio, {
    credentials: { username: 'stranger', password: 'wrong' },
  });
  const error = await pushErrorOf(registration.whenRegistered(AbortSignal.timeout(20_000)));
  assert.equal(error.code, 'CREDENTIALS_REFUSED');
});

test('a device that is gone without a word: the proxy gives up, and the push may be tried again', async () => {
  const { listener, registration } = await deviceOf('gone', 'udp', kamailio, { stopMs: 0 });
  await registration.whenRegistered(AbortSignal.timeout(20_000));
  await listener.close();
  const error = await pushErrorOf(senderOf().send(push(), { uri: `sip:gone@${domain}` }, never));
  assert.ok(['SIP_408', 'SIP_477', 'SIP_500'].includes(error.code), error.message);
});

test('a device that takes nothing of the kind: its 415 comes back through the proxy', async () => {
  const { registration } = await deviceOf('picky', 'udp');
  await registration.whenRegistered(AbortSignal.timeout(20_000));
  const text = { id: 'p', contentType: { mime: 'text/plain', code: 3 }, body: everyOctet };
  const error = await pushErrorOf(senderOf().send(text, { uri: `sip:picky@${domain}` }, never));
  assert.equal(`${error.code} ${error.retryable}`, 'SIP_415 false');
});

test('RFC 7616, RFC 8760: Kamailio asks with SHA-256, the registrar with 401 and the proxy with 407', async () => {
  const strict = await Kamailio.start({ algorithm: 'SHA-256', authenticateMessages: true });
  closers.push(() => strict.stop());
  const { registration, pushes } = await deviceOf('sha', 'udp', strict);
  await registration.whenRegistered(AbortSignal.timeout(20_000));
  const uri = `sip:sha@${domain}`;
  const sender = senderOf({ credentials: { username: 'dms', password } }, strict);
  for (let count = 1; count <= 3; count += 1) {
    assert.equal((await sender.send(push(), { uri }, never)).outcome, 'delivered');
    assert.equal(pushes.length, count);
  }
  const stranger = senderOf({ credentials: { username: 'dms', password: 'wrong' } }, strict);
  assert.equal((await pushErrorOf(stranger.send(push(), { uri }, never))).code, 'CREDENTIALS_REFUSED');
  const onlyMd5 = senderOf({ credentials: { username: 'dms', password }, algorithms: ['MD5'] }, strict);
  assert.equal((await pushErrorOf(onlyMd5.send(push(), { uri }, never))).code, 'CHALLENGE_UNSUPPORTED');
});

test('Kamailio vanishes and comes back without its memory: nothing is reported delivered that was not', async () => {
  let registrar = await Kamailio.start();
  const { port } = registrar;
  closers.push(() => registrar.stop());
  const { registration, pushes } = await deviceOf('patient', 'tcp', registrar, { retryFirstMs: 400 });
  await registration.whenRegistered(AbortSignal.timeout(20_000));
  const uri = `sip:patient@${domain}`;
  const sender = senderOf({ outboundProxy: `sip:127.0.0.1:${port};transport=tcp` });
  assert.equal((await sender.send(push(), { uri }, never)).outcome, 'delivered');
  await registrar.stop();
  const down = await pushErrorOf(sender.send(push(), { uri }, never));
  assert.ok(down.retryable, down.message);
  assert.equal(pushes.length, 1);
  registrar = await Kamailio.start({ port });
  // The device lost its connection to the registrar, and comes back by itself.
  const deadline = AbortSignal.timeout(20_000);
  for (;;) {
    assert.ok(!deadline.aborted, registration.status().problem);
    try {
      assert.equal((await sender.send(push(), { uri }, never)).outcome, 'delivered');
      break;
    } catch {
      await wait(100);
    }
  }
  assert.equal(pushes.length, 2);
});

test('tshark dissects our REGISTER and MESSAGE as SIP', async () => {
  const fields = [
    'udp.srcport',
    'udp.dstport',
    'sip.Method',
    'sip.r-uri',
    'sip.Call-ID',
    'sip.CSeq.method',
    'sip.Content-Type',
    'sip.Via.transport',
    'sip.Accept-Contact',
    'sip.Contact',
    'sip.Status-Code',
    '_ws.malformed',
    'frame.protocols',
    'sip.Expires',
    'sip.Date',
  ];
  const { port } = kamailio;
  const tshark = await capture(`udp port ${port}`, fields, 60, ['-d', `udp.port==${port},sip`]);
  try {
    const { registration } = await deviceOf('watched', 'udp');
    await registration.whenRegistered(AbortSignal.timeout(20_000));
    const uri = registration.status().publicGruu ?? '';
    const expiresAt = Date.now() + 86_400_000;
    const receipt = await senderOf().send({ ...push(), expiresAt }, { uri }, never);
    const seen = { register: false, message: false, forwarded: false };
    while (!seen.register || !seen.message || !seen.forwarded) {
      const packet = await tshark.next();
      if (packet['sip.Method']?.[0] === 'MESSAGE') {
        // Kamailio passes the end of the push on as it is.
        assert.match(packet['sip.Expires']?.[0] ?? '', /^86[34][0-9]{2}$/);
        assert.match(packet['sip.Date']?.[0] ?? '', / GMT$/);
        if (packet['udp.dstport']?.[0] !== String(port)) seen.forwarded = true;
      }
      if (packet['udp.dstport']?.[0] !== String(port)) continue;
      assert.deepEqual(packet['_ws.malformed'], []);
      const method = packet['sip.Method']?.[0];
      if (method === 'REGISTER' && packet['sip.Contact']?.[0]?.includes('watched')) {
        assert.match(packet['frame.protocols']?.[0] ?? '', /:udp:sip/);
        assert.match(packet['sip.Contact']?.[0] ?? '', /\+g\.oma\.eventappid="syncml\.dm"/);
        seen.register = true;
      }
      if (
        method === 'MESSAGE' &&
        'reference' in receipt &&
        packet['sip.Call-ID']?.[0] === receipt.reference
      ) {
        assert.deepEqual(packet['sip.r-uri'], [uri]);
        assert.deepEqual(packet['sip.CSeq.method'], ['MESSAGE']);
        assert.deepEqual(packet['sip.Content-Type'], [contentTypes['dm1.3'].mime]);
        assert.deepEqual(packet['sip.Via.transport'], ['UDP']);
        assert.deepEqual(packet['sip.Accept-Contact'], ['*;+g.oma.eventappid="syncml.dm";require;explicit']);
        seen.message = true;
      }
    }
  } finally {
    await tshark.stop();
  }
});
