// The sender against peers that do what a test says: octets, statuses, time, nonsense.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  bytesToDisplayText,
  bytesToHex,
  md5,
  PushError,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { createHttpPushSender, type HttpPushSenderOptions } from '../../../src/push/http/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { eventually, ManualClock } from '../../../src/testing/index.ts';
import { account, never, pushOf } from './device.ts';
import { isPushError } from './errors.ts';
import { answer, fieldOf, type Script, startPeer, taken } from './scripted-peer.ts';

type Context = Parameters<typeof startPeer>[0];

async function sendTo(t: Context, script: Script, options: HttpPushSenderOptions = {}) {
  const peer = await startPeer(t, script);
  const sender = createHttpPushSender(options);
  t.after(() => sender.close());
  const to = { uri: `${peer.origin}/wappush` };
  return { peer, sender, to, send: (size = 2) => sender.send(pushOf(size), to, never) };
}

describe('OMA PushOTA: what is sent', () => {
  test('direct: the headers of the push are those of the request', async (t) => {
    const { peer, send } = await sendTo(t, () => taken, { clock: new ManualClock() });
    await send();
    assert.equal(
      peer.requests[0]?.head,
      [
        'POST /wappush HTTP/1.1',
        `host: 127.0.0.1:${peer.port}`,
        'connection: keep-alive',
        'Date: Thu, 01 Jan 2026 00:00:00 GMT',
        'Content-Type: application/vnd.syncml.dm.notification',
        'X-Wap-Application-Id: x-wap-application:syncml.dm',
        'X-Wap-Push-OTA-Version: 1.0',
        'accept-encoding: identity',
        'content-length: 2',
      ].join('\n'),
    );
    assert.deepEqual(peer.requests[0]?.body, Uint8Array.of(0, 7));
  });

  test('envelope: a stored response with the headers of the push', async (t) => {
    const { peer, send } = await sendTo(t, () => taken, {
      clock: new ManualClock(),
      push: { form: 'envelope' },
    });
    await send();
    const [request] = peer.requests;
    assert.ok(request);
    assert.equal(fieldOf(request, 'content-type'), 'application/http');
    assert.equal(fieldOf(request, 'x-wap-push-ota-version'), '1.0');
    assert.equal(fieldOf(request, 'x-wap-application-id'), undefined);
    assert.equal(
      bytesToDisplayText(request.body),
      'HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Type: application/vnd.syncml.dm.notification\r\n' +
        'X-Wap-Application-Id: x-wap-application:syncml.dm\r\nContent-Length: 2\r\n\r\n\u0000\u0007',
    );
  });

  test('a function chooses for one push and device; connections are kept', async (t) => {
    const { peer, sender, to } = await sendTo(t, () => taken, {
      push: ({ contentType }) => ({ form: contentType.code === 0x44 ? 'envelope' : 'direct' }),
    });
    for (const name of ['dm1.2', 'dm1.3', 'dm1.3', 'dm1.3', 'dm1.3', 'dm1.3'] as const) {
      await sender.send(pushOf(1, contentTypes[name]), to, never);
    }
    assert.deepEqual(
      peer.requests.slice(0, 2).map((request) => fieldOf(request, 'content-type')),
      ['application/http', 'application/vnd.syncml.dm.notification'],
    );
    // A connection may still be finishing when the next push wants one.
    assert.ok(peer.sockets.length <= 2);
  });

  test('what is not an address, and headers that are not the caller’s, are refused before anything is sent', async () => {
    const sender = createHttpPushSender();
    for (const uri of [
      '',
      'wap:127.0.0.1',
      'ftp://127.0.0.1/',
      'http://user:secret@127.0.0.1/',
      '/wappush',
    ]) {
      await assert.rejects(sender.send(pushOf(1), { uri }, never), (error: unknown) => {
        return error instanceof ValueError && !error.message.includes('secret');
      });
    }
    await sender.close();
    for (const name of ['Content-Type', 'host', 'X-Wap-CPITag', 'authorization', 'transfer-encoding']) {
      const other = createHttpPushSender({ push: { headers: { [name]: 'x' } } });
      await assert.rejects(other.send(pushOf(1), { uri: 'http://127.0.0.1:1/' }, never), ValueError);
      await other.close();
    }
    for (const headers of [{ 'x-a': 'b\r\nx-c: d' }, { 'x a': 'b' }]) {
      for (const form of ['direct', 'envelope'] as const) {
        const other = createHttpPushSender({ push: { form, headers } });
        await assert.rejects(other.send(pushOf(1), { uri: 'http://127.0.0.1:1/' }, never), ValueError);
        await other.close();
      }
    }
  });

  test('settings out of range, and a certificate without a key, are refused', () => {
    for (const options of [
      { maxPayload: 0 },
      { connectMs: 0.5 },
      { responseMs: 2 ** 31 },
      { maxConnections: 0 },
      { maxTerminals: -1 },
      { tls: { cert: 'x' } },
    ]) {
      assert.throws(() => createHttpPushSender(options), ValueError);
    }
  });
});

