import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyPush, decodePush } from '../../../src/codec/wsp/index.ts';
import {
  type Annotation,
  bytesToHex,
  concatBytes,
  DecodeError,
  hexToBytes,
} from '../../../src/core/index.ts';
import vectors from '../../vectors/wsp-push.json' with { type: 'json' };

/** A push with these headers, at most 127 octets of them. */
function pdu(headers: string, body = ''): Uint8Array {
  const octets = hexToBytes(headers);
  return concatBytes(Uint8Array.of(1, 6, octets.length), octets, hexToBytes(body));
}

for (const vector of vectors.pushes) {
  test(`WSP §8.2.4.1, DM-NOTI §7.1.1: ${vector.name}`, () => {
    const push = decodePush(hexToBytes(vector.hex));
    assert.equal(push.transactionId, vector.transactionId);
    assert.deepEqual(push.contentType, vector.contentType);
    assert.deepEqual(push.applicationIds, vector.applicationIds);
    assert.equal(push.headers.length, vector.headers);
    const verdict = classifyPush(push);
    assert.equal(verdict.accepted ? null : verdict.reason, vector.rejected);
  });
}

for (const vector of vectors.malformed) {
  test(`WSP §8.2.4.1: malformed, ${vector.name}`, () => {
    assert.throws(
      () => decodePush(hexToBytes(vector.hex)),
      (error) => {
        assert.ok(error instanceof DecodeError);
        assert.equal(error.code, vector.code);
        assert.equal(error.at.offset, vector.offset);
        assert.equal(error.spec.doc, 'WSP');
        return true;
      },
    );
  });
}

test('WSP §8.2.4.1: the body is everything after the headers, with its offset', () => {
  const push = decodePush(hexToBytes('010603c4af87 aabbcc'));
  assert.equal(bytesToHex(push.body), 'aabbcc');
  assert.equal(push.bodyOffset, 6);
});

test('WSP §8.2.4.1: a PDU that is no push is not read beyond its type', () => {
  const push = decodePush(hexToBytes('0140ffffffffff'));
  assert.equal(push.pduType, 0x40);
  assert.equal(bytesToHex(push.body), 'ffffffffff');
  const verdict = classifyPush(push);
  assert.ok(!verdict.accepted && verdict.reason === 'pdu-type');
});

test('WSP §8.4.2.1: a quote 7F and a quotation mark before a text are not part of it', () => {
  const quoted = decodePush(pdu('c4 b1 7fc3a96200 b1 226100'));
  assert.deepEqual(
    quoted.headers.map((header) => header.value),
    ['éb', 'a'],
  );
});

test('WSP §8.4: more than 256 headers are refused, 256 are read', () => {
  const headers = 'b486'.repeat(256);
  assert.equal(decodePush(hexToBytes(`01068401c4${headers}`)).headers.length, 256);
  assert.throws(
    () => decodePush(hexToBytes(`01068403c4${headers}b486`)),
    (error) => error instanceof DecodeError && error.code === 'LIMIT',
  );
});

test('a parameter named __proto__ is only a parameter', () => {
  const name = '5f5f70726f746f5f5f00';
  const push = decodePush(pdu(`0d c4 ${name} 6100`));
  assert.deepEqual(Object.keys(push.contentType.parameters), ['__proto__']);
  assert.equal(Object.getPrototypeOf(push.contentType.parameters), Object.prototype);
});

test('start: the PDU begins within the input, and offsets count from the input', () => {
  const input = hexToBytes('0605040b84c002 010603c4af87 aabb');
  const annotations: Annotation[] = [];
  const push = decodePush(input, { start: 7, annotate: (a) => annotations.push(a) });
  assert.equal(push.bodyOffset, 13);
  assert.equal(annotations[0]?.offset, 7);
  assert.throws(
    () => decodePush(hexToBytes('ffff 010605'), { start: 2 }),
    (error) => error instanceof DecodeError && error.at.offset === 5,
  );
});

test('annotations cover every octet of a push, in order, with their sections', () => {
  const input = pdu('06c29181923000 8d02012c 7f01 920465000000 af87', 'aabb');
  const annotations: Annotation[] = [];
  decodePush(input, { annotate: (annotation) => annotations.push(annotation) });
  let next = 0;
  for (const annotation of annotations) {
    assert.equal(annotation.offset, next);
    next += annotation.length;
  }
  assert.equal(next, input.length);
  assert.deepEqual(
    annotations.map((a) => [a.field, a.value, a.meaning, a.section]),
    [
      ['transactionId', '1', 'TID, chosen by the sender', 'WSP §8.2.1'],
      ['pduType', '0x06', 'Push', 'WSP §8.2.1'],
      ['headersLength', '21', 'octets of Content-Type and headers', 'WSP §8.2.4.1'],
      ['contentType.length', '6', 'general form: media type and parameters', 'WSP §8.4.2.24'],
      ['contentType', '0x42', 'application/vnd.syncml.dm+wbxml', 'WSP §8.4.2.24'],
      ['contentType.SEC', 'USERPIN', 'parameter 0x11', 'WSP §8.4.2.4'],
      ['contentType.MAC', '0', 'parameter 0x12', 'WSP §8.4.2.4'],
      ['Content-Length', '300', '', 'WSP §8.4'],
      ['header code page', '1', 'default page', 'WSP §8.4'],
      ['Date', '1694498816', '2023-09-12T06:06:56.000Z', 'WSP §8.4'],
      ['X-Wap-Application-Id', '7', 'x-wap-application:syncml.dm', 'WSP §8.4.2.54'],
      ['body', '2 octets', 'application/vnd.syncml.dm+wbxml', 'WSP §8.2.4.1'],
    ],
  );
});
