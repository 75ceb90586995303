// Many devices at once, and what two may change at the same time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAccount, sampleDevice, sampleRequest } from '../../src/testing/index.ts';
import { enqueueOne } from '../../src/testing/store/store-contract-base.ts';
import { type ApiBench, withApi } from './api-bench.ts';
import { ndjson, postBatch, withPort } from './batch-client.ts';

const { serverId } = sampleAccount;
const adminToken = 'abcdefghijklmnop';
const sample = `/v1/devices/${encodeURIComponent(sampleDevice().id)}`;
const body = {
  serverId,
  addresses: ['wap:127.0.0.1'],
  serverCredentials: { secret: 'IyZh2DkWlqhgxMtKWfSJUQ' },
  clientCredentials: { name: 'me', secret: 'WlqhgxMtKWfSJUQIyZh2Dk' },
};

interface Told {
  readonly id?: string;
  readonly code?: string;
  readonly progress?: Readonly<Record<string, number>>;
  readonly summary?: Readonly<Record<string, unknown>>;
}

function toldOf(text: string): readonly Told[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told);
}

async function many({ store }: ApiBench, count: number): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    await store.importDevices(
      Array.from({ length: Math.min(1000, count - from) }, (_, index) => {
        const id = `D${10_000 + from + index}`;
        return { input: sampleDevice({ id, labels: { half: String(index % 2) } }) };
      }),
    );
  }
}

test('devices are listed, counted and exported by a label and by when they were created, beside a filter', () =>
  withApi(async (bench) => {
    const { call, clock } = bench;
    await many(bench, 3);
    const between = new Date(clock.now() + 500).toISOString();
    clock.advance(1000);
    await bench.store.importDevices([
      { input: sampleDevice({ id: 'D2', labels: { half: '1', of: 'a=b' } }) },
    ]);
    const ids = async (query: string) => {
      const { status, body, text } = await call('GET', `/v1/devices?${query}`);
      assert.equal(status, 200, text);
      return body.items.map(({ id }) => id);
    };
    assert.deepEqual(await ids('label=half%3D1'), ['D10001', 'D2']);
    assert.deepEqual(await ids('label=of%3Da%3Db'), ['D2']);
    assert.deepEqual(await ids(`since=${between}`), ['D2']);
    assert.deepEqual(await ids(`until=${between}&label=half%3D1`), ['D10001']);
    const filter = encodeURIComponent('id starts "D1" or id = "D2"');
    assert.deepEqual(await ids(`filter=${filter}&label=half%3D1&since=${between}`), ['D2']);
    assert.deepEqual((await call('GET', '/v1/devices/count?label=half%3D0')).body, { count: 2 });
    const exported = await call('GET', `/v1/devices/export?label=half%3D1&since=${between}`);
    assert.deepEqual(
      exported.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
      ['D2'],
    );
    for (const [query, path] of [
      ['label=half', 'label'],
      ['label=%3D1', 'label'],
      ['label=half%3D', 'label'],
      ['since=once', 'since'],
    ]) {
      const { status, body } = await call('GET', `/v1/devices?${query}`);
      assert.deepEqual([status, body.code, body.path], [400, 'BAD_FORMAT', path]);
    }
  }));

