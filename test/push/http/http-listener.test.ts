// The device's listener against requests of every kind, octet by octet.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { bytesToHex, ConfigError, md5, sha256, utf8ToBytes, ValueError } from '../../../src/core/index.ts';
import { HttpPushListener, type HttpPushListenerOptions } from '../../../src/push/http/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { account, type Device, deviceTls, pem, startDevice } from './device.ts';

type Context = Parameters<typeof startDevice>[0];

/** A client of raw octets. */
class RawClient {
  received = '';
  ended = false;
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.received += text;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
    });
  }

  static async open(t: Context, port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawClient(socket);
    t.after(() => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Waits for `count` answers; gives all that came. */
  async answers(count = 1): Promise<string> {
    await eventually(() => (this.received.match(/HTTP\/1\.1 \d{3}/g) ?? []).length >= count || this.ended);
    return this.received;
  }
}

const dm13 = 'application/vnd.syncml.dm.notification';

function post(headers: Readonly<Record<string, string>>, body = '', path = '/wappush'): string {
  const fields = Object.entries({ Host: 'device', 'Content-Length': String(body.length), ...headers });
  return `POST ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

async function ask(t: Context, device: Device, text: string): Promise<string> {
  const client = await RawClient.open(t, device.port);
  client.write(text);
  return client.answers();
}

const field = (text: string, name: string): string | undefined =>
  new RegExp(`\r\n${name}: ([^\r]*)`, 'i').exec(text)?.[1];

describe('OMA PushOTA: what a POST is answered', () => {
  test('N13-C-023 a push for DM: 204, 400 Accepted, version 1.0', async (t) => {
    const device = await startDevice(t);
    const answer = await ask(t, device, post({ 'Content-Type': dm13, 'X-Wap-Application-Id': '7' }, 'abc'));
    assert.match(answer, /^HTTP\/1\.1 204 No Content\r\n/);
    assert.equal(field(answer, 'X-Wap-Push-Status'), '400 Accepted');
    assert.equal(field(answer, 'X-Wap-Push-OTA-Version'), '1.0');
    assert.equal(field(answer, 'Content-Length'), undefined);
    assert.deepEqual(device.pushes[0]?.body, utf8ToBytes('abc'));
  });

  test('the envelope of the published example, with a push of ours', async (t) => {
    const device = await startDevice(t);
    const inner =
      'HTTP/1.1 200 OK\r\nDate: Tue, 31 Jul 2001 10:13:05 GMT\r\nContent-Language: en\r\nContent-Length: 3\r\n' +
      'Content-Type: application/vnd.syncml.notification\r\nX-Wap-Application-Id: x-wap-application:syncml.dm\r\n\r\nabc';
    const outer = { 'Content-Type': 'application/http', 'X-Wap-Push-OTA-Version': '1.0' };
    const answer = await ask(t, device, post(outer, inner));
    assert.match(answer, /204 No Content.*400 Accepted/s);
    const [push] = device.pushes;
    assert.deepEqual(push?.body, utf8ToBytes('abc'));
    assert.equal(push?.contentType.mime, 'application/vnd.syncml.notification');
    assert.equal(push?.httpHeaders['content-language'], 'en');
  });

  const taken: readonly [string, Readonly<Record<string, string>>][] = [
    ['no application id', {}],
    ['the application id as a name', { 'X-Wap-Application-Id': 'syncml.dm' }],
    ['in another case', { 'x-wap-application-id': 'X-WAP-Application:SyncML.dm' }],
    ['parameters', { 'Content-Type': `${dm13.toUpperCase()} ; charset=utf-8; SEC="USERPIN"` }],
    ['identity coding', { 'Content-Encoding': 'identity' }],
  ];
  for (const [name, headers] of taken) {
    test(`taken: ${name}`, async (t) => {
      const device = await startDevice(t);
      assert.match(await ask(t, device, post({ 'Content-Type': dm13, ...headers }, 'abc')), /400 Accepted/);
      assert.equal(device.pushes[0]?.contentType.mime, dm13);
    });
  }

  test('parameters of the type go to the handler, credentials and cookies do not', async (t) => {
    const device = await startDevice(t);
    const headers = {
      'Content-Type': `${dm13}; SEC="USER;PIN"; mac=0A`,
      Authorization: 'Negotiate x',
      Cookie: 'a=b',
      'X-A': '1',
    };
    // Credentials that nobody asked for are wrong ones.
    assert.match(await ask(t, device, post(headers)), /^HTTP\/1\.1 401/);
    await ask(t, device, post({ ...headers, Authorization: '' }, 'abc'));
    await ask(t, device, post({ 'Content-Type': headers['Content-Type'], Cookie: 'a=b', 'X-A': '1' }, 'abc'));
    const push = device.pushes.at(-1);
    assert.deepEqual(push?.parameters, { SEC: 'USER;PIN', MAC: '0A' });
    assert.equal(push?.httpHeaders['x-a'], '1');
    assert.equal(push?.httpHeaders.cookie, undefined);
  });

  const inner = (head: string, body = 'abc') =>
    post({ 'Content-Type': 'application/http' }, `${head}\r\n\r\n${body}`);
  const refused: readonly [string, string, RegExp, string, Partial<HttpPushListenerOptions>?][] = [
    ['another path', post({ 'Content-Type': dm13 }, 'abc', '/'), /^HTTP\/1\.1 404/, 'path'],
    ['a path below', post({ 'Content-Type': dm13 }, 'abc', '/wappush/x'), /^HTTP\/1\.1 404/, 'path'],
    [
      'GET',
      'GET /wappush HTTP/1.1\r\nHost: d\r\n\r\n',
      /^HTTP\/1\.1 405.*\r\nAllow: POST, OPTIONS\r\n/s,
      'method',
    ],
    ['PUT', post({}, 'abc').replace('POST', 'PUT'), /^HTTP\/1\.1 405/, 'method'],
    ['no type', post({}, 'abc'), /204 .*238 Unsupported/s, 'content-type'],
    [
      'a type that is not ours',
      post({ 'Content-Type': 'text/vnd.wap.si' }, 'abc'),
      /204 .*238 Unsupported/s,
      'content-type',
    ],
    [
      'data synchronisation',
      post({ 'Content-Type': 'application/vnd.syncml.ds.notification' }, 'abc'),
      /238/,
      'content-type',
    ],
    [
      'a compressed body',
      post({ 'Content-Type': dm13, 'Content-Encoding': 'gzip' }, 'abc'),
      /238/,
      'content-type',
    ],
    [
      'another application',
      post({ 'Content-Type': dm13, 'X-Wap-Application-Id': 'x-wap-application:wml.ua' }, 'abc'),
      /204 .*236 No such/s,
      'application-id',
    ],
    [
      'no application id, where one is required',
      post({ 'Content-Type': dm13 }, 'abc'),
      /236/,
      'application-id',
      { applicationIdRequired: true },
    ],
    ['an empty envelope', post({ 'Content-Type': 'application/http' }), /^HTTP\/1\.1 400/, 'malformed'],
    ['an envelope without a status line', inner(`Content-Type: ${dm13}`), /^HTTP\/1\.1 400/, 'malformed'],
    [
      'a request in an envelope',
      inner(`POST / HTTP/1.1\r\nContent-Type: ${dm13}`),
      /^HTTP\/1\.1 400/,
      'malformed',
    ],
    [
      'a failure in an envelope',
      inner(`HTTP/1.1 404 Not Found\r\nContent-Type: ${dm13}`),
      /^HTTP\/1\.1 400/,
      'malformed',
    ],
    [
      'an envelope whose length is wrong',
      inner(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Type: ${dm13}`),
      /^HTTP\/1\.1 400/,
      'malformed',
    ],
    [
      'an envelope that goes on',
      inner(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: ${dm13}`),
      /^HTTP\/1\.1 400/,
      'malformed',
    ],
    [
      'chunks in an envelope',
      inner(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: ${dm13}`),
      /^HTTP\/1\.1 400/,
      'malformed',
    ],
    [
      'headers without an end',
      post({ 'Content-Type': 'application/http' }, 'HTTP/1.1 200 OK\r\nA: b\r\n'),
      /^HTTP\/1\.1 400/,
      'malformed',
    ],
    [
      'an inner type that is not ours',
      inner('HTTP/1.1 200 OK\r\nContent-Type: text/html'),
      /238/,
      'content-type',
    ],
    [
      'a DM message over plain HTTP',
      post({ 'Content-Type': 'application/vnd.syncml.dm+xml' }, 'abc'),
      /^HTTP\/1\.1 403/,
      'insecure',
    ],
    [
      'a body that is announced too long',
      post({ 'Content-Type': dm13, 'Content-Length': '1001' }),
      /^HTTP\/1\.1 413.*\r\nConnection: close/s,
      'too-large',
      { maxPayload: 1000 },
    ],
    [
      'a body that turns out too long',
      `POST /wappush HTTP/1.1\r\nHost: d\r\nContent-Type: ${dm13}\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n`,
      /^HTTP\/1\.1 413/,
      'too-large',
      { maxPayload: 1000 },
    ],
    [
      'a tag of other capabilities',
      post({ 'Content-Type': dm13, 'X-Wap-CPITag': 'AAAAAA==' }, 'abc'),
      /204 .*256 Capabilities changed.*X-Wap-CPITag: [\w+/]{6}==/s,
      'capabilities',
    ],
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', /^HTTP\/1\.1 400/, 'protocol'],
    [
      'chunks that are none',
      `POST /wappush HTTP/1.1\r\nHost: d\r\nContent-Type: ${dm13}\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n`,
      /^HTTP\/1\.1 400/,
      'protocol',
    ],
    [
      'two lengths',
      post({ 'Content-Type': dm13, 'content-length': '4' }, 'abc'),
      /^HTTP\/1\.1 400/,
      'protocol',
    ],
    ['headers beyond all measure', post({ A: 'x'.repeat(20_000) }), /^HTTP\/1\.1 431/, 'protocol'],
  ];
  for (const [name, text, pattern, reason, options = {}] of refused) {
    test(`refused: ${name} (${reason})`, async (t) => {
      const device = await startDevice(t, options);
      assert.match(await ask(t, device, text), pattern);
      await eventually(() => device.drops.length === 1);
      assert.equal(device.drops[0]?.reason, reason);
      assert.equal(device.drops[0]?.binding, 'http');
      assert.equal(device.pushes.length, 0);
      assert.deepEqual(device.errors, []);
      const { received, accepted } = device.listener.counters();
      assert.deepEqual([received, accepted], [1, 0]);
    });
  }

  test('a refusal leaves the connection usable', async (t) => {
    const device = await startDevice(t);
    const client = await RawClient.open(t, device.port);
    client.write(post({ 'Content-Type': 'text/html' }, 'abc'));
    client.write(post({ 'Content-Type': dm13 }, 'abc', '/x'));
    client.write(post({ 'Content-Type': dm13 }, 'abc'));
    assert.match(await client.answers(3), /238.*404.*400 Accepted/s);
    assert.equal(device.pushes.length, 1);
  });

  test('another path of one’s own', async (t) => {
    const device = await startDevice(t, { path: '/dm/push' });
    assert.match(await ask(t, device, post({ 'Content-Type': dm13 }, 'abc', '/dm/push?x=y')), /400 Accepted/);
    assert.match(await ask(t, device, post({ 'Content-Type': dm13 }, 'abc')), /^HTTP\/1\.1 404/);
  });
});

