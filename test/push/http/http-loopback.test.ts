// Sender and listener against each other over real sockets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { createHttpPushSender, type HttpPushSenderOptions } from '../../../src/push/http/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { account, deviceTls, knownServerTls, never, pem, pushOf, serverTls, startDevice } from './device.ts';
import { isPushError } from './errors.ts';

const rules: Readonly<Record<keyof typeof contentTypes, string>> = {
  'dm1.2': 'OTA-HTTP',
  'dm1.3-2010': 'N10-C-007 N10-S-008 DM-NOTI-1.3-2010 §7.4',
  'dm1.3': 'N13-C-023 N13-S-015 DM-NOTI-1.3 §7.4',
  'dm+wbxml': 'PB-C-005 PB-S-005 DM-PUSH §5.3',
  'dm+xml': 'PB-C-005 PB-S-005 DM-PUSH §5.3',
  'connectivity+xml': 'OMA ProvBoot',
  'connectivity+wbxml': 'OMA ProvBoot',
};
for (const [name, rule] of Object.entries(rules) as [keyof typeof contentTypes, string][]) {
  for (const form of ['direct', 'envelope'] as const) {
    test(`${rule}: ${name} reaches the DM client by POST, ${form}`, async (t) => {
      const device = await startDevice(t, { tls: deviceTls });
      const sender = createHttpPushSender({ tls: serverTls, push: { form } });
      t.after(() => sender.close());
      const push = pushOf(55, contentTypes[name]);
      assert.deepEqual(await sender.send(push, device.to, never), { outcome: 'delivered' });
      const [received, ...more] = device.pushes;
      assert.equal(more.length, 0);
      assert.deepEqual(received?.body, push.body);
      assert.equal(received?.binding, 'http');
      assert.equal(received?.form, form);
      assert.match(received?.from ?? '', /^127\.0\.0\.1:\d+$/);
      // The type is text, so the number stays open: two formats share a name, and the body tells.
      assert.deepEqual(received?.contentType, { mime: contentTypes[name].mime, code: undefined });
      assert.equal(received?.httpHeaders['x-wap-application-id'], 'x-wap-application:syncml.dm');
      const { accepted, received: all, dropped } = device.listener.counters();
      assert.deepEqual([accepted, all], [1, 1]);
      assert.ok(Object.values(dropped).every((count) => count === 0));
    });
  }
}

test('bodies of every size, in both forms', async (t) => {
  const device = await startDevice(t, { maxPayload: 100_500 });
  const sizes = [0, 1, 55, 1399, 12 * 1024, 65_536, 100_000];
  for (const form of ['direct', 'envelope'] as const) {
    const sender = createHttpPushSender({ push: { form } });
    t.after(() => sender.close());
    for (const size of sizes) await sender.send(pushOf(size), device.to, never);
  }
  assert.deepEqual(
    device.pushes.map(({ body }) => body.length),
    [...sizes, ...sizes],
  );
  for (const { body } of device.pushes) assert.deepEqual(body, pushOf(body.length).body);
});

test('a body at the limit goes, one octet more is refused before anything is sent', async (t) => {
  const device = await startDevice(t);
  const sender = createHttpPushSender({ maxPayload: 1000 });
  t.after(() => sender.close());
  assert.equal(sender.maxPayload, 1000);
  await sender.send(pushOf(1000), device.to, never);
  await assert.rejects(
    sender.send(pushOf(1001), device.to, never),
    (error: unknown) =>
      error instanceof ValueError && error.code === 'TOO_LONG' && /1001.*1000/.test(error.message),
  );
  assert.equal(device.listener.counters().received, 1);
});

test('256 KiB to the default limits; one octet more than the device takes is refused by it', async (t) => {
  const device = await startDevice(t);
  const sender = createHttpPushSender({ maxPayload: 300_000 });
  t.after(() => sender.close());
  await sender.send(pushOf(262_144), device.to, never);
  assert.deepEqual(device.pushes[0]?.body, pushOf(262_144).body);
  await assert.rejects(sender.send(pushOf(262_145), device.to, never), isPushError('HTTP_413', false));
  assert.equal(device.listener.counters().dropped['too-large'], 1);
});

test('a URL without a path stands for /wappush', async (t) => {
  const device = await startDevice(t);
  const sender = createHttpPushSender();
  t.after(() => sender.close());
  await sender.send(pushOf(1), { uri: `http://127.0.0.1:${device.port}` }, never);
  await sender.send(pushOf(1), { uri: `http://127.0.0.1:${device.port}/` }, never);
  assert.equal(device.pushes.length, 2);
  const elsewhere = { uri: `http://127.0.0.1:${device.port}/dm` };
  await assert.rejects(sender.send(pushOf(1), elsewhere, never), isPushError('HTTP_404', false));
});

