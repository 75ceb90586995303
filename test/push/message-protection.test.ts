// How a DM message has to be protected on its way over HTTP and OBEX, by default and otherwise, at either end by itself
// (DM-PUSH §5.3, §5.4, spec-notes ruling 18). The other end of each test would take or send anything.
import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { PushError } from '../../src/core/index.ts';
import {
  createHttpPushSender,
  httpPushListenerDefaults,
  httpPushSenderDefaults,
} from '../../src/push/http/index.ts';
import { contentTypes, type Push } from '../../src/push/index.ts';
import {
  createObexSender,
  obexReceiverDefaults,
  obexSenderDefaults,
  sendOverStream,
  serveObexStream,
} from '../../src/push/obex/index.ts';
import { account, deviceTls, serverTls, startDevice as startHttpDevice } from './http/device.ts';
import { credentials, never, startDevice as startObexDevice } from './obex/device.ts';

const body = new Uint8Array(40);
const notification: Push = { id: 'n', contentType: contentTypes['dm1.3'], body };
const messages: readonly Push[] = [
  { id: 'm', contentType: contentTypes['dm+wbxml'], body },
  { id: 'x', contentType: contentTypes['dm+xml'], body },
];

const isError = (code: string) => (error: unknown) =>
  error instanceof PushError && error.code === code && !error.retryable;

test('the defaults are the same at both ends', () => {
  assert.deepEqual([httpPushSenderDefaults.messages, httpPushListenerDefaults.messages], ['tls', 'tls']);
  const obex = [obexSenderDefaults.messages, obexReceiverDefaults.messages];
  assert.deepEqual(obex, ['authenticated', 'authenticated']);
});

describe('DM-PUSH §5.4, OBEX: the sender', () => {
  test('PB-S-008 by default a DM message without TLS and credentials is refused before anything is sent', async (t) => {
    const device = await startObexDevice(t, { messages: 'any' });
    const sender = createObexSender();
    for (const message of messages) {
      await assert.rejects(sender.send(message, device.to, never), isError('INSECURE'));
    }
    assert.equal(device.listener.counters().sessions, 0);
    await sender.send(notification, device.to, never);
    assert.equal(device.pushes.length, 1);
  });

  test('PB-S-008 by default credentials that the device need not prove are not enough', async (t) => {
    const device = await startObexDevice(t, { messages: 'any', accounts: [credentials] });
    const sender = createObexSender({ push: { credentials, mutual: 'never' } });
    await assert.rejects(sender.send(messages[0] as Push, device.to, never), isError('INSECURE'));
    assert.equal(device.listener.counters().sessions, 0);
  });

  test('PB-S-008 `tls`: credentials do not do; over TLS it goes; `any`: it goes in the clear', async (t) => {
    const [message] = messages as [Push, Push];
    const plain = await startObexDevice(t, { messages: 'any', accounts: [credentials] });
    const strict = createObexSender({ messages: 'tls', push: { credentials } });
    await assert.rejects(strict.send(message, plain.to, never), isError('INSECURE'));
    const secure = await startObexDevice(t, { tls: deviceTls });
    const to = { host: 'localhost', port: secure.to.port };
    const overTls = createObexSender({ messages: 'tls', tls: serverTls });
    assert.deepEqual(await overTls.send(message, to, never), { outcome: 'delivered' });
    const open = await startObexDevice(t, { messages: 'any' });
    const anyhow = createObexSender({ messages: 'any' });
    assert.deepEqual(await anyhow.send(message, open.to, never), { outcome: 'delivered' });
  });
});