describe('OMA PushOTA: registration', () => {
  const options = (target: string, tag?: string) =>
    `OPTIONS ${target} HTTP/1.1\r\nHost: d\r\nX-Wap-Push-OTA-Version: 1.0\r\n${tag === undefined ? '' : `X-Wap-CPITag: ${tag}\r\n`}\r\n`;

  for (const target of ['/wappush', '*']) {
    test(`OPTIONS ${target}: 501 with the capabilities, then 500 for their tag`, async (t) => {
      const device = await startDevice(t, { maxPayload: 5000, terminalId: '+49170', bearerIndication: 11 });
      const first = await ask(t, device, options(target));
      assert.match(first, /^HTTP\/1\.1 204/);
      const tag = field(first, 'X-Wap-CPITag');
      assert.match(tag ?? '', /^[\w+/]{6}==$/);
      assert.deepEqual(
        [
          'X-Wap-Push-Status',
          'X-Wap-Terminal-Id',
          'X-Wap-Bearer-Indication',
          'X-Wap-Push-Accept-AppID',
          'X-Wap-Push-MaxMsgSize',
          'X-Wap-Push-Accept-MaxPushReq',
          'Cache-Control',
        ].map((name) => field(first, name)),
        ['501 Changed', '+49170', '11', 'x-wap-application:syncml.dm', '5000', '256', 'no-cache'],
      );
      assert.match(field(first, 'X-Wap-Push-Accept') ?? '', /application\/vnd\.syncml\.dm\.notification/);
      const second = await ask(t, device, options(target, tag));
      assert.equal(field(second, 'X-Wap-Push-Status'), '500 Unchanged');
      assert.equal(field(second, 'X-Wap-Push-MaxMsgSize'), undefined);
      assert.match(
        await ask(t, device, post({ 'Content-Type': dm13, 'X-Wap-CPITag': tag ?? '' }, 'a')),
        /400 Accepted/,
      );
      const { registrations, received } = device.listener.counters();
      assert.deepEqual([registrations, received], [2, 1]);
    });
  }

  test('other capabilities have another tag, the same ones the same', async (t) => {
    const tags = [];
    for (const maxPayload of [1000, 1000, 2000]) {
      const device = await startDevice(t, { maxPayload });
      tags.push(field(await ask(t, device, options('*')), 'X-Wap-CPITag'));
    }
    assert.equal(tags[0], tags[1]);
    assert.notEqual(tags[0], tags[2]);
  });
});