test('many pushes at once share connections', async (t) => {
  const device = await startDevice(t);
  const sender = createHttpPushSender({ maxConnections: 4 });
  t.after(() => sender.close());
  const sizes = Array.from({ length: 60 }, (_, index) => index * 97);
  await Promise.all(sizes.map((size) => sender.send(pushOf(size), device.to, never)));
  const received = device.pushes.map(({ body }) => body.length).sort((a, b) => a - b);
  assert.deepEqual(received, sizes);
  assert.ok(new Set(device.pushes.map(({ from }) => from)).size <= 4);
});

test('the answer does not wait for what the handler does', async (t) => {
  let finish = (): void => {};
  const device = await startDevice(t, {
    handler: () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  });
  const sender = createHttpPushSender();
  t.after(() => sender.close());
  assert.deepEqual(await sender.send(pushOf(1), device.to, never), { outcome: 'delivered' });
  await eventually(() => device.pushes.length === 1);
  finish();
});

test('PB-C-007 PB-S-007 DM-PUSH §5.3: a DM message goes over https only, unless told otherwise', async (t) => {
  const device = await startDevice(t);
  const message = pushOf(55, contentTypes['dm+wbxml']);
  const strict = createHttpPushSender();
  const loose = createHttpPushSender({ messages: 'any' });
  t.after(() => Promise.all([strict.close(), loose.close()]));
  await assert.rejects(strict.send(message, device.to, never), isPushError('INSECURE', false));
  assert.equal(device.listener.counters().received, 0);
  // The device has the same rule.
  await assert.rejects(loose.send(message, device.to, never), isPushError('HTTP_403', false));
  assert.equal(device.listener.counters().dropped.insecure, 1);
  const open = await startDevice(t, { messages: 'any' });
  await loose.send(message, open.to, never);
  assert.equal(open.pushes.length, 1);
});

test('PB-C-007 PB-S-007 with the option, a DM message goes over http when a password is proved', async (t) => {
  const device = await startDevice(t, { messages: 'authenticated', accounts: [account] });
  const message = pushOf(55, contentTypes['dm+xml']);
  const bare = createHttpPushSender({ messages: 'authenticated' });
  await assert.rejects(bare.send(message, device.to, never), isPushError('INSECURE', false));
  const sender = createHttpPushSender({ messages: 'authenticated', push: { credentials: account } });
  t.after(() => Promise.all([bare.close(), sender.close()]));
  await sender.send(message, device.to, never);
  assert.equal(device.pushes[0]?.account, 'dms');
  const open = await startDevice(t, { messages: 'authenticated' });
  await assert.rejects(sender.send(message, open.to, never), isPushError('HTTP_403', false));
});

for (const form of ['direct', 'envelope'] as const) {
  test(`PB-C-007 PB-S-007 with accounts, a DM message needs a proof and Package #0 none, ${form}`, async (t) => {
    const device = await startDevice(t, {
      tls: deviceTls,
      accounts: [{ username: 'x', password: 'y' }, account],
    });
    const message = pushOf(3000, contentTypes['dm+wbxml']);
    const bare = createHttpPushSender({ tls: serverTls, push: { form } });
    const sender = createHttpPushSender({ tls: serverTls, push: { form, credentials: account } });
    t.after(() => Promise.all([bare.close(), sender.close()]));
    await bare.send(pushOf(55), device.to, never);
    await assert.rejects(bare.send(message, device.to, never), isPushError('CREDENTIALS_MISSING', false));
    for (let round = 0; round < 3; round += 1) await sender.send(message, device.to, never);
    assert.deepEqual(
      device.pushes.map((push) => push.account),
      [undefined, 'dms', 'dms', 'dms'],
    );
    // Asked once; the nonce serves the pushes that follow.
    assert.equal(device.listener.counters().challenges, 2);
  });
}

test('PB-C-007 `always`: Package #0 and registration need a proof too', async (t) => {
  const device = await startDevice(t, { accounts: [account], authenticate: 'always' });
  const bare = createHttpPushSender({ register: 'always' });
  const sender = createHttpPushSender({ register: 'always', push: () => ({ credentials: account }) });
  t.after(() => Promise.all([bare.close(), sender.close()]));
  await assert.rejects(bare.send(pushOf(1), device.to, never), isPushError('CREDENTIALS_MISSING', false));
  await sender.send(pushOf(1), device.to, never);
  assert.deepEqual([device.pushes.length, device.listener.counters().registrations], [1, 1]);
});

test('PB-S-007 a wrong password is refused, counted, and told nobody', async (t) => {
  const device = await startDevice(t, { accounts: [account], authenticate: 'always' });
  for (const credentials of [
    { ...account, password: 'guess' },
    { username: 'nobody', password: 'secret' },
  ]) {
    const sender = createHttpPushSender({ push: { credentials } });
    await assert.rejects(
      sender.send(pushOf(1), device.to, never),
      (error: unknown) =>
        isPushError('CREDENTIALS_REFUSED', false)(error) &&
        !/guess|secret/.test((error as PushError).message),
    );
    await sender.close();
  }
  assert.equal(device.listener.counters().dropped.credentials, 2);
  assert.ok(device.drops.every(({ detail }) => !/guess|secret/.test(detail)));
  assert.equal(device.pushes.length, 0);
});

