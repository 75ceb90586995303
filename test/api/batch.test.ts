// Many requests in one: each line is taken or refused as the single route would, and none for another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../src/core/index.ts';
import { sampleDevice } from '../../src/testing/index.ts';
import type { ApiBench } from './api-bench.ts';
import { type LineAnswer, linesOf, ndjson, postBatch, withPort } from './batch-client.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './DevDetail/FwV' };
const add = { command: 'add', uri: './Vendor/Note', data: 'hello' };
const notifications = '/v1/notifications/batch';

const placeOf = ({ line, status }: LineAnswer) => [line, status];
const idsOf = (lines: readonly LineAnswer[]) => lines.map(({ id }) => id);

/** Ids of all pushes, the oldest first. */
async function kept({ call }: ApiBench, path = '/v1/pushes'): Promise<string[]> {
  const { body } = await call('GET', `${path}?limit=1000`);
  return body.items.map(({ id }) => id).reverse();
}

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

test('the same lines under the same keys give the same answer, and nothing new', () =>
  withPort(async (port, bench) => {
    const body = linesOf([1, 2, 3].map((number) => ({ device, idempotencyKey: `campaign-${number}` })));
    const first = await postBatch(port, notifications, body);
    const again = await postBatch(port, notifications, body);
    assert.deepEqual(
      first.lines.map(({ created }) => created),
      [true, true, true],
    );
    assert.deepEqual(
      again.lines,
      first.lines.map((line) => ({ ...line, created: false })),
    );
    assert.deepEqual(await kept(bench), idsOf(first.lines));
  }));

test('a key twice in one set: the second is the first, or in conflict with it', () =>
  withPort(async (port, bench) => {
    const body = linesOf([
      { device, idempotencyKey: 'k' },
      { device, uiMode: 'background' },
      { idempotencyKey: 'k', device },
      { device, uiMode: 'background', idempotencyKey: 'k' },
    ]);
    const { lines } = await postBatch(port, notifications, body);
    assert.deepEqual(
      lines.map(({ status, created }) => [status, created]),
      [
        [202, true],
        [202, true],
        [202, false],
        [422, undefined],
      ],
    );
    assert.equal(lines[2]?.id, lines[0]?.id);
    assert.equal(lines[3]?.code, 'IDEMPOTENCY_CONFLICT');
    assert.equal((await kept(bench)).length, 2);
  }));

test('a key of a line and the header of the single route name the same', () =>
  withPort(async (port, bench) => {
    const value = { device, uiMode: 'background' };
    const single = await bench.call('POST', '/v1/notifications', value, { 'idempotency-key': 'one' });
    const { lines } = await postBatch(
      port,
      notifications,
      linesOf([
        { ...value, idempotencyKey: 'one' },
        { ...value, idempotencyKey: 'two' },
      ]),
    );
    assert.deepEqual(
      lines.map(({ created }) => created),
      [false, true],
    );
    assert.equal(lines[0]?.id, single.body.id);
    const other = await bench.call('POST', '/v1/notifications', value, { 'idempotency-key': 'two' });
    assert.equal(other.body.id, lines[1]?.id);
    assert.equal((await kept(bench)).length, 2);
  }));

