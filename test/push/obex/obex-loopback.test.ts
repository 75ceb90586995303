// Sender and listener against each other over real sockets.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import {
  createObexSender,
  ObexReceiver,
  type ObexSenderOptions,
  type ReceivedObexPush,
  sendOverStream,
  serveObexStream,
} from '../../../src/push/obex/index.ts';
import { credentials, never, pushOf, startDevice } from './device.ts';
import { isPushError } from './errors.ts';

const rules: Readonly<Record<keyof typeof contentTypes, string>> = {
  'dm1.2': 'DM-NOTI-1.2 §7.2',
  'dm1.3-2010': 'N10-C-005 N10-S-006 DM-NOTI-1.3-2010 §7.2',
  'dm1.3': 'N13-C-021 N13-S-013 DM-NOTI-1.3 §7.2',
  'dm+wbxml': 'PB-C-006 PB-S-006 DM-PUSH §5.4',
  'dm+xml': 'PB-C-006 PB-S-006 DM-PUSH §5.4',
  'connectivity+xml': 'OMA ProvBoot',
  'connectivity+wbxml': 'OMA ProvBoot',
};
for (const [name, rule] of Object.entries(rules) as [keyof typeof contentTypes, string][]) {
  test(`${rule}: ${name} reaches the DM client by PUT`, async (t) => {
    // A DM message has to be protected.
    const message = name.startsWith('dm+');
    const device = await startDevice(t, message ? { accounts: [credentials] } : {});
    const sender = createObexSender(message ? { push: { credentials } } : {});
    const push = pushOf(55, contentTypes[name]);
    assert.deepEqual(await sender.send(push, device.to, never), { outcome: 'delivered' });
    const [received, ...more] = device.pushes;
    assert.equal(more.length, 0);
    assert.deepEqual(received?.body, push.body);
    assert.equal(received?.binding, 'obex');
    assert.match(received?.from ?? '', /^127\.0\.0\.1:\d+$/);
    // The number stays open: two formats share a name, and the body tells.
    assert.deepEqual(received?.contentType, { mime: contentTypes[name].mime, code: undefined });
    const { accepted, received: all, dropped } = device.listener.counters();
    assert.deepEqual([accepted, all], [1, 1]);
    assert.ok(Object.values(dropped).every((count) => count === 0));
  });
}

test('IrOBEX §3.3.1.4: bodies of every size, to a peer that takes 255 octets', async (t) => {
  const device = await startDevice(t, { maxPacketLength: 255 });
  const sender = createObexSender({ maxPayload: 20_000 });
  const sizes = [0, 1, 199, 200, 201, 202, 449, 450, 451, 452, 453, 12 * 1024, 20_000];
  for (const size of sizes) await sender.send(pushOf(size), device.to, never);
  assert.deepEqual(
    device.pushes.map(({ body }) => body.length),
    sizes,
  );
  for (const { body } of device.pushes) assert.deepEqual(body, pushOf(body.length).body);
});

test('a body at the limit goes, one octet more is refused before anything is sent', async (t) => {
  const device = await startDevice(t);
  const sender = createObexSender({ maxPayload: 1000 });
  assert.equal(sender.maxPayload, 1000);
  await sender.send(pushOf(1000), device.to, never);
  await assert.rejects(
    sender.send(pushOf(1001), device.to, never),
    (error: unknown) =>
      error instanceof ValueError && error.code === 'TOO_LONG' && /1001.*1000/.test(error.message),
  );
  assert.equal(device.listener.counters().sessions, 1);
});

test('256 KiB to the default limits', async (t) => {
  const device = await startDevice(t, { messages: 'any' });
  const push = pushOf(262_144, contentTypes['dm+wbxml']);
  await createObexSender({ messages: 'any' }).send(push, device.to, never);
  assert.deepEqual(device.pushes[0]?.body, push.body);
});

