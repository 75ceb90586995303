// The listener against peers that want what it does not do, or leave, or stay.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { encodeRequest, headerIds, type ObexHeader, opcodes } from '../../../src/codec/obex/index.ts';
import {
  bytesToHex,
  ConfigError,
  concatBytes,
  hexToBytes,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { createObexSender, ObexListener, type ObexTarget, obexPort } from '../../../src/push/obex/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { credentials, never, pushOf, startDevice } from './device.ts';
import { isPushError } from './errors.ts';

const connectPacket = hexToBytes('80 0013 10 00 1000 46 000C 53594E434D4C2D444D');
const ofType = (type: string): ObexHeader => ({ id: headerIds.type, value: utf8ToBytes(`${type}\0`) });
const end = (size: number): ObexHeader => ({ id: headerIds.endOfBody, value: new Uint8Array(size) });
const request = (opcode: number, final: boolean, ...headers: ObexHeader[]): Uint8Array =>
  encodeRequest({ opcode, final, headers });
const notification = contentTypes['dm1.3'].mime;

/** A raw connection whose answers are awaited one by one, as hex of their first octet. */
class RawPeer {
  readonly socket: Socket;
  #received: Uint8Array = new Uint8Array(0);

  constructor(t: TestContext, { host, port }: ObexTarget) {
    this.socket = connect({ host, port });
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.#received = concatBytes(this.#received, chunk);
    });
    t.after(() => this.socket.destroy());
  }

  /** Sends a packet; gives the first octet of the answer. */
  async ask(packet: Uint8Array): Promise<string> {
    this.socket.write(packet);
    return this.answer();
  }

  async answer(): Promise<string> {
    const length = await eventually(() => {
      const announced = ((this.#received[1] ?? 0) << 8) | (this.#received[2] ?? 0);
      return announced > 0 && this.#received.length >= announced ? announced : undefined;
    }, 'an answer');
    const code = bytesToHex(this.#received.subarray(0, 1));
    this.#received = this.#received.slice(length);
    return code;
  }

  async closed(): Promise<void> {
    await eventually(() => this.socket.destroyed || this.socket.readableEnded, 'the end of the connection');
  }
}

test('PB-C-006 only the content types of DM are taken, whatever their case; others are Unsupported', async (t) => {
  const device = await startDevice(t, { messages: 'any' });
  const peer = new RawPeer(t, device.to);
  assert.equal(await peer.ask(connectPacket), 'a0');
  const foreign = ['text/x-vcard', 'application/vnd.syncml.ds.notification', 'application/vnd.syncml.dm', ''];
  for (const type of foreign) {
    assert.equal(await peer.ask(request(opcodes.put, true, ofType(type), end(1))), 'cf', type);
  }
  assert.equal(await peer.ask(request(opcodes.put, true, end(1))), 'cf');
  assert.equal(await peer.ask(request(opcodes.put, false, ofType('text/plain'))), 'cf');
  const upper = 'Application/VND.SyncML.DM+WBXML; Charset="UTF-8"';
  assert.equal(await peer.ask(request(opcodes.put, true, ofType(upper), end(1))), 'a0');
  assert.deepEqual(device.pushes[0]?.contentType, { mime: contentTypes['dm+wbxml'].mime, code: undefined });
  assert.deepEqual(device.pushes[0]?.parameters, { charset: 'UTF-8' });
  const { dropped, received, accepted } = device.listener.counters();
  assert.equal(dropped['content-type'], 6);
  assert.deepEqual([received, accepted], [7, 1]);
  assert.equal(device.drops[0]?.reason, 'content-type');
  assert.match(device.drops[0]?.detail ?? '', /text\/x-vcard.*unsupportedMediaType/);
});

test('an object without a type is taken when the owner knows one for it', async (t) => {
  const device = await startDevice(t, {
    typeOf: ({ name }) => (name?.endsWith('.nt') === true ? notification : undefined),
  });
  const peer = new RawPeer(t, device.to);
  await peer.ask(connectPacket);
  const named = (value: string): ObexHeader => ({ id: headerIds.name, value });
  assert.equal(await peer.ask(request(opcodes.put, true, named('dm.nt'), end(3))), 'a0');
  assert.equal(await peer.ask(request(opcodes.put, true, named('dm.vcf'), end(3))), 'cf');
  assert.equal(device.pushes[0]?.contentType.mime, notification);
});

test('objects beyond the limit are Too Large, by their Length or by what comes', async (t) => {
  const device = await startDevice(t, { maxPayload: 100 });
  await createObexSender().send(pushOf(100), device.to, never);
  const sending = createObexSender().send(pushOf(101), device.to, never);
  await assert.rejects(sending, isPushError('OBEX_ENTITY_TOO_LARGE', false));
  const peer = new RawPeer(t, device.to);
  await peer.ask(connectPacket);
  const body = { id: headerIds.body, value: new Uint8Array(60) };
  assert.equal(await peer.ask(request(opcodes.put, false, ofType(notification), body)), '90');
  assert.equal(await peer.ask(request(opcodes.put, false, body)), 'cd');
  assert.equal(device.listener.counters().dropped['too-large'], 2);
  assert.equal(device.pushes.length, 1);
});

test('another service is Not Found; a missing Target is taken unless it is required', async (t) => {
  const device = await startDevice(t);
  const bare = hexToBytes('80 0007 10 00 1000');
  assert.equal(await new RawPeer(t, device.to).ask(bare), 'a0');
  const strict = await startDevice(t, { targetRequired: true });
  assert.equal(await new RawPeer(t, strict.to).ask(bare), 'c4');
  const sender = createObexSender({ target: 'SYNCML-SYNC' });
  await assert.rejects(sender.send(pushOf(1), device.to, never), isPushError('OBEX_NOT_FOUND', false));
  await createObexSender({ target: null }).send(pushOf(1), device.to, never);
  assert.equal(device.listener.counters().dropped.target, 1);
});

test('GET: Not Found for a DM message, Not Implemented for all else', async (t) => {
  const device = await startDevice(t);
  const peer = new RawPeer(t, device.to);
  await peer.ask(connectPacket);
  assert.equal(await peer.ask(request(opcodes.get, true, ofType(contentTypes['dm+xml'].mime))), 'c4');
  assert.equal(await peer.ask(request(opcodes.get, false, ofType('x-obex/folder-listing'))), 'd1');
  assert.equal(await peer.ask(request(opcodes.get, true)), 'd1');
  assert.equal(device.listener.counters().dropped.operation, 3);
});

const verdicts = {
  malformed: 'OBEX_BAD_REQUEST',
  forbidden: 'OBEX_FORBIDDEN',
  'not-acceptable': 'OBEX_NOT_ACCEPTABLE',
  busy: 'OBEX_SERVICE_UNAVAILABLE',
  full: 'OBEX_DATABASE_FULL',
} as const;
for (const [refuse, code] of Object.entries(verdicts) as [keyof typeof verdicts, string][]) {
  test(`a handler that refuses as ${refuse}: ${code}`, async (t) => {
    const device = await startDevice(t, { handler: async () => ({ refuse }) });
    const retryable = refuse === 'busy' || refuse === 'full';
    await assert.rejects(createObexSender().send(pushOf(1), device.to, never), isPushError(code, retryable));
    const { accepted, refused, handlerErrors } = device.listener.counters();
    assert.deepEqual([accepted, refused, handlerErrors], [1, 1, 0]);
  });
}

test('a handler that throws: Internal Error, counted and reported, and the listener goes on', async (t) => {
  let fail = true;
  const device = await startDevice(t, {
    handler: () => {
      if (fail) throw new Error('disk full at /secret/path');
    },
  });
  const sender = createObexSender();
  await assert.rejects(sender.send(pushOf(1), device.to, never), (error: unknown) => {
    assert.doesNotMatch(String(error), /secret/);
    return isPushError('OBEX_INTERNAL_ERROR', true)(error);
  });
  assert.equal(device.listener.counters().handlerErrors, 1);
  assert.match(String(device.errors[0]), /disk full/);
  fail = false;
  await sender.send(pushOf(1), device.to, never);
});

test('a handler that never ends: Service Unavailable after its time', async (t) => {
  const clock = new ManualClock();
  const device = await startDevice(t, {
    clock,
    handlerMs: 5000,
    handler: () => new Promise<undefined>(() => {}),
  });
  const sending = createObexSender().send(pushOf(1), device.to, never);
  const rejected = assert.rejects(sending, isPushError('OBEX_SERVICE_UNAVAILABLE', true));
  await eventually(() => device.pushes.length === 1);
  clock.advance(5000);
  await rejected;
  assert.equal(device.listener.counters().handlerErrors, 1);
});

test('peers that leave in the middle, or are silent for too long, are counted', async (t) => {
  const clock = new ManualClock();
  const device = await startDevice(t, { clock, idleMs: 1000, sessionMs: 10_000 });
  const first = request(opcodes.put, false, ofType(notification));
  const gone = new RawPeer(t, device.to);
  await gone.ask(connectPacket);
  await gone.ask(first);
  gone.socket.end();
  await eventually(() => device.listener.counters().dropped.incomplete === 1);
  const cut = new RawPeer(t, device.to);
  cut.socket.end(connectPacket.subarray(0, 5));
  await eventually(() => device.listener.counters().dropped.incomplete === 2);
  const silent = new RawPeer(t, device.to);
  await silent.ask(connectPacket);
  // A packet that drips in is no life sign.
  silent.socket.write(first.subarray(0, 2));
  await eventually(() => clock.nextTimerAt() === clock.now() + 1000);
  clock.advance(1000);
  await silent.closed();
  assert.equal(device.listener.counters().dropped.timeout, 1);
  assert.equal(device.pushes.length, 0);
});

test('a session that never ends is ended', async (t) => {
  const clock = new ManualClock();
  const device = await startDevice(t, { clock, idleMs: 1000, sessionMs: 3000 });
  const peer = new RawPeer(t, device.to);
  for (let turn = 0; turn < 4; turn += 1) {
    await peer.ask(connectPacket);
    await eventually(() => clock.nextTimerAt() !== undefined);
    clock.advance(800);
  }
  await peer.closed();
  assert.equal(device.listener.counters().dropped.timeout, 1);
});

test('what is no OBEX ends the connection, with Bad Request where it came as a packet', async (t) => {
  const device = await startDevice(t);
  const http = new RawPeer(t, device.to);
  http.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await http.closed();
  const long = new RawPeer(t, device.to);
  long.socket.write(hexToBytes('82 ffff'));
  await long.closed();
  const broken = new RawPeer(t, device.to);
  assert.equal(await broken.ask(hexToBytes('82 0006 42 0002')), 'c0');
  await broken.closed();
  assert.equal(device.listener.counters().dropped.protocol, 3);
});

test('connections beyond the limit: the oldest that has brought nothing gives way, and is counted once', async (t) => {
  const device = await startDevice(t, { maxConnections: 2 });
  const peers = [1, 2].map(() => new RawPeer(t, device.to));
  for (const peer of peers) assert.equal(await peer.ask(connectPacket), 'a0');
  const third = new RawPeer(t, device.to);
  assert.equal(await third.ask(connectPacket), 'a0');
  await peers[0]?.closed();
  const { dropped } = device.listener.counters();
  assert.deepEqual([dropped.busy, dropped.incomplete], [1, 0]);
  assert.equal(await peers[1]?.ask(connectPacket), 'a0');
});

test('PB-C-008 a client that leaves when asked for credentials is counted', async (t) => {
  const device = await startDevice(t, { accounts: [credentials], authenticate: 'always' });
  const peer = new RawPeer(t, device.to);
  assert.equal(await peer.ask(connectPacket), 'c1');
  peer.socket.end();
  await eventually(() => device.listener.counters().dropped.credentials === 1);
});

test('close while busy: the object that is under way comes to its end, idle connections do not', async (t) => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const device = await startDevice(t, { handler: () => gate });
  const idle = new RawPeer(t, device.to);
  await idle.ask(connectPacket);
  const sending = createObexSender().send(pushOf(600), device.to, never);
  await eventually(() => device.pushes.length === 1);
  const closing = device.listener.close();
  await idle.closed();
  await assert.rejects(createObexSender().send(pushOf(1), device.to, never));
  release();
  assert.deepEqual(await sending, { outcome: 'delivered' });
  await closing;
});

test('close does not wait for ever for a peer in the middle of an object', async (t) => {
  const clock = new ManualClock();
  const device = await startDevice(t, { clock, closeMs: 2000 });
  const peer = new RawPeer(t, device.to);
  await peer.ask(connectPacket);
  await peer.ask(request(opcodes.put, false, ofType(notification)));
  const closing = device.listener.close();
  clock.advance(2000);
  await closing;
  await peer.closed();
});

test('ports that cannot be had, and settings that make no sense, are told when it starts', async (t) => {
  assert.equal(obexPort, 650);
  const device = await startDevice(t);
  const handler = (): void => {};
  const taken = new ObexListener({ handler, address: '127.0.0.1', port: device.to.port });
  await assert.rejects(taken.start(), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /is in use/);
    return true;
  });
  await assert.rejects(taken.start(), ConfigError);
  assert.throws(() => new ObexListener({ handler, port: 70_000 }), ConfigError);
  assert.throws(() => new ObexListener({ handler, port: Number.NaN }), ConfigError);
  assert.throws(() => new ObexListener({ handler, port: 0, address: 'localhost' }), ConfigError);
  await assert.rejects(
    new ObexListener({ handler, port: 0, tls: { cert: 'no certificate' } }).start(),
    ConfigError,
  );
  assert.throws(() => new ObexListener({ handler, maxPacketLength: 100 }), ValueError);
  assert.throws(() => new ObexListener({ handler, maxConnections: 0 }), ValueError);
  assert.throws(() => new ObexListener({ handler, realm: 'x'.repeat(101) }), ValueError);
  await new ObexListener({ handler }).close();
});