describe('OMA PushOTA: what answers mean', () => {
  const status = (value: string) => answer('204 No Content', { 'X-Wap-Push-Status': value });
  const receipts: readonly [string, string, object][] = [
    ['204 with 400', taken, { outcome: 'delivered' }],
    [
      '200 with 400 and a text',
      answer('200 OK', { 'x-wap-push-status': '400  Accepted ' }, 'x'),
      { outcome: 'delivered' },
    ],
    ['204 without a status', answer('204 No Content'), { outcome: 'delivered' }],
    ['200 without a status', answer('200 OK', {}, 'thanks'), { outcome: 'delivered' }],
    ['202 without a status', answer('202 Accepted'), { outcome: 'accepted', reference: 'p1' }],
    ['202 with 400', answer('202 Accepted', { 'X-Wap-Push-Status': '400' }), { outcome: 'delivered' }],
  ];
  for (const [name, octets, receipt] of receipts) {
    test(`${name}: ${JSON.stringify(receipt)}`, async (t) => {
      const { send } = await sendTo(t, () => octets);
      assert.deepEqual(await send(), receipt);
    });
  }

  const refusals: readonly [string, string, boolean][] = [
    [status('235'), 'PUSH_STATUS_235', false],
    [status('236 not deliverable'), 'PUSH_STATUS_236', true],
    [status('237'), 'PUSH_STATUS_237', true],
    [status('238'), 'PUSH_STATUS_238', false],
    [status('299'), 'PUSH_STATUS_299', false],
    [status('accepted'), 'PROTOCOL', false],
    [answer('301 Moved', { Location: '/other' }), 'HTTP_301', false],
    [answer('400 Bad Request', {}, 'x'), 'HTTP_400', false],
    [answer('401 Unauthorized', { 'WWW-Authenticate': 'Basic realm="x"' }), 'CREDENTIALS_MISSING', false],
    [answer('403 Forbidden'), 'HTTP_403', false],
    [answer('404 Not Found'), 'HTTP_404', false],
    [answer('405 Method Not Allowed', { Allow: 'GET' }), 'HTTP_405', false],
    [answer('408 Request Timeout'), 'HTTP_408', true],
    [answer('413 Content Too Large'), 'HTTP_413', false],
    [answer('415 Unsupported Media Type'), 'HTTP_415', false],
    [answer('429 Too Many Requests'), 'HTTP_429', true],
    [answer('500 Internal Server Error'), 'HTTP_500', true],
    [answer('501 Not Implemented'), 'HTTP_501', false],
    [answer('502 Bad Gateway'), 'HTTP_502', true],
    [answer('503 Service Unavailable', { 'X-Wap-Push-Status': '400' }), 'HTTP_503', true],
    [answer('505 HTTP Version Not Supported'), 'HTTP_505', false],
  ];
  for (const [octets, code, retryable] of refusals) {
    test(`${octets.split('\r\n', 2).join(', ')} is ${code}`, async (t) => {
      const { send, peer } = await sendTo(t, () => octets);
      await assert.rejects(send(), isPushError(code, retryable));
      assert.equal(peer.requests.length, 1);
    });
  }

  test('what a refusal says would be taken is told', async (t) => {
    for (const [octets, message] of [
      [answer('415 No', { Accept: 'text/plain' }), /content type; it takes: text\/plain$/],
      [answer('415 No'), /content type; it does not say which it takes$/],
      [answer('405 No', { Allow: 'GET, HEAD' }), /under this path; methods that it takes: GET, HEAD$/],
    ] as const) {
      const { send } = await sendTo(t, () => octets);
      await assert.rejects(send(), message);
    }
  });

  test('a refusal whose text is counted wrong says what its status says', async (t) => {
    const octets = 'HTTP/1.1 404 Not Found\r\nContent-Length: 99\r\nConnection: close\r\n\r\nshort';
    const { send } = await sendTo(t, (_, __, socket) => void socket.end(octets));
    await assert.rejects(send(), isPushError('HTTP_404', false));
  });
});

