// Batches of jobs and of messages, what families do not take, and a store that takes nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../src/core/index.ts';
import { sampleDevice } from '../../src/testing/index.ts';
import { kept, type LineAnswer, linesOf, postBatch, withPort } from './batch-client.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './DevDetail/FwV' };
const add = { command: 'add', uri: './Vendor/Note', data: 'hello' };
const notifications = '/v1/notifications/batch';

const placeOf = ({ line, status }: LineAnswer) => [line, status];
const idsOf = (lines: readonly LineAnswer[]) => lines.map(({ id }) => id);

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
