// Jobs over REST: what is taken, what is shown, what never is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice } from '../../src/testing/index.ts';
import { type ApiBench, type BodySchema, shapeOf, withApi } from './api-bench.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './DevDetail/FwV' };

/** Everything of an answer, whatever the route. */
async function json(bench: ApiBench, ...args: Parameters<ApiBench['call']>) {
  const { status, text, headers } = await bench.call(...args);
  return { status, headers, body: JSON.parse(text) as Record<string, unknown> };
}

test('a job is created with the notification that wakes its device, read and listed', () =>
  withApi(async (bench) => {
    const created = await json(bench, 'POST', '/v1/jobs', { device, commands: [get] });
    assert.equal(created.status, 202);
    const { id, notification } = created.body;
    assert.equal(created.headers.location, `/v1/jobs/${String(id)}`);
    const summary = {
      id,
      device,
      serverId: sampleDevice().serverId,
      state: 'pending',
      onFailure: 'stop',
      notification,
      commandCount: 1,
      answeredCount: 0,
      expiresAt: '2026-01-02T00:00:00.000Z',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    };
    assert.deepEqual(created.body, summary);
    const read = await json(bench, 'GET', `/v1/jobs/${String(id)}`);
    assert.deepEqual(read.body, { ...summary, commands: [{ ...get, sends: 0 }] });
    assert.deepEqual((await json(bench, 'GET', '/v1/jobs')).body, { items: [summary] });
    const carrier = await json(bench, 'GET', `/v1/notifications/${String(notification)}`);
    assert.equal(carrier.body.job, id);
  }));

test('a notification carries a job', () =>
  withApi(async (bench) => {
    const created = await json(bench, 'POST', '/v1/notifications', {
      device,
      uiMode: 'background',
      job: [get],
    });
    assert.equal(created.status, 202);
    const job = await json(bench, 'GET', `/v1/jobs/${String(created.body.job)}`);
    assert.equal(job.body.notification, created.body.id);
    const refused = await json(bench, 'POST', '/v1/notifications', { device, job: [{ command: 'get' }] });
    assert.equal(refused.status, 400);
    assert.equal(refused.body.path, 'job[0].uri');
    assert.equal((await bench.call('GET', '/v1/notifications')).body.items.length, 1);
  }));

test('a list of notifications names no job, and least of all one that there is not; a single one names its own', () =>
  withApi(async (bench) => {
    for (const job of [undefined, [get], undefined]) {
      await json(bench, 'POST', '/v1/notifications', { device, ...(job !== undefined && { job }) });
    }
    const list = await json(bench, 'GET', '/v1/notifications');
    const items = list.body.items as { id: string; job?: string }[];
    assert.equal(items.length, 3);
    assert.deepEqual(
      items.map(({ job }) => job),
      [undefined, undefined, undefined],
    );
    const [job] = (await json(bench, 'GET', '/v1/jobs')).body.items as { id: string; notification: string }[];
    const named = await Promise.all(items.map(({ id }) => json(bench, 'GET', `/v1/notifications/${id}`)));
    assert.deepEqual(
      named.map(({ body }) => body.job),
      [undefined, job?.id, undefined],
    );
    const cancelled = await json(bench, 'POST', `/v1/notifications/${job?.notification}/cancel`);
    assert.equal(cancelled.body.job, job?.id);
  }));