describe('HTTP authentication (RFC 7616, RFC 7617)', () => {
  const always = { accounts: [account], authenticate: 'always' } as const;
  const hashes = { MD5: md5, 'SHA-256': sha256 };
  const challengesOf = (answer: string) =>
    [...answer.matchAll(/\r\nWWW-Authenticate: ([^\r]*)/gi)].map((match) => match[1] ?? '');

  function digest(challenge: string, change: Readonly<Record<string, string>> = {}): string {
    const read = (name: string) => new RegExp(`${name}="?([^",]*)`).exec(challenge)?.[1] ?? '';
    const parts = {
      username: 'dms',
      password: 'secret',
      realm: read('realm'),
      nonce: read('nonce'),
      algorithm: read('algorithm'),
      uri: '/wappush',
      method: 'POST',
      qop: 'auth',
      nc: '00000001',
      cnonce: 'c',
      ...change,
    };
    const hash = (text: string) =>
      bytesToHex((parts.algorithm === 'MD5' ? hashes.MD5 : hashes['SHA-256'])(utf8ToBytes(text)));
    const a1 = hash(`${parts.username}:${parts.realm}:${parts.password}`);
    const a2 = hash(`${parts.method}:${parts.uri}`);
    const response =
      change.response ?? hash(`${a1}:${parts.nonce}:${parts.nc}:${parts.cnonce}:${parts.qop}:${a2}`);
    return `Digest username="${parts.username}", realm="${parts.realm}", nonce="${parts.nonce}", uri="${parts.uri}", algorithm=${parts.algorithm}, qop=${parts.qop}, nc=${parts.nc}, cnonce="${parts.cnonce}", response="${response}"`;
  }
  const push = (authorization?: string) =>
    post(
      { 'Content-Type': dm13, ...(authorization === undefined ? {} : { Authorization: authorization }) },
      'abc',
    );

  test('asked for: Digest with SHA-256 and MD5; Basic only where nobody can listen', async (t) => {
    const device = await startDevice(t, { ...always, realm: 'my "dm"' });
    const offered = challengesOf(await ask(t, device, push()));
    assert.deepEqual(
      offered.map((text) => /algorithm=([\w-]+)/.exec(text)?.[1]),
      ['SHA-256', 'MD5'],
    );
    assert.ok(
      offered.every((text) => text.startsWith('Digest realm="my \\"dm\\""') && text.includes('qop="auth"')),
    );
    const open = await startDevice(t, { ...always, allowPlainBasic: true });
    assert.equal(challengesOf(await ask(t, open, push()))[2], 'Basic realm="dm", charset="UTF-8"');
    assert.match(await ask(t, open, push('Basic ZG1zOnNlY3JldA==')), /400 Accepted/);
    assert.equal(device.listener.counters().challenges, 1);
    // Unless it is allowed, a password in the clear is no proof.
    assert.match(await ask(t, device, push('Basic ZG1zOnNlY3JldA==')), /^HTTP\/1\.1 401/);
  });

  for (const algorithm of ['SHA-256', 'MD5']) {
    test(`${algorithm}: a right response once for each count`, async (t) => {
      const device = await startDevice(t, always);
      const challenge =
        challengesOf(await ask(t, device, push())).find((text) => text.includes(algorithm)) ?? '';
      assert.match(await ask(t, device, push(digest(challenge))), /400 Accepted/);
      assert.match(await ask(t, device, push(digest(challenge))), /^HTTP\/1\.1 401.*stale=true/s);
      assert.match(await ask(t, device, push(digest(challenge, { nc: '0000000a' }))), /400 Accepted/);
      assert.match(await ask(t, device, push(digest(challenge, { nc: '00000009' }))), /stale=true/);
      assert.equal(device.listener.counters().dropped.credentials, 0);
    });
  }

  test('a nonce that is too old, or not ours, is stale for who knows the password', async (t) => {
    const clock = new ManualClock();
    const device = await startDevice(t, { ...always, clock });
    const [challenge = ''] = challengesOf(await ask(t, device, push()));
    clock.advance(299_999);
    assert.match(await ask(t, device, push(digest(challenge))), /400 Accepted/);
    clock.advance(1);
    assert.match(await ask(t, device, push(digest(challenge, { nc: '00000002' }))), /stale=true/);
    for (const nonce of ['', 'x', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=']) {
      assert.match(await ask(t, device, push(digest(challenge, { nonce }))), /stale=true/);
    }
  });

  const wrong: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'another password': { password: 'x' },
    'an empty password': { password: '' },
    'another user': { username: 'x' },
    'another realm': { realm: 'x' },
    'another method': { method: 'OPTIONS' },
    'another target': { uri: '/other' },
    'another quality of protection': { qop: 'auth-int' },
    'an unknown algorithm': { algorithm: 'SHA-512' },
    'a response of the wrong length': { response: 'ab' },
    'a count that is none': { nc: '1' },
  };
  for (const [name, change] of Object.entries(wrong)) {
    test(`wrong: ${name} is refused, counted, and ends the connection`, async (t) => {
      const device = await startDevice(t, always);
      const [challenge = ''] = challengesOf(await ask(t, device, push()));
      const answer = await ask(t, device, push(digest(challenge, change)));
      assert.match(answer, /^HTTP\/1\.1 401/);
      assert.doesNotMatch(answer, /stale=true/);
      assert.equal(field(answer, 'Connection'), 'close');
      assert.equal(device.listener.counters().dropped.credentials, 1);
      assert.equal(device.pushes.length, 0);
    });
  }

  for (const authorization of [
    'Basic',
    'Basic !',
    'Basic ZG1z',
    'Digest',
    'Digest x',
    'Bearer x',
    `Digest ${'x'.repeat(5000)}`,
  ]) {
    test(`nonsense is refused: ${authorization.slice(0, 20)}`, async (t) => {
      const device = await startDevice(t, { ...always, allowPlainBasic: true });
      assert.match(await ask(t, device, push(authorization)), /^HTTP\/1\.1 401/);
      assert.equal(device.listener.counters().dropped.credentials, 1);
    });
  }

  test('clients that send no body before they are asked are asked', async (t) => {
    const device = await startDevice(t, { accounts: [account] });
    const empty = await ask(t, device, post({ 'Content-Type': 'application/http' }));
    assert.match(empty, /^HTTP\/1\.1 401/);
    assert.equal(device.listener.counters().received, 0);
  });

  test('PB-C-007 over TLS without a proof: asked, or refused where only a certificate would do', async (t) => {
    const message = post({ 'Content-Type': 'application/vnd.syncml.dm+xml' }, 'abc');
    const overTls = async (device: Device): Promise<string> => {
      const socket = connectTls({
        port: device.port,
        host: '127.0.0.1',
        servername: 'localhost',
        ca: pem('ca'),
      });
      socket.setEncoding('latin1');
      let received = '';
      socket.on('data', (text: string) => {
        received += text;
      });
      t.after(() => socket.destroy());
      socket.write(message);
      await eventually(() => received.includes('\r\n\r\n'));
      return received;
    };
    const accounts = await startDevice(t, { tls: deviceTls, accounts: [account] });
    assert.match(await overTls(accounts), /^HTTP\/1\.1 401.*Basic realm="dm"/s);
    const certificates = await startDevice(t, { tls: { ...deviceTls, clientCa: pem('ca') } });
    assert.match(await overTls(certificates), /^HTTP\/1\.1 403/);
    const neither = await startDevice(t, { tls: deviceTls });
    assert.match(await overTls(neither), /400 Accepted/);
  });

  test('a user name with a colon is refused when the listener is made', () => {
    const accounts = [{ username: 'a:b', password: 'c' }];
    assert.throws(() => new HttpPushListener({ handler: () => {}, accounts }), ValueError);
  });
});

