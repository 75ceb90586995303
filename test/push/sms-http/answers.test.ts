// Answers and receipts as the companies document them, and pointers (RFC 6901).
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import type { RoadCallback } from '../../../src/push/short-message/index.ts';
import { type AnswerRules, answerReading } from '../../../src/push/sms-http/answer/answer-rules.ts';
import { readAnswer } from '../../../src/push/sms-http/answer/read-answer.ts';
import { retryAfterMs } from '../../../src/push/sms-http/answer/retry-after.ts';
import { CentreError, centrePresets } from '../../../src/push/sms-http/index.ts';
import { receiptProof } from '../../../src/push/sms-http/receipt/proof.ts';
import { readReceipts } from '../../../src/push/sms-http/receipt/read-receipts.ts';
import { receiptReading } from '../../../src/push/sms-http/receipt/receipt-rules.ts';
import { parsePointer, textAt, valueAt } from '../../../src/push/sms-http/value/json-pointer.ts';
import { bodyFormats, readBody } from '../../../src/push/sms-http/value/read-body.ts';
import { requestOf } from './example-values.ts';

const now = Date.UTC(2026, 10, 30, 12, 0, 0);
const names = { peer: 'acme', withoutSecrets: (text: string): string => text.replaceAll('s3cret', '•••') };

function answered(
  preset: keyof typeof centrePresets,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): string | CentreError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = { status, body: utf8ToBytes(text), header: (name: string) => headers[name] };
  try {
    return readAnswer(response, answerReading(centrePresets[preset].answer), names, now);
  } catch (error) {
    assert.ok(error instanceof CentreError);
    return error;
  }
}

test('RFC 6901 §5: the document and its pointers', () => {
  const document = {
    foo: ['bar', 'baz'],
    '': 0,
    'a/b': 1,
    'c%d': 2,
    'e^f': 3,
    'g|h': 4,
    'i\\j': 5,
    'k"l': 6,
    ' ': 7,
    'm~n': 8,
  };
  const at = (pointer: string): unknown => valueAt(document, parsePointer(pointer, 'p'));
  assert.deepEqual(at(''), document);
  assert.deepEqual(at('/foo'), ['bar', 'baz']);
  assert.equal(at('/foo/0'), 'bar');
  const rest = ['/', '/a~1b', '/c%d', '/e^f', '/g|h', '/i\\j', '/k"l', '/ ', '/m~0n'];
  assert.deepEqual(rest.map(at), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  for (const nowhere of ['/bar', '/foo/2', '/foo/01', '/foo/-', '/foo/length', '/constructor', '/foo/0/0'])
    assert.equal(at(nowhere), undefined, nowhere);
  for (const bad of ['foo', '/a~2', '/a~', `${'/a'.repeat(33)}`])
    assert.throws(() => parsePointer(bad, 'p'), ValueError);
});

test('any value and any pointer: something, or nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.string()), (value, steps) => {
      const pointer = steps
        .slice(0, 32)
        .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
        .join('');
      textAt(value, parsePointer(pointer, 'p'));
    }),
  );
});

test('any octets in any format are read, or are nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
      for (const format of bodyFormats) readBody(octets, format);
    }),
  );
});

/** Octets of a text of which each character is one. */
const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function takenIn(body: Uint8Array, preset: keyof typeof centrePresets, contentType?: string): string {
  const header = (name: string) => (name === 'content-type' ? contentType : undefined);
  const reading = answerReading(centrePresets[preset].answer);
  return readAnswer({ status: 200, body, header }, reading, names, now);
}