test('devices of a filter are listed, counted, changed and removed; those in use stay and are named', () =>
  withApi(async (bench) => {
    const { call, store } = bench;
    await many(bench, 2400);
    await enqueueOne(store, sampleRequest({ deviceId: 'D10001', expiresAt: bench.clock.now() + 1000 }));
    const filter = 'labels.half = "1"';
    const query = `filter=${encodeURIComponent(filter)}`;
    assert.deepEqual((await call('GET', `/v1/devices/count?${query}`)).body, { count: 1200 });
    assert.deepEqual((await call('GET', `/v1/devices/count?serverId=${serverId}`)).body, { count: 2401 });
    const page = await call('GET', `/v1/devices?limit=2&${query}`);
    assert.deepEqual(
      page.body.items.map(({ id }) => id),
      ['D10001', 'D10003'],
    );
    const change = { filter, change: { suspended: true, labels: { done: 'yes' } } };
    const dry = toldOf((await call('POST', '/v1/devices/change', { ...change, dryRun: true })).text);
    assert.deepEqual([dry.at(-1)?.summary?.changed, dry.at(-1)?.summary?.dryRun], [1200, true]);
    assert.equal((await store.device('D10001'))?.suspendedAt, undefined);
    const changed = toldOf((await call('POST', '/v1/devices/change', change)).text);
    assert.deepEqual(
      changed.map(({ progress, summary }) => progress?.devices ?? summary?.changed),
      [1000, 1200, 1200],
    );
    assert.deepEqual((await store.device('D10001'))?.labels, { half: '1', done: 'yes' });
    const again = toldOf((await call('POST', '/v1/devices/change', change)).text);
    assert.deepEqual([again.at(-1)?.summary?.changed, again.at(-1)?.summary?.unchanged], [0, 1200]);

    const removing = { filter: 'suspended = true' };
    const would = toldOf((await call('POST', '/v1/devices/delete', { ...removing, dryRun: true })).text);
    assert.deepEqual([would.at(-1)?.summary?.removed, would.at(-1)?.summary?.rejected], [1199, 1]);
    assert.equal(await store.countDevices({}), 2401);
    const removed = toldOf((await call('POST', '/v1/devices/delete', removing)).text);
    assert.deepEqual([removed[0]?.id, removed[0]?.code], ['D10001', 'IN_USE']);
    assert.deepEqual([removed.at(-1)?.summary?.removed, removed.at(-1)?.summary?.complete], [1199, true]);
    assert.equal(await store.countDevices({}), 1202);
    const ids = { ids: ['D10000', 'D10000', 'D10001', 'nobody'] };
    assert.deepEqual(
      toldOf((await call('POST', '/v1/devices/delete', ids)).text).map(({ id, code }) => [id, code]),
      [
        ['D10000', 'UNKNOWN_DEVICE'],
        ['D10001', 'IN_USE'],
        ['nobody', 'UNKNOWN_DEVICE'],
        [undefined, undefined],
        [undefined, undefined],
      ],
    );
  }));

test('many are changed and removed by a label and by when they were created, as lists have them', () =>
  withApi(async (bench) => {
    const { call, store, clock } = bench;
    await many(bench, 4);
    const between = new Date(clock.now() + 500).toISOString();
    clock.advance(1000);
    await store.importDevices([{ input: sampleDevice({ id: 'D2', labels: { half: '1' } }) }]);
    const summaryOf = async (path: string, given: object) =>
      toldOf((await call('POST', `/v1/devices/${path}`, given)).text).at(-1)?.summary;
    const change = { family: 'generic' };
    assert.equal((await summaryOf('change', { label: 'half=1', change }))?.changed, 3);
    assert.equal((await store.device('D10000'))?.family, undefined);
    assert.equal((await summaryOf('change', { label: 'half=1', since: between, change }))?.devices, 1);
    assert.equal((await summaryOf('delete', { label: 'half=0', filter: 'id starts "D1000"' }))?.removed, 2);
    assert.equal((await summaryOf('delete', { label: 'half=1', until: between, dryRun: true }))?.removed, 2);
    assert.equal((await summaryOf('delete', { serverId, label: 'half=1', until: between }))?.removed, 2);
    assert.equal(await store.countDevices({}), 2);
    for (const [given, code, field] of [
      [{ label: 'half' }, 'BAD_FORMAT', 'label'],
      [{ label: ['half=1'] }, 'WRONG_TYPE', 'label'],
      [{ label: null }, 'WRONG_TYPE', 'label'],
      [{ since: 'once' }, 'BAD_FORMAT', 'since'],
      [{ labels: { half: '1' } }, 'UNKNOWN_FIELD', 'labels'],
      [{ ids: ['D2'], label: 'half=1' }, 'OUT_OF_RANGE', 'ids'],
    ] as const) {
      const { status, body: told } = await call('POST', '/v1/devices/delete', given);
      assert.deepEqual([status, told.code, told.path], [400, code, field], JSON.stringify(given));
    }
  }));

