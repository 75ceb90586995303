import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeSipHead,
  decodeSipMessage,
  encodeSipMessage,
  headerName,
  headersOf,
  headerValue,
  numberField,
  parameter,
  readCoreFields,
  retryAfterSeconds,
  type SipMessage,
  singleField,
  wantedApplicationIds,
} from '../../../src/codec/sip/index.ts';
import {
  type Annotation,
  bytesToHex,
  bytesToUtf8,
  concatBytes,
  DecodeError,
  hexToBytes,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import vectors from '../../vectors/sip.json' with { type: 'json' };
import { octetsOf, plainHeaders, requestOctets, requestOf } from './support.ts';

for (const vector of vectors.messages) {
  const octets = octetsOf(vector.lines, hexToBytes(vector.bodyHex));

  test(`RFC 3261 §7: ${vector.name}`, () => {
    const message = decodeSipMessage(octets);
    assert.equal(message.kind, vector.kind);
    if (message.kind === 'request') {
      assert.equal(message.method, vector.method);
      assert.equal(message.requestUri, vector.requestUri);
    } else {
      assert.equal(message.status, vector.status);
      assert.equal(message.reason, vector.reason);
    }
    assert.deepEqual(plainHeaders(message), vector.headers);
    assert.equal(bytesToHex(message.body), vector.bodyHex);
    const core = readCoreFields(message);
    assert.deepEqual(
      core.vias.map(({ parameters, ...via }) => ({ ...via, branch: parameter(parameters, 'branch') })),
      vector.core.vias,
    );
    assert.equal(core.from.uri, vector.core.fromUri);
    assert.equal(parameter(core.from.parameters, 'tag'), vector.core.fromTag);
    assert.equal(core.to.uri, vector.core.toUri);
    assert.equal(core.callId, vector.core.callId);
    assert.equal(core.cseq.sequence, vector.core.sequence);
    assert.deepEqual(wantedApplicationIds(message), vector.applicationIds);
  });

  test(`RFC 3261 §7: ${vector.name}: written and read again it is the same`, () => {
    const message = decodeSipMessage(octets);
    const again = decodeSipMessage(encodeSipMessage(message));
    const withoutLength = ({ headers }: SipMessage) =>
      plainHeaders({ ...message, headers: headers.filter(({ name }) => name !== 'Content-Length') });
    assert.deepEqual(withoutLength(again), withoutLength(message));
    assert.deepEqual(again.body, message.body);
    assert.equal(headerValue(again, 'l'), String(message.body.length));
  });

  test(`RFC 3261 §7: ${vector.name}: offsets point at the values`, () => {
    for (const { value, offset = -1 } of decodeSipMessage(octets).headers) {
      const first = bytesToUtf8(octets.subarray(offset, offset + 4))?.slice(0, 2);
      assert.equal(first?.trim().slice(0, value.length), value.slice(0, 2).trim());
    }
  });

  test(`RFC 3261 §18.3: ${vector.name}: cut at any octet, an error or a shorter body`, () => {
    const bodyOffset = octets.length - vector.bodyHex.length / 2;
    for (let length = 0; length < octets.length; length += 1) {
      const cut = octets.slice(0, length);
      if (length >= bodyOffset && headerValue(decodeSipMessage(octets), 'Content-Length') === undefined) {
        decodeSipMessage(cut);
        continue;
      }
      assert.throws(
        () => decodeSipMessage(cut),
        (error) => error instanceof DecodeError && error.code === 'TRUNCATED' && error.at.offset <= length,
      );
    }
  });
}

test('RFC 3261 §7.5, §18.3: empty lines before a message and octets behind its length are skipped', () => {
  const octets = concatBytes(
    utf8ToBytes('\r\n\r\n'),
    requestOctets({ body: Uint8Array.of(1, 2) }),
    Uint8Array.of(9),
  );
  assert.deepEqual(decodeSipMessage(octets).body, Uint8Array.of(1, 2));
  assert.deepEqual(decodeSipMessage(octets, { start: 4 }).body, Uint8Array.of(1, 2));
});

interface BadCase {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly code: DecodeError['code'];
  readonly path: string;
  /** Text in front of which the error points. */
  readonly before: string;
}

const line = 'MESSAGE sip:a@b SIP/2.0';
const bad: readonly BadCase[] = [
  {
    name: 'no request line',
    octets: octetsOf(['HELLO']),
    code: 'BAD_VALUE',
    path: 'startLine',
    before: 'HELLO',
  },
  {
    name: 'two spaces in the request line',
    octets: octetsOf(['MESSAGE  sip:a@b SIP/2.0']),
    code: 'BAD_VALUE',
    path: 'startLine',
    before: 'MESSAGE',
  },
  {
    name: 'a method that is no token',
    octets: octetsOf(['MESS@GE sip:a@b SIP/2.0']),
    code: 'BAD_VALUE',
    path: 'method',
    before: 'MESS@GE',
  },
  {
    name: 'another version',
    octets: octetsOf(['MESSAGE sip:a@b SIP/7.0']),
    code: 'UNSUPPORTED',
    path: 'version',
    before: 'SIP/7.0',
  },
  {
    name: 'another version in a response',
    octets: octetsOf(['SIP/1.0 200 OK']),
    code: 'UNSUPPORTED',
    path: 'version',
    before: 'SIP/1.0',
  },
  {
    name: 'a status of 700',
    octets: octetsOf(['SIP/2.0 700 X']),
    code: 'BAD_VALUE',
    path: 'startLine',
    before: 'SIP',
  },
  {
    name: 'a header without a colon',
    octets: octetsOf([line, 'Via']),
    code: 'BAD_VALUE',
    path: 'headers',
    before: 'Via',
  },
  {
    name: 'a header name with a space inside',
    octets: octetsOf([line, 'Call ID: 1']),
    code: 'BAD_VALUE',
    path: 'headers',
    before: 'Call',
  },
  {
    name: 'a folded line behind the request line',
    octets: octetsOf([line, ' Via: 1']),
    code: 'BAD_VALUE',
    path: 'headers',
    before: ' Via',
  },
  {
    name: 'LF without CR',
    octets: octetsOf([line, 'A: 1\nB: 2']),
    code: 'BAD_VALUE',
    path: 'headers',
    before: '\nB',
  },
  {
    name: 'CR without LF',
    octets: octetsOf([line, 'A: 1\rB: 2']),
    code: 'BAD_VALUE',
    path: 'headers',
    before: '\rB',
  },
  { name: 'a 00', octets: octetsOf([line, 'A: 1\0']), code: 'BAD_VALUE', path: 'headers', before: '\0' },
  {
    name: 'a Content-Length that is no number',
    octets: octetsOf([line, 'l: +1']),
    code: 'BAD_VALUE',
    path: 'Content-Length',
    before: '+1',
  },
  {
    name: 'two lengths',
    octets: octetsOf([line, 'Content-Length: 0', 'l: 0'], Uint8Array.of(1)),
    code: 'BAD_VALUE',
    path: 'Content-Length',
    before: '0\r\n\r\n',
  },
];

for (const { name, octets, code, path, before } of bad) {
  test(`RFC 3261 §7: ${name} is refused, with its place`, () => {
    assert.throws(
      () => decodeSipMessage(octets),
      (error) => {
        assert.ok(error instanceof DecodeError);
        assert.equal(error.code, code);
        assert.equal(error.at.path, path);
        assert.equal(error.at.offset, (bytesToUtf8(octets) ?? '').indexOf(before));
        assert.equal(error.spec.doc, 'RFC 3261');
        return true;
      },
    );
  });
}

test('RFC 3261 §7.3.1: a line that is not UTF-8 is refused', () => {
  const octets = concatBytes(utf8ToBytes(`${line}\r\nA: `), Uint8Array.of(0xc3), utf8ToBytes('\r\n\r\n'));
  assert.throws(() => decodeSipMessage(octets), DecodeError);
});

test('limits: head, header fields and body are bounded before anything is kept', () => {
  const isLimit = (error: unknown): boolean => error instanceof DecodeError && error.code === 'LIMIT';
  assert.throws(() => decodeSipMessage(octetsOf([line, `A: ${'x'.repeat(40_000)}`])), isLimit);
  assert.throws(() => decodeSipMessage(octetsOf([line, 'A: 1']), { maxHeadOctets: 20 }), isLimit);
  assert.throws(() => decodeSipMessage(octetsOf([line, ...Array(129).fill('A: 1')])), isLimit);
  assert.equal(decodeSipMessage(octetsOf([line, ...Array(128).fill('A: 1')])).headers.length, 128);
  assert.throws(() => decodeSipMessage(octetsOf([line, 'l: 4294967295'])), isLimit);
  assert.throws(() => decodeSipMessage(octetsOf([line], new Uint8Array(11)), { maxBody: 10 }), isLimit);
});

test('a head of nothing but empty lines or folding is read in one pass', () => {
  const folded = octetsOf([line, 'A: 1', ...Array(10_000).fill(' ')]);
  assert.equal(decodeSipMessage(folded).headers.length, 1);
  assert.throws(() => decodeSipMessage(utf8ToBytes('\r\n'.repeat(30_000))), DecodeError);
});

test('RFC 3261 §7.3.3, §20: names in any case and compact form are one', () => {
  for (const [given, wanted] of [
    ['v', 'Via'],
    ['CALL-id', 'Call-ID'],
    ['K', 'Supported'],
    ['a', 'Accept-Contact'],
    ['www-AUTHENTICATE', 'WWW-Authenticate'],
    ['X-own', 'X-own'],
  ] as const) {
    assert.equal(headerName(given), wanted);
  }
  const message = requestOf({
    headers: [
      { name: 'x-OWN', value: '1' },
      { name: 'M', value: '2' },
    ],
  });
  assert.equal(headerValue(message, 'X-Own'), '1');
  assert.equal(headersOf(message, 'contact').length, 1);
  assert.equal(headerValue(message, 'Via'), undefined);
});

test('RFC 3261 §8.1.1: each field that a message needs is asked for by name', () => {
  const full = requestOf();
  for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
    const without = { ...full, headers: full.headers.filter((header) => header.name !== name) };
    assert.throws(
      () => readCoreFields(without),
      (error) => error instanceof DecodeError && error.at.path === name && /is missing/.test(error.message),
    );
    const field = full.headers.find((header) => header.name === name);
    assert.ok(field !== undefined);
    const twice = { ...full, headers: [...full.headers, field] };
    if (name === 'Via') assert.equal(readCoreFields(twice).vias.length, 2);
    else assert.throws(() => readCoreFields(twice), DecodeError);
  }
});