test('answers in other character sets than UTF-8, said or not, are read', () => {
  const lines = latin('ID:1001\r\nNOTE:gr\xfc\xdfe');
  for (const type of [
    'text/plain; charset=iso-8859-1',
    'text/plain;charset="ISO-8859-1"',
    'text/plain',
    'text/plain; charset=nonsense',
    'text/plain; charset=utf-8',
    undefined,
  ])
    assert.equal(takenIn(lines, 'intellisms', type), '1001', type);
  const json = '{"messages":[{"status":"0","message-id":"gr\xfc\xdf\x80"}]}';
  assert.equal(takenIn(latin(json), 'vonage', 'application/json'), 'grüß€');
  assert.equal(takenIn(latin(json), 'vonage', 'application/json; charset=iso-8859-1'), 'grüß€');
  assert.match(takenIn(latin(json), 'vonage', 'application/json; charset=utf-8'), /^gr\ufffd/);
  const wide = new Uint8Array(Buffer.from(json, 'utf16le'));
  assert.equal(takenIn(wide, 'vonage', 'application/json; charset=utf-16le'), 'grüß\x80');
  const xml = latin('<?xml version="1.0" encoding="ISO-8859-15"?><a>\xa4</a>');
  assert.deepEqual(readBody(xml, 'xml'), { a: '€' });
});

test('an answer whose coding nobody knows is in doubt, and says which it is', () => {
  const header = (name: string) => (name === 'content-encoding' ? 'zstd' : undefined);
  const response = { status: 200, body: latin('\x28\xb5\x2f\xfd'), header };
  assert.throws(
    () => readAnswer(response, answerReading(centrePresets.vonage.answer), names, now),
    (error) => error instanceof CentreError && error.inDoubt && /Content-Encoding: zstd/.test(error.message),
  );
});

test('receipts in other character sets than UTF-8 are read', () => {
  const reading = receiptReading(centrePresets.vonage.receipts, { callback: 'https://x.example/' });
  const body = latin('{"messageId":"7","msisdn":"1","status":"delivered","network-code":"gr\xfc\xdfe"}');
  for (const type of ['application/json', 'application/json; charset=iso-8859-1']) {
    const told = readReceipts(callback({ body, type }), reading);
    assert.ok(typeof told !== 'string', String(told));
    assert.equal(told.receipts[0]?.meaning, 'delivered');
  }
});

test('Vonage: the printed answer, and every documented status', () => {
  const taken = {
    'message-count': '1',
    messages: [
      {
        to: '447700900000',
        'message-id': '0C000000F00ABD35',
        status: '0',
        'remaining-balance': '3.14159265',
        'message-price': '0.03330000',
        network: '12345',
      },
    ],
  };
  assert.equal(answered('vonage', 200, taken), '0C000000F00ABD35');
  const account = new Set(['4', '8', '9', '11', '14']);
  const retryable = new Set(['1', '5', '13', ...account]);
  for (const status of [
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '11',
    '12',
    '13',
    '14',
    '15',
    '16',
    '20',
    '23',
    '29',
    '34',
    '77',
  ]) {
    const error = answered('vonage', 200, {
      'message-count': '1',
      messages: [{ status, 'error-text': 'said with s3cret' }],
    });
    assert.ok(error instanceof CentreError);
    assert.equal(error.code, `CENTRE_${status}`);
    assert.equal(error.retryable, retryable.has(status), status);
    assert.equal(error.account, account.has(status), status);
    assert.equal(error.throttled, status === '1');
    assert.equal(error.inDoubt, false);
    assert.ok(error.message.includes('said with •••'), error.message);
  }
});

test('Sinch: 201 with the batch; errors by status, with code and text', () => {
  assert.equal(
    answered('sinch', 201, { id: '5Z8QsIRsk86f-jHB', to: ['987654321'], type: 'mt_binary' }),
    '5Z8QsIRsk86f-jHB',
  );
  const error = answered('sinch', 400, { code: 'syntax_invalid_json', text: 'JSON syntax error' });
  assert.ok(error instanceof CentreError);
  assert.equal(error.code, 'HTTP_400');
  assert.equal(error.retryable, false);
  assert.ok(error.message.includes('syntax_invalid_json "JSON syntax error"'), error.message);
  const throttled = answered('sinch', 429, '', { 'retry-after': '7' });
  assert.ok(throttled instanceof CentreError && throttled.throttled && throttled.retryable);
  assert.equal(throttled.retryAfterMs, 7000);
  const away = answered('sinch', 503, '<html>', { 'retry-after': 'Mon, 30 Nov 2026 12:01:00 GMT' });
  assert.ok(away instanceof CentreError && away.retryable && !away.throttled && !away.inDoubt);
  assert.equal(away.retryAfterMs, 60_000);
  const between = answered('sinch', 504, '');
  assert.ok(between instanceof CentreError && between.inDoubt && between.retryable);
  const page = answered('sinch', 200, '<html>Log in</html>');
  assert.ok(page instanceof CentreError && page.inDoubt && !page.retryable && page.code === 'PROTOCOL');
});

