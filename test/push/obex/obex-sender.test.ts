// The sender against peers that are not there, slow, wrong, or gone.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { Duplex, duplexPair } from 'node:stream';
import { test } from 'node:test';
import { responseCodes, responseName } from '../../../src/codec/obex/index.ts';
import { PushError, ValueError } from '../../../src/core/index.ts';
import { createObexSender, sendOverStream } from '../../../src/push/obex/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { never, pushOf, startDevice } from './device.ts';
import { isPushError } from './errors.ts';
import { connectSuccess, goOn, type Script, startPeer, success } from './scripted-peer.ts';

const passing = ['requestTimeout', 'conflict', 'internalError', 'badGateway', 'serviceUnavailable'];
const storage = ['gatewayTimeout', 'databaseFull', 'databaseLocked'];
const retryable: ReadonlySet<string> = new Set([...passing, ...storage]);

test('every OBEX response to CONNECT and to PUT is a receipt or a PushError that says whether to try again', async (t) => {
  let code = 0;
  let refuseConnect = false;
  const peer = await startPeer(t, (packet) => {
    const hex = code.toString(16);
    if (packet[0] === 0x80) return refuseConnect ? `${hex} 0007 10 00 00ff` : connectSuccess;
    return packet[0] === 0x82 ? `${hex} 0003` : success;
  });
  const sender = createObexSender();
  const codes = Object.values(responseCodes).filter((number) => number !== responseCodes.continue);
  for (code of [...codes, 0xff]) {
    const sending = sender.send(pushOf(10), peer.to, never);
    if (code < 0xb0) {
      assert.deepEqual(await sending, { outcome: 'delivered' });
      continue;
    }
    const name = responseName(code);
    const expected = `OBEX_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const isExpected = isPushError(name.startsWith('0x') ? 'OBEX_0XFF' : expected, retryable.has(name));
    await assert.rejects(sending, isExpected);
    refuseConnect = true;
    await assert.rejects(sender.send(pushOf(10), peer.to, never), isExpected);
    refuseConnect = false;
  }
});

test('nobody there: the error says so and is retryable', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  const to = { host: '127.0.0.1', port };
  await assert.rejects(createObexSender().send(pushOf(1), to, never), isPushError('ECONNREFUSED', true));
});

test('addresses that are none are refused before anything is sent', async () => {
  const sender = createObexSender();
  await assert.rejects(sender.send(pushOf(1), { host: '', port: 650 }, never), ValueError);
  for (const port of [0, 65536, 1.5]) {
    await assert.rejects(sender.send(pushOf(1), { host: '127.0.0.1', port }, never), ValueError);
  }
  assert.throws(() => createObexSender({ maxPacketLength: 254 }), ValueError);
  assert.throws(() => createObexSender({ responseMs: 0 }), ValueError);
});

/** Peers that stop at some packet; how many octets the push has, and what the sender does first. */
const silent: Readonly<Record<string, Script>> = {
  CONNECT: () => undefined,
  'the first PUT': (packet) => (packet[0] === 0x80 ? connectSuccess : undefined),
  'the last PUT': (packet) => (packet[0] === 0x80 ? connectSuccess : packet[0] === 2 ? goOn : undefined),
};
for (const [place, script] of Object.entries(silent)) {
  test(`a peer that does not answer ${place}: TIMEOUT, retryable`, async (t) => {
    const peer = await startPeer(t, script);
    const clock = new ManualClock();
    const sender = createObexSender({ clock, responseMs: 5000, abortMs: 1000 });
    const sending = sender.send(pushOf(600), peer.to, never);
    const rejected = assert.rejects(sending, isPushError('TIMEOUT', true));
    const wanted = place === 'CONNECT' ? 0x80 : place === 'the first PUT' ? 0x02 : 0x82;
    await eventually(() => peer.opcodes.at(-1) === wanted);
    clock.advance(5000);
    if (place !== 'CONNECT') {
      // The peer is told, and given a moment to say that it heard.
      await eventually(() => peer.opcodes.at(-1) === 0xff);
      clock.advance(1000);
    }
    await rejected;
    await eventually(() => peer.sockets.every((socket) => socket.destroyed || socket.readableEnded));
  });
}

test('a peer that answers in time but never comes to an end: the push has an end', async (t) => {
  const clock = new ManualClock();
  const peer = await startPeer(t, (packet) => {
    if (packet[0] === 0x80) return connectSuccess;
    if (packet[0] === 0xff) return success;
    clock.advance(900);
    return goOn;
  });
  const sender = createObexSender({ clock, responseMs: 1000, pushMs: 10_000, maxPayload: 100_000 });
  await assert.rejects(sender.send(pushOf(100_000), peer.to, never), isPushError('TIMEOUT', true));
  assert.equal(peer.opcodes.filter((opcode) => opcode === 0xff).length, 1);
});

test('a TLS peer that never speaks: no connection within the time', async (t) => {
  const peer = await startPeer(t, () => undefined);
  const clock = new ManualClock();
  const sender = createObexSender({ clock, connectMs: 3000, tls: {} });
  const rejected = assert.rejects(sender.send(pushOf(1), peer.to, never), isPushError('TIMEOUT', true));
  await eventually(() => peer.sockets.length === 1);
  clock.advance(3000);
  await rejected;
});

const nonsense: Readonly<Record<string, string>> = {
  'another protocol': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n').toString('hex'),
  'a packet without its fields': 'a0 0003',
  'a length below 3': 'a0 0001',
  'a packet longer than announced': 'a0 ffff',
  'broken headers': 'a0 000a 10 00 00ff 46 0002',
  'a maximum of 3 octets': 'a0 0007 10 00 0003',
  'a broken challenge': 'c1 000c 10 00 00ff 4d 0005 00ff',
  'Continue to a CONNECT': '90 0007 10 00 00ff',
};
for (const [name, answer] of Object.entries(nonsense)) {
  test(`a peer that answers nonsense: ${name}`, async (t) => {
    const peer = await startPeer(t, () => answer);
    const sender = createObexSender({ push: { credentials: { password: 'x' } } });
    await assert.rejects(sender.send(pushOf(1), peer.to, never), (error: unknown) => {
      assert.ok(error instanceof PushError && !error.retryable, String(error));
      assert.match(error.code, /^(PROTOCOL|OBEX_CONTINUE)$/);
      return true;
    });
  });
}

const leaving: Readonly<Record<string, Script>> = {
  'at once': (_packet, _index, socket) => void socket.destroy(),
  'after CONNECT': (packet, _index, socket) => {
    if (packet[0] !== 0x80) socket.end();
    return packet[0] === 0x80 ? connectSuccess : undefined;
  },
  'in the middle of a response': (_packet, _index, socket) => {
    socket.end(Uint8Array.of(0xa0, 0));
    return undefined;
  },
  'with a reset': (_packet, _index, socket) => void socket.resetAndDestroy(),
};
for (const [when, script] of Object.entries(leaving)) {
  test(`a peer that leaves ${when}: retryable, and never reported delivered`, async (t) => {
    const peer = await startPeer(t, script);
    await assert.rejects(createObexSender().send(pushOf(600), peer.to, never), (error: unknown) => {
      assert.ok(error instanceof PushError && error.retryable, String(error));
      assert.match(error.code, /^(LINK_LOST|ECONNRESET|EPIPE)$/);
      return true;
    });
  });
}

test('a peer that leaves after Success: delivered all the same', async (t) => {
  const peer = await startPeer(t, (packet, _index, socket) => {
    if (packet[0] === 0x80) return connectSuccess;
    if (packet[0] === 0x81) socket.destroy();
    return success;
  });
  assert.deepEqual(await createObexSender().send(pushOf(10), peer.to, never), { outcome: 'delivered' });
});

test('aborted before it starts: nothing is sent', async (t) => {
  const peer = await startPeer(t, () => success);
  const sending = createObexSender().send(pushOf(1), peer.to, AbortSignal.abort());
  await assert.rejects(sending, isPushError('ABORTED', true));
  assert.equal(peer.sockets.length, 0);
});

test('IrOBEX §3.3.5: aborted in the middle: ABORT, then DISCONNECT, and the device forgets the object', async (t) => {
  const abort = new AbortController();
  const device = await startDevice(t, { maxPacketLength: 255, maxPayload: 1_000_000 });
  const sender = createObexSender({ maxPayload: 1_000_000 });
  const sending = sender.send(pushOf(1_000_000), device.to, abort.signal);
  await eventually(() => device.listener.counters().sessions === 1);
  setImmediate(() => abort.abort());
  await assert.rejects(sending, isPushError('ABORTED', true));
  await eventually(() => device.listener.counters().received > 0);
  assert.equal(device.pushes.length, 0);
});

test('IrOBEX §3.3.5: aborted while the device is silent: ABORT goes out at once', async (t) => {
  const abort = new AbortController();
  const peer = await startPeer(t, (packet) => {
    if (packet[0] === 0x80) return connectSuccess;
    if (packet[0] === 0x02) return undefined;
    return packet[0] === 0xff ? `${goOn} ${success}` : success;
  });
  const sending = createObexSender().send(pushOf(600), peer.to, abort.signal);
  await eventually(() => peer.opcodes.at(-1) === 0x02);
  abort.abort();
  await assert.rejects(sending, isPushError('ABORTED', true));
  assert.deepEqual(peer.opcodes, [0x80, 0x02, 0xff, 0x81]);
});

test('aborted while connecting: the connection is given up', async (t) => {
  const abort = new AbortController();
  const peer = await startPeer(t, () => undefined);
  const sending = createObexSender().send(pushOf(600), peer.to, abort.signal);
  await eventually(() => peer.opcodes.length === 1);
  abort.abort();
  await assert.rejects(sending, isPushError('ABORTED', true));
  assert.deepEqual(peer.opcodes, [0x80]);
});

test('close while busy: pushes in flight are waited for, new ones are refused', async (t) => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const device = await startDevice(t, { handler: () => gate });
  const sender = createObexSender();
  const sending = sender.send(pushOf(600), device.to, never);
  await eventually(() => device.pushes.length === 1);
  let closed = false;
  const closing = sender.close().then(() => {
    closed = true;
  });
  await assert.rejects(sender.send(pushOf(1), device.to, never), isPushError('CLOSED', true));
  assert.equal(closed, false);
  release();
  assert.deepEqual(await sending, { outcome: 'delivered' });
  await closing;
});

test('a stream that is left in the middle of a request is destroyed', async () => {
  const [near, far] = duplexPair();
  far.resume();
  far.write(Uint8Array.of(0xa0, 0, 1));
  await assert.rejects(sendOverStream(near, pushOf(1)), isPushError('PROTOCOL', false));
  assert.equal(near.destroyed, true);
});

test('a stream that is closed, or fails, is a lost link; one that was never asked is left alone', async () => {
  const [gone] = duplexPair();
  gone.destroy();
  await assert.rejects(sendOverStream(gone, pushOf(1)), isPushError('LINK_LOST', true));
  const failing = new Duplex({
    read() {},
    write(_chunk, _encoding, callback) {
      callback(Object.assign(new Error('unplugged'), { code: 'EIO' }));
    },
  });
  await assert.rejects(sendOverStream(failing, pushOf(1)), isPushError('EIO', true));
  const [fresh] = duplexPair();
  await assert.rejects(sendOverStream(fresh, pushOf(11), { maxPayload: 10 }), ValueError);
  await assert.rejects(sendOverStream(fresh, pushOf(1), {}, AbortSignal.abort()), PushError);
  assert.equal(fresh.destroyed, false);
});
