// Texts that may name nothing, at every door of the API where a text comes in: 400 with the field, and never 500.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { sampleDevice } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';
import { postOctets, rawRequest } from './raw-request.ts';

const device = sampleDevice().id;
const devicePath = `/v1/devices/${encodeURIComponent(device)}`;
const account = { serverId: 'com.example.other', url: 'https://dm.example.com/dm', name: 'Other' };
const credentials = { name: 'me', secret: 'a secret' };
const newDevice = {
  id: 'IMEI:1',
  serverId: 'com.example.dm',
  addresses: ['wap:127.0.0.1'],
  serverCredentials: credentials,
  clientCredentials: credentials,
};

/** One of each kind: CR, LF, NUL, other C0, DEL, C1, end of a line, direction of writing. */
const unfit = ['\r', '\n', '\0', '\u0007', '\u007f', '\u0085', '\u2028', '\u202e', '\u2066', '\u061c'];

type Entry = readonly [method: 'POST' | 'PATCH', url: string, field: string, body: (text: string) => object];

const fields: readonly Entry[] = [
  ['POST', '/v1/accounts', 'serverId', (text) => ({ ...account, serverId: text })],
  ['POST', '/v1/accounts', 'url', (text) => ({ ...account, url: `https://x/${text}` })],
  ['POST', '/v1/accounts', 'name', (text) => ({ ...account, name: text })],
  ['PATCH', '/v1/accounts/com.example.dm', 'name', (text) => ({ name: text })],
  ['PATCH', '/v1/accounts/com.example.dm', 'url', (text) => ({ url: `https://x/${text}` })],
  ['POST', '/v1/devices', 'id', (text) => ({ ...newDevice, id: text })],
  ['POST', '/v1/devices', 'serverId', (text) => ({ ...newDevice, serverId: text })],
  ['POST', '/v1/devices', 'addresses[0]', (text) => ({ ...newDevice, addresses: [`wap:h${text}`] })],
  [
    'POST',
    '/v1/devices',
    'addresses[1]',
    (text) => ({ ...newDevice, addresses: ['wap:h', `sms:+49${text}1`] }),
  ],
  ['POST', '/v1/devices', 'digestIdentifier', (text) => ({ ...newDevice, digestIdentifier: text })],
  [
    'POST',
    '/v1/devices',
    'serverCredentials.name',
    (text) => ({ ...newDevice, serverCredentials: { ...credentials, name: text } }),
  ],
  [
    'POST',
    '/v1/devices',
    'messageKeys.encryption.keyName',
    (text) => ({
      ...newDevice,
      messageKeys: { encryption: { transport: 'aes-wrap', key: '00'.repeat(16), keyName: text } },
    }),
  ],
  [
    'PATCH',
    devicePath,
    'clientCredentials.name',
    (text) => ({ clientCredentials: { ...credentials, name: text } }),
  ],
  ['PATCH', devicePath, 'addresses[0]', (text) => ({ addresses: [`obex://h${text}`] })],
  ['POST', '/v1/notifications', 'device', (text) => ({ device: text })],
  [
    'POST',
    '/v1/notifications',
    'job[0].uri',
    (text) => ({ device, job: [{ command: 'get', uri: `./${text}` }] }),
  ],
  ['POST', '/v1/notifications', 'notBefore', (text) => ({ device, notBefore: `2026-01-01T00:00Z${text}` })],
  ['POST', '/v1/jobs', 'device', (text) => ({ device: text, commands: [{ command: 'get', uri: './A' }] })],
  [
    'POST',
    '/v1/jobs',
    'commands[0].uri',
    (text) => ({ device, commands: [{ command: 'get', uri: `./${text}` }] }),
  ],
  [
    'POST',
    '/v1/jobs',
    'commands[0].type',
    (text) => ({ device, commands: [{ command: 'add', uri: './A', data: 'x', type: `text/${text}` }] }),
  ],
  [
    'POST',
    '/v1/jobs',
    'commands[0].source',
    (text) => ({ device, commands: [{ command: 'copy', uri: './A', source: `./B${text}` }] }),
  ],
  [
    'POST',
    '/v1/jobs',
    'commands[0].correlator',
    (text) => ({ device, commands: [{ command: 'exec', uri: './A', correlator: `c${text}` }] }),
  ],
  ['POST', '/v1/messages', 'device', (text) => ({ device: text, job: [{ command: 'delete', uri: './A' }] })],
  [
    'POST',
    '/v1/messages',
    'encrypt[0]',
    (text) => ({ device, job: [{ command: 'delete', uri: './A' }], encrypt: [`./${text}`] }),
  ],
];

