// Many requests in one: each line is taken or refused as the single route would, and none for another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice } from '../../src/testing/index.ts';
import { kept, type LineAnswer, linesOf, ndjson, postBatch, withPort } from './batch-client.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './DevDetail/FwV' };
const add = { command: 'add', uri: './Vendor/Note', data: 'hello' };
const notifications = '/v1/notifications/batch';

const placeOf = ({ line, status }: LineAnswer) => [line, status];
const idsOf = (lines: readonly LineAnswer[]) => lines.map(({ id }) => id);

test('each line is answered in its place, and what is refused keeps nothing back', () =>
  withPort(async (port, bench) => {
    const body = [
      `\ufeff{ "device": "${device}", "uiMode": "background" }\r`,
      '',
      ' \t\r',
      `{ "device": "${device}", "uiMode": "loud" }`,
      '{ "device": "IMEI:0" }\r',
      '{ "device": ',
      '[1]',
      'null',
      `{"device":"${device}"}`,
      `{"device":"${device}","reason":"\\ud800","format":"dm1.3"}`,
      `{"device":"${device}"}`,
    ].join('\n');
    const { status, type, lines } = await postBatch(port, notifications, body);
    assert.equal(status, 200);
    assert.equal(type, ndjson);
    assert.deepEqual(lines.map(placeOf), [
      [1, 202],
      [4, 400],
      [5, 400],
      [6, 400],
      [7, 400],
      [8, 400],
      [9, 202],
      [10, 400],
      [11, 202],
    ]);
    const taken = lines.filter(({ id }) => id !== undefined);
    for (const { state, created, title } of taken) {
      assert.deepEqual([state, created, title], ['queued', true, undefined]);
    }
    assert.deepEqual(await kept(bench), idsOf(taken));
    const [first, wrong, unknown, broken] = lines;
    assert.deepEqual(first, { line: 1, status: 202, id: first?.id, state: 'queued', created: true });
    assert.deepEqual(wrong, {
      line: 4,
      status: 400,
      title: 'Bad Request',
      code: 'OUT_OF_RANGE',
      detail: 'must be one of not-specified, background, informative, user-interaction',
      path: 'uiMode',
      section: 'DM-NOTI-1.2 §6.2.7',
    });
    assert.deepEqual([unknown?.code, unknown?.path], ['OUT_OF_RANGE', 'device']);
    assert.match(broken?.detail ?? '', /^the line is not JSON \(column 13\)/);
  }));

test('octets that are no UTF-8 are the fault of their line alone', () =>
  withPort(async (port, bench) => {
    const good = Buffer.from(`{"device":"${device}"}\n`);
    const bad = Buffer.concat([Buffer.from('{"device":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n')]);
    const { lines } = await postBatch(port, notifications, Buffer.concat([good, bad, good]));
    assert.deepEqual(lines.map(placeOf), [
      [1, 202],
      [2, 400],
      [3, 202],
    ]);
    assert.match(lines[1]?.detail ?? '', /not UTF-8 \(octet 12\)/);
    assert.equal((await kept(bench)).length, 2);
  }));

test('a line is refused as the single route refuses its body, on each of the routes', () =>
  withPort(async (port, { call }) => {
    const bodies: Readonly<Record<string, readonly unknown[]>> = {
      notifications: [
        {},
        { device: 7 },
        { device: 'x'.repeat(256) },
        { device: 'IMEI:0' },
        { device, colour: 1 },
        { device, format: 'dm9' },
        { device, expiresAt: '2025-01-01T00:00:00Z' },
        { device, expiresAt: 'tomorrow' },
        { device, sessionId: 5 },
        { device, serverId: 'x' },
        { device, job: [] },
        { device, job: [{ command: 'get' }] },
        { device, format: 'dm1.3', reason: '\u0007' },
      ],
      jobs: [
        {},
        { device },
        { device, commands: [] },
        { device, commands: [get], wake: 1 },
        { device, commands: [get], wake: false, notification: {} },
        { device, commands: [get], notification: { uiMode: 'loud' } },
        { device, commands: [get], timeoutSeconds: 5, expiresAt: '2030-01-01T00:00:00Z' },
        { device: 'IMEI:0', commands: [get] },
        { device, commands: [get], colour: 1 },
      ],
      messages: [
        {},
        { device },
        { device, job: [get] },
        { device, job: [add], signature: 'rsa-sha256' },
        { device, job: [add], encrypt: 'body' },
        { device, job: [add], requireSecureTransport: true },
        { device: 'IMEI:0', job: [add] },
        { device, bootstrap: { sec: 'USERPIN' } },
        { device, bootstrap: { sec: 'USERPIN', pin: '1234' }, job: [add] },
        { device, job: [add], expiresAt: '2025-01-01T00:00:00Z' },
      ],
    };
    for (const [tag, values] of Object.entries(bodies)) {
      const { lines } = await postBatch(port, `/v1/${tag}/batch`, linesOf(values));
      assert.equal(lines.length, values.length);
      for (const [index, value] of values.entries()) {
        const single = await call('POST', `/v1/${tag}`, value);
        const { type: _, ...problem } = single.body as unknown as Record<string, unknown>;
        assert.deepEqual({ ...lines[index] }, { ...problem, line: index + 1 }, `${tag} ${index + 1}`);
        assert.equal(single.status >= 400, true, `${tag} ${index + 1}`);
      }
    }
  }));