test('a request about many that does not say which, or says it twice, or wrongly, is refused whole', () =>
  withApi(async (bench) => {
    const { call, store } = bench;
    for (const [path, given, code, field] of [
      ['delete', {}, 'MISSING', 'ids'],
      ['delete', [], 'WRONG_TYPE', undefined],
      ['delete', { dryRun: true }, 'MISSING', 'ids'],
      ['delete', { ids: [] }, 'OUT_OF_RANGE', 'ids'],
      ['delete', { ids: [1] }, 'WRONG_TYPE', 'ids'],
      ['delete', { ids: Array.from({ length: 10_001 }, () => 'x') }, 'OUT_OF_RANGE', 'ids'],
      ['delete', { ids: ['x'], filter: 'suspended = true' }, 'OUT_OF_RANGE', 'ids'],
      ['delete', { filter: 'suspended' }, 'BAD_FORMAT', 'filter'],
      ['delete', { filter: 1 }, 'WRONG_TYPE', 'filter'],
      ['delete', { serverId, dryRun: 'yes' }, 'WRONG_TYPE', 'dryRun'],
      ['delete', { serverId, change: {} }, 'UNKNOWN_FIELD', 'change'],
      ['change', { serverId }, 'WRONG_TYPE', 'change'],
    ] as const) {
      const { status, body: told } = await call('POST', `/v1/devices/${path}`, given);
      assert.deepEqual(
        [status, told.code, told.path],
        [400, code, field],
        JSON.stringify(given).slice(0, 80),
      );
    }
    assert.equal(await store.countDevices({}), 1);
    const wrong = toldOf(
      (await call('POST', '/v1/devices/change', { serverId, change: { colour: 'red' } })).text,
    );
    assert.deepEqual([wrong[0]?.id, wrong[0]?.code], [sampleDevice().id, 'UNKNOWN_FIELD']);
  }));

test('a device is put: created, replaced, and only where it should be', () =>
  withApi(async ({ call, store }) => {
    const path = '/v1/devices/new';
    const made = await call('PUT', path, { ...body, labels: { a: '1' } }, { 'if-none-match': '*' });
    assert.equal(made.status, 201);
    const tag = String(made.headers.etag);
    assert.match(tag, /^"[0-9a-z]+\.0"$/);
    assert.equal((await call('PUT', path, body, { 'if-none-match': '*' })).status, 412);
    assert.equal((await call('PUT', '/v1/devices/other', body, { 'if-match': '*' })).status, 412);
    assert.equal((await call('PUT', '/v1/devices/other', body, { 'if-match': tag })).status, 412);
    await store.updateDevice('new', { suspended: true });
    assert.equal((await call('PUT', path, body, { 'if-match': tag })).status, 412);
    const replaced = await call('PUT', path, { ...body, id: 'new' }, { 'if-match': '*' });
    assert.equal(replaced.status, 200);
    assert.deepEqual((await store.device('new'))?.labels, undefined);
    assert.ok((await store.device('new'))?.suspendedAt);
    const { status, body: told } = await call('PUT', path, { ...body, id: 'else' });
    assert.deepEqual([status, told.path], [400, 'id']);
    assert.deepEqual((await call('PUT', path, { ...body, serverId: 'other' })).body.code, 'OTHER_ACCOUNT');
    assert.deepEqual((await call('PUT', path, [])).body.code, 'WRONG_TYPE');
  }));

