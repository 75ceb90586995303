// Templates: slots and forms, what is refused when a road is made, and values that cannot break out of their place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { createHttpCentre, type HttpCentreOptions, shownRequests } from '../../../src/push/sms-http/index.ts';
import { requestOf } from './example-values.ts';

const url = 'https://sms.example/send';
const octets = { udh: '{udh}', ud: '{ud}' };

test('every slot in every form', () => {
  const { body } = requestOf(
    {
      from: '+4915112345678',
      receipts: { callback: 'https://dm.example/cb/', state: '/s', delivered: ['ok'] },
      request: {
        url,
        form: {
          a: '{to} {to:plus} {to:given}',
          b: '{from} {from:digits} {from:plus}',
          c: '{udh} {udh:HEX} {udh:base64} {udhElements}',
          d: '{ud} {ud:HEX} {ud:base64}',
          e: '{userData} {userData:HEX} {userData:base64}',
          f: '{dataCoding} {dataCoding:hex}',
          g: '{validity} {validity:minutes} {validity:milliseconds} {validity:time}',
          h: '{reference} {part}/{parts} {{{part}}}',
          i: '{callback} {reports} {reports:yes please}',
        },
      },
    },
    {
      dataCoding: 245,
      validity: { seconds: 90, endsAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6) },
      callback: 'https://dm.example/cb/T',
      part: 2,
      parts: 4,
    },
  );
  assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
    a: '447700900000 +447700900000 +447700900000',
    b: '+4915112345678 4915112345678 +4915112345678',
    c: '0605040b84c002 0605040B84C002 BgUEC4TAAg== 05040b84c002',
    d: '0102ff 0102FF AQL/',
    e: '0605040b84c0020102ff 0605040B84C0020102FF BgUEC4TAAgEC/w==',
    f: '245 F5',
    g: '90 1 90000 2026-01-02T03:04:05.006Z',
    h: 'ReferenceOfOurs012345678 2/4 {2}',
    i: 'https://dm.example/cb/T 1 yes please',
  });
});

test('what has no value leaves out its field, wherever it stands', () => {
  const template = {
    a: '{to}',
    ...octets,
    from: '{from}',
    ttl: '{validity}',
    cb: 'x{callback}',
    r: '{reports}',
  };
  const form = requestOf({ request: { url, form: template } }, {});
  assert.equal(form.body, 'a=447700900000&udh=0605040b84c002&ud=0102ff');
  const json = requestOf(
    { request: { url, json: { ...template, list: ['{from}', '{part#}'], deep: { x: '{validity#}' } } } },
    {},
  );
  assert.equal(json.body, '{"a":"447700900000","udh":"0605040b84c002","ud":"0102ff","list":[1],"deep":{}}');
  const query = requestOf(
    { request: { method: 'GET', url, query: template, headers: { 'X-From': '{from}' } } },
    {},
  );
  assert.equal(query.url, `${url}?a=447700900000&udh=0605040b84c002&ud=0102ff`);
  assert.deepEqual(query.headers, {});
});

test('a number in JSON stands as one', () => {
  const { body } = requestOf(
    { request: { url, json: { ...octets, to: '{to#}', dcs: '{dataCoding#}', plain: [1, true, null] } } },
    {},
  );
  assert.deepEqual(JSON.parse(body), {
    udh: '0605040b84c002',
    ud: '0102ff',
    to: 447700900000,
    dcs: 4,
    plain: [1, true, null],
  });
});