describe('OMA PushOTA: registration', () => {
  const changed = answer('204 No Content', { 'X-Wap-Push-Status': '256', 'X-Wap-CPITag': 'bmV3IQ==' });
  const register = (headers: Readonly<Record<string, string>> = {}) =>
    answer('204 No Content', { 'X-Wap-Push-Status': '501', 'X-Wap-CPITag': 'bmV3IQ==', ...headers });
  const device =
    (registration: string, first = changed): Script =>
    ({ head }, index) =>
      head.startsWith('OPTIONS') ? registration : index === 0 ? first : taken;

  test('256: registers, repeats with the new tag, and sends it from then on', async (t) => {
    const { peer, send } = await sendTo(t, device(register()));
    assert.deepEqual(await send(), { outcome: 'delivered' });
    await send();
    assert.deepEqual(
      peer.requests.map((request) => [request.head.split(' ', 1)[0], fieldOf(request, 'x-wap-cpitag')]),
      [
        ['POST', undefined],
        ['OPTIONS', undefined],
        ['POST', 'bmV3IQ=='],
        ['POST', 'bmV3IQ=='],
      ],
    );
  });

  test('256 again is an error that may pass; 256 is not followed when registration is off', async (t) => {
    const again = await sendTo(t, ({ head }) => (head.startsWith('OPTIONS') ? register() : changed));
    await assert.rejects(again.send(), isPushError('PUSH_STATUS_256', true));
    assert.equal(again.peer.requests.length, 3);
    const off = await sendTo(t, device(register()), { register: 'never' });
    await assert.rejects(off.send(), isPushError('PUSH_STATUS_256', true));
    assert.equal(off.peer.requests.length, 1);
  });

  test('a device that cannot register: the push is repeated with the tag of the refusal', async (t) => {
    const { peer, send } = await sendTo(t, device(answer('405 Method Not Allowed')));
    assert.deepEqual(await send(), { outcome: 'delivered' });
    assert.equal(
      fieldOf(peer.requests[2] ?? { head: '', body: new Uint8Array() }, 'x-wap-cpitag'),
      'bmV3IQ==',
    );
  });

  test('500: what was known stays, under the tag', async (t) => {
    let registrations = 0;
    const { peer, sender, to } = await sendTo(
      t,
      ({ head }, index) => {
        if (!head.startsWith('OPTIONS')) return index === 3 ? changed : taken;
        registrations += 1;
        return registrations === 1
          ? register({ 'X-Wap-Push-MaxMsgSize': '10' })
          : answer('204 No Content', { 'X-Wap-Push-Status': '500' });
      },
      { register: 'always' },
    );
    for (const size of [10, 9, 8]) await sender.send(pushOf(size), to, never);
    await assert.rejects(sender.send(pushOf(11), to, never), isPushError('TOO_LONG', false));
    assert.equal(registrations, 2);
    assert.equal(peer.requests.length, 6);
  });

  const capabilities: readonly [Readonly<Record<string, string>>, string | undefined][] = [
    [{}, undefined],
    [{ 'X-Wap-Push-Accept': 'text/vnd.wap.si, APPLICATION/vnd.syncml.dm.notification;q=1' }, undefined],
    [{ 'X-Wap-Push-Accept': 'application/*' }, undefined],
    [{ 'X-Wap-Push-Accept': '*/*' }, undefined],
    [{ 'X-Wap-Push-Accept': 'text/vnd.wap.si' }, 'NOT_ACCEPTED'],
    [{ 'X-Wap-Push-Accept-AppID': '*' }, undefined],
    [{ 'X-Wap-Push-Accept-AppID': 'x-wap-application:wml.ua, 7' }, undefined],
    [{ 'X-Wap-Push-Accept-AppID': 'x-wap-application:mms.ua' }, 'NOT_ACCEPTED'],
    [{ 'X-Wap-Push-MaxMsgSize': '2' }, undefined],
    [{ 'X-Wap-Push-MaxMsgSize': '1' }, 'TOO_LONG'],
    [{ 'X-Wap-Push-MaxMsgSize': 'many' }, undefined],
  ];
  for (const [headers, code] of capabilities) {
    test(`${JSON.stringify(headers)}: ${code ?? 'the push goes'}`, async (t) => {
      const { peer, send } = await sendTo(t, device(register(headers), taken), { register: 'always' });
      if (code === undefined) await send();
      else await assert.rejects(send(), isPushError(code, false));
      assert.equal(peer.requests.length, code === undefined ? 2 : 1);
    });
  }
});