test('of two who read the same and change it, one is told to read again; without If-Match the last one wins', () =>
  withApi(async ({ call }) => {
    const tag = String((await call('GET', sample)).headers.etag);
    const tries = await Promise.all(
      ['samsung', 'aosp'].map((family) => call('PATCH', sample, { family }, { 'if-match': tag })),
    );
    assert.deepEqual(tries.map(({ status }) => status).sort(), [200, 412]);
    const lost = tries.find(({ status }) => status === 412);
    assert.equal(lost?.body.code, 'VERSION_MISMATCH');
    const won = tries.find(({ status }) => status === 200);
    const now = String((await call('GET', sample)).headers.etag);
    assert.equal(won?.headers.etag, now);
    assert.notEqual(now, tag);
    for (const [header, status] of [
      [tag, 412],
      ['"other"', 412],
      ['nonsense', 412],
      [`W/${now}`, 412],
      [`${tag}, ${now}`, 200],
      ['*', 200],
    ] as const) {
      const answer = await call('PATCH', sample, {}, { 'if-match': header });
      assert.equal(answer.status, status, header);
    }
    assert.equal((await call('PATCH', sample, { family: null })).status, 200);
    assert.equal((await call('DELETE', sample, undefined, { 'if-match': now })).status, 412);
    const last = String((await call('GET', sample)).headers.etag);
    assert.equal((await call('DELETE', sample, undefined, { 'if-match': last })).status, 204);

    const account = `/v1/accounts/${serverId}`;
    const first = String((await call('GET', account)).headers.etag);
    assert.equal((await call('PATCH', account, { name: 'x' }, { 'if-match': first })).status, 200);
    assert.equal((await call('PATCH', account, { name: 'y' }, { 'if-match': first })).status, 412);
    assert.equal((await call('DELETE', account, undefined, { 'if-match': first })).status, 412);
    assert.equal((await call('DELETE', account)).status, 204);
    assert.equal((await call('DELETE', account)).status, 404);
  }));

test('a secret is replaced only while the device is as it was read', () =>
  withApi(async ({ call, store }) => {
    const tag = String((await call('GET', sample)).headers.etag);
    assert.equal((await call('PATCH', sample, { family: 'aosp' })).status, 200);
    const rotate = (match: string) =>
      call('POST', `${sample}/rotate-secret`, { wake: false }, { 'if-match': match });
    for (const match of [tag, '"other"', 'nonsense']) {
      const { status, body: told } = await rotate(match);
      assert.deepEqual([status, told.code], [412, 'VERSION_MISMATCH'], match);
    }
    assert.equal((await store.device(sampleDevice().id))?.rotations, undefined);
    assert.equal((await rotate(String((await call('GET', sample)).headers.etag))).status, 202);
    assert.equal((await rotate('*')).status, 409);
  }));

test('an account with devices stays', () =>
  withApi(async ({ call }) => {
    const { status, body: told } = await call('DELETE', `/v1/accounts/${serverId}`);
    assert.deepEqual([status, told.code], [409, 'IN_USE']);
  }));

test('a suspended device says so, is woken by nobody, and does its jobs when it comes by itself', () =>
  withApi(async ({ call }) => {
    const suspended = await call('PATCH', sample, { suspended: true });
    const shown = (await call('GET', sample)).body as unknown as Record<string, unknown>;
    assert.equal(shown.suspended, true);
    assert.equal(shown.suspendedAt, '2026-01-01T00:00:00.000Z');
    const device = sampleDevice().id;
    const commands = [{ command: 'get', uri: './DevInfo/Man' }];
    for (const [path, given] of [
      ['/v1/notifications', { device }],
      ['/v1/jobs', { device, commands, wake: true }],
      [
        '/v1/devices/IMEI%3A493005100592800/rotate-secret',
        { which: 'server', secret: 'IyZh2DkWlqhgxMtKWfSJUQ' },
      ],
    ] as const) {
      const { status, body: told, text } = await call('POST', path, given);
      assert.deepEqual([status, told.code], [409, 'SUSPENDED'], `${path} ${text}`);
      assert.match(told.detail, /is suspended: resume it/);
    }
    assert.equal(suspended.status, 200);
    await call('PATCH', sample, { suspended: false });
    assert.equal((await call('POST', '/v1/notifications', { device })).status, 202);
    const again = (await call('GET', sample)).body as unknown as Record<string, unknown>;
    assert.deepEqual([again.suspended, again.suspendedAt], [false, undefined]);
  }));

