// Keys of lines: what may be sent again, and what of it is new.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice } from '../../src/testing/index.ts';
import { kept, type LineAnswer, linesOf, postBatch, withPort } from './batch-client.ts';

const device = sampleDevice().id;
const notifications = '/v1/notifications/batch';

const idsOf = (lines: readonly LineAnswer[]) => lines.map(({ id }) => id);

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