describe('bounds', () => {
  test('pushes whose handler has not finished: more are discarded for want of resources', async (t) => {
    let finish = (): void => {};
    const blocked = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const device = await startDevice(t, { maxPending: 2, handler: () => blocked });
    const client = await RawClient.open(t, device.port);
    const one = post({ 'Content-Type': dm13 }, 'abc');
    client.write(one + one + one);
    assert.match(await client.answers(3), /400 Accepted.*400 Accepted.*237 Busy/s);
    assert.equal(device.listener.counters().dropped.busy, 1);
    finish();
    await blocked;
    client.write(one);
    assert.match((await client.answers(4)).slice(-200), /400 Accepted/);
  });

  test('connections beyond the limit are closed at once', async (t) => {
    const device = await startDevice(t, { maxConnections: 2 });
    const clients: RawClient[] = [];
    for (let index = 0; index < 3; index += 1) clients.push(await RawClient.open(t, device.port));
    await eventually(() => clients.some(({ ended }) => ended));
    assert.deepEqual(
      device.drops.map(({ reason }) => reason),
      ['busy'],
    );
  });

  test('a request has to be there in time; a connection without one is closed in silence', async (t) => {
    const clock = new ManualClock();
    const device = await startDevice(t, { clock, idleMs: 1000 });
    const pieces = ['POST /wapp', post({ 'Content-Type': dm13, 'Content-Length': '10' }, 'abc'), ''];
    const clients: RawClient[] = [];
    for (const piece of pieces) {
      const client = await RawClient.open(t, device.port);
      client.write(piece);
      clients.push(client);
    }
    const done = await RawClient.open(t, device.port);
    done.write(post({ 'Content-Type': dm13 }, 'abc'));
    await done.answers();
    // All octets have to be there before time passes.
    await eventually(() => clock.waiting === 4);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1000);
    await eventually(() => [...clients, done].every(({ ended }) => ended));
    assert.deepEqual(
      device.drops.map(({ reason }) => reason),
      ['timeout', 'timeout'],
    );
    assert.equal(clock.waiting, 0);
  });

  test('a connection that breaks in the middle is counted, one that ends between requests is not', async (t) => {
    const device = await startDevice(t);
    for (const piece of ['', post({ 'Content-Type': dm13 }, 'abc')]) {
      const client = await RawClient.open(t, device.port);
      client.write(piece);
      if (piece !== '') await client.answers();
      client.socket.end();
      await eventually(() => client.ended);
    }
    assert.equal(device.drops.length, 0);
    for (const piece of ['POST /wapp', post({ 'Content-Type': dm13, 'Content-Length': '10' }, 'abc')]) {
      const client = await RawClient.open(t, device.port);
      await new Promise<void>((resolve) => {
        client.socket.write(piece, () => resolve());
      });
      client.socket.end();
      await eventually(() => client.ended);
    }
    await eventually(() => device.drops.length === 2);
    assert.deepEqual(
      device.drops.map(({ reason }) => reason),
      ['incomplete', 'incomplete'],
    );
  });

  test('close ends idle connections, and waits for a request that is under way', async (t) => {
    const device = await startDevice(t);
    const idle = await RawClient.open(t, device.port);
    const kept = await RawClient.open(t, device.port);
    kept.write(post({ 'Content-Type': dm13 }, 'abc'));
    await kept.answers();
    const busy = await RawClient.open(t, device.port);
    busy.write(post({ 'Content-Type': dm13, 'Content-Length': '6' }, 'abc'));
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const closing = device.listener.close();
    await eventually(() => idle.ended && kept.ended);
    busy.write('def');
    assert.match(await busy.answers(), /400 Accepted/);
    assert.equal(field(busy.received, 'Connection'), 'close');
    await closing;
    assert.equal(device.pushes.length, 2);
  });

  test('close does not wait longer than it may', async (t) => {
    const clock = new ManualClock();
    const device = await startDevice(t, { clock, closeMs: 100 });
    const stuck = await RawClient.open(t, device.port);
    stuck.write('POST /wapp');
    await eventually(() => clock.waiting === 1);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const closing = device.listener.close();
    await eventually(() => clock.waiting === 2);
    clock.advance(100);
    await closing;
    await eventually(() => stuck.ended);
    await device.listener.close();
  });

  test('a handler that fails is counted and reported; the sender has its answer all the same', async (t) => {
    const failing = [
      () => {
        throw new Error('no');
      },
      () => Promise.reject(new Error('no')),
    ];
    for (const handler of failing) {
      const device = await startDevice(t, { handler });
      assert.match(await ask(t, device, post({ 'Content-Type': dm13 }, 'abc')), /400 Accepted/);
      await eventually(() => device.errors.length === 1);
      const { handlerErrors, accepted } = device.listener.counters();
      assert.deepEqual([handlerErrors, accepted], [1, 1]);
    }
  });

  test('what cannot be listened on is said in one line', async (t) => {
    const device = await startDevice(t);
    const rows: readonly [Partial<HttpPushListenerOptions>, RegExp][] = [
      [{ port: device.port, address: '127.0.0.1' }, /is in use/],
      [{ port: 70_000 }, /^port: .*not between 0 and 65535/],
      [{ port: Number.NaN }, /^port: /],
      [{ port: 0, address: 'localhost' }, /^address: .*not an IP address/],
      [{ port: 0, address: '192.0.2.1' }, /not an address of this machine/],
      [{ port: 0, tls: { cert: 'x', key: 'y' } }, /^tls: TLS cannot be set up/],
    ];
    for (const [options, pattern] of rows) {
      let listener: HttpPushListener | undefined;
      await assert.rejects(
        async () => {
          listener = new HttpPushListener({ handler: () => {}, ...options });
          await listener.start();
        },
        (error: unknown) => error instanceof ConfigError && pattern.test(error.message),
      );
      await listener?.close();
    }
    await assert.rejects(device.listener.start(), ConfigError);
    for (const options of [
      { path: 'x' },
      { maxPayload: 0 },
      { idleMs: -1 },
      { bearerIndication: 300 },
      { terminalId: 'a b' },
    ]) {
      assert.throws(() => new HttpPushListener({ handler: () => {}, ...options }), ValueError);
    }
  });

  test('any octets: answers in HTTP or none at all, nothing handed over, everything counted', async (t) => {
    const device = await startDevice(t);
    const piece = fc.constantFrom(
      'POST /wappush HTTP/1.1\r\n',
      'Host: d\r\n',
      'Content-Length: 3\r\n',
      'Content-Type: application/http\r\n',
      'Content-Type: text/html\r\n',
      'Transfer-Encoding: chunked\r\n',
      'X-Wap-Push-OTA-Version: 1.0\r\n',
      'OPTIONS * HTTP/1.1\r\n',
      '\r\n',
      'abc',
      '0\r\n',
      '\u0000',
      ':',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        const client = await RawClient.open(t, device.port);
        client.socket.end(pieces.join(''), 'latin1');
        await eventually(() => client.ended);
        assert.ok(client.received === '' || client.received.startsWith('HTTP/1.1 '));
      }),
      { numRuns: 150 },
    );
    assert.deepEqual([device.errors, device.pushes], [[], []]);
    const { received, accepted, dropped } = device.listener.counters();
    assert.equal(
      received,
      Object.values(dropped).reduce((sum, count) => sum + count, accepted),
    );
  });
});