test('what the device said is shown with its command; what it was sent is not', () =>
  withApi(async (bench) => {
    const commands = [
      { command: 'replace', uri: './A', data: 'TOP SECRET' },
      { command: 'add', uri: './B', dataBase64: Buffer.from('TOP SECRET').toString('base64') },
      {
        command: 'sequence',
        commands: [
          {
            command: 'atomic',
            commands: [{ command: 'exec', uri: './X', data: 'TOP SECRET', correlator: 'c' }],
          },
          { command: 'alert', kind: 'text', text: 'Name?' },
        ],
      },
      get,
    ];
    const { body } = await json(bench, 'POST', '/v1/jobs', {
      device,
      commands,
      onFailure: 'continue',
      wake: false,
    });
    const jobId = String(body.id);
    const { clock, store } = bench;
    clock.advance(1000);
    const take = { holder: 's', sessionId: 9, held: [] };
    await store.advanceJobs({ deviceId: device, take });
    const answer = (position: number, said: object) => ({ jobId, position, answer: said });
    await store.advanceJobs({
      deviceId: device,
      answers: [
        answer(0, { status: 200 }),
        answer(1, { problem: 'larger than the device can take' }),
        answer(2, {
          status: 200,
          commands: [
            { status: 200, commands: [{ status: 202 }] },
            { status: 200, items: [{ data: 'Ada' }] },
          ],
        }),
        answer(3, {
          status: 200,
          results: [
            { uri: './DevDetail/FwV', data: '2.0' },
            { uri: './O', format: 'bin', dataBase64: 'AAE=' },
            { uri: './S', withheld: true },
          ],
        }),
      ],
      reports: [
        { correlator: 'c', report: { data: '200', type: 'org.example', source: './X', mark: 'warning' } },
      ],
    });
    const read = await json(bench, 'GET', `/v1/jobs/${jobId}`);
    const at = '2026-01-01T00:00:01.000Z';
    assert.deepEqual(read.body, {
      id: jobId,
      device,
      serverId: sampleDevice().serverId,
      state: 'failed',
      onFailure: 'continue',
      sessionId: 9,
      commandCount: 4,
      answeredCount: 4,
      reason: 'commands[1], add ./B: larger than the device can take',
      expiresAt: '2026-01-02T00:00:00.000Z',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: at,
      startedAt: at,
      endedAt: at,
      commands: [
        { command: 'replace', uri: './A', octets: 10, sends: 1, status: 200, answeredAt: at },
        {
          command: 'add',
          uri: './B',
          format: 'bin',
          octets: 10,
          sends: 0,
          problem: 'larger than the device can take',
          answeredAt: at,
        },
        {
          command: 'sequence',
          sends: 0,
          status: 200,
          answeredAt: at,
          commands: [
            {
              command: 'atomic',
              status: 200,
              commands: [
                {
                  command: 'exec',
                  uri: './X',
                  correlator: 'c',
                  octets: 10,
                  status: 202,
                  report: { at, data: '200', type: 'org.example', source: './X', mark: 'warning' },
                },
              ],
            },
            { command: 'alert', kind: 'text', text: 'Name?', status: 200, items: [{ data: 'Ada' }] },
          ],
        },
        {
          ...get,
          sends: 0,
          status: 200,
          answeredAt: at,
          results: [
            { uri: './DevDetail/FwV', data: '2.0' },
            { uri: './O', format: 'bin', dataBase64: 'AAE=' },
            { uri: './S', withheld: true },
          ],
        },
      ],
    });
    const everything = JSON.stringify([read.body, (await json(bench, 'GET', '/v1/jobs')).body]);
    assert.doesNotMatch(everything, /TOP SECRET|VE9QIFNFQ1JFV/);
  }));