test('PB-C-007 PB-S-007 over TLS, with the name and the chain of the device verified', async (t) => {
  const device = await startDevice(t, { tls: deviceTls });
  const refused: [HttpPushSenderOptions, string][] = [
    [{}, device.to.uri],
    [{ tls: serverTls }, device.to.uri.replace('localhost', '127.0.0.1')],
  ];
  for (const [options, uri] of refused) {
    const sender = createHttpPushSender(options);
    await assert.rejects(sender.send(pushOf(1), { uri }, never), isPushError('TLS', false));
    await sender.close();
  }
  const plain = createHttpPushSender();
  t.after(() => plain.close());
  await assert.rejects(plain.send(pushOf(1), { uri: `http://localhost:${device.port}` }, never), PushError);
  assert.equal(device.pushes.length, 0);
  assert.ok(device.listener.counters().dropped.tls >= 1);
});

test('PB-C-007 PB-S-007 a client certificate proves as much as a password', async (t) => {
  const device = await startDevice(t, { tls: { ...deviceTls, clientCa: pem('ca') } });
  const message = pushOf(55, contentTypes['dm+xml']);
  const unknown = createHttpPushSender({ tls: serverTls });
  const known = createHttpPushSender({ tls: knownServerTls });
  t.after(() => Promise.all([unknown.close(), known.close()]));
  await unknown.send(pushOf(55), device.to, never);
  await assert.rejects(unknown.send(message, device.to, never), isPushError('HTTP_403', false));
  await known.send(message, device.to, never);
  assert.deepEqual(
    device.pushes.map(({ clientCertificate }) => clientCertificate),
    [undefined, 'urn:uuid:device'],
  );
  const strict = await startDevice(t, {
    tls: { ...deviceTls, clientCa: pem('ca'), clientCertificate: 'required' },
  });
  await assert.rejects(unknown.send(pushOf(1), strict.to, never), PushError);
  await known.send(pushOf(1), strict.to, never);
  assert.equal(strict.pushes.length, 1);
});

test('OMA PushOTA: capabilities that changed are asked for, and the push is repeated once', async (t) => {
  const before = await startDevice(t, { terminalId: '+491701234567' });
  const sender = createHttpPushSender({ register: 'always' });
  t.after(() => sender.close());
  await sender.send(pushOf(900), before.to, never);
  await before.listener.close();
  // The same device again, which now takes less.
  const after = await startDevice(t, { port: before.port, maxPayload: 1000 });
  await sender.send(pushOf(900), before.to, never);
  const counters = after.listener.counters();
  assert.deepEqual([counters.dropped.capabilities, counters.registrations, counters.accepted], [1, 1, 1]);
  await assert.rejects(
    sender.send(pushOf(1001), before.to, never),
    (error: unknown) =>
      isPushError('TOO_LONG', false)(error) && /1001 octets, the device takes 1000/.test(String(error)),
  );
  assert.equal(after.listener.counters().received, 2);
});

test('x-syncml-hmac and other fields travel with the push, in both forms', async (t) => {
  const device = await startDevice(t);
  for (const form of ['direct', 'envelope'] as const) {
    const sender = createHttpPushSender({
      push: { form, headers: { 'x-syncml-hmac': 'algorithm=MD5, mac=Dgpo' } },
    });
    t.after(() => sender.close());
    await sender.send(pushOf(1), device.to, never);
  }
  assert.deepEqual(
    device.pushes.map(({ httpHeaders }) => httpHeaders['x-syncml-hmac']),
    ['algorithm=MD5, mac=Dgpo', 'algorithm=MD5, mac=Dgpo'],
  );
});

test('a device that vanishes and comes back: no push is reported delivered that was not', async (t) => {
  const sender = createHttpPushSender();
  t.after(() => sender.close());
  let device = await startDevice(t);
  let delivered = 0;
  let arrived = 0;
  for (let round = 0; round < 5; round += 1) {
    for (let push = 0; push < 3; push += 1) {
      const sending = sender.send(pushOf(10), device.to, never);
      if (push === 2) {
        const receipt = sending.then(
          () => 1,
          (error: unknown) => {
            assert.ok(error instanceof PushError && error.retryable, String(error));
            return 0;
          },
        );
        await device.listener.close();
        delivered += await receipt;
      } else {
        await sending;
        delivered += 1;
      }
    }
    await assert.rejects(sender.send(pushOf(10), device.to, never), PushError);
    arrived += device.pushes.length;
    device = await startDevice(t, { port: device.port });
  }
  assert.ok(delivered <= arrived && delivered >= 10);
});