test('statuses: about the account, in doubt, later, or refused, unless the rules say otherwise', () => {
  const of = (status: number, rules: AnswerRules = {}, body = ''): readonly unknown[] => {
    const response = { status, body: utf8ToBytes(body), header: () => undefined };
    try {
      return [readAnswer(response, answerReading(rules), names, now)];
    } catch (error) {
      assert.ok(error instanceof CentreError);
      return [error.account, error.retryable, error.notTaken];
    }
  };
  for (const status of [401, 402, 403]) assert.deepEqual(of(status), [true, true, true], String(status));
  for (const status of [500, 502, 504, 520, 599])
    assert.deepEqual(of(status), [false, true, false], String(status));
  for (const status of [408, 429, 503, 507])
    assert.deepEqual(of(status), [false, true, true], String(status));
  for (const status of [302, 400, 404, 501])
    assert.deepEqual(of(status), [false, false, true], String(status));
  const statuses = { 403: 'refused', 500: 'later', 404: 'account', 503: 'inDoubt' } as const;
  assert.deepEqual(of(403, { statuses }), [false, false, true]);
  assert.deepEqual(of(500, { statuses }), [false, true, true]);
  assert.deepEqual(of(404, { statuses }), [true, true, true]);
  assert.deepEqual(of(503, { statuses }), [false, true, false]);
  const coded = { code: '/c', account: ['nocredit'], retryable: ['busy'] };
  assert.deepEqual(of(400, coded, '{"c":"nocredit"}'), [true, true, true]);
  assert.deepEqual(of(502, coded, '{"c":"busy"}'), [false, true, true], 'its own word counts');
  assert.throws(() => answerReading({ statuses: { 200: 'later' } }), /answer.statuses.200/);
  const words = answered('sinch', 401, 'the token s3cret is none');
  assert.ok(words instanceof CentreError);
  assert.match(
    words.message,
    /acme: answered 401: .*does not take our key or account: "the token ••• is none"/,
  );
});

test('IntelliSMS: ID, and every documented ERR', () => {
  assert.equal(answered('intellisms', 200, 'ID:10011000000000000001'), '10011000000000000001');
  assert.equal(answered('intellisms', 200, 'ID:10011000000000000001\r\n'), '10011000000000000001');
  const retryable = new Set([
    'LOGIN_INVALID',
    'INSUFFICIENT_CREDIT',
    'DAILY_ALLOWANCE_EXCEEDED',
    'GATEWAY_ERROR',
    'INTERNAL_ERROR',
  ]);
  for (const code of [
    'LOGIN_INVALID',
    'INSUFFICIENT_CREDIT',
    'DAILY_ALLOWANCE_EXCEEDED',
    'NO_TO',
    'INVALID_NUMBER',
    'INVALID_REQUEST',
    'PARAMETER_MISSING',
    'PARAMETER_INVALID',
    'GATEWAY_ERROR',
    'INTERNAL_ERROR',
  ]) {
    const error = answered('intellisms', 200, `ERR:${code}`);
    assert.ok(error instanceof CentreError);
    assert.equal(error.code, `CENTRE_${code}`);
    assert.equal(error.retryable, retryable.has(code), code);
  }
  const page = answered('intellisms', 200, 'Service unavailable');
  assert.ok(page instanceof CentreError && page.inDoubt);
});

test('Retry-After: seconds and moments, bounded; anything else says nothing (RFC 9110 §10.2.3)', () => {
  assert.equal(retryAfterMs('120', now), 120_000);
  assert.equal(retryAfterMs('0', now), 0);
  assert.equal(retryAfterMs('9999999999', now), 86_400_000);
  assert.equal(retryAfterMs('Mon, 30 Nov 2026 11:00:00 GMT', now), 0);
  for (const text of [undefined, '', 'soon', '-1', '1e3', 'Mon'])
    assert.equal(retryAfterMs(text, now), undefined);
});