test('RFC 3261 §20.16: CSeq', () => {
  const withCSeq = (value: string): SipMessage => {
    const { headers, ...rest } = requestOf();
    return {
      ...rest,
      headers: headers.map((header) => (header.name === 'CSeq' ? { name: 'CSeq', value } : header)),
    };
  };
  assert.equal(readCoreFields(withCSeq('0 MESSAGE')).cseq.sequence, 0);
  for (const value of [
    '2147483648 MESSAGE',
    '1',
    'x MESSAGE',
    '1 REGISTER',
    '1 MESSAGE x',
    '-1 MESSAGE',
    '',
  ]) {
    assert.throws(() => readCoreFields(withCSeq(value)), DecodeError, value);
  }
});

test('numbers in header fields, and Retry-After with what may follow it', () => {
  const message = requestOf({
    headers: [
      { name: 'Expires', value: '4294967295' },
      { name: 'Min-Expires', value: '4294967296' },
      { name: 'Retry-After', value: '120 (maintenance);duration=60' },
    ],
  });
  assert.equal(numberField(message, 'Expires', '20.19'), 4294967295);
  assert.throws(() => numberField(message, 'Min-Expires', '20.23'), DecodeError);
  assert.equal(numberField(message, 'Max-Forwards', '20.22'), undefined);
  assert.equal(retryAfterSeconds(message), 120);
  for (const value of ['', 'soon', 'Sat, 01 Jan 2028', '99999999999']) {
    assert.equal(retryAfterSeconds({ headers: [{ name: 'Retry-After', value }] }), undefined);
  }
  assert.equal(singleField(message, 'Expires')?.path, 'Expires');
});