test('texts: controls, ends of lines and directions of writing are 400 with the field, in every field that names', () =>
  withApi(async ({ call }) => {
    for (const [method, url, field, body] of fields) {
      for (const text of unfit) {
        const answer = await call(method, url, body(text));
        const code = text.codePointAt(0)?.toString(16);
        assert.deepEqual(
          [answer.status, answer.body.path],
          [400, field],
          `${url} ${field} U+${code} ${answer.text}`,
        );
        assert.doesNotMatch(JSON.parse(answer.text).detail, /[\p{Cc}\u2028\u202e\u2066\u061c]/u);
      }
    }
    assert.equal((await call('GET', '/v1/accounts')).body.items.length, 1);
    assert.equal((await call('GET', '/v1/devices')).body.items.length, 1);
  }));

test('texts: half a surrogate pair is 400 with the field wherever it stands, also in what a device stores', () =>
  withApi(async ({ call }) => {
    const anywhere: readonly Entry[] = [
      ...fields,
      [
        'POST',
        '/v1/devices',
        'serverCredentials.secret',
        (t) => ({ ...newDevice, serverCredentials: { secret: t } }),
      ],
      ['POST', '/v1/devices', 'notificationSecret', (t) => ({ ...newDevice, notificationSecret: t })],
      ['POST', '/v1/notifications', 'reason', (t) => ({ device, format: 'dm1.3', reason: t })],
      [
        'POST',
        '/v1/jobs',
        'commands[0].data',
        (t) => ({ device, commands: [{ command: 'add', uri: './A', data: t }] }),
      ],
      [
        'POST',
        '/v1/jobs',
        'commands[0].choices[1]',
        (t) => ({
          device,
          commands: [{ command: 'alert', kind: 'single-choice', text: 'x', choices: ['a', t] }],
        }),
      ],
    ];
    for (const [method, url, field, body] of anywhere) {
      for (const half of ['\ud800', '\udc00x', 'x\udbff']) {
        const answer = await call(method, url, body(half));
        assert.deepEqual([answer.status, answer.body.path], [400, field], `${url} ${field} ${answer.text}`);
      }
    }
    // A name of a field, and a value that nobody reads.
    const strange = await call('POST', '/v1/accounts', '{"serverId":"a","url":"http://x/","\\ud800":1}');
    assert.equal(strange.status, 400);
    const deep = `${'['.repeat(20_000)}"\\ud800"${']'.repeat(20_000)}`;
    assert.equal((await call('POST', '/v1/accounts', `{"name":${deep}}`)).status, 400);
    const whole = await call('POST', '/v1/accounts', '{"serverId":"\\ud83d\\ude00","url":"http://x/"}');
    assert.equal(whole.status, 201, 'a whole pair is a character');
  }));

test('texts: secrets, keys and what devices store or show keep their line ends', () =>
  withApi(async ({ call }) => {
    const made = await call('POST', '/v1/devices', {
      ...newDevice,
      serverCredentials: { secret: 'a\nb\u202e' },
      clientCredentials: { name: 'n', secret: 'tab\there' },
    });
    assert.equal(made.status, 201, made.text);
    const job = await call('POST', '/v1/jobs', {
      device,
      commands: [
        { command: 'add', uri: './A', data: 'one\r\ntwo' },
        { command: 'alert', kind: 'display', text: 'Line 1\nLine 2' },
      ],
    });
    assert.equal(job.status, 202, job.text);
  }));

/** Runs a test against a socket. */
function onSocket(run: (port: number, bench: ApiBench) => Promise<void>): Promise<void> {
  return withApi(async (bench) => {
    await bench.app.listen({ host: '127.0.0.1', port: 0 });
    await run((bench.app.server.address() as AddressInfo).port, bench);
  });
}

const get = (port: number, target: string, ...lines: string[]) =>
  rawRequest(
    port,
    `${[`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close', ...lines].join('\r\n')}\r\n\r\n`,
  );