test('10,000 lines in one body: all taken, in order, under Session-IDs of their own', () =>
  withPort(async (port, { store }) => {
    const count = 10_000;
    const body = `{"device":"${device}"}\n`.repeat(count);
    const { lines } = await postBatch(port, notifications, body);
    assert.equal(lines.length, count);
    assert.ok(lines.every(({ line, status }, index) => line === index + 1 && status === 202));
    assert.equal(new Set(idsOf(lines)).size, count);
    for (const at of [0, 499, 500, 9999]) {
      const push = await store.push(lines[at]?.id ?? '');
      assert.ok(push?.purpose === 'notification');
      assert.equal(push.sessionId, at + 1);
    }
  }));

test('a line beyond the limit of the single route is refused by itself', () =>
  withPort(async (port) => {
    const good = `{"device":"${device}"}`;
    const large = `{"device":"${device}","reason":"${'x'.repeat(12 * 1024 * 1024)}"}`;
    const { lines } = await postBatch(port, notifications, [good, large, good].join('\n'));
    assert.deepEqual(lines.map(placeOf), [
      [1, 202],
      [2, 413],
      [3, 202],
    ]);
    assert.deepEqual([lines[1]?.code, lines[1]?.title], ['TOO_LONG', 'Payload Too Large']);
  }));

test('a body of another type is refused as a whole, and says which one it should be', () =>
  withPort(async (port, bench) => {
    const body = `{"device":"${device}"}\n`;
    for (const headers of [
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
      { 'content-type': `${ndjson}; charset=latin1` },
      { 'content-type': ndjson, 'content-encoding': 'gzip' },
      {},
    ]) {
      const { status, type, text } = await postBatch(port, notifications, body, headers);
      assert.equal(status, 415, text);
      assert.equal(type, 'application/problem+json');
      const { code, detail } = JSON.parse(text) as LineAnswer;
      assert.equal(code, 'UNSUPPORTED');
      assert.match(detail ?? '', /application\/x-ndjson|UTF-8|Content-Encoding/);
    }
    const single = await postBatch(port, '/v1/notifications', body);
    assert.equal(single.status, 415);
    assert.deepEqual(await kept(bench), []);
    for (const accepted of [`${ndjson}; charset=utf-8`, 'Application/X-NDJSON']) {
      const { status, lines } = await postBatch(port, notifications, body, {
        'content-type': accepted,
        'content-encoding': 'identity',
      });
      assert.deepEqual([status, lines.length], [200, 1], accepted);
    }
  }));

test('a body without lines is answered without lines', () =>
  withPort(async (port) => {
    for (const body of ['', '\n', '\r\n \n\ufeff']) {
      const { status, text } = await postBatch(port, notifications, body);
      assert.deepEqual([status, text], [200, ''], JSON.stringify(body));
    }
  }));

test('tokens, hosts and sites are asked for as everywhere', () => {
  const token = 'a-token-of-operators';
  return withPort(
    async (port, bench) => {
      const body = `{"device":"${device}"}\n`;
      const post = async (headers: Record<string, string>) =>
        (await postBatch(port, notifications, body, { 'content-type': ndjson, ...headers })).status;
      assert.equal(await post({}), 401);
      const authorization = `Bearer ${token}`;
      assert.equal(await post({ authorization, host: 'elsewhere.example' }), 421);
      assert.equal(await post({ authorization, origin: 'https://elsewhere.example' }), 403);
      assert.equal((await bench.store.listPushes({ limit: 10 })).items.length, 0);
      assert.equal(await post({ authorization }), 200);
    },
    { tokens: [token] },
  );
});
