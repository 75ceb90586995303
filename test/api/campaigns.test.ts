// Campaigns over REST: made, looked at before, read, changed, approved, reported; and what never is shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CampaignDevice } from '../../src/store/index.ts';
import { eventually, sampleDevice } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';

const { id: device } = sampleDevice();
const plan = { name: 'night', content: { kind: 'wake' }, target: { devices: [device] } };
const later = { ...plan, startAt: '2026-01-02T00:00:00Z' };

type Call = ApiBench['call'];

/** Everything of an answer, whatever the route. */
async function json(bench: ApiBench, ...args: Parameters<Call>) {
  const { status, text, headers } = await bench.call(...args);
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asks for
  return { status, headers, body: JSON.parse(text) as any };
}

async function made(bench: ApiBench, body: object = later, headers?: Record<string, string>) {
  const answer = await json(bench, 'POST', '/v1/campaigns', body, headers);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return answer;
}

/** Has the devices of a campaign be as a test wants them. */
async function addDevices(bench: ApiBench, id: string, count: number): Promise<void> {
  const found = Array.from({ length: count }, (_, index) => ({
    deviceId: `d${index}`,
    carrier: 'wap',
    ...(index % 2 === 1 && { leftOut: { reason: 'suspended', detail: '=1+1, "quoted"' } }),
  }));
  await bench.store.addCampaignDevices(id, found, { canaryDevices: 0, lookedUp: true });
}

test('one is made, read with how it goes on, and listed', () =>
  withApi(async (bench) => {
    const rules = {
      windows: [{ days: [6, 7], from: '22:00', to: '24:00' }],
      timeZone: 'Europe/Berlin',
      pace: { perSecond: 0.5 },
      canary: { percent: 5, waitSeconds: 60 },
      stop: { failureRate: 0.2 },
      priority: -1,
      wakesPerDay: 3,
    };
    const { body, headers } = await made(bench, { ...later, ...rules });
    const { id } = body;
    assert.equal(headers.location, `/v1/campaigns/${id}`);
    const summary = {
      id,
      name: 'night',
      state: 'scheduled',
      step: 'canary',
      kind: 'wake',
      target: { by: 'list' },
      devices: 1,
      lookedUp: true,
      startAt: '2026-01-02T00:00:00.000Z',
      expiresAt: '2026-01-09T00:00:00.000Z',
      ...rules,
      madeBy: 'anonymous',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    };
    assert.deepEqual(body, summary);
    const read = await json(bench, 'GET', `/v1/campaigns/${id}`);
    assert.equal(read.headers.etag, headers.etag);
    const { progress, ...rest } = read.body;
    assert.deepEqual(rest, { ...summary, body: {} });
    assert.deepEqual(
      [progress.pending, progress.leftOut, progress.counts],
      [1, 0, [{ step: 'canary', state: 'pending', devices: 1 }]],
    );
    const other = await made(bench, { ...plan, name: 'other' });
    assert.equal(other.body.state, 'running');
    const list = async (query: string) =>
      (await json(bench, 'GET', `/v1/campaigns${query}`)).body.items.map((each: { id: string }) => each.id);
    assert.deepEqual(await list(''), [other.body.id, id]);
    assert.deepEqual(await list('?state=scheduled,paused'), [id]);
    assert.deepEqual(await list('?limit=1'), [other.body.id]);
    assert.deepEqual(await list('?until=2026-01-01T00:00:00Z'), []);
    assert.equal((await json(bench, 'GET', '/v1/campaigns?state=night')).body.code, 'OUT_OF_RANGE');
  }));

test('a key gives the same campaign again, and refuses another', () =>
  withApi(async (bench) => {
    const key = { 'idempotency-key': 'k' };
    const first = await made(bench, later, key);
    assert.deepEqual((await made(bench, later, key)).body, first.body);
    const other = await json(bench, 'POST', '/v1/campaigns', { ...later, name: 'other' }, key);
    assert.deepEqual([other.status, other.body.code], [422, 'IDEMPOTENCY_CONFLICT']);
  }));

test('what is wrong with a plan is named, and nothing is made', () =>
  withApi(async (bench) => {
    const wrong: readonly (readonly [object, string])[] = [
      [{ ...plan, target: { filter: 'nonsense' } }, 'target.filter'],
      [{ ...plan, content: { kind: 'call' } }, 'content.kind'],
      [{ ...plan, windows: [{ from: '22:00', to: '05:00' }] }, 'timeZone'],
      [{ ...plan, pace: { perSecond: 0 } }, 'pace.perSecond'],
      [{ ...plan, nothing: 1 }, 'nothing'],
    ];
    for (const [body, path] of wrong) {
      for (const url of ['/v1/campaigns', '/v1/campaigns/preview']) {
        const answer = await json(bench, 'POST', url, body);
        assert.deepEqual([answer.status, answer.body.path], [400, path], JSON.stringify(answer.body));
      }
    }
    const unknown = await json(bench, 'POST', '/v1/campaigns', { ...plan, target: { devices: ['gone'] } });
    assert.deepEqual([unknown.status, unknown.body.code], [422, 'UNKNOWN_DEVICE']);
    assert.deepEqual((await json(bench, 'GET', '/v1/campaigns')).body, { items: [] });
  }));