function callback(of: Partial<RoadCallback> & { readonly type?: string }): RoadCallback {
  const { type } = of;
  return {
    method: 'POST',
    path: '',
    query: new URLSearchParams(),
    peer: '127.0.0.1',
    header: (name) => (name === 'content-type' ? type : undefined),
    body: new Uint8Array(),
    ...of,
  };
}

test('Vonage: the documented receipt, as query, form and JSON', () => {
  const reading = receiptReading(centrePresets.vonage.receipts, { callback: 'https://x.example/' });
  const fields = {
    msisdn: '447700900000',
    to: 'AcmeInc',
    'network-code': '12345',
    messageId: '0A0000001234567B',
    price: '0.03330000',
    status: 'delivered',
    scts: '2001011400',
    'err-code': '0',
    'message-timestamp': '2020-01-01 12:00:00',
  };
  const query = new URLSearchParams(fields).toString();
  const wanted = [
    {
      token: 'T',
      id: '0A0000001234567B',
      number: '447700900000',
      state: 'delivered',
      meaning: 'delivered',
      error: '0',
    },
  ];
  for (const request of [
    callback({ method: 'GET', query: new URLSearchParams(query), path: 'T' }),
    callback({ body: utf8ToBytes(query), type: 'application/x-www-form-urlencoded', path: 'T' }),
    callback({
      body: utf8ToBytes(JSON.stringify(fields)),
      type: 'application/json; charset=utf-8',
      path: 'T',
    }),
  ])
    assert.deepEqual(readReceipts(request, reading), { receipts: wanted, unreadable: 0 });
});

test('Sinch: the documented receipt of one recipient', () => {
  const reading = receiptReading(centrePresets.sinch.receipts, { callback: 'https://x.example/' });
  const fields = {
    type: 'recipient_delivery_report_sms',
    batch_id: '01FC66621XXXXX119Z8PMV1QPQ',
    recipient: '+44231235674',
    code: 401,
    status: 'Dispatched',
    at: '2022-08-30T08:16:08.930Z',
  };
  const body = utf8ToBytes(JSON.stringify(fields));
  const told = readReceipts(callback({ body, type: 'application/json', path: 'T' }), reading);
  assert.ok(typeof told !== 'string');
  assert.deepEqual(told.receipts, [
    {
      token: 'T',
      id: '01FC66621XXXXX119Z8PMV1QPQ',
      number: '+44231235674',
      state: 'Dispatched',
      meaning: 'underWay',
      error: '401',
    },
  ]);
});

test('several receipts in one request, up to a bound; what is none is said', () => {
  const own = {
    callback: 'https://x.example/',
    tie: 'id',
    each: '/reports',
    id: '/id',
    state: '/s',
    delivered: ['D'],
    proof: { path: { secret: '0123456789abcdef' } },
  } as const;
  const reading = receiptReading(undefined, own);
  const of = (value: unknown) =>
    readReceipts(callback({ body: utf8ToBytes(JSON.stringify(value)), type: 'application/json' }), reading);
  const all = [{ id: 1, s: 'd' }, { id: 2 }, { id: 3, s: 'x' }, null, 7];
  const told = of({ reports: all });
  assert.ok(typeof told !== 'string');
  assert.deepEqual(
    told.receipts.map(({ id }) => id),
    ['1', '3'],
  );
  assert.equal(told.unreadable, 3);
  assert.equal(of({ reports: {} }), 'no array of receipts where one is wanted');
  assert.equal(of({ reports: [{ id: 1 }] }), 'a receipt without a state');
  assert.equal(
    of({ reports: Array.from({ length: 1001 }, () => ({ id: 1, s: 'd' })) }),
    'more than 1000 receipts',
  );
  assert.equal(
    readReceipts(callback({ body: utf8ToBytes('{'), type: 'application/json' }), reading),
    'the body cannot be read',
  );
  assert.equal(
    readReceipts(callback({ body: utf8ToBytes('x'), type: 'text/xml' }), reading),
    'neither JSON nor a form by its Content-Type',
  );
});