test('what is no key is refused with its field', () =>
  withPort(async (port) => {
    const keys = [7, null, '', 'a b', 'ä', 'x'.repeat(256)];
    const { lines } = await postBatch(
      port,
      notifications,
      linesOf(keys.map((idempotencyKey) => ({ device, idempotencyKey }))),
    );
    for (const { status, path } of lines) assert.deepEqual([status, path], [400, 'idempotencyKey']);
    assert.equal(lines.length, keys.length);
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

test('two batches at once: of two that name the same, one is new', () =>
  withPort(async (port, bench) => {
    const body = linesOf(
      Array.from({ length: 1200 }, (_, index) => ({ device, idempotencyKey: `k${index}` })),
    );
    const [one, other] = await Promise.all([
      postBatch(port, notifications, body),
      postBatch(port, notifications, body),
    ]);
    assert.deepEqual(idsOf(one?.lines ?? []), idsOf(other?.lines ?? []));
    const both = [...(one?.lines ?? []), ...(other?.lines ?? [])];
    assert.equal(both.filter(({ created }) => created).length, 1200);
    const { items } = (await bench.call('GET', '/v1/pushes?limit=1000')).body;
    assert.equal(items.length, 1000);
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

test('notifications with jobs stand among those without, each in its place', () =>
  withPort(async (port, bench) => {
    const { lines } = await postBatch(
      port,
      notifications,
      linesOf([
        { device },
        { device, job: [get], idempotencyKey: 'with' },
        { device, job: [{ command: 'get' }] },
        { device },
        { device, job: [get], idempotencyKey: 'with' },
      ]),
    );
    assert.deepEqual(
      lines.map(({ status, created, job }) => [status, created, job !== undefined]),
      [
        [202, true, false],
        [202, true, true],
        [400, undefined, false],
        [202, true, false],
        [202, false, true],
      ],
    );
    assert.equal(lines[2]?.path, 'job[0].uri');
    assert.deepEqual([lines[4]?.id, lines[4]?.job], [lines[1]?.id, lines[1]?.job]);
    const job = JSON.parse((await bench.call('GET', `/v1/jobs/${lines[1]?.job}`)).text);
    assert.equal(job.notification, lines[1]?.id);
  }));

test('jobs: taken with what wakes for them, up to as many as a device may have', () =>
  withPort(async (port, bench) => {
    const path = '/v1/jobs/batch';
    const body = linesOf([
      { device, commands: [get], idempotencyKey: 'a' },
      { device, commands: [get, get], wake: false },
      ...Array.from({ length: 100 }, () => ({ device, commands: [get], wake: false })),
    ]);
    const { lines } = await postBatch(port, path, body);
    assert.equal(lines.filter(({ status }) => status === 202).length, 100);
    for (const { status, code } of lines.slice(100)) {
      assert.deepEqual([status, code], [409, 'TOO_MANY_JOBS']);
    }
    const [first, second] = lines;
    assert.deepEqual([first?.state, first?.created, second?.notification], ['pending', true, undefined]);
    assert.deepEqual(await kept(bench), [first?.notification]);
    const again = await postBatch(port, path, linesOf([{ device, commands: [get], idempotencyKey: 'a' }]));
    assert.deepEqual(again.lines, [{ ...first, created: false }]);
    assert.deepEqual(await kept(bench, '/v1/jobs'), idsOf(lines.slice(0, 100)));
  }));

test('messages: signed under SessionIDs of their own; a PIN is shown once', () =>
  withPort(async (port, { store }) => {
    const path = '/v1/messages/batch';
    const values = [
      { device, job: [add] },
      { device, job: [get] },
      { device, bootstrap: { sec: 'USERPINMAC', pin: '1234' }, idempotencyKey: 'boot' },
      { device, job: [add], idempotencyKey: 'add' },
    ];
    const { lines } = await postBatch(port, path, linesOf(values));
    assert.deepEqual(lines.map(placeOf), [
      [1, 202],
      [2, 400],
      [3, 202],
      [4, 202],
    ]);
    assert.equal(typeof lines[2]?.pinForUser, 'string');
    const again = await postBatch(port, path, linesOf(values.slice(2)));
    assert.deepEqual(
      again.lines.map(({ id, created, pinForUser }) => [id, created, pinForUser]),
      [
        [lines[2]?.id, false, undefined],
        [lines[3]?.id, false, undefined],
      ],
    );
    const sessions = await Promise.all(
      [lines[0], lines[3]].map(async (line) => {
        const push = await store.push(line?.id ?? '');
        assert.ok(push?.purpose === 'message' && push.summary.kind === 'sessionless');
        return Number.parseInt(String(push.summary.sessionId), 16);
      }),
    );
    assert.notEqual(sessions[0], sessions[1]);
  }));

test('what the family of a device would not take is warned of', () =>
  withPort(
    async (port) => {
      const body = linesOf([{ device }, { device, format: 'dm1.3' }]);
      const { lines } = await postBatch(port, notifications, body);
      assert.ok((lines[1]?.warnings?.length ?? 0) > 0);
      assert.equal(lines[1]?.status, 202);
    },
    {},
    { device: { family: 'aosp' } },
  ));

for (const [code, status, told] of [
  ['FULL', 507, 'STORE_FULL'],
  ['IO', 503, 'STORE_AWAY'],
] as const) {
  test(`while the store takes nothing (${code}), lines are answered ${status}, and the log has it once`, () => {
    const logged: object[] = [];
    const none = () => undefined;
    const logger = {
      debug: none,
      info: none,
      warn: none,
      error: (fields: object) => void logged.push(fields),
    };
    return withPort(
      async (port, { store }) => {
        const trouble = async () => Promise.reject(new StoreError(code, 'no'));
        Object.assign(store, { enqueueEach: trouble, createJobs: trouble });
        const body = linesOf([{ device }, {}, { device, job: [get] }, { device }]);
        const { lines } = await postBatch(port, notifications, body);
        assert.deepEqual(
          lines.map((line) => [line.status, line.code]),
          [
            [status, told],
            [400, 'MISSING'],
            [status, told],
            [status, told],
          ],
        );
        assert.equal(logged.length, 1);
      },
      { logger },
    );
  });
}
