import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRequest, encodeResponse, headerIds, responseCodes } from '../../../src/codec/obex/index.ts';
import { bytesToHex, DecodeError, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { account, goOn, newClient, newServer, open, put, run, success, type } from './session-pair.ts';
import { requestBytes, responseBytes } from './vectors.ts';

test('worked bytes: CONNECT, PUT, DISCONNECT as libopenobex takes them, without Who and Connection Id', () => {
  const client = newClient();
  assert.deepEqual(client.connect(), requestBytes('CONNECT with Target'));
  assert.deepEqual(client.receive(responseBytes('Success to CONNECT, nothing more')), {
    kind: 'connected',
    maxPacketLength: 1024,
    serverAuthenticated: false,
  });
  const body = Uint8Array.from({ length: 55 }, (_, index) => index);
  assert.deepEqual(client.put({ type, body, name: 'dm.ntf' }), requestBytes('PUT in one packet'));
  assert.deepEqual(client.receive(success), { kind: 'accepted', code: 0xa0 });
  assert.deepEqual(client.disconnect(), requestBytes('DISCONNECT'));
  assert.deepEqual(client.receive(success), { kind: 'disconnected' });
});

test('worked bytes: IrOBEX §2.2.11: the Connection Id is the first header of the requests that follow', () => {
  const client = newClient();
  client.connect();
  client.receive(responseBytes('Success to CONNECT with Connection Id and Who'));
  assert.equal(bytesToHex(client.put(put(1)).subarray(3, 8)), 'cb00000001');
  client.receive(success);
  assert.deepEqual(client.disconnect(), requestBytes('DISCONNECT with Connection Id'));
});

test('worked bytes: IrOBEX §3.5: the challenge is answered with the worked response', () => {
  const client = newClient({ credentials: account });
  client.connect();
  const step = client.receive(responseBytes('Unauthorized to CONNECT with a challenge'));
  assert.deepEqual(step, { kind: 'send', packet: requestBytes('CONNECT with the answer to a challenge') });
  const last = client.receive(responseBytes('Success to CONNECT with Connection Id and Who'));
  assert.equal(last?.kind, 'connected');
});

test('IrOBEX §3.3.1: what is sent keeps to what the other side takes, for any sizes', () => {
  const sizes = fc.integer({ min: 255, max: 2000 });
  fc.assert(
    fc.property(sizes, sizes, fc.integer({ min: 0, max: 6000 }), (clientMax, serverMax, size) => {
      const client = newClient({ maxPacketLength: clientMax });
      const server = newServer({ maxPacketLength: serverMax });
      open(client, server);
      const { last, objects, longest } = run(client, server, client.put(put(size)));
      assert.deepEqual(last, { kind: 'accepted', code: 0xa0 });
      const sizesFound = objects.map(({ body, length }) => [body.length, length]);
      assert.deepEqual(sizesFound, [[size, size]]);
      assert.ok(longest <= serverMax);
      assert.equal(run(client, server, client.disconnect()).last.kind, 'disconnected');
    }),
  );
});

test('several objects in one session', () => {
  const client = newClient();
  const server = newServer();
  open(client, server);
  for (const size of [0, 1, 5000]) {
    assert.equal(run(client, server, client.put(put(size))).objects[0]?.body.length, size);
  }
});

test('a server that says Success to every packet gets the whole object all the same', () => {
  const client = newClient();
  client.connect();
  client.receive(encodeResponse({ code: 0xa0, connect: { maxPacketLength: 255 }, headers: [] }));
  let packet = client.put(put(600));
  let packets = 1;
  for (;;) {
    const step = client.receive(success);
    if (step?.kind !== 'send') break;
    packet = step.packet;
    packets += 1;
  }
  assert.equal(packets, 3);
  assert.equal(decodeRequest(packet).final, true);
});

test('Continue to the final packet is against the protocol', () => {
  const client = newClient();
  open(client, newServer());
  client.put(put(1));
  const step = client.receive(goOn);
  assert.equal(step?.kind === 'refused' && step.reason, 'protocol');
});

test('a CONNECT and a PUT that are answered with any other code are refused with it', () => {
  for (const code of Object.values(responseCodes).filter((number) => number >= 0xb0)) {
    const client = newClient();
    client.connect();
    const connect = client.receive(encodeResponse({ code, connect: { maxPacketLength: 255 }, headers: [] }));
    assert.ok(connect?.kind === 'refused' && connect.reason === 'response' && connect.code === code);
    assert.equal(connect.operation, 'connect');
    const other = newClient();
    open(other, newServer({ maxPacketLength: 255 }));
    other.put(put(600));
    const early = other.receive(encodeResponse({ code, headers: [] }));
    assert.ok(early?.kind === 'refused' && early.reason === 'response' && early.code === code);
    assert.equal(early.operation, 'put');
  }
});

test('IrOBEX §3.3.1.4: a server that announces less than 255 octets is refused', () => {
  for (const hex of ['a0000710000000', 'a00007100000fe']) {
    const client = newClient();
    client.connect();
    const step = client.receive(hexToBytes(hex));
    assert.ok(step?.kind === 'refused' && step.reason === 'protocol');
  }
});

test('IrOBEX §2.2.10: a Who of another service is refused', () => {
  const client = newClient();
  client.connect();
  const who = { id: headerIds.who, value: utf8ToBytes('SYNCML-SYNC') };
  const step = client.receive(
    encodeResponse({ code: 0xa0, connect: { maxPacketLength: 255 }, headers: [who] }),
  );
  assert.ok(step?.kind === 'refused' && step.reason === 'wrong-service');
});

test('octets that are no response are a DecodeError; a response that nothing asked for is refused', () => {
  const client = newClient();
  client.connect();
  assert.throws(() => client.receive(utf8ToBytes('HTTP/1.1 400 Bad Request')), DecodeError);
  const step = newClient().receive(success);
  assert.ok(step?.kind === 'refused' && step.reason === 'protocol');
});

test('IrOBEX §3.3.5: after ABORT the object is forgotten, and the session goes on', () => {
  const client = newClient();
  const server = newServer({ maxPacketLength: 255 });
  open(client, server);
  assert.deepEqual(server.receive(client.put(put(600))), { packet: goOn, end: false });
  const step = server.receive(client.abort());
  assert.deepEqual(step, { packet: success, event: { kind: 'aborted' }, end: false });
  assert.equal(client.receive(goOn), undefined);
  assert.deepEqual(client.receive(success), { kind: 'aborted' });
  assert.equal(server.busy, false);
  assert.equal(run(client, server, client.put(put(3))).objects[0]?.body.length, 3);
});

test('IrOBEX §3.3.5: a late response to the request before ABORT is not taken for that to ABORT', () => {
  const client = newClient();
  const server = newServer();
  open(client, server);
  server.receive(client.put(put(1)));
  const packet = client.abort();
  assert.equal(client.receive(server.answer(responseCodes.success)), undefined);
  assert.deepEqual(client.receive(server.receive(packet).packet ?? goOn), { kind: 'aborted' });
});