test('proofs: path, query, header, password; near misses do not count', () => {
  const secret = 'a-secret-of-16-and-more';
  const header = (wanted: string, value: string) => (name: string) => (name === wanted ? value : undefined);
  const path = receiptProof({ path: { secret } }, 'proof');
  const query = receiptProof({ query: { name: 'k', secret } }, 'proof');
  const bearer = receiptProof({ header: { name: 'Authorization', secret, prefix: 'Bearer ' } }, 'proof');
  const basic = receiptProof({ basic: { username: 'u', password: 'password' } }, 'proof');
  const encoded = Buffer.from('u:password').toString('base64');
  assert.deepEqual(
    [path(callback({ path: secret })), path(callback({ path: `${secret}x` })), path(callback({ path: '%' }))],
    [true, false, false],
  );
  assert.deepEqual(
    [
      query(callback({ query: new URLSearchParams({ k: secret }) })),
      query(callback({ query: new URLSearchParams({ j: secret }) })),
    ],
    [true, false],
  );
  assert.deepEqual(
    [
      bearer(callback({ header: header('authorization', `Bearer ${secret}`) })),
      bearer(callback({ header: header('authorization', secret) })),
      bearer(callback({})),
    ],
    [true, false, false],
  );
  assert.deepEqual(
    [
      basic(callback({ header: header('authorization', `Basic ${encoded}`) })),
      basic(callback({ header: header('authorization', 'Basic x') })),
    ],
    [true, false],
  );
  assert.throws(
    () => receiptProof({ path: { secret: 'short' } }, 'proof'),
    /proof.path.secret: has 5 characters, 16 at least/,
  );
  assert.throws(() => receiptProof({}, 'proof'), /proof: is one of/);
  assert.throws(
    () => receiptProof({ path: { secret }, query: { name: 'k', secret } }, 'proof'),
    /proof: is one of/,
  );
});

test('signatures over the body, and over what stands beside it', () => {
  const secret = 'Jefe, sixteen and more';
  const body = utf8ToBytes('what do ya want for nothing?');
  const plain = receiptProof({ signature: { secret, header: 'X-Sig', prefix: 'sha256=' } }, 'proof');
  const good = createHmac('sha256', secret).update(body).digest('hex');
  const of = (fields: Readonly<Record<string, string>>, octets = body) =>
    callback({ body: octets, header: (name) => fields[name] });
  assert.equal(plain(of({ 'x-sig': `sha256=${good}` })), true);
  assert.equal(plain(of({ 'x-sig': good })), false);
  assert.equal(plain(of({ 'x-sig': `sha256=${good.slice(2)}` })), false);
  assert.equal(plain(of({ 'x-sig': 'sha256=zz' })), false);
  assert.equal(plain(of({ 'x-sig': `sha256=${good}` }, utf8ToBytes('another'))), false);
  const more = receiptProof(
    {
      signature: {
        secret,
        header: 's',
        encoding: 'base64',
        over: ['body', "'.'", 'header:n', "'.'", 'header:t'],
      },
    },
    'proof',
  );
  const signature = createHmac('sha256', secret).update(body).update('.N.T').digest('base64');
  assert.equal(more(of({ s: signature, n: 'N', t: 'T' })), true);
  assert.equal(more(of({ s: signature, n: 'N', t: 'U' })), false);
  assert.throws(
    () => receiptProof({ signature: { secret, header: 's', over: ['method'] } }, 'p'),
    /leaves the body out/,
  );
  assert.throws(
    () => receiptProof({ signature: { secret, header: 's', over: ['body', 'x'] } }, 'p'),
    /p.signature.over\[1\]/,
  );
});

