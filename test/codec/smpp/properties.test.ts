import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePdu, encodePdu, PduReader } from '../../../src/codec/smpp/index.ts';
import { concatBytes, DecodeError } from '../../../src/core/index.ts';
import { anyPdu } from './arbitrary.ts';
import { plain, vectors } from './vectors.ts';

test('SMPP 3.4 §3.2: any PDU survives a round trip', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      assert.deepEqual(plain(decodePdu(encodePdu(pdu))), plain(pdu));
    }),
  );
});

test('SMPP 3.4 §3.2: any octets give a PDU or a DecodeError', () => {
  const header = fc.constantFrom(...vectors.map(({ bytes }) => bytes.slice(0, 16)));
  const octets = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    // With a header that holds, so that bodies are reached.
    fc.tuple(header, fc.uint8Array({ maxLength: 200 })).map(([head, body]) => {
      const pdu = concatBytes(head, body);
      pdu[3] = pdu.length;
      return pdu;
    }),
  );
  fc.assert(
    fc.property(octets, (bytes) => {
      try {
        decodePdu(bytes, { annotate: () => {}, onDeviation: () => {} });
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
        assert.ok(error.at.offset <= bytes.length);
      }
    }),
    { numRuns: 500 },
  );
});

test('SMPP 3.4 §5.1.1: PDUs come out of a stream as they went in, however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(anyPdu, { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (pdus, cuts) => {
        const written = pdus.map((pdu) => encodePdu(pdu));
        const stream = concatBytes(...written);
        const reader = new PduReader();
        const read: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = cuts[turn % cuts.length] ?? 1;
          reader.read(stream.slice(at, at + size), (pdu) => {
            read.push(pdu);
          });
          at += size;
        }
        assert.deepEqual(read.map(plain), written.map(plain));
        assert.ok(reader.idle);
      },
    ),
  );
});

test('any octets into the framing give PDUs or a DecodeError, and never hang', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (chunks) => {
      const reader = new PduReader(1000);
      try {
        for (const chunk of chunks) reader.read(chunk, (pdu) => assert.ok(pdu.length >= 16));
      } catch (error) {
        assert.ok(error instanceof DecodeError, String(error));
        assert.throws(() => reader.read(Uint8Array.of(1), () => {}), DecodeError);
      }
    }),
  );
});