test('jobs are listed by device and state, a page at a time, and cancelled once', () =>
  withApi(async (bench) => {
    await bench.store.createDevice(sampleDevice({ id: 'IMEI:1' }));
    const ids: string[] = [];
    for (const each of [device, 'IMEI:1', device]) {
      const { body } = await json(bench, 'POST', '/v1/jobs', { device: each, commands: [get], wake: false });
      ids.push(String(body.id));
    }
    const listed = async (query: string) => {
      const { body } = await bench.call('GET', `/v1/jobs${query}`);
      return { ids: body.items.map(({ id }) => id), next: body.next };
    };
    const cancelled = await json(bench, 'POST', `/v1/jobs/${ids[0]}/cancel`);
    assert.equal(cancelled.status, 200);
    assert.equal(cancelled.body.state, 'cancelled');
    const refused = await json(bench, 'POST', `/v1/jobs/${ids[0]}/cancel`);
    assert.deepEqual([refused.status, refused.body.code], [409, 'NOT_CANCELLABLE']);
    assert.deepEqual(await listed('?device=IMEI%3A1'), { ids: [ids[1]], next: undefined });
    assert.deepEqual(await listed('?state=pending'), { ids: [ids[2], ids[1]], next: undefined });
    assert.deepEqual(await listed('?state=pending,cancelled&limit=2'), {
      ids: [ids[2], ids[1]],
      next: ids[1],
    });
    assert.deepEqual(await listed(`?state=pending,cancelled&limit=2&after=${ids[1]}`), {
      ids: [ids[0]],
      next: undefined,
    });
    assert.deepEqual(await listed('?until=2000-01-01T00:00:00Z'), { ids: [], next: undefined });
    assert.deepEqual(await listed('?since=1970-01-01T00:00:00Z&device=IMEI%3A1'), {
      ids: [ids[1]],
      next: undefined,
    });
    const generic = encodeURIComponent('family = "generic"');
    assert.deepEqual((await listed(`?filter=${generic}`)).ids, [ids[2], ids[1], ids[0]]);
    assert.deepEqual((await listed(`?filter=${generic}&state=pending,failed`)).ids, [ids[2], ids[1]]);
    assert.deepEqual((await listed('?filter=not%20family%20%3D%20%22generic%22')).ids, []);
    assert.deepEqual((await listed('?label=region%3Dnorth')).ids, []);
    assert.deepEqual(await listed('?limit=2'), { ids: [ids[2], ids[1]], next: ids[1] });
    assert.deepEqual(await listed(`?limit=2&after=${ids[1]}`), { ids: [ids[0]], next: undefined });
    for (const [method, path] of [
      ['GET', '/v1/jobs/nothing'],
      ['POST', '/v1/jobs/nothing/cancel'],
    ] as const) {
      assert.equal((await bench.call(method, path)).status, 404);
    }
    assert.equal((await bench.call('GET', '/v1/jobs?state=odd')).status, 400);
  }));

test('the bodies of jobs are described as the service takes them', () =>
  withApi(async (bench) => {
    const { body } = await bench.call('GET', '/openapi.json');
    const { requestBody } = body.paths['/v1/jobs']?.post ?? {};
    const schema = shapeOf(body, requestBody?.content['application/json']?.schema);
    assert.equal(schema?.additionalProperties, false);
    const isUnknown = async (value: object, path: string) => {
      const answer = await bench.call('POST', '/v1/jobs', value);
      return answer.body.code === 'UNKNOWN_FIELD' && answer.body.path === path;
    };
    for (const name of Object.keys(schema?.properties ?? {})) {
      const given = { device, commands: [get], [name]: { wrong: true } };
      assert.equal(await isUnknown(given, name), false, name);
    }
    const whole = [
      get,
      { command: 'add', uri: './A', data: 'x' },
      { command: 'copy', uri: './A', source: './B' },
      { command: 'exec', uri: './A' },
      { command: 'alert', kind: 'single-choice', text: 'x', choices: ['a'] },
      { command: 'sequence', commands: [get] },
    ];
    const commands = schema?.properties?.commands as { readonly items: BodySchema };
    for (const field of Object.keys(shapeOf(body, commands.items)?.properties ?? {})) {
      const unknown: boolean[] = [];
      for (const command of whole) {
        const given = { device, commands: [{ ...command, [field]: { wrong: true } }], wake: false };
        unknown.push(await isUnknown(given, `commands[0].${field}`));
      }
      assert.ok(unknown.includes(false), `${field} is a field of some command`);
    }
  }));

test('a job of megabytes is taken, one beyond the bounds is refused with the reason', () =>
  withApi(async (bench) => {
    const data = 'é'.repeat(1_000_000);
    const commands = [{ command: 'add', uri: './Big', data }];
    assert.equal((await bench.call('POST', '/v1/jobs', { device, commands, wake: false })).status, 202);
    const larger = [{ command: 'add', uri: './Big', data: `${data}${'x'.repeat(100_000)}` }];
    const refused = await bench.call('POST', '/v1/jobs', { device, commands: larger, wake: false });
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.path],
      [400, 'TOO_LONG', 'commands[0].data'],
    );
    const accounts = await bench.call('POST', '/v1/accounts', { serverId: 'x', url: 'x'.repeat(70_000) });
    assert.equal(accounts.status, 413);
  }));