test('rules for receipts that cannot work are refused with their path', () => {
  const base = { callback: 'https://x.example/', state: '/s', delivered: ['d'] };
  const refused = (own: object, message: RegExp): void => {
    assert.throws(() => receiptReading(undefined, { ...base, ...own }), message);
  };
  refused({ callback: 'x' }, /receipts.callback: is not an http/);
  refused({ tie: 'id' }, /receipts.id: receipts are told apart/);
  refused({ tie: 'id', id: '/i' }, /receipts.proof: whoever knows an id/);
  refused({ state: undefined }, /receipts.state: says where/);
  refused({ delivered: [] }, /receipts.delivered: no word says/);
  refused({ failed: ['D'] }, /receipts.failed: "D" stands among delivered too/);
  refused({ answerStatus: 302 }, /receipts.answerStatus/);
  refused({ proof: { path: { secret: '0123456789abcdef' } } }, /receipts.proof.path: the token/);
});

test('SMSEagle: OK with the id, or a line that says what is wrong; a wrong token is about the account', () => {
  assert.equal(answered('smseagle', 200, 'OK; ID=297'), '297');
  assert.equal(answered('smseagle', 200, 'OK; ID=297\n'), '297');
  for (const line of ['Invalid login or password', 'Invalid access token']) {
    const error = answered('smseagle', 200, line);
    assert.ok(error instanceof CentreError && error.account && error.retryable && error.notTaken, line);
  }
  const wrong = answered('smseagle', 200, 'Wrong or missing >>udh<< parameter');
  assert.ok(wrong instanceof CentreError && !wrong.retryable && !wrong.account);
  assert.match(wrong.message, />>udh<</);
  const empty = answered('smseagle', 200, '');
  assert.ok(empty instanceof CentreError && empty.code === 'PROTOCOL' && empty.inDoubt);
});

const ozekiAnswer = (code: string, text: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE smsapi PUBLIC "-//OZEKI//DTD XML 1.0//EN" "http://www.ozekisms.com/DTD/smsapi.xml">
<response>
   <action>sendmessage</action>
   <data>
      <acceptreport>
         <statuscode>${code}</statuscode>
         <statusmessage>${text}</statusmessage>
         <messageid>ERFAV23D</messageid>
         <recipient>06203105366</recipient>
      </acceptreport>
   </data>
</response>
`;

test('Ozeki, sendmessage method: the printed answer; another code is a refusal, and a page is none', () => {
  assert.equal(answered('ozeki', 200, ozekiAnswer('0', 'Message accepted for delivery')), 'ERFAV23D');
  const error = answered('ozeki', 200, ozekiAnswer('7', 'no such user'));
  assert.ok(error instanceof CentreError && !error.retryable && error.code === 'CENTRE_7');
  assert.match(error.message, /7 "no such user"/);
  for (const page of ['<html><body>Login<br></body></html>', '<a>', '', '<response/>']) {
    const none = answered('ozeki', 200, page);
    assert.ok(none instanceof CentreError && none.code === 'PROTOCOL', page);
  }
});

test('XML as a value: text, elements by name, again as arrays; entities, and what is too deep or too long, as nothing', () => {
  const read = (text: string): unknown => readBody(utf8ToBytes(text), 'xml');
  assert.deepEqual(read('<r><a> x </a><b n="1">2</b><a><c/></a></r>'), {
    r: { a: ['x', { c: '' }], b: '2' },
  });
  assert.equal(read(`<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>`), undefined);
  assert.equal(read(`${'<a>'.repeat(40)}${'</a>'.repeat(40)}`), undefined);
  assert.equal(read(`<r>${'<a/>'.repeat(2100)}</r>`), undefined);
  assert.equal(read(`<r>${' '.repeat(300_000)}</r>`), undefined);
});

test('a road with neither preset nor query form writes blanks as %20, colons of a query as they are', () => {
  const url = (blank?: '+') =>
    requestOf(
      {
        request: {
          url: 'https://x/',
          query: { t: 'a b+c:{ud}', to: '{to}', h: '{udh}' },
          ...(blank && { blank }),
        },
      },
      {},
    ).url;
  assert.equal(url(), 'https://x/?t=a%20b%2Bc:0102ff&to=447700900000&h=0605040b84c002');
  assert.equal(url('+'), 'https://x/?t=a+b%2Bc:0102ff&to=447700900000&h=0605040b84c002');
});