describe('DM-PUSH §5.4, OBEX: the receiver', () => {
  const careless = (): ReturnType<typeof createObexSender> => createObexSender({ messages: 'any' });

  test('PB-C-008 by default a DM message without TLS is Forbidden where no password can be proved', async (t) => {
    const device = await startObexDevice(t);
    for (const message of messages) {
      await assert.rejects(careless().send(message, device.to, never), isError('OBEX_FORBIDDEN'));
    }
    await careless().send(notification, device.to, never);
    const { dropped, accepted } = device.listener.counters();
    assert.deepEqual([dropped.insecure, dropped['content-type'], accepted], [2, 0, 1]);
  });

  test('PB-C-008 by default it is asked for a password where one can be proved, and taken with it', async (t) => {
    const device = await startObexDevice(t, { accounts: [credentials] });
    const [message] = messages as [Push, Push];
    await assert.rejects(careless().send(message, device.to, never), isError('CREDENTIALS_MISSING'));
    const sender = createObexSender({ push: { credentials } });
    assert.deepEqual(await sender.send(message, device.to, never), { outcome: 'delivered' });
    assert.deepEqual(device.pushes[0]?.account, credentials);
  });

  test('PB-C-008 `tls`: a proof does not do, TLS does; `any`: nothing is needed', async (t) => {
    const [message] = messages as [Push, Push];
    const proved = createObexSender({ push: { credentials } });
    const strict = await startObexDevice(t, { messages: 'tls', accounts: [credentials] });
    await assert.rejects(proved.send(message, strict.to, never), isError('OBEX_FORBIDDEN'));
    const secure = await startObexDevice(t, { messages: 'tls', tls: deviceTls });
    const to = { host: 'localhost', port: secure.to.port };
    await createObexSender({ tls: serverTls }).send(message, to, never);
    const open = await startObexDevice(t, { messages: 'any' });
    await careless().send(message, open.to, never);
    assert.deepEqual([strict.pushes.length, secure.pushes.length, open.pushes.length], [0, 1, 1]);
  });

  test('any stream: both ends know of it only what they are told', async () => {
    const [message] = messages as [Push, Push];
    const [near, far] = duplexPair();
    await assert.rejects(sendOverStream(near, message), isError('INSECURE'));
    const serving = serveObexStream(far, { handler: () => {} });
    await assert.rejects(sendOverStream(near, message, { secure: true }), isError('OBEX_FORBIDDEN'));
    near.end();
    assert.equal((await serving).dropped.insecure, 1);
    const [ours, theirs] = duplexPair();
    const served = serveObexStream(theirs, { handler: () => {}, secure: true });
    assert.deepEqual(await sendOverStream(ours, message, { secure: true }), { outcome: 'delivered' });
    ours.end();
    assert.equal((await served).accepted, 1);
  });
});

describe('DM-PUSH §5.3, HTTP: the same defaults at both ends', () => {
  test('PB-S-007 by default the sender refuses a DM message over plain HTTP, with credentials or not', async (t) => {
    const device = await startHttpDevice(t, { messages: 'any', accounts: [account] });
    for (const push of [{}, { credentials: account }]) {
      const sender = createHttpPushSender({ push });
      t.after(() => sender.close());
      for (const message of messages) {
        await assert.rejects(sender.send(message, device.to, never), isError('INSECURE'));
      }
    }
    const { received, challenges } = device.listener.counters();
    assert.deepEqual([received, challenges], [0, 0]);
  });

  test('PB-C-007 by default the receiver answers 403 to a DM message over plain HTTP, with a proof or not', async (t) => {
    for (const accounts of [[], [account]]) {
      const device = await startHttpDevice(t, { accounts });
      const sender = createHttpPushSender({ messages: 'any', push: { credentials: account } });
      t.after(() => sender.close());
      await assert.rejects(sender.send(messages[0] as Push, device.to, never), isError('HTTP_403'));
      assert.equal(device.listener.counters().dropped.insecure, 1);
    }
  });

  test('PB-C-007 PB-S-007 over TLS both ends let it through', async (t) => {
    const device = await startHttpDevice(t, { tls: deviceTls });
    const sender = createHttpPushSender({ tls: serverTls });
    t.after(() => sender.close());
    assert.deepEqual(await sender.send(messages[0] as Push, device.to, never), { outcome: 'delivered' });
  });
});