const bad: readonly (readonly [string, Partial<HttpCentreOptions>])[] = [
  ['request.url: there is neither a URL nor a preset', {}],
  ['request.url: is not an http: or https: URL without a query', { request: { url: 'ftp://x/' } }],
  ['request.url: is not an http: or https: URL without a query', { request: { url: 'https://x/?a={to}' } }],
  ['request.url: the host holds no slot', { request: { url: 'https://{to}.example/' } }],
  ['request.url: holds a slot that may be empty', { request: { url: 'https://x/{from}' } }],
  ['request.url: is not a URL with a host and without a user name', { request: { url: 'https://a:b@x/' } }],
  [
    'account.region stands in the host',
    { account: { region: 'eu.evil/x' }, request: { url: 'https://{account.region}.x/' } },
  ],
  ['request.form.a: "{tu}" is no slot; known are to, from', { request: { url, form: { a: '{tu}' } } }],
  [
    'request.form.a: "{account.key}": no such field of the account',
    { request: { url, form: { a: '{account.key}' } } },
  ],
  [
    'request.form.a: "{udh:octal}": its forms are hex, HEX, base64',
    { request: { url, form: { a: '{udh:octal}' } } },
  ],
  ['request.form.a: the slot at character 3 does not end', { request: { url, form: { a: 'x {to' } } }],
  ['request.form.a: a } at character 2', { request: { url, form: { a: 'x}' } } }],
  ['request.json.a.b[0]: "{tu}" is no slot', { request: { url, json: { a: { b: ['{tu}'] } } } }],
  ['request.json.a: a slot with # has to stand alone', { request: { url, json: { a: 'x{to#}' } } }],
  ['request.json: a body is a form or JSON', { request: { url, json: {}, form: {} } }],
  ['request.method: a GET has no body', { request: { url, method: 'GET', form: {} } }],
  ['request.headers.Host: is no header field', { request: { url, headers: { Host: 'x' } } }],
  ['request: no slot {to} anywhere', { request: { url, form: octets } }],
  ['request: no slot {userData}, or {udh} and {ud} anywhere', { request: { url, form: { a: '{to}{ud}' } } }],
  [
    'request: no slot {callback} anywhere',
    {
      request: { url, form: { a: '{to}', ...octets } },
      receipts: { callback: 'https://x/', state: '/s', delivered: ['d'] },
    },
  ],
  [
    'answer.id: "id" is no JSON pointer',
    { request: { url, form: { a: '{to}', ...octets } }, answer: { id: 'id' } },
  ],
  ['preset: is none of vonage, sinch, intellisms', { preset: 'acme' as 'vonage' }],
  ['account.apiSecret: is the API secret', { preset: 'vonage', account: { apiKey: 'a' }, from: 'x' }],
  [
    'account.token: Vonage (formerly Nexmo) has apiKey, apiSecret',
    { preset: 'vonage', account: { token: 'a' }, from: 'x' },
  ],
  [
    'from: Vonage (formerly Nexmo) takes no message without a sender',
    { preset: 'vonage', account: { apiKey: 'a', apiSecret: 'b' } },
  ],
  [
    'dataCoding: 0 is not a coding of 8-bit data',
    { dataCoding: 0, request: { url, form: { a: '{to}', ...octets } } },
  ],
  [
    'validitySeconds: 5 is not from 20 to 604800',
    { preset: 'vonage', account: { apiKey: 'a', apiSecret: 'b' }, from: 'x', validitySeconds: 5 },
  ],
  ['throughput: 0 is not more than 0', { throughput: 0, request: { url, form: { a: '{to}', ...octets } } }],
];

for (const [message, options] of bad) {
  test(`refused when it is made: ${message}`, () => {
    assert.throws(
      () => createHttpCentre({ name: 'acme', ...options }),
      (error) => error instanceof ValueError && error.message.includes(message),
    );
  });
}

test('no value leaves its place, whatever characters it has', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => text !== '');
  fc.assert(
    fc.property(anything, anything, (key, other) => {
      const account = { key, other };
      const form = requestOf(
        {
          account,
          request: {
            url,
            query: { k: '{account.key}' },
            form: { a: '{to}', b: '{account.key}', c: '{account.other}', ...octets },
          },
        },
        {},
      );
      const wanted = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text));
      assert.deepEqual(
        [...new URLSearchParams(form.body)].map(([name]) => name),
        ['a', 'b', 'c', 'udh', 'ud'],
      );
      assert.equal(new URLSearchParams(form.body).get('b'), wanted(key));
      assert.deepEqual([...new URL(form.url).searchParams], [['k', wanted(key)]]);
      const json = requestOf(
        { account, request: { url, json: { a: '{to}', b: 'x{account.key}', ...octets } } },
        {},
      );
      assert.deepEqual(Object.keys(JSON.parse(json.body)), ['a', 'b', 'udh', 'ud']);
      assert.equal(wanted((JSON.parse(json.body) as { b: string }).b), wanted(`x${key}`));
    }),
  );
});

test('a value in the path is one segment of it', () => {
  const of = (plan: string) =>
    requestOf(
      {
        account: { plan },
        request: { url: 'https://x.example/v1/{account.plan}/send', query: { a: '{to}', ...octets } },
      },
      {},
    );
  assert.equal(new URL(of('a/b?c#d').url).pathname, '/v1/a%2Fb%3Fc%23d/send');
  for (const dots of ['.', '..']) assert.throws(() => of(dots), ValueError);
});

test('a header field takes no line end', () => {
  const of = (key: string) =>
    requestOf(
      {
        account: { key },
        request: { url, headers: { 'X-Key': '{account.key}' }, form: { a: '{to}', ...octets } },
      },
      {},
    );
  assert.equal(of('abc').headers['X-Key'], 'abc');
  for (const key of ['a\r\nX-Evil: 1', 'a\n', 'ü']) assert.throws(() => of(key), ValueError);
});

test('a request that is shown has no secret in it, in any spelling', () => {
  const account = { apiKey: 'key/with=signs', apiSecret: 'S3cr"t värde' };
  const push = { id: 'p', contentType: contentTypes['dm1.3'], body: new Uint8Array(40) };
  const shown = shownRequests(
    {
      name: 'acme',
      preset: 'vonage',
      account,
      from: 'AcmeInc',
      receipts: { callback: 'https://dm.example/sms/acme' },
    },
    push,
    '+447700900000',
  );
  assert.equal(shown.length, 1);
  const text = JSON.stringify(shown);
  assert.ok(text.includes('api_key=•••&api_secret=•••&from=AcmeInc&to=447700900000&type=binary'));
  assert.ok(text.includes(encodeURIComponent('https://dm.example/sms/acme/')));
  for (const value of Object.values(account)) {
    assert.ok(!text.includes(value) && !text.includes(encodeURIComponent(value)));
  }
  assert.ok((shown[0]?.octets ?? 141) <= 140);
});