describe('HTTP authentication (RFC 7616, RFC 7617)', () => {
  const demand = (...challenges: string[]) =>
    `HTTP/1.1 401 Unauthorized\r\n${challenges.map((one) => `WWW-Authenticate: ${one}\r\n`).join('')}Content-Length: 0\r\n\r\n`;
  const hash = (text: string) => bytesToHex(md5(utf8ToBytes(text)));

  test('Basic over plain HTTP needs the option; then it is sent to the same server unasked', async (t) => {
    const script: Script = (request) =>
      fieldOf(request, 'authorization') === 'Basic ZG1zOnNlY3JldA==' ? taken : demand('Basic realm="x"');
    const refused = await sendTo(t, script, { push: { credentials: account } });
    await assert.rejects(refused.send(), isPushError('CREDENTIALS_UNPROTECTED', false));
    const { peer, send } = await sendTo(t, script, { allowPlainBasic: true, push: { credentials: account } });
    await send();
    await send();
    assert.equal(peer.requests.length, 3);
  });

  test('a Basic challenge with a realm that is no quoted string is understood, as Kannel sends it', async (t) => {
    const script: Script = (request) =>
      fieldOf(request, 'authorization') === undefined ? demand('Basic realm=gw"wappush"') : taken;
    const { send } = await sendTo(t, script, { allowPlainBasic: true, push: { credentials: account } });
    assert.deepEqual(await send(), { outcome: 'delivered' });
  });

  test('Digest: the strongest that is offered, with a count for each use of a nonce', async (t) => {
    const script: Script = (request) =>
      fieldOf(request, 'authorization') === undefined
        ? demand(
            'Basic realm="x"',
            'Digest realm="r", nonce="n", algorithm=MD5, qop="auth"',
            'Digest realm="r", nonce="n2", algorithm=SHA-256, qop="auth,auth-int"',
          )
        : taken;
    const { peer, send } = await sendTo(t, script, { push: { credentials: account } });
    for (let round = 0; round < 3; round += 1) await send();
    const sent = peer.requests.slice(1).map((request) => fieldOf(request, 'authorization') ?? '');
    assert.ok(sent.every((text) => text.startsWith('Digest ') && text.includes('nonce="n2"')));
    assert.ok(sent.every((text) => text.includes('algorithm=SHA-256') && text.includes('uri="/wappush"')));
    assert.deepEqual(
      sent.map((text) => /nc=(\w+)/.exec(text)?.[1]),
      ['00000001', '00000002', '00000003'],
    );
    assert.equal(new Set(sent.map((text) => /cnonce="(\w+)"/.exec(text)?.[1])).size, 3);
  });

  test('Digest of the old kind, without qop (RFC 2069)', async (t) => {
    const script: Script = (request) =>
      fieldOf(request, 'authorization') === undefined ? demand('Digest realm="r", nonce="n"') : taken;
    const { peer, send } = await sendTo(t, script, { push: { credentials: account } });
    await send();
    const wanted = hash(`${hash('dms:r:secret')}:n:${hash('POST:/wappush')}`);
    const [, request] = peer.requests;
    assert.ok(request !== undefined && fieldOf(request, 'authorization')?.includes(`response="${wanted}"`));
  });

  test('a stale nonce is replaced by the new one, in the middle of other pushes too', async (t) => {
    let nonce = 0;
    const script: Script = (request, index) => {
      const authorization = fieldOf(request, 'authorization');
      if (index % 3 === 0 || authorization?.includes(`nonce="${nonce}"`) !== true) {
        nonce += 1;
        const stale = authorization === undefined ? '' : ', stale=true';
        return demand(`Digest realm="r", nonce="${nonce}", qop="auth"${stale}`);
      }
      return taken;
    };
    const { send } = await sendTo(t, script, { push: { credentials: account } });
    for (let round = 0; round < 4; round += 1) assert.deepEqual(await send(), { outcome: 'delivered' });
  });

  test('always stale, always asking, and what cannot be answered come to an end', async (t) => {
    const rows: readonly [string, string, number][] = [
      [demand('Digest realm="r", nonce="n", qop="auth", stale=true'), 'CREDENTIALS_REFUSED', 3],
      [demand('Digest realm="r", nonce="n", qop="auth"'), 'CREDENTIALS_REFUSED', 2],
      [demand('Digest realm="r", nonce="n", algorithm=SHA-512'), 'CREDENTIALS_MISSING', 1],
      [demand('Digest realm="r", nonce="n", qop="auth-int"'), 'CREDENTIALS_MISSING', 1],
      [demand('Negotiate'), 'CREDENTIALS_MISSING', 1],
      [demand('Digest ???'), 'CREDENTIALS_MISSING', 1],
      [demand(), 'CREDENTIALS_MISSING', 1],
    ];
    for (const [octets, code, requests] of rows) {
      const { peer, send } = await sendTo(t, () => octets, { push: { credentials: account } });
      await assert.rejects(send(), isPushError(code, false));
      assert.equal(peer.requests.length, requests, octets);
    }
  });

  test('a user name with a colon cannot be sent', async () => {
    const sender = createHttpPushSender({ push: { credentials: { username: 'a:b', password: 'c' } } });
    await assert.rejects(sender.send(pushOf(1), { uri: 'http://127.0.0.1:1/' }, never), ValueError);
    await sender.close();
  });
});

