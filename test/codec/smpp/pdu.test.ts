import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  commandName,
  decodePdu,
  encodePdu,
  isResponseId,
  readHeader,
  type SmppPduInput,
  setSequence,
  statusName,
} from '../../../src/codec/smpp/index.ts';
import {
  type Annotation,
  bytesToHex,
  concatBytes,
  DecodeError,
  type Deviation,
  hexToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { plain, vectors } from './vectors.ts';

for (const { name, hex, bytes, plain: expected, pdu } of vectors) {
  test(`SMPP 3.4 ${name}, both directions`, () => {
    assert.deepEqual(plain(decodePdu(bytes)), expected);
    assert.equal(bytesToHex(encodePdu(pdu)), hex);
  });

  test(`SMPP 3.4 ${name}: cut at each octet, a DecodeError`, () => {
    for (let length = 0; length < bytes.length; length += 1) {
      const isTruncated = (error: unknown): boolean =>
        error instanceof DecodeError && error.code === 'TRUNCATED' && error.at.offset <= length;
      assert.throws(() => decodePdu(bytes.subarray(0, length)), isTruncated);
      if (length < 16 || readHeader(bytes).commandId >= 0x80000000) continue;
      // The same with a length that agrees: the body itself is too short, unless it ends before a parameter.
      const short = bytes.slice(0, length);
      short[3] = length;
      try {
        assert.equal(encodePdu(decodePdu(short)).length, length);
      } catch (error) {
        assert.ok(isTruncated(error), String(error));
      }
    }
  });
}

test('SMPP 3.4 §3.2: octets behind command_length are an error, and so is a length beyond the octets', () => {
  const bytes = hexToBytes('00000010000000150000000000000009');
  assert.throws(
    () => decodePdu(concatBytes(bytes, Uint8Array.of(0))),
    (error) => error instanceof DecodeError && error.code === 'TRAILING',
  );
  assert.throws(
    () => decodePdu(hexToBytes('00000011000000150000000000000009')),
    (error) => error instanceof DecodeError && error.code === 'TRUNCATED',
  );
});

test('SMPP 3.4 §5.1.2: a command without a body here is kept as octets, a known one and an unknown one', () => {
  for (const hex of ['00000012000000030000000000000001' + '6100', '00000011000000770000000000000002ff']) {
    const pdu = decodePdu(hexToBytes(hex));
    assert.equal(pdu.command, 'opaque');
    assert.equal(bytesToHex(encodePdu(pdu)), hex);
  }
  assert.equal(commandName(3), 'query_sm');
  assert.equal(commandName(0x77), undefined);
  assert.equal(isResponseId(0x80000000), true);
  assert.equal(isResponseId(0x7fffffff), false);
});

test('SMPP 3.4 §5.1.3: names of statuses; an unnamed one prints as hex', () => {
  assert.equal(statusName(0x58), 'ESME_RTHROTTLED');
  assert.equal(statusName(0x14), 'ESME_RMSGQFUL');
  assert.equal(statusName(0x404), '0x00000404');
});

test('SMPP 3.4 §4.4.2: responses without a body, and with a body beside a status, are read', () => {
  const bare = decodePdu(hexToBytes('00000010800000040000000000000007'));
  assert.deepEqual(bare, {
    command: 'submit_sm_resp',
    status: 0,
    sequence: 7,
    messageId: '',
    parameters: {},
  });
  const both = decodePdu(hexToBytes('000000128000000400000058000000073100'));
  assert.ok(both.command === 'submit_sm_resp');
  assert.deepEqual([both.status, both.messageId], [0x58, '1']);
});

test('SMPP 3.4 §5.1.4: a written PDU is sent again under another sequence number', () => {
  const bytes = encodePdu({ command: 'enquire_link', sequence: 1 });
  setSequence(bytes, 0x7ffffffe);
  assert.equal(readHeader(bytes).sequence, 0x7ffffffe);
  assert.deepEqual(readHeader(bytes), { length: 16, commandId: 0x15, status: 0, sequence: 0x7ffffffe });
  assert.throws(() => readHeader(bytes.subarray(0, 15)), DecodeError);
});

const refused: readonly (readonly [string, SmppPduInput, string, string])[] = [
  [
    '§5.2.2 a password of 9 characters',
    { command: 'bind_receiver', password: '123456789' },
    'TOO_LONG',
    'password',
  ],
  [
    '§5.2.9 an address of 21 characters',
    { command: 'submit_sm', destinationAddress: '1'.repeat(21) },
    'TOO_LONG',
    'destinationAddress',
  ],
  ['§3.1 a 00 within a text', { command: 'submit_sm', serviceType: 'a\0b' }, 'BAD_FORMAT', 'serviceType'],
  [
    '§3.1 a character beyond Latin-1',
    { command: 'submit_sm', sourceAddress: '€' },
    'BAD_FORMAT',
    'sourceAddress',
  ],
  ['§5.2.12 esm_class of 256', { command: 'submit_sm', esmClass: 256 }, 'OUT_OF_RANGE', 'esmClass'],
  ['§5.2.5 a TON of 1.5', { command: 'submit_sm', sourceTon: 1.5 }, 'OUT_OF_RANGE', 'sourceTon'],
  [
    '§5.2.22 a short_message of 255 octets',
    { command: 'submit_sm', shortMessage: new Uint8Array(255) },
    'TOO_LONG',
    'shortMessage',
  ],
  [
    '§5.3.2.32 short_message and message_payload',
    {
      command: 'submit_sm',
      shortMessage: Uint8Array.of(1),
      parameters: { messagePayload: Uint8Array.of(1) },
    },
    'OUT_OF_RANGE',
    'messagePayload',
  ],
  [
    '§5.3.2.32 a message_payload beyond 64 KB',
    { command: 'data_sm', parameters: { messagePayload: new Uint8Array(65536) } },
    'TOO_LONG',
    'messagePayload',
  ],
  [
    '§5.3.2.21 a port beyond 16 bits',
    { command: 'submit_sm', parameters: { destinationPort: 65536 } },
    'OUT_OF_RANGE',
    'destinationPort',
  ],
  [
    '§7.1.1 a time that is none',
    { command: 'submit_sm', validityPeriod: '1h' },
    'BAD_FORMAT',
    'validityPeriod',
  ],
  ['§5.1.4 a negative sequence number', { command: 'unbind', sequence: -1 }, 'OUT_OF_RANGE', 'sequence'],
];
for (const [name, pdu, code, path] of refused) {
  test(`SMPP 3.4 ${name} is refused`, () => {
    assert.throws(
      () => encodePdu(pdu),
      (error) => error instanceof ValueError && error.code === code && error.path === path,
    );
  });
}

test('the password is in no error and no annotation', () => {
  const password = 'hunter2hunter2';
  assert.throws(
    () => encodePdu({ command: 'bind_transceiver', password }),
    (error) => error instanceof Error && !error.message.includes('hunter'),
  );
  const notes: Annotation[] = [];
  decodePdu(encodePdu({ command: 'bind_transceiver', password: 'hunter2' }), {
    annotate: (note) => notes.push(note),
  });
  assert.ok(notes.some(({ field }) => field === 'password'));
  assert.ok(!JSON.stringify(notes).includes('hunter'));
});

test('annotations name every field, in order, without gaps, up to the end', () => {
  for (const { bytes } of vectors) {
    const notes: Annotation[] = [];
    decodePdu(bytes, { annotate: (note) => notes.push(note) });
    let at = 0;
    for (const { offset, length, section } of notes) {
      assert.equal(offset, at);
      assert.match(section, /^SMPP 3\.4 §\d/);
      at += length;
    }
    assert.equal(at, bytes.length);
  }
});

test('a PDU within other octets is read from where it starts', () => {
  const inner = encodePdu({ command: 'enquire_link', sequence: 3 });
  const pdu = decodePdu(concatBytes(Uint8Array.of(1, 2, 3), inner), { start: 3 });
  assert.equal(pdu.sequence, 3);
});

test('what peers do against the standard is let pass as a deviation', () => {
  const seen: Deviation[] = [];
  const onDeviation = (deviation: Deviation): void => {
    seen.push(deviation);
  };
  const longId = encodePdu({
    command: 'opaque',
    commandId: 0x80000004,
    status: 0,
    sequence: 1,
    body: new TextEncoder().encode(`${'9'.repeat(80)}\0`),
  });
  const response = decodePdu(longId, { onDeviation });
  assert.ok(response.command === 'submit_sm_resp' && response.messageId.length === 80);
  assert.deepEqual([seen[0]?.field, seen[0]?.offset], ['messageId', 16]);

  seen.length = 0;
  const both = encodePdu({ command: 'submit_sm', shortMessage: Uint8Array.of(1) });
  const extended = concatBytes(both, hexToBytes('0424000102' + '020b00010b'));
  extended[3] = extended.length;
  const message = decodePdu(extended, { onDeviation });
  assert.ok(message.command === 'submit_sm');
  assert.deepEqual(plain(message.parameters), {
    messagePayload: '02',
    others: [{ tag: 0x020b, value: '0b' }],
  });
  assert.deepEqual(
    seen.map(({ field }) => field),
    ['destinationPort', 'messagePayload'],
  );
});

test('SMPP 3.4 §5.3.2.12: a receipted_message_id without its 00 is read', () => {
  const bytes = concatBytes(encodePdu({ command: 'deliver_sm' }), hexToBytes('001e00023132'));
  bytes[3] = bytes.length;
  const pdu = decodePdu(bytes);
  assert.ok(pdu.command === 'deliver_sm');
  assert.equal(pdu.parameters.receiptedMessageId, '12');
});

// What deployed centres answer: name, status, body, the id read, the parameters read, fields of deviations.
const answers: readonly (readonly [string, number, string, string, object, readonly string[]])[] = [
  ['§4.4.2 an id without its 00', 0, '616263', 'abc', {}, ['messageId']],
  ['§3.2.4 a stray 00 behind the id', 0, '61626300' + '00', 'abc', {}, ['parameter']],
  ['§3.2.4 half a head of a parameter behind the id', 0, '61626300' + '0424', 'abc', {}, ['parameter']],
  ['§3.2.4 a cut parameter behind the id', 0, '61626300' + '0424000a31', 'abc', {}, ['messagePayload']],
  [
    '§3.2.4 a whole parameter, then a cut one',
    0,
    '3700' + '0427000102' + '001d0009',
    '7',
    { messageState: 2 },
    ['parameter'],
  ],
  ['§4.4.2 a refusal with an id without its 00', 0x0b, '3041', '0A', {}, ['messageId']],
  [
    '§4.4.2 a refusal with parameters alone',
    0x0b,
    '042500010b',
    '',
    { others: [{ tag: 0x0425, value: '0b' }] },
    ['body'],
  ],
  [
    '§4.4.2 a refusal with the parameters of a low tag alone',
    0x0b,
    '001d0002' + '6e00',
    '',
    { others: [{ tag: 0x001d, value: '6e00' }] },
    ['body'],
  ],
  [
    '§4.4.2 a refusal with an empty id and a parameter',
    0x0b,
    '00' + '0427000105',
    '',
    { messageState: 5 },
    [],
  ],
];
for (const [name, status, body, messageId, parameters, deviations] of answers) {
  test(`SMPP 3.4 ${name} is read as far as it goes`, () => {
    const octets = hexToBytes(body);
    const bytes = encodePdu({ command: 'opaque', commandId: 0x80000004, status, sequence: 7, body: octets });
    const seen: Deviation[] = [];
    const notes: Annotation[] = [];
    const pdu = decodePdu(bytes, {
      annotate: (note) => notes.push(note),
      onDeviation: (one) => seen.push(one),
    });
    assert.deepEqual(plain(pdu), {
      command: 'submit_sm_resp',
      status,
      sequence: 7,
      messageId,
      parameters: plain(parameters),
    });
    assert.deepEqual(
      seen.map(({ field }) => field),
      deviations,
    );
    assert.equal(
      notes.reduce((sum, { length }) => sum + length, 0),
      bytes.length,
    );
  });
}

test('SMPP 3.4 §4.1.2, §4.7.2: the other responses are read as far as they go, any octets behind their head', () => {
  const commandIds = [0x80000001, 0x80000005, 0x80000006, 0x80000009, 0x80000015, 0x80000103, 0x80000000];
  for (const commandId of commandIds) {
    for (const body of ['6f', '6f736d6f', '00ff', '0210000134', '021000', '000210000134']) {
      const octets = hexToBytes(body);
      const bytes = encodePdu({ command: 'opaque', commandId, status: 0x45, sequence: 3, body: octets });
      const pdu = decodePdu(bytes);
      assert.deepEqual([pdu.status, pdu.sequence], [0x45, 3]);
    }
  }
});

test('SMPP 3.4 §3.2.4: octets that are no parameter end what a centre delivers, but not the message itself', () => {
  const receipt = encodePdu({ command: 'deliver_sm', esmClass: 4, shortMessage: Uint8Array.of(0x69) });
  const withTail = (tail: string): Uint8Array => {
    const bytes = concatBytes(receipt, hexToBytes(tail));
    bytes[3] = bytes.length;
    return bytes;
  };
  for (const tail of ['00', '0424', '1400000531', '001e000831']) {
    const pdu = decodePdu(withTail(tail));
    assert.ok(pdu.command === 'deliver_sm');
    assert.deepEqual(plain(pdu.shortMessage), '69');
    assert.deepEqual(plain(pdu.parameters), {});
  }
  assert.throws(() => decodePdu(withTail('0424000531')), DecodeError);
  assert.throws(() => decodePdu(withTail('020b000231')), DecodeError);
});
