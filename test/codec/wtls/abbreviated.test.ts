// The flow of deployed terminals under a shared secret, octet by octet at both ends, against values that our code did
// not compute (test/interop/wtls-witness.py).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeHandshake,
  decodeRecords,
  WtlsClient,
  type WtlsCrypto,
  type WtlsFlow,
  WtlsServer,
  WtlsServerEndpoint,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, concatBytes, hexToBytes, ValueError } from '../../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import abbreviated from '../../vectors/wtls-abbreviated.json' with { type: 'json' };
import { connectedPair, device, Pair, terminalName } from './support.ts';
import { vectors } from './vectors.ts';

const clientHello = hexToBytes(abbreviated.clientHello);
const serverFlight = concatBytes(...Object.values(abbreviated.serverFlight).map((hex) => hexToBytes(hex)));
const clientFlight = concatBytes(...Object.values(abbreviated.clientFlight).map((hex) => hexToBytes(hex)));
const { identity, secret } = vectors;
const established = { type: 'established', keyExchange: 'SHARED_SECRET', identity };

/** Draws this hello's random octets. */
function drawing(random: Uint8Array): WtlsCrypto {
  return { ...nodeWtlsCrypto, random: () => random.slice(4) };
}

function server(flow?: WtlsFlow): WtlsServer {
  const made = new WtlsServer({
    crypto: drawing(vectors.serverRandom),
    clock: new ManualClock(0x65000002 * 1000),
    secrets: [{ identity, secret }],
    flow,
  });
  made.start();
  return made;
}

function client(): WtlsClient {
  return new WtlsClient({
    crypto: drawing(vectors.clientRandom),
    clock: new ManualClock(0x65000001 * 1000),
    secrets: [{ identity, secret }],
  });
}

test("profile 1: by default our server answers a ClientHello with ServerHello, change_cipher_spec and Finished in one datagram, and takes the terminal's", () => {
  const ours = server();
  const { send } = ours.receive(decodeRecords(clientHello));
  assert.deepEqual(send.map(bytesToHex), [bytesToHex(serverFlight)]);
  const done = ours.receive(decodeRecords(clientFlight));
  assert.deepEqual(done, { send: [], events: [established] });
  const push = ours.protect(vectors.push);
  assert.equal(bytesToHex(push ?? new Uint8Array(0)), abbreviated.pushRecords[0]?.record);
});

test('profile 1: our terminal answers such a flight with change_cipher_spec and Finished, and takes pushes', () => {
  const ours = client();
  assert.deepEqual(ours.start().send.map(bytesToHex), [abbreviated.clientHello]);
  const { send, events } = ours.receive(decodeRecords(serverFlight));
  assert.deepEqual(send.map(bytesToHex), [bytesToHex(clientFlight)]);
  assert.deepEqual(events, [established]);
  const pushes = abbreviated.pushRecords.map(({ record }) => hexToBytes(record));
  const taken = ours.receive(decodeRecords(concatBytes(...pushes)));
  assert.deepEqual(
    taken.events.map((event) => (event.type === 'data' ? bytesToHex(event.data) : event.type)),
    [abbreviated.push, abbreviated.push],
  );
});

test('profile 1: flow: full: our server sends ServerHelloDone and no Finished of its own first', () => {
  const [datagram] = server('full').receive(decodeRecords(clientHello)).send;
  const records = decodeRecords(datagram ?? new Uint8Array(0));
  assert.deepEqual(
    records.map(({ fragment }) => decodeHandshake(fragment)[0]?.message.type),
    ['server-hello', 'server-hello-done'],
  );
});

test('profile 1: a flow that is none is refused when the endpoint is made', () => {
  const { server: endpoint } = new Pair();
  assert.ok(endpoint instanceof WtlsServerEndpoint);
  for (const flow of ['short', '', 1, null]) {
    const options = { flow: flow as WtlsFlow };
    assert.throws(() => new Pair({ server: options }), { name: 'ValueError', code: 'BAD_FORMAT' });
  }
  assert.throws(() => server('half' as WtlsFlow), ValueError);
});

test('profile 1: a Finished that opens but covers another handshake ends it with decrypt_error, at either end', () => {
  // A meddler changes what the terminal offers, so the server's Finished covers another hello.
  const pair = new Pair();
  pair.network = (datagram, _direction, index) => {
    if (index !== 1) return [datagram];
    // Its key_refresh, the last octet: 4 becomes 3.
    return [datagram.with(datagram.length - 1, 3)];
  };
  pair.connect();
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: finished-mismatch']);
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: wrong-secret']);
  assert.equal(pair.push(Uint8Array.of(1)), undefined);
});

test('profile 1: nothing is pushed before the terminal has proved the secret too', () => {
  const pair = new Pair();
  pair.network = (datagram, _direction, index) => (index === 3 ? [] : [datagram]);
  pair.connect();
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established']);
  assert.equal(pair.push(Uint8Array.of(1)), undefined);
  assert.equal(pair.server.counts.sessions, 0);
});

test('WTLS §11.2: after the abbreviated flow keys are renewed as often as agreed, over 70 records', () => {
  const pair = connectedPair({ terminal: { keyRefresh: 3 }, server: { keyRefresh: 2 } });
  for (let i = 0; i < 70; i += 1) pair.push(Uint8Array.of(i));
  pair.settle();
  assert.equal(pair.arrived.length, 70);
  assert.equal(pair.server.protect(terminalName, [device], new Uint8Array(0))?.[0], 0xe4);
});
