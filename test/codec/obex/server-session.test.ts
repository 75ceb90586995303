import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeResponse,
  encodeRequest,
  headerIds,
  type ObexHeader,
  type ObexServerOptions,
  opcodes,
  responseCodes,
} from '../../../src/codec/obex/index.ts';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { account, goOn, newServer, success, type } from './session-pair.ts';
import { requestBytes, responseBytes, vectors } from './vectors.ts';

const connect = requestBytes('CONNECT with Target');

/** First octet of each answer, with the reason when it is a refusal. */
function answered(packets: readonly Uint8Array[], options: Partial<ObexServerOptions> = {}): string[] {
  const server = newServer(options);
  return packets.map((packet) => {
    const { packet: answer, event } = server.receive(packet);
    const reason = event?.kind === 'refused' ? ` ${event.reason}` : '';
    return `${bytesToHex((answer ?? server.answer(0xa0)).subarray(0, 1))}${reason}`;
  });
}

function request(opcode: number, headers: readonly ObexHeader[] = [], final = true): Uint8Array {
  return encodeRequest({ opcode, final, headers });
}

function connectWith(...headers: ObexHeader[]): Uint8Array {
  return encodeRequest({ opcode: opcodes.connect, final: true, connect: { maxPacketLength: 255 }, headers });
}

const ofType = (value: string) => ({ id: headerIds.type, value: utf8ToBytes(`${value}\0`) });

test('worked bytes: the full answer to CONNECT', () => {
  const { packet } = newServer().receive(connect);
  assert.deepEqual(packet, responseBytes('Success to CONNECT with Connection Id and Who'));
});

test('worked bytes: PUT in two packets', () => {
  const server = newServer();
  server.receive(connect);
  const first = server.receive(requestBytes('PUT, first of two packets'));
  assert.deepEqual(first, { packet: goOn, end: false });
  assert.equal(server.busy, true);
  const { event } = server.receive(requestBytes('PUT, last of two packets'));
  assert.equal(event?.kind, 'object');
  const whole = Uint8Array.from({ length: 55 }, (_, index) => index);
  assert.deepEqual(event.object.body, whole);
  assert.equal(event.object.name, 'dm2.ntf');
  assert.equal(event.object.type, type);
  assert.deepEqual(server.answer(0xa0), success);
  assert.equal(server.busy, false);
});

test('worked bytes: IrOBEX §3.5: the challenge, and the answer to it is taken', () => {
  const nonce = hexToBytes(vectors.nonce);
  const server = newServer({
    accounts: [account],
    authenticateConnect: true,
    realm: 'dm',
    random: () => nonce,
  });
  const first = server.receive(connect);
  assert.deepEqual(first.packet, responseBytes('Unauthorized to CONNECT with a challenge'));
  const second = server.receive(requestBytes('CONNECT with the answer to a challenge'));
  assert.deepEqual(second.packet, responseBytes('Success to CONNECT with Connection Id and Who'));
  assert.deepEqual(second.event, { kind: 'connected', account });
});

test('IrOBEX §2.2.7: an unknown Target is Not Found; none is taken unless required, without Who and Connection Id', () => {
  const other = connectWith({ id: headerIds.target, value: utf8ToBytes('SYNCML-SYNC') });
  assert.deepEqual(answered([other, request(opcodes.put)]), ['c4 target', 'c3 protocol']);
  assert.deepEqual(answered([connectWith()], { targetRequired: true }), ['c4 target']);
  const { packet } = newServer().receive(connectWith());
  assert.deepEqual(decodeResponse(packet ?? success, { toConnect: true }).headers, []);
});

test('requests without a connection are Forbidden; DISCONNECT is Success', () => {
  for (const opcode of [opcodes.put, opcodes.get, opcodes.session]) {
    assert.deepEqual(answered([request(opcode)]), ['c3 protocol']);
  }
  const gone = request(opcodes.disconnect);
  assert.deepEqual(answered([gone]), ['a0']);
  assert.deepEqual(answered([connect, gone, request(opcodes.put)]), ['a0', 'a0', 'c3 protocol']);
});

