// Anybody can send anything: nothing is thrown, little is answered, and a session that stands goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeHandshake,
  decodeRecords,
  decodeWtls,
  encodeRecord,
  recordTypes,
} from '../../../src/codec/wtls/index.ts';
import { concatBytes, DecodeError } from '../../../src/core/index.ts';
import { connectedPair, drops, Pair, serverName, terminalName } from './support.ts';
import { vectors } from './vectors.ts';

const real = vectors.records.map(({ bytes }) => bytes);

/** Octets that look like WTLS here and there. */
const datagram = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc
    .record({
      contentType: fc.integer({ min: 0, max: 15 }),
      ciphered: fc.boolean(),
      sequenceNumber: fc.integer({ min: 0, max: 20 }),
      fragment: fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        fc
          .tuple(fc.constantFrom(0, 1, 2, 11, 12, 14, 16, 20), fc.uint8Array({ maxLength: 48 }))
          .map(([type, body]) => Uint8Array.of(type, 0, body.length, ...body)),
      ),
    })
    .map(encodeRecord),
  fc
    .tuple(fc.constantFrom(...real), fc.nat(), fc.nat(255))
    .map(([record, at, octet]) => record.with(at % record.length, octet)),
  fc
    .array(fc.constantFrom(...real), { minLength: 1, maxLength: 4 })
    .map((records) => concatBytes(...records)),
);

test('any octets decode or give a DecodeError', () => {
  fc.assert(
    fc.property(datagram, (bytes) => {
      for (const read of [
        () => decodeRecords(bytes),
        () => decodeHandshake(bytes),
        () => decodeWtls(bytes),
      ]) {
        try {
          read();
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('profile 10: any datagrams to a terminal without a session: nothing is delivered, and what a stranger gets is bounded', () => {
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 12 }), (datagrams) => {
      const pair = new Pair();
      pair.network = () => [];
      for (const octets of datagrams) pair.terminal.receive(serverName, octets);
      pair.run();
      assert.deepEqual(pair.arrived, []);
      // Of each handshake the tries of two flights, besides an alert; for lost sessions less than what came.
      const answers = pair.sent.filter(({ datagram: octets }) => octets[0] !== 0xc2);
      assert.ok(answers.length <= 8 * datagrams.length);
      assert.equal(pair.clock.waiting, 0);
      assert.equal(pair.terminal.counts.handshakes, 0);
      if (!datagrams.some(containsHelloRequest)) assert.equal(answers.length, 0);
    }),
    { numRuns: 300 },
  );
});

test('profile 10: any datagrams into a session: nothing is delivered, it stands, and pushes go on', () => {
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 12 }), (datagrams) => {
      const pair = connectedPair();
      for (const octets of datagrams) {
        pair.terminal.receive(serverName, octets);
        pair.server.receive(terminalName, octets);
      }
      pair.settle();
      assert.deepEqual(pair.arrived, []);
      pair.push(vectors.push);
      pair.settle();
      assert.deepEqual(pair.arrived, [vectors.push]);
    }),
    { numRuns: 200 },
  );
});

test('profile 10: any datagrams in the middle of a handshake: it ends, well or not, and nothing else is delivered', () => {
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 6 }), fc.nat(5), (datagrams, when) => {
      const pair = new Pair();
      pair.network = (octets, direction, index) => {
        if (index === when && direction === 'to-terminal') {
          for (const junk of datagrams) pair.terminal.receive(serverName, junk);
        } else if (index === when) {
          for (const junk of datagrams) pair.server.receive(terminalName, junk);
        }
        return [octets];
      };
      pair.connect();
      pair.run();
      pair.push(vectors.push);
      pair.settle();
      assert.ok(pair.arrived.length <= 1);
      assert.equal(pair.clock.waiting, 0);
      assert.ok(pair.outcomes(pair.serverEvents).length >= 1);
    }),
    { numRuns: 300 },
  );
});

test('profile 10: octets that are no WTLS leave a handshake alone', () => {
  for (const junk of [
    Uint8Array.of(),
    Uint8Array.of(0xff),
    Uint8Array.of(0xc3, 0, 9, 0, 99, 1),
    new Uint8Array(9),
  ]) {
    const pair = new Pair();
    pair.network = (octets) => [junk, octets, junk];
    pair.connect();
    pair.settle();
    pair.push(vectors.push);
    pair.settle();
    assert.deepEqual(pair.arrived, [vectors.push]);
    assert.ok(drops(pair.terminalEvents).length > 0);
  }
});

test('profile 10: records that come too early are kept up to a bound', () => {
  const pair = new Pair();
  pair.network = () => [];
  pair.terminal.receive(serverName, Uint8Array.of(0xc3, 0, 0, 0, 3, 0, 0, 0));
  for (let sequenceNumber = 1; sequenceNumber <= 40; sequenceNumber += 1) {
    const fragment = new Uint8Array(40);
    for (const ciphered of [true, false]) {
      const record = encodeRecord({ contentType: recordTypes.handshake, ciphered, sequenceNumber, fragment });
      pair.terminal.receive(serverName, record);
    }
  }
  assert.equal(drops(pair.terminalEvents).length, 80 - 16);
  assert.equal(pair.sent.length, 1);
});

test('profile 10: answers about lost sessions are bounded, and smaller than what they answer', () => {
  const pair = new Pair();
  pair.network = () => [];
  for (let length = 0; length <= 64; length += 1) {
    const fragment = new Uint8Array(length);
    const record = { contentType: recordTypes.applicationData, ciphered: true, sequenceNumber: 1, fragment };
    const datagram = encodeRecord(record);
    const before = pair.sent.length;
    pair.terminal.receive(serverName, datagram);
    for (const { datagram: answer } of pair.sent.slice(before)) assert.ok(answer.length <= datagram.length);
  }
  assert.equal(pair.sent.length, 16);
  pair.clock.advance(10_000);
  const again = encodeRecord({
    contentType: recordTypes.applicationData,
    ciphered: true,
    sequenceNumber: 1,
    fragment: new Uint8Array(32),
  });
  pair.terminal.receive(serverName, again);
  assert.equal(pair.sent.length, 17);
});

function containsHelloRequest(octets: Uint8Array): boolean {
  try {
    return decodeRecords(octets).some(
      ({ contentType, ciphered, fragment }) =>
        contentType === 3 && !ciphered && fragment.length === 3 && fragment.every((octet) => octet === 0),
    );
  } catch {
    return false;
  }
}