test('texts: path parameters and queries with unfit characters or broken percent-encoding are 400 with the parameter', () =>
  onSocket(async (port) => {
    const cases: readonly (readonly [target: string, path: string])[] = [
      ...['%00', '%0A', '%0D%0A', '%7F', '%C2%85', '%E2%80%AE', '%E2%81%A6'].flatMap((text) => [
        [`/v1/devices/IMEI${text}`, 'id'] as const,
        [`/v1/accounts/x${text}`, 'serverId'] as const,
        [`/v1/notifications/${text}/timeline`, 'id'] as const,
        [`/v1/notifications?device=${text}`, 'device'] as const,
        [`/v1/devices?after=a${text}`, 'after'] as const,
        [`/v1/jobs?limit=1&device=x${text}`, 'device'] as const,
        [`/v1/events?device=${text}`, 'device'] as const,
        [`/v1/devices?${text}=1`, 'query'] as const,
      ]),
      // Not UTF-8: a lone octet, an overlong form, half a surrogate pair, broken escapes.
      ...['%FF', '%C0%80', '%ED%A0%80', '%', '%zz', '%4'].flatMap((text) => [
        [`/v1/devices/IMEI${text}`, 'target'] as const,
        [`/v1/devices?after=${text}`, 'after'] as const,
      ]),
      ['/v1/devices/\xff', 'target'],
      ['/v1/devices?after=\xe4', 'target'],
    ];
    for (const [target, path] of cases) {
      const { status, problem, head } = await get(port, target);
      // Octets that HTTP itself does not allow in a target may be refused before a route is found.
      assert.equal(status, 400, `${target}: ${head}`);
      if (!/[\x80-\xff]/.test(target)) assert.equal(problem.path, path, `${target}: ${problem.detail}`);
    }
    assert.equal((await get(port, '/v1/devices?serverId=com.example.dm&after=%C3%A4+b')).status, 200);
  }));

test('texts: a body that is no UTF-8 is 400 with the place, whatever stands in it', () =>
  onSocket(async (port) => {
    const start = Buffer.from('{"serverId":"a","url":"http://x/","name":"');
    const end = Buffer.from('"}');
    for (const octets of [
      [0xff],
      [0xc3],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0x80],
    ]) {
      const body = Buffer.concat([start, Buffer.from(octets), end]);
      const { status, problem } = await postOctets(port, '/v1/accounts', body);
      assert.deepEqual([status, problem.code], [400, 'BAD_FORMAT']);
      assert.match(problem.detail ?? '', new RegExp(`not UTF-8 \\(octet ${start.length + 1}\\)`));
    }
    const latin1 = await postOctets(
      port,
      '/v1/accounts',
      Buffer.from('{"serverId":"a","url":"http://x/"}'),
      'Content-Type: application/json; charset=iso-8859-1',
    );
    assert.deepEqual([latin1.status, latin1.problem.code], [415, 'UNSUPPORTED']);
    const marked = Buffer.from('\ufeff{"serverId":"com.example.marked","url":"https://x.example/"}');
    assert.equal((await postOctets(port, '/v1/accounts', marked)).status, 201, 'RFC 8259 §8.1');
    const broken = await postOctets(port, '/v1/accounts', Buffer.from('\ufeff{"serverId":}'));
    assert.match(broken.problem.detail ?? '', /line 1, column 13/);
  }));

test('texts: an idempotency key is visible ASCII, and anything else is 400 with the header', () =>
  onSocket(async (port) => {
    const body = Buffer.from(JSON.stringify({ device }));
    for (const key of ['a b', 'a\tb', 'caf\xe9', '\x7f', 'x'.repeat(256), '']) {
      const { status, problem, head } = await postOctets(
        port,
        '/v1/notifications',
        body,
        `Idempotency-Key: ${key}`,
      );
      assert.equal(status, 400, head);
      if (problem.path !== undefined) assert.equal(problem.path, 'Idempotency-Key');
    }
  }));

test('a compressed body is told apart from one that is no UTF-8', () =>
  withApi(async ({ app }) => {
    const send = async (coding: string, payload: Buffer) => {
      const { statusCode, body } = await app.inject({
        method: 'POST',
        url: '/v1/accounts',
        headers: { 'content-type': 'application/json', 'content-encoding': coding },
        payload,
      });
      return [statusCode, JSON.parse(body).detail];
    };
    const account = Buffer.from(
      JSON.stringify({ serverId: 'com.example.new', url: 'https://dm.example.com/dm' }),
    );
    const told = [415, 'send the body as it is, without Content-Encoding'];
    assert.deepEqual(await send('gzip', gzipSync(account)), told);
    assert.deepEqual(await send('br', account), told);
    assert.equal((await send('identity', account))[0], 201);
  }));