test('ABORT with nothing under way is Success', () => {
  assert.deepEqual(newServer().receive(requestBytes('ABORT')), { packet: success, end: false });
});

test('GET is answered as `get` says, else Not Implemented; so are SETPATH and what nobody knows', () => {
  const get = (wanted: string | undefined) => (wanted === 'a/b' ? responseCodes.notFound : 0xd1);
  const known = request(opcodes.get, [ofType('a/b')]);
  assert.deepEqual(answered([connect, known], { get }), ['a0', 'c4 operation']);
  assert.deepEqual(answered([connect, request(opcodes.get)], { get }), ['a0', 'd1 operation']);
  assert.deepEqual(answered([connect, known]), ['a0', 'd1 operation']);
  assert.deepEqual(answered([connect, hexToBytes('8500050200')]), ['a0', 'd1 operation']);
  assert.deepEqual(answered([connect, request(0x0a)]), ['a0', 'd1 operation']);
});

test('IrOBEX §2.2.11: a Connection Id that was not given is Service Unavailable', () => {
  const wrong = request(opcodes.put, [{ id: headerIds.connectionId, value: 2 }]);
  assert.deepEqual(answered([connect, wrong]), ['a0', 'd3 connection']);
});

test('objects not admitted, too large, or to be deleted are refused at the first packet that tells', () => {
  const admit = (head: { readonly type: string | undefined }) => (head.type === type ? 0xa0 : 0xcf);
  const first = (value: string) => request(opcodes.put, [ofType(value)], false);
  assert.deepEqual(answered([connect, first('text/plain')], { admit }), ['a0', 'cf not-admitted']);
  assert.deepEqual(answered([connect, first(type)], { admit }), ['a0', '90']);
  const untyped = request(opcodes.put, [{ id: headerIds.body, value: new Uint8Array(1) }], false);
  assert.deepEqual(answered([connect, untyped], { admit }), ['a0', 'cf not-admitted']);
  const large = request(opcodes.put, [ofType(type), { id: headerIds.length, value: 11 }], false);
  assert.deepEqual(answered([connect, large], { admit, maxObjectLength: 10 }), ['a0', 'cd too-large']);
  assert.deepEqual(answered([connect, request(opcodes.put, [ofType(type)])]), ['a0', 'd1 operation']);
});

test('another request in the middle of a PUT is Bad Request and ends the object', () => {
  const first = request(opcodes.put, [ofType(type)], false);
  const found = answered([connect, first, request(opcodes.get), first]);
  assert.deepEqual(found, ['a0', '90', 'c0 protocol', '90']);
});

test('IrOBEX §3.3.1.4: a CONNECT that announces less than 255 octets is Bad Request', () => {
  assert.deepEqual(answered([hexToBytes('80000710000010')]), ['c0 protocol']);
});

test('what cannot be read is Bad Request and ends the session', () => {
  const { packet, end } = newServer().receive(hexToBytes('820006 42 0002'));
  assert.equal(bytesToHex(packet ?? success), 'c00003');
  assert.equal(end, true);
});

test('no request makes the server throw', () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 30 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
      const server = newServer({ accounts: [account] });
      server.receive(connect);
      for (const [opcode, body] of steps) {
        const { packet } = server.receive(Uint8Array.of(opcode, 0, body.length + 3, ...body));
        if (packet === undefined) server.answer(0xa0);
      }
    }),
    { numRuns: 500 },
  );
});

test('a complete object has to be answered before the next packet', () => {
  const server = newServer();
  server.receive(connect);
  const end = { id: headerIds.endOfBody, value: new Uint8Array(0) };
  server.receive(request(opcodes.put, [ofType(type), end]));
  assert.throws(() => server.receive(connect), TypeError);
});