describe('peers that are down, slow, or talk nonsense', () => {
  test('nobody listens', async (t) => {
    const { sender, to, peer } = await sendTo(t, () => taken);
    const free = { uri: to.uri.replace(String(peer.port), '1') };
    await assert.rejects(sender.send(pushOf(1), free, never), isPushError('ECONNREFUSED', true));
  });

  test('a name that there is not', async (t) => {
    const { sender } = await sendTo(t, () => taken);
    await assert.rejects(
      sender.send(pushOf(1), { uri: 'http://device.invalid/' }, never),
      isPushError('HOST_NOT_FOUND', true),
    );
  });

  test('no answer: the time limit is the clock’s', async (t) => {
    const clock = new ManualClock();
    const { peer, send } = await sendTo(t, () => undefined, { clock, responseMs: 5000 });
    const sending = assert.rejects(send(), isPushError('TIMEOUT', true));
    await eventually(() => peer.requests.length === 1);
    clock.advance(4999);
    clock.advance(1);
    await sending;
    assert.equal(clock.waiting, 0);
  });

  test('the time limit of a request begins when it has a connection: it may wait for others as long as it has to', async (t) => {
    const clock = new ManualClock();
    const { peer, send } = await sendTo(t, () => undefined, { clock, responseMs: 5000, maxConnections: 1 });
    const sending = [send(), send(), send()];
    for (let nth = 1; nth <= 3; nth += 1) {
      await eventually(() => peer.requests.length === nth);
      clock.advance(4000);
      peer.sockets[0]?.write(taken);
      await sending[nth - 1];
    }
    assert.equal(clock.waiting, 0);
  });

  test('an answer that never ends', async (t) => {
    const clock = new ManualClock();
    let written = false;
    const { send } = await sendTo(
      t,
      () => {
        written = true;
        return 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx';
      },
      { clock },
    );
    const sending = assert.rejects(send(), isPushError('TIMEOUT', true));
    await eventually(() => written);
    clock.advance(30_000);
    await sending;
  });

  test('given up by the caller: before, and while waiting', async (t) => {
    const { peer, sender, to } = await sendTo(t, () => undefined);
    await assert.rejects(sender.send(pushOf(1), to, AbortSignal.abort()), isPushError('ABORTED', true));
    assert.equal(peer.requests.length, 0);
    const abort = new AbortController();
    const sending = assert.rejects(sender.send(pushOf(1), to, abort.signal), isPushError('ABORTED', true));
    await eventually(() => peer.requests.length === 1);
    abort.abort();
    await sending;
  });

  test('the connection breaks before an answer: once more at once, then it is an error that may pass', async (t) => {
    const { peer, send } = await sendTo(t, (_, index, socket) => {
      if (index !== 1) socket.destroy();
      return taken;
    });
    assert.deepEqual(await send(), { outcome: 'delivered' });
    assert.equal(peer.requests.length, 2);
    await assert.rejects(
      (async () => {
        for (;;) await send();
      })(),
      (error: unknown) => error instanceof PushError && error.retryable,
    );
  });

  test('an answer that is longer than allowed', async (t) => {
    const rows = [
      answer('200 OK', {}, 'x'.repeat(2000)),
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2000)}\r\n0\r\n\r\n`,
    ];
    for (const octets of rows) {
      const { send } = await sendTo(t, () => octets, { maxResponseSize: 1000 });
      await assert.rejects(send(), isPushError('PROTOCOL', false));
    }
    const { send } = await sendTo(t, () => answer('500 No', {}, 'x'.repeat(2000)), { maxResponseSize: 1000 });
    await assert.rejects(send(), isPushError('HTTP_500', true));
  });

  const nonsense = [
    'SSH-2.0-OpenSSH\r\n',
    'HTTP/1.1 OK\r\n\r\n',
    'HTTP/1.1 204 No Content\r\nX: y\r\nX-Wap-Push-Status 400\r\n\r\n',
    `HTTP/1.1 204 No Content\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`,
    'HTTP/1.1 204 No Content\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    '\u0000\u0001\u0002',
  ];
  for (const octets of nonsense) {
    test(`answers ${JSON.stringify(octets.slice(0, 50))}`, async (t) => {
      const { send } = await sendTo(t, (_, __, socket) => void socket.end(octets));
      await assert.rejects(send(), PushError);
    });
  }

  test('any octets: a PushError, and never a receipt without a 2xx', async (t) => {
    let octets = '';
    const { send } = await sendTo(t, (_, __, socket) => void socket.end(octets, 'latin1'));
    const piece = fc.constantFrom(
      'HTTP/1.1 ',
      '200',
      ' OK',
      '\r\n',
      '204',
      'X-Wap-Push-Status: ',
      '400',
      '235',
      ':',
      'Content-Length: 3',
      'x',
      '\u0000',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
        octets = pieces.join('');
        try {
          await send();
          assert.match(octets, /^HTTP\/1\.1 2\d\d/);
        } catch (error) {
          assert.ok(error instanceof PushError, String(error));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('close waits for what is under way, and then nothing is taken any more', async (t) => {
    let reply = (): void => {};
    const { sender, to, peer } = await sendTo(t, (_, __, socket) => {
      reply = () => void socket.write(taken);
      return undefined;
    });
    const sending = sender.send(pushOf(1), to, never);
    await eventually(() => peer.requests.length === 1);
    let closed = false;
    const closing = sender.close().then(() => {
      closed = true;
    });
    await assert.rejects(sender.send(pushOf(1), to, never), isPushError('CLOSED', true));
    assert.equal(closed, false);
    reply();
    assert.deepEqual(await sending, { outcome: 'delivered' });
    await closing;
  });
});