test('a preview tells how many by carrier and who is left out, and makes nothing', () =>
  withApi(async (bench) => {
    await bench.store.createDevice(sampleDevice({ id: 'asleep' }));
    await bench.store.updateDevice('asleep', { suspended: true });
    const filter = { ...plan, target: { filter: 'id != "x"' }, pace: { perSecond: 1 } };
    const { status, body } = await json(bench, 'POST', '/v1/campaigns/preview', filter);
    assert.equal(status, 200);
    assert.deepEqual(
      [body.devices, body.examined, body.carriers, body.leftOut, body.needsApproval],
      [
        2,
        2,
        [{ carrier: 'wap', devices: 1 }],
        [{ reason: 'suspended', devices: 1, examples: ['asleep'] }],
        false,
      ],
    );
    assert.deepEqual((await json(bench, 'GET', '/v1/campaigns')).body, { items: [] });
  }));

test('it waits, goes on, is changed and ends; what its state does not allow is refused', () =>
  withApi(async (bench) => {
    const { body } = await made(bench);
    const path = `/v1/campaigns/${body.id}`;
    const act = (name: string, given?: object, headers?: Record<string, string>) =>
      json(bench, 'POST', `${path}/${name}`, given, headers);
    const paused = await act('pause', { reason: 'the desk is closed' });
    assert.deepEqual(
      [paused.body.state, paused.body.reason],
      ['paused', 'paused by anonymous: the desk is closed'],
    );
    const again = await act('pause');
    assert.deepEqual([again.status, again.body.code], [409, 'WRONG_STATE']);
    const resumed = await act('resume');
    assert.equal(resumed.body.state, 'scheduled');
    const changed = await json(bench, 'PATCH', path, { name: 'other', pace: { perSecond: 2 } });
    assert.deepEqual([changed.body.name, changed.body.pace], ['other', { perSecond: 2 }]);
    const stale = await json(
      bench,
      'PATCH',
      path,
      { pace: null },
      { 'if-match': String(resumed.headers.etag) },
    );
    assert.deepEqual([stale.status, stale.body.code], [412, 'VERSION_MISMATCH']);
    const fresh = await json(
      bench,
      'PATCH',
      path,
      { pace: null },
      { 'if-match': String(changed.headers.etag) },
    );
    assert.deepEqual([fresh.status, 'pace' in fresh.body], [200, false]);
    assert.equal((await act('retry')).body.code, 'WRONG_STATE');
    assert.equal((await act('cancel', { nothing: 1 })).body.code, 'UNKNOWN_FIELD');
    const cancelled = await act('cancel');
    assert.deepEqual([cancelled.status, cancelled.body.state], [200, 'cancelled']);
    assert.equal((await act('resume')).status, 409);
  }));

test('a large one waits for another owner, who says what he has seen', () =>
  withApi(
    async (bench) => {
      const token = async (owner: string, more: object = {}) => {
        const answer = await json(
          bench,
          'POST',
          '/v1/tokens',
          { owner, name: 'desk', scopes: ['manage', 'read'], ...more },
          { authorization: 'Bearer a-token-of-operators' },
        );
        return { authorization: `Bearer ${String(answer.body.token)}` };
      };
      const [ann, bob] = [await token('ann'), await token('bob')];
      const theirs = await token('eve', { accounts: ['com.example.none'] });
      const { body, headers } = await made(bench, later, ann);
      assert.equal(body.state, 'awaiting-approval');
      const match = { 'if-match': String(headers.etag) };
      const approve = (given: Record<string, string>) =>
        json(bench, 'POST', `/v1/campaigns/${body.id}/approve`, {}, given);
      assert.equal((await approve({ ...ann, ...match })).body.code, 'WRONG_STATE');
      assert.equal((await approve({ ...theirs, ...match })).status, 404);
      const blind = await approve(bob);
      assert.deepEqual([blind.status, blind.body.code, blind.body.path], [400, 'MISSING', 'If-Match']);
      assert.equal((await approve({ ...bob, 'if-match': '"1.1"' })).status, 412);
      const approved = await approve({ ...bob, ...match });
      assert.deepEqual(
        [approved.body.state, approved.body.approval],
        ['scheduled', { owner: 'bob', at: '2026-01-01T00:00:00.000Z', devices: 1 }],
      );
    },
    { tokens: ['a-token-of-operators'] },
    {},
    { approvalAbove: 0 },
  ));