test('who may see some accounts counts, exports, changes, takes in and removes no device of another', () =>
  withPort(
    async (port, { call, store }) => {
      const admin = { authorization: `Bearer ${adminToken}` };
      await store.createAccount({ ...sampleAccount, serverId: 'mine' });
      await store.importDevices([
        { input: sampleDevice({ id: 'M1', serverId: 'mine' }) },
        { input: sampleDevice({ id: 'M2', serverId: 'mine' }) },
      ]);
      const wanted = { owner: 'a', name: 'b', scopes: ['read', 'manage', 'secrets'], accounts: ['mine'] };
      const made = (await call('POST', '/v1/tokens', wanted, admin)).body as unknown as { token: string };
      const mine = { authorization: `Bearer ${made.token}` };
      const other = sampleDevice().id;
      assert.deepEqual((await call('GET', '/v1/devices/count', undefined, mine)).body, { count: 2 });
      assert.deepEqual((await call('GET', `/v1/devices/count?serverId=${serverId}`, undefined, mine)).body, {
        count: 0,
      });
      const listed = await call('GET', '/v1/devices', undefined, mine);
      assert.deepEqual(
        listed.body.items.map(({ id }) => id),
        ['M1', 'M2'],
      );
      const exported = await call('GET', '/v1/devices/export?secrets=true', undefined, mine);
      assert.deepEqual(
        exported.text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line).id),
        ['M1', 'M2'],
      );
      const ids = ['M1', other];
      const change = { suspended: true };
      const changed = toldOf((await call('POST', '/v1/devices/change', { ids, change }, mine)).text);
      assert.deepEqual([changed[0]?.id, changed[0]?.code], [other, 'UNKNOWN_DEVICE']);
      const all = { filter: 'not id = "x"', change };
      assert.equal(
        toldOf((await call('POST', '/v1/devices/change', all, mine)).text).at(-1)?.summary?.devices,
        2,
      );
      for (const [mode, code] of [
        ['create', 'UNKNOWN_ACCOUNT'],
        ['update', 'UNKNOWN_DEVICE'],
        ['upsert', 'ALREADY_EXISTS'],
      ] as const) {
        const line = `${JSON.stringify({ ...body, id: other })}\n`;
        const headers = { ...mine, 'content-type': ndjson };
        const { lines } = await postBatch(port, `/v1/devices/import?mode=${mode}`, line, headers);
        assert.equal(lines[0]?.code, code);
      }
      assert.equal((await call('PUT', '/v1/devices/new', body, mine)).body.code, 'UNKNOWN_ACCOUNT');
      const taken = await call('PUT', sample, { ...body, serverId: 'mine' }, mine);
      assert.deepEqual([taken.status, taken.body.code], [409, 'ALREADY_EXISTS']);
      assert.ok(!taken.text.includes(serverId));
      assert.equal((await call('DELETE', `/v1/accounts/${serverId}`, undefined, mine)).status, 404);
      const removed = toldOf((await call('POST', '/v1/devices/delete', { ids }, mine)).text);
      assert.deepEqual(
        [removed[0]?.id, removed[0]?.code, removed.at(-1)?.summary?.removed],
        [other, 'UNKNOWN_DEVICE', 1],
      );
      assert.deepEqual((await store.device(other))?.suspendedAt, undefined);
      assert.equal(await store.device('M1'), undefined);
    },
    { tokens: [adminToken] },
  ));