test('many pushes at once', async (t) => {
  const device = await startDevice(t, { maxConnections: 100, maxConnectionsPerSource: 100 });
  const sender = createObexSender();
  const sizes = Array.from({ length: 40 }, (_, index) => index * 97);
  await Promise.all(sizes.map((size) => sender.send(pushOf(size), device.to, never)));
  const received = device.pushes.map(({ body }) => body.length).sort((a, b) => a - b);
  assert.deepEqual(received, sizes);
});

test('PB-C-008 PB-S-008 DM-PUSH §5.4: a DM message is pushed with mutual authentication', async (t) => {
  const other = { userId: 'other', password: 'x' };
  const device = await startDevice(t, { accounts: [other, credentials], realm: 'dm' });
  const sender = createObexSender({ push: { credentials } });
  const message = pushOf(3000, contentTypes['dm+wbxml']);
  await sender.send(message, device.to, never);
  assert.deepEqual(device.pushes[0]?.account, credentials);
  assert.deepEqual(device.pushes[0]?.body, message.body);
});

test('PB-C-008 a DM message without proof is refused where there are accounts; Package #0 needs none', async (t) => {
  const device = await startDevice(t, { accounts: [credentials] });
  const sender = createObexSender({ messages: 'any' });
  await sender.send(pushOf(55), device.to, never);
  assert.equal(device.pushes[0]?.account, undefined);
  const message = pushOf(55, contentTypes['dm+xml']);
  await assert.rejects(sender.send(message, device.to, never), isPushError('CREDENTIALS_MISSING', false));
  assert.equal(device.pushes.length, 1);
});

test('PB-C-008 with credentials but without mutual proof the PUT of a DM message is challenged', async (t) => {
  const device = await startDevice(t, { accounts: [credentials], maxPacketLength: 255 });
  const sender = createObexSender({ messages: 'any', push: () => ({ credentials, mutual: 'never' }) });
  await sender.send(pushOf(3000, contentTypes['dm+xml']), device.to, never);
  assert.deepEqual(device.pushes[0]?.account, credentials);
});

test('PB-C-008 `always`: Package #0 needs proof too', async (t) => {
  const device = await startDevice(t, { accounts: [credentials], authenticate: 'always' });
  await assert.rejects(
    createObexSender().send(pushOf(55), device.to, never),
    isPushError('CREDENTIALS_MISSING', false),
  );
  await createObexSender({ push: { credentials } }).send(pushOf(55), device.to, never);
  assert.deepEqual(
    device.pushes.map(({ account }) => account),
    [credentials],
  );
});

test('PB-C-008 a wrong password is refused, counted, and not tried again', async (t) => {
  const device = await startDevice(t, { accounts: [credentials] });
  const sender = createObexSender({ push: { credentials: { ...credentials, password: 'wrong' } } });
  const message = pushOf(55, contentTypes['dm+xml']);
  await assert.rejects(sender.send(message, device.to, never), isPushError('CREDENTIALS_REFUSED', false));
  assert.equal(device.listener.counters().dropped.credentials, 1);
  assert.ok(device.drops.every(({ detail }) => !detail.includes('wrong') && !detail.includes('secret')));
  assert.equal(device.pushes.length, 0);
});

test('PB-S-008 a device that cannot prove the password gets no DM message', async (t) => {
  const device = await startDevice(t);
  const sender = createObexSender({ push: { credentials } });
  const message = pushOf(55, contentTypes['dm+xml']);
  await assert.rejects(sender.send(message, device.to, never), isPushError('PEER_NOT_AUTHENTICATED', false));
  assert.equal(device.pushes.length, 0);
});

test('x-syncml-hmac travels in the HTTP header, also past packets of 255 octets', async (t) => {
  const device = await startDevice(t, { maxPacketLength: 255, messages: 'any' });
  const hmac = `algorithm=MD5, username="${'u'.repeat(100)}", mac=Dgpoz4Pbi4XC8ecBBYLw3w==`;
  const sender = createObexSender({ messages: 'any', push: { httpHeaders: { 'x-syncml-hmac': hmac } } });
  await sender.send(pushOf(700, contentTypes['dm+wbxml']), device.to, never);
  assert.deepEqual(device.pushes[0]?.httpHeaders, { 'x-syncml-hmac': hmac });
  const long = createObexSender({ push: { httpHeaders: { 'x-syncml-hmac': 'u'.repeat(300) } } });
  await assert.rejects(long.send(pushOf(1), device.to, never), isPushError('TOO_LONG', false));
});