test('what a job or a message has for devices is shown to the scope secrets alone', () =>
  withApi(
    async (bench) => {
      const operator = { authorization: 'Bearer a-token-of-operators' };
      const commands = [{ command: 'replace', uri: './A', data: 'TOP SECRET' }];
      const { body, headers } = await made(
        bench,
        { ...later, content: { kind: 'job', body: { commands } } },
        operator,
      );
      assert.ok(!JSON.stringify([body, headers]).includes('TOP SECRET'));
      const reader = await json(
        bench,
        'POST',
        '/v1/tokens',
        { owner: 'ann', name: 'desk', scopes: ['read'] },
        operator,
      );
      const path = `/v1/campaigns/${body.id}`;
      const plain = await json(bench, 'GET', path, undefined, {
        authorization: `Bearer ${String(reader.body.token)}`,
      });
      assert.equal('body' in plain.body, false);
      const list = await bench.call('GET', '/v1/campaigns', undefined, operator);
      assert.ok(!list.text.includes('TOP SECRET'));
      assert.deepEqual((await json(bench, 'GET', path, undefined, operator)).body.body, { commands });
    },
    { tokens: ['a-token-of-operators'] },
  ));

test('its devices come in pages, by state, reason and device', () =>
  withApi(async (bench) => {
    const { id } = (await made(bench, { ...later, target: { filter: 'id = "x"' } })).body;
    await addDevices(bench, id, 5);
    const page = async (query: string) =>
      (await json(bench, 'GET', `/v1/campaigns/${id}/devices${query}`)).body;
    const first = await page('?limit=2');
    assert.deepEqual(first.next, '1');
    assert.deepEqual(first.items[1], {
      device: 'd1',
      ordinal: 1,
      step: 'rest',
      state: 'left-out',
      reason: 'suspended',
      detail: '=1+1, "quoted"',
      carrier: 'wap',
      tries: 0,
      shared: false,
      endedAt: '2026-01-01T00:00:00.000Z',
    });
    const ordinals = async (query: string) =>
      (await page(query)).items.map(({ ordinal }: Pick<CampaignDevice, 'ordinal'>) => ordinal);
    assert.deepEqual(await ordinals('?limit=2&after=1'), [2, 3]);
    assert.deepEqual(await ordinals('?after=3'), [4]);
    assert.equal('next' in (await page('?limit=5')), false);
    assert.deepEqual(await ordinals('?state=left-out&reason=suspended'), [1, 3]);
    assert.deepEqual(await ordinals('?device=d4'), [4]);
    assert.equal((await page('?after=x')).code, 'BAD_FORMAT');
  }));

test('a report has a line for each device and a summary, or is CSV that no spreadsheet computes', () =>
  withApi(async (bench) => {
    const { id } = (await made(bench, { ...later, target: { filter: 'id = "x"' } })).body;
    await addDevices(bench, id, 2001);
    const path = `/v1/campaigns/${id}/report`;
    const report = await bench.call('GET', path);
    assert.equal(report.headers['content-type'], 'application/x-ndjson');
    const lines = report.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.equal(lines.length, 2002);
    assert.deepEqual(lines.at(-1), {
      summary: {
        devices: 2001,
        counts: [
          { state: 'left-out', reason: 'suspended', devices: 1000 },
          { state: 'pending', devices: 1001 },
        ],
      },
    });
    for (const [query, headers] of [
      ['?state=left-out', { accept: 'text/csv' }],
      ['?state=left-out&format=csv', {}],
    ] as const) {
      const csv = await bench.call('GET', path + query, undefined, headers);
      assert.equal(csv.headers['content-type'], 'text/csv');
      const [header, first, ...rest] = csv.text.trim().split('\r\n');
      assert.match(header ?? '', /^device,ordinal,step,state,reason,detail,/);
      assert.match(first ?? '', /^d1,1,rest,left-out,suspended,"'=1\+1, ""quoted""",wap,/);
      assert.equal(rest.length, 999);
    }
    const none = await bench.call('GET', `${path}?state=failed`);
    assert.deepEqual(JSON.parse(none.text), { summary: { devices: 0, counts: [] } });
  }));

test('the audit log has what was done to one, and why', () =>
  withApi(async (bench) => {
    const { id } = (await made(bench)).body;
    await bench.call('POST', `/v1/campaigns/${id}/pause`, { reason: 'too loud' });
    await bench.call('POST', '/v1/campaigns/preview', later);
    await eventually(async () => (await bench.store.listAudit({ limit: 9 })).items.length === 2);
    const entries = (await bench.store.listAudit({ limit: 9 })).items;
    assert.deepEqual(
      entries.map(({ action, id: object, detail }) => [action, object, detail]),
      [
        ['POST /v1/campaigns/{id}/pause', id, 'too loud'],
        ['POST /v1/campaigns', id, 'night: 1 devices, scheduled'],
      ],
    );
  }));
