// submit_multi and its response: who it goes to, the message, and who does not get it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeMultiPdu, encodePdu, isMultiCommand } from '../../../src/codec/smpp/index.ts';
import {
  type Annotation,
  bytesToHex,
  concatBytes,
  DecodeError,
  hexToBytes,
  utf8ToBytes,
} from '../../../src/core/index.ts';

const pdu = (commandId: number, body: Uint8Array): Uint8Array =>
  encodePdu({ command: 'opaque', commandId, status: 0, sequence: 7, body });
const z = (text: string): Uint8Array => utf8ToBytes(`${text}\0`);
const octets = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

const message = hexToBytes('0605040b84c002010203');
const request = pdu(
  0x21,
  concatBytes(
    ...[z('WAP'), octets(1, 1), z('4989'), octets(3)],
    ...[octets(1, 1, 1), z('491511'), octets(2), z('friends'), octets(1, 2, 8), z('49152')],
    ...[octets(0x40, 0, 0), z(''), z(''), octets(1, 0, 4, 0, message.length), message],
    hexToBytes('020b00020b84'),
  ),
);
const response = pdu(
  0x80000021,
  concatBytes(z('id-1'), octets(1), octets(1, 1), z('49152'), hexToBytes('0000000b')),
);

function fieldsOf(bytes: Uint8Array): readonly Annotation[] {
  const found: Annotation[] = [];
  decodeMultiPdu(bytes, { annotate: (annotation) => found.push(annotation) });
  return found;
}

describe('submit_multi', () => {
  it('has destinations of both kinds, a message and parameters (SMPP 3.4 §4.5.1)', () => {
    const read = decodeMultiPdu(request);
    assert.ok(read.command === 'submit_multi');
    assert.deepEqual(read.destinations, [
      { ton: 1, npi: 1, address: '491511' },
      { list: 'friends' },
      { ton: 2, npi: 8, address: '49152' },
    ]);
    assert.deepEqual(
      [read.sourceAddress, read.esmClass, read.dataCoding, read.sequence],
      ['4989', 0x40, 4, 7],
    );
    assert.equal(bytesToHex(read.shortMessage), bytesToHex(message));
    assert.deepEqual(read.parameters, { destinationPort: 2948 });
  });

  it('has its octets explained one by one, without a gap', () => {
    let at = 0;
    for (const { offset, length, field } of fieldsOf(request)) {
      assert.equal(offset, at, field);
      at += length;
    }
    assert.equal(at, request.length);
    assert.deepEqual(
      fieldsOf(request)
        .filter(({ field }) => field.startsWith('destinations'))
        .map(({ field, value }) => `${field} ${value}`),
      [
        ...['destinations[0].destFlag 1', 'destinations[0].ton 0x01', 'destinations[0].npi 0x01'],
        ...['destinations[0].address 491511', 'destinations[1].destFlag 2', 'destinations[1].list friends'],
        ...['destinations[2].destFlag 1', 'destinations[2].ton 0x02', 'destinations[2].npi 0x08'],
        'destinations[2].address 49152',
      ],
    );
  });

  it('is answered with who does not get it (§4.5.2)', () => {
    const read = decodeMultiPdu(response);
    assert.ok(read.command === 'submit_multi_resp');
    assert.deepEqual(read.failed, [{ ton: 1, npi: 1, address: '49152', status: 0x0b }]);
    assert.equal(read.messageId, 'id-1');
    assert.ok(fieldsOf(response).some(({ meaning }) => meaning.includes('ESME_RINVDSTADR')));
    for (const body of [new Uint8Array(0), z('id'), concatBytes(z('id'), octets(0))]) {
      const short = decodeMultiPdu(pdu(0x80000021, body));
      assert.ok(short.command === 'submit_multi_resp' && short.failed.length === 0);
    }
  });
});

describe('what is none', () => {
  it('is refused with its place', () => {
    const flag = request.indexOf(3, 16) + 1;
    const cases: readonly (readonly [Uint8Array, RegExp])[] = [
      [request.with(flag, 3), /destinations\[0\]\.destFlag: is 3, neither 1 nor 2/],
      [request.with(flag - 1, 9), /destinations\[3\]/],
      [pdu(4, new Uint8Array(0)), /neither submit_multi nor its response/],
    ];
    for (const [bytes, message] of cases) {
      assert.throws(
        () => decodeMultiPdu(bytes),
        (error) => error instanceof DecodeError && message.test(error.message),
      );
    }
    assert.ok(isMultiCommand(0x21) && isMultiCommand(0x80000021) && !isMultiCommand(4));
  });

  it('cut anywhere, or of any octets, ends in an error of its own', () => {
    for (const whole of [request, response]) {
      for (let end = 0; end < whole.length; end += 1) {
        assert.throws(() => decodeMultiPdu(whole.subarray(0, end)), DecodeError);
      }
    }
    fc.assert(
      fc.property(fc.constantFrom(0x21, 0x80000021), fc.uint8Array({ maxLength: 80 }), (command, body) => {
        try {
          decodeMultiPdu(pdu(command, body));
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }),
    );
  });
});