const tlsFile = (name: string): string =>
  readFileSync(new URL(`../../device/tls/${name}`, import.meta.url), 'utf8');

test('PB-C-008 PB-S-008 over TLS, with the name and the chain verified', async (t) => {
  const device = await startDevice(t, {
    tls: { cert: tlsFile('server.pem'), key: tlsFile('server.key.pem') },
  });
  const to = { host: 'localhost', port: device.to.port };
  const tls = { ca: tlsFile('ca.pem') };
  assert.deepEqual(await createObexSender({ tls }).send(pushOf(55), to, never), { outcome: 'delivered' });
  assert.equal(device.pushes.length, 1);
  const refused: [ObexSenderOptions, typeof to][] = [
    [{ tls: {} }, to],
    [{ tls }, device.to],
  ];
  for (const [options, target] of refused) {
    await assert.rejects(
      createObexSender(options).send(pushOf(55), target, never),
      isPushError('TLS', false),
    );
  }
  const plain = createObexSender().send(pushOf(55), to, never);
  await assert.rejects(plain, PushError);
  assert.equal(device.pushes.length, 1);
  assert.ok(device.listener.counters().dropped.tls >= 1);
});

test('over any duplex stream: several pushes on one stream, which stays open', async () => {
  const [near, far] = duplexPair();
  const pushes: ReceivedObexPush[] = [];
  const serving = serveObexStream(far, {
    handler: (push) => void pushes.push(push),
    maxPacketLength: 255,
    from: 'rfcomm:00:11:22:33:44:55',
  });
  for (const size of [0, 55, 3000]) {
    assert.deepEqual(await sendOverStream(near, pushOf(size)), { outcome: 'delivered' });
  }
  assert.equal(near.destroyed, false);
  near.end();
  const counters = await serving;
  assert.deepEqual([counters.received, counters.accepted, counters.sessions], [3, 3, 1]);
  assert.deepEqual(
    pushes.map(({ body, from }) => [body.length, from]),
    [0, 55, 3000].map((size) => [size, 'rfcomm:00:11:22:33:44:55']),
  );
});

test('over a stream that gives one octet at a time', async () => {
  const [near, far] = duplexPair({ highWaterMark: 1 });
  const write = near.write.bind(near);
  const dripping = new Proxy(near, {
    get(stream, key) {
      if (key !== 'write') {
        const value: unknown = Reflect.get(stream, key, stream);
        return typeof value === 'function' ? value.bind(stream) : value;
      }
      return (chunk: Uint8Array) => {
        for (const octet of chunk) write(Uint8Array.of(octet));
        return true;
      };
    },
  });
  const pushes: ReceivedObexPush[] = [];
  const serving = serveObexStream(far, { handler: (push) => void pushes.push(push) });
  await sendOverStream(dripping, pushOf(600));
  near.end();
  await serving;
  assert.deepEqual(pushes[0]?.body, pushOf(600).body);
});

test('a refusal leaves the stream usable; one receiver serves many streams', async () => {
  const receiver = new ObexReceiver({
    handler: ({ body }) => (body.length > 10 ? { refuse: 'full' } : undefined),
  });
  const [near, far] = duplexPair();
  const serving = receiver.serve(far, 'line 1');
  await assert.rejects(sendOverStream(near, pushOf(11)), isPushError('OBEX_DATABASE_FULL', true));
  assert.deepEqual(await sendOverStream(near, pushOf(10)), { outcome: 'delivered' });
  near.resume();
  await receiver.close();
  await serving;
  assert.equal(receiver.counters().refused, 1);
});
