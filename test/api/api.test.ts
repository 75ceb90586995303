// The REST API: what it takes, what it answers, what it never says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice } from '../../src/testing/index.ts';
import { withApi } from './api-bench.ts';

const device = sampleDevice().id;
const devicePath = `/v1/devices/${encodeURIComponent(device)}`;

const newDevice = {
  id: 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  serverId: 'com.example.dm',
  addresses: ['sms:+491701234567', 'wap:127.0.0.1'],
  format: 'dm1.3',
  serverCredentials: { secret: 'SECRET-A', nonceBase64: 'AAAAAA==' },
  clientCredentials: { scheme: 'basic', name: 'me', secret: 'SECRET-B' },
  notificationSecret: 'SECRET-C',
  digestIdentifier: 'other',
};

test('an account is created, read and listed', () =>
  withApi(async ({ call }) => {
    const account = { serverId: 'a/b?c', url: 'https://dm.example.com/dm', name: 'A' };
    const created = await call('POST', '/v1/accounts', account);
    assert.equal(created.status, 201);
    assert.equal(created.headers.location, '/v1/accounts/a%2Fb%3Fc');
    assert.deepEqual(created.body, {
      ...account,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
    assert.deepEqual((await call('GET', '/v1/accounts/a%2Fb%3Fc')).body, created.body);
    const page = await call('GET', '/v1/accounts?limit=1');
    assert.deepEqual(page.body, { items: [created.body], next: 'a/b?c' });
    const rest = await call('GET', `/v1/accounts?limit=1&after=${encodeURIComponent(page.body.next ?? '')}`);
    assert.equal(rest.body.items[0]?.serverId, 'com.example.dm');
    assert.equal(rest.body.next, undefined);
  }));

test('an account under a name that no ACL can name is refused with 400 and the field', () =>
  withApi(async ({ call }) => {
    for (const serverId of [
      '*',
      'a+b',
      'a&b',
      'a=b',
      '',
      ' ',
      'a b',
      'a\tb',
      'a\r\nb',
      '\ud800',
      'a\u202eb',
    ]) {
      const { status, body } = await call('POST', '/v1/accounts', {
        serverId,
        url: 'https://dm.example.com/dm',
      });
      assert.equal(status, 400, JSON.stringify(serverId));
      assert.equal(body.path, 'serverId', JSON.stringify(body));
    }
    assert.equal((await call('GET', '/v1/accounts')).body.items.length, 1, 'that of the bench');
  }));

test('a device is created, read, changed, listed and removed', () =>
  withApi(async ({ call }) => {
    const created = await call('POST', '/v1/devices', newDevice);
    assert.equal(created.status, 201);
    const path = created.headers.location;
    assert.equal(path, `/v1/devices/${encodeURIComponent(newDevice.id)}`);
    assert.deepEqual(created.body, {
      id: newDevice.id,
      serverId: newDevice.serverId,
      addresses: newDevice.addresses,
      format: 'dm1.3',
      serverCredentials: { scheme: 'md5', name: 'com.example.dm', nonceKnown: true },
      clientCredentials: { scheme: 'basic', name: 'me', nonceKnown: false },
      notificationSecretSet: true,
      digestIdentifier: 'other',
      labels: {},
      suspended: false,
      resynchronisations: { inWindow: 0, offered: 0, completed: 0 },
      reported: {},
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      warnings: ['serverCredentials.secret', 'clientCredentials.secret', 'notificationSecret'].map(
        (field) =>
          `${field} is weak: about 16 bits of guessing, 80 are needed. One who sees a message can find it; reveille secret makes a strong one`,
      ),
    });
    const strong = { secret: 'IyZh2DkWlqhgxMtKWfSJUQ', nonceBase64: 'AAAAAA==' };
    const changed = await call('PATCH', String(path), {
      format: 'dm1.2',
      notificationSecret: null,
      serverCredentials: strong,
      clientCredentials: { scheme: 'basic', name: 'me', secret: strong.secret },
    });
    assert.equal(changed.status, 200);
    const { warnings: _, ...shown } = JSON.parse(created.text);
    assert.deepEqual(changed.body, { ...shown, format: 'dm1.2', notificationSecretSet: false });
    assert.deepEqual((await call('GET', String(path))).body, changed.body);
    const listed = await call('GET', '/v1/devices?serverId=com.example.dm');
    assert.deepEqual(
      listed.body.items.map((each) => each.id),
      [device, newDevice.id],
    );
    assert.equal((await call('DELETE', String(path))).status, 204);
    assert.equal((await call('GET', String(path))).status, 404);
    assert.equal((await call('DELETE', String(path))).status, 404);
  }));

test('what a device is identified by is given, shown without secrets, and removed', () =>
  withApi(async ({ call }) => {
    const { clientCredentials, ...certified } = newDevice;
    assert.equal((await call('POST', '/v1/devices', certified)).status, 400);
    const tlsCertificate = { sha256: 'AB:'.repeat(31).concat('AB') };
    const policy = { serverSchemes: ['hmac', 'md5'], tlsCertificate };
    const created = await call('POST', '/v1/devices', { ...certified, ...policy });
    assert.equal(created.status, 201, created.text);
    const seen = JSON.parse(created.text);
    assert.deepEqual(seen.tlsCertificate, { sha256: 'ab'.repeat(32) });
    assert.deepEqual(seen.serverSchemes, ['md5', 'hmac']);
    assert.equal(seen.clientCredentials, undefined);
    const path = String(created.headers.location);
    const none = { serverSchemes: null, tlsCertificate: null };
    assert.equal((await call('PATCH', path, none)).status, 400);
    const changed = await call('PATCH', path, { ...none, clientCredentials, clientSchemes: ['basic'] });
    assert.equal(changed.status, 200, changed.text);
    const after = JSON.parse(changed.text);
    assert.deepEqual(after.clientSchemes, ['basic']);
    assert.deepEqual(after.clientCredentials, { scheme: 'basic', name: 'me', nonceKnown: false });
    assert.equal('tlsCertificate' in after || 'serverSchemes' in after, false);
    assert.doesNotMatch(created.text + changed.text, /SECRET/);
  }));

test('secrets and nonces go in and never come out: answers, lists, errors, events, OpenAPI', () =>
  withApi(async ({ call, store, engine, reaches }) => {
    await store.updateDevice(device, {
      serverCredentials: {
        scheme: 'md5',
        name: 's',
        secret: 'SECRET-S',
        nonce: new Uint8Array([0xab, 0xcd, 0xef]),
      },
    });
    const texts: string[] = [];
    const keep = async (...request: Parameters<typeof call>) => {
      const answer = await call(...request);
      texts.push(answer.text, JSON.stringify(answer.headers));
      return answer;
    };
    await keep('POST', '/v1/devices', newDevice);
    await keep('POST', '/v1/devices', newDevice);
    await keep('POST', '/v1/devices', { ...newDevice, id: 'x', colour: 1 });
    await keep('POST', '/v1/devices', `${JSON.stringify(newDevice)}}`);
    await keep('POST', '/v1/devices', JSON.stringify(newDevice).slice(0, -3));
    await keep('PATCH', devicePath, { clientCredentials: { secret: 'SECRET-D', nonceBase64: 'q83v' } });
    await keep('PATCH', devicePath, { clientCredentials: { secret: 'SECRET-D', nonceBase64: '!SECRET-N' } });
    await keep('GET', '/v1/devices');
    await keep('GET', devicePath);
    await engine.start();
    const { body } = await keep('POST', '/v1/notifications', { device });
    await reaches(body.id, 'sent');
    await keep('GET', `/v1/notifications/${body.id}`);
    await keep('GET', `/v1/notifications/${body.id}/timeline`);
    await keep('GET', '/openapi.json');
    const all = texts.join('\n');
    assert.doesNotMatch(all, /SECRET|q83v|abcdef|AAAAAA==/);
    assert.match(all, /nonceKnown/);
  }));

test('a notification is accepted when it is on disk, and can be followed', () =>
  withApi(async ({ call, store }) => {
    const sent = { device, format: 'dm1.3', uiMode: 'informative', reason: 'update', requestedMo: [1, 2] };
    const accepted = await call('POST', '/v1/notifications', sent);
    assert.equal(accepted.status, 202);
    const { id } = accepted.body;
    assert.equal(accepted.headers.location, `/v1/notifications/${id}`);
    assert.deepEqual(accepted.body, {
      id,
      device,
      serverId: 'com.example.dm',
      sessionId: 1,
      sessionIdText: '1',
      format: 'dm1.3',
      message: {
        uiMode: 'informative',
        initiator: 'server',
        transport: 'not-specified',
        timeoutMinutes: 0,
        requestedMo: [1, 2],
        reason: 'update',
      },
      state: 'queued',
      attempts: 0,
      sends: 0,
      dueAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-02T00:00:00.000Z',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
    assert.equal((await store.push(id))?.state, 'queued');
    assert.deepEqual((await call('GET', `/v1/notifications/${id}`)).body, accepted.body);
    assert.deepEqual((await call('GET', `/v1/notifications/${id}/timeline`)).body, {
      items: [
        {
          sequence: 1,
          notification: id,
          device,
          sessionId: 1,
          at: '2026-01-01T00:00:00.000Z',
          event: 'queued',
          state: 'queued',
          actor: 'anonymous',
        },
      ],
    });
    const cancelled = await call('POST', `/v1/notifications/${id}/cancel`);
    assert.equal(cancelled.body.state, 'cancelled');
    const again = await call('POST', `/v1/notifications/${id}/cancel`);
    assert.equal(again.status, 409);
    assert.equal(again.body.code, 'NOT_CANCELLABLE');
    assert.equal(again.body.detail, 'the notification is cancelled: it cannot be cancelled');
  }));

test('an Idempotency-Key makes a request safe to repeat', () =>
  withApi(async ({ call }) => {
    const key = { 'idempotency-key': 'order-7' };
    const first = await call('POST', '/v1/notifications', { device }, key);
    const second = await call('POST', '/v1/notifications', { device }, key);
    assert.deepEqual([second.status, second.body], [202, first.body]);
    const other = await call('POST', '/v1/notifications', { device, uiMode: 'background' }, key);
    assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_CONFLICT']);
    const bad = await call('POST', '/v1/notifications', { device }, { 'idempotency-key': 'a b' });
    assert.deepEqual([bad.status, bad.body.path], [400, 'Idempotency-Key']);
  }));

test('notifications are listed newest first, by device and state, a page at a time', () =>
  withApi(async ({ call }) => {
    await call('POST', '/v1/devices', newDevice);
    const ids: string[] = [];
    for (const target of [device, newDevice.id, device]) {
      ids.unshift((await call('POST', '/v1/notifications', { device: target })).body.id);
    }
    await call('POST', `/v1/notifications/${ids[0]}/cancel`);
    const list = async (query: string) =>
      (await call('GET', `/v1/notifications${query}`)).body.items.map((each) => each.id);
    assert.deepEqual(await list(''), ids);
    assert.deepEqual(await list(`?device=${encodeURIComponent(newDevice.id)}`), [ids[1]]);
    assert.deepEqual(await list('?state=cancelled'), [ids[0]]);
    assert.deepEqual(await list(`?limit=1&after=${ids[0]}`), [ids[1]]);
  }));

test('every problem is one document with our code, the field, and the section that rules it', () =>
  withApi(async ({ call }) => {
    const cases: readonly [Parameters<typeof call>, number, string, string?, string?][] = [
      [
        ['POST', '/v1/notifications', { device, uiMode: 'loud' }],
        400,
        'OUT_OF_RANGE',
        'uiMode',
        'DM-NOTI-1.2 §6.2.7',
      ],
      [['POST', '/v1/notifications', { device, colour: 1 }], 400, 'UNKNOWN_FIELD', 'colour'],
      [['POST', '/v1/notifications', { device, sessionId: 1 }], 400, 'UNKNOWN_FIELD', 'sessionId'],
      [['POST', '/v1/notifications', { device: 'IMEI:0' }], 400, 'OUT_OF_RANGE', 'device'],
      [['POST', '/v1/notifications', '{"device": '], 400, 'BAD_FORMAT'],
      [['POST', '/v1/notifications', '[]'], 400, 'WRONG_TYPE'],
      [['POST', '/v1/notifications', ''], 400, 'WRONG_TYPE'],
      [['POST', '/v1/accounts', { serverId: 'com.example.dm', url: 'http://x/' }], 409, 'ALREADY_EXISTS'],
      [['POST', '/v1/devices', { ...newDevice, serverId: 'nobody' }], 422, 'UNKNOWN_ACCOUNT'],
      [['POST', '/v1/devices', { ...newDevice, addresses: ['sip:a@b'] }], 422, 'CONFIG'],
      [['POST', '/v1/devices', { ...newDevice, addresses: ['tel:1'] }], 400, 'BAD_FORMAT', 'addresses[0]'],
      [['GET', '/v1/devices/IMEI%3A0'], 404, 'NOT_FOUND'],
      [['GET', '/v1/devices/%E0%A4'], 400, 'BAD_FORMAT', 'target'],
      [['GET', '/v1/nothing'], 404, 'NOT_FOUND'],
      [['GET', '/v1/devices?limit=0'], 400, 'OUT_OF_RANGE', 'limit'],
      [['GET', '/v1/devices?limit=many'], 400, 'WRONG_TYPE', 'limit'],
      [['GET', '/v1/devices?colour=1'], 400, 'UNKNOWN_FIELD', 'colour'],
      [['GET', '/v1/notifications?state=lost'], 400, 'OUT_OF_RANGE', 'state'],
      [['POST', '/v1/accounts', 'a=1', { 'content-type': 'text/plain' }], 415, 'UNSUPPORTED'],
      [['POST', '/v1/accounts', JSON.stringify({ name: 'x'.repeat(70_000) })], 413, 'TOO_LONG'],
    ];
    for (const [request, status, code, path, section] of cases) {
      const { body, headers, ...answer } = await call(...request);
      const shown = `${request[0]} ${request[1]} ${JSON.stringify(request[2])?.slice(0, 80)}: ${answer.text}`;
      assert.equal(headers['content-type'], 'application/problem+json', shown);
      assert.deepEqual(
        [answer.status, body.status, body.code, body.path],
        [status, status, code, path],
        shown,
      );
      if (section !== undefined) assert.equal(body.section, section, shown);
      assert.ok(body.detail.length > 0 && !body.detail.includes('\n'), shown);
      assert.equal(body.type, 'about:blank');
    }
    const state = await call('GET', '/v1/notifications?state=bogus');
    assert.match(state.body.detail, /must be one of queued, sending, .*completed/);
    const live = await call('POST', '/v1/notifications', { device });
    assert.equal(live.status, 202);
    const inUse = await call('DELETE', devicePath);
    assert.deepEqual([inUse.status, inUse.body.code], [409, 'IN_USE']);
  }));

test('what is wrong inside is logged, and the caller is told nothing of it', () => {
  const lines: unknown[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (fields: unknown) => lines.push(fields) };
  return withApi(
    async ({ call, app, pushes }) => {
      pushes.get = () => Promise.reject(new Error('inside /secret/path'));
      const answer = await call('GET', '/v1/notifications/x');
      assert.equal(answer.status, 500);
      assert.equal(answer.body.code, 'INTERNAL');
      assert.doesNotMatch(answer.text, /inside/);
      assert.equal(lines.length, 1);
      assert.ok(app);
    },
    { logger },
  );
});

test('tokens guard everything but health and the description', () => {
  const [one, two] = ['a-token-of-operators', 'a-token-of-machines'];
  return withApi(
    async ({ call }) => {
      const get = (authorization?: string) =>
        call('GET', '/v1/devices', undefined, authorization === undefined ? {} : { authorization });
      for (const wrong of [
        undefined,
        'Bearer',
        'Bearer ',
        'Bearer wrong',
        `Basic ${one}`,
        `Bearer ${one} ${two}`,
      ]) {
        const answer = await get(wrong);
        assert.deepEqual([answer.status, answer.body.code], [401, 'UNAUTHORIZED'], String(wrong));
        assert.equal(answer.headers['www-authenticate'], 'Bearer');
      }
      for (const right of [`Bearer ${one}`, `bearer ${two}`]) assert.equal((await get(right)).status, 200);
      assert.equal((await call('GET', '/v1/nothing')).status, 401);
      assert.equal((await call('GET', '/healthz')).status, 200);
      const openapi = await call('GET', '/openapi.json');
      assert.deepEqual(openapi.body.security, [{ bearer: [] }]);
    },
    { tokens: [one, two] },
  );
});

test('health tells when the store is gone', () =>
  withApi(async ({ call, store }) => {
    assert.deepEqual((await call('GET', '/healthz')).body, { status: 'ok' });
    await store.close();
    assert.equal((await call('GET', '/healthz')).status, 503);
  }));

test('ruling 25: an expiresAt before the end of the TIMEOUT is 400 with both values', () =>
  withApi(async ({ call }) => {
    for (const [fields, section, promised] of [
      [{ format: 'dm1.3', timeoutMinutes: 600 }, 'DM-NOTI-1.3 §6.4.7', '2026-01-01T10:00:00.000Z'],
      [{ format: 'dm1.3-2010', timeoutDays: 7 }, 'DM-NOTI-1.3-2010 §6.2.12', '2026-01-08T00:00:00.000Z'],
    ] as const) {
      const early = { device, ...fields, expiresAt: '2026-01-01T09:59:59Z' };
      const { status, body } = await call('POST', '/v1/notifications', early);
      assert.equal(status, 400);
      assert.deepEqual([body.code, body.path, body.section], ['OUT_OF_RANGE', 'expiresAt', section]);
      assert.match(body.detail, /^2026-01-01T09:59:59\.000Z is earlier than/);
      assert.ok(body.detail.includes(promised), body.detail);
      const accepted = await call('POST', '/v1/notifications', { device, ...fields });
      assert.deepEqual([accepted.status, accepted.body.expiresAt], [202, promised]);
    }
  }));

test('DM-NOTI-1.3 §6.2.3: a text of dm1.3 with a control character other than CR LF is 400 with the field', () =>
  withApi(async ({ call }) => {
    for (const field of ['reason', 'vendorInfo']) {
      const refused = await call('POST', '/v1/notifications', { device, format: 'dm1.3', [field]: 'a\tb' });
      assert.equal(refused.status, 400, field);
      assert.deepEqual([refused.body.path, refused.body.code], [field, 'BAD_FORMAT']);
      const taken = await call('POST', '/v1/notifications', { device, format: 'dm1.3', [field]: 'a\r\nb' });
      assert.equal(taken.status, 202, field);
    }
  }));