test('annotations name every field with its octets, and cover the message', () => {
  const [vector] = vectors.messages;
  assert.ok(vector !== undefined);
  const octets = octetsOf(vector.lines, hexToBytes(vector.bodyHex));
  const annotations: Annotation[] = [];
  decodeSipMessage(concatBytes(Uint8Array.of(1, 2, 3), octets), {
    start: 3,
    annotate: (annotation) => annotations.push(annotation),
  });
  assert.deepEqual(
    annotations.map(({ field }) => field),
    ['method', 'requestUri', 'version', ...vector.headers.map(([name]) => name), 'body'],
  );
  for (const { field, offset, length } of annotations) {
    const text = bytesToUtf8(octets.subarray(offset - 3, offset - 3 + length));
    const index = ['method', 'requestUri', 'version'].indexOf(field);
    if (index >= 0) assert.equal(text, (vector.lines[0] ?? '').split(' ')[index]);
    else if (field !== 'body') assert.ok(vector.lines.includes(text ?? ''), field);
    else assert.equal(length, 6);
  }
  const compact = vectors.messages[1];
  const notes: Annotation[] = [];
  decodeSipMessage(octetsOf(compact?.lines ?? []), { annotate: (one) => notes.push(one) });
  assert.equal(notes.find(({ field }) => field === 'From')?.meaning, 'written f');
  assert.equal(notes.find(({ field }) => field === 'From')?.section, 'RFC 3261 §20.20');
  assert.equal(notes.find(({ field }) => field === 'X-Unknown')?.section, 'RFC 3261 §7.3');
});

test('a head can be read where the body is cut short', () => {
  const octets = requestOctets({ body: new Uint8Array(10) }).subarray(0, -1);
  assert.throws(() => decodeSipMessage(octets), DecodeError);
  const head = decodeSipHead(octets);
  assert.equal(head.contentLength, 10);
  assert.equal(head.bodyOffset, octets.length - 9);
});

test('nothing that would end its line or change the message is written', () => {
  const cases: readonly Partial<ReturnType<typeof requestOf>>[] = [
    { method: 'MESS AGE' },
    { method: '' },
    { requestUri: 'sip:a@b\r\nX: y' },
    { requestUri: 'sip:a b' },
    { requestUri: '' },
    { headers: [{ name: 'A B', value: '' }] },
    { headers: [{ name: 'A', value: '1\r\nB: 2' }] },
    { headers: [{ name: 'A', value: '1\0' }] },
    { headers: [{ name: 'A', value: '1\n' }] },
  ];
  for (const parts of cases) assert.throws(() => encodeSipMessage(requestOf(parts)), ValueError);
  const response = { kind: 'response', headers: [], body: new Uint8Array() } as const;
  for (const [status, reason] of [
    [99, ''],
    [700, ''],
    [200.5, ''],
    [200, 'a\r\nb'],
  ] as const) {
    assert.throws(() => encodeSipMessage({ ...response, status, reason }), ValueError);
  }
});
