// Pushes over REST: all of them under one path, and each kind under its own, which knows nothing of the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleDevice, samplePushMark, samplePushMessage } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';

const device = sampleDevice().id;
const moment = '2026-01-01T00:00:00.000Z';

/** One push of each purpose, in this order: for the device, for the device, for an address. */
async function oneOfEach(bench: ApiBench) {
  const notification = await bench.push();
  const message = await bench.pushMessage();
  const [relayed] = await bench.store.enqueue([
    samplePushMessage({ addresses: ['sms:+491701234567'], initiator: samplePushMark() }),
  ]);
  assert.ok(relayed?.outcome === 'queued');
  return { notification, message, relayed: relayed.push.id };
}

async function json({ call }: ApiBench, ...args: Parameters<ApiBench['call']>) {
  const { status, text } = await call(...args);
  return { status, body: JSON.parse(text) as Record<string, unknown> };
}

test('pushes: each has its purpose and the fields that its kind has under its own path, and no octets', () =>
  withApi(async (bench) => {
    const { notification, message, relayed } = await oneOfEach(bench);
    const same = async (id: string, path: string, more: object) => {
      const { status, body } = await json(bench, 'GET', `/v1/pushes/${id}`);
      assert.equal(status, 200);
      assert.deepEqual(body, { ...(await json(bench, 'GET', `${path}/${id}`)).body, ...more });
      return body;
    };
    const asNotification = await same(notification, '/v1/notifications', { purpose: 'notification' });
    assert.equal(asNotification.sessionIdText, '1');
    assert.deepEqual(
      Object.keys(asNotification).filter((name) => name === 'body' || name === 'fields'),
      [],
    );
    const asMessage = await same(message, '/v1/messages', { purpose: 'message' });
    assert.deepEqual(asMessage, {
      id: message,
      purpose: 'message',
      device,
      serverId: 'com.example.dm',
      contentType: 'application/vnd.syncml.dm+wbxml',
      octets: 5,
      summary: { kind: 'dm+wbxml', commands: 2 },
      state: 'queued',
      attempts: 0,
      sends: 0,
      dueAt: moment,
      expiresAt: '2026-01-02T00:00:00.000Z',
      createdAt: moment,
      updatedAt: moment,
    });
    const asRelayed = await same(relayed, '/v1/messages', { purpose: 'relayed' });
    assert.deepEqual(asRelayed.addresses, ['sms:+491701234567']);
    assert.deepEqual(asRelayed.initiator, {
      name: 'partner',
      pushId: '1@partner',
      recipient: 'WAPPUSH=+491701234567/TYPE=PLMN@ppg',
    });
  }));

test('pushes: the job of a notification is shown with it, and not in lists', () =>
  withApi(async (bench) => {
    const job = [{ command: 'get', uri: './DevDetail/FwV' }];
    const created = await json(bench, 'POST', '/v1/notifications', { device, job });
    assert.equal(created.status, 202);
    assert.equal(typeof created.body.job, 'string');
    const read = await json(bench, 'GET', `/v1/pushes/${String(created.body.id)}`);
    assert.equal(read.body.job, created.body.job);
    const [listed] = (await json(bench, 'GET', '/v1/pushes')).body.items as Record<string, unknown>[];
    assert.equal(listed?.id, created.body.id);
    assert.equal(listed?.job, undefined);
    const cancelled = await json(bench, 'POST', `/v1/pushes/${String(created.body.id)}/cancel`);
    assert.equal(cancelled.body.job, created.body.job);
  }));

test('pushes: listed newest first, by purpose, device and state, a page at a time; each path lists its own', () =>
  withApi(async (bench) => {
    const { notification, message, relayed } = await oneOfEach(bench);
    await bench.pushes.cancel(message);
    const list = async (query: string) => {
      const { status, body, text } = await bench.call('GET', `/v1/${query}`);
      assert.equal(status, 200, text);
      return body.items.map(({ id }) => id);
    };
    assert.deepEqual(await list('pushes'), [relayed, message, notification]);
    assert.deepEqual(await list('pushes?purpose=notification'), [notification]);
    assert.deepEqual(await list('pushes?purpose=message'), [message]);
    assert.deepEqual(await list('pushes?purpose=relayed'), [relayed]);
    assert.deepEqual(await list(`pushes?device=${encodeURIComponent(device)}`), [message, notification]);
    assert.deepEqual(await list('pushes?state=queued'), [relayed, notification]);
    assert.deepEqual(await list('pushes?state=cancelled&purpose=relayed'), []);
    assert.deepEqual(await list('notifications'), [notification]);
    assert.deepEqual(await list('messages'), [relayed, message]);
    assert.deepEqual(await list('messages?state=queued'), [relayed]);
    assert.deepEqual(await list('pushes?state=cancelled,queued'), [relayed, message, notification]);
    assert.deepEqual(await list('messages?state=cancelled,failed'), [message]);
    assert.deepEqual(await list('pushes?until=2000-01-01T00:00:00Z'), []);
    assert.deepEqual(await list('pushes?since=2999-01-01T00:00:00%2B01:00'), []);
    assert.deepEqual(
      await list('pushes?since=1969-01-01T00:00:00Z&until=2999-01-01T00:00:00.5Z&state=queued'),
      [relayed, notification],
    );

    const family = encodeURIComponent('family = "generic"');
    const none = encodeURIComponent('labels.region = "north"');
    assert.deepEqual(await list(`pushes?filter=${family}`), [message, notification]);
    assert.deepEqual(await list(`pushes?filter=${family}&state=queued,cancelled&limit=1`), [message]);
    assert.deepEqual(await list(`notifications?filter=${family}&since=1970-01-01T00:00:00Z`), [notification]);
    assert.deepEqual(await list(`messages?filter=${none}`), []);
    assert.deepEqual(await list('pushes?label=region%3Dnorth'), []);
    await bench.store.updateDevice(device, { labels: { region: 'north' } });
    assert.deepEqual(await list('pushes?label=region%3Dnorth'), [message, notification]);
    assert.deepEqual(await list(`notifications?label=region%3Dnorth&filter=${family}`), [notification]);
    assert.deepEqual(await list(`pushes?filter=${family}&device=${encodeURIComponent(device)}`), [
      message,
      notification,
    ]);
    const wrong = await bench.call('GET', '/v1/pushes?filter=region%20%3D');
    assert.deepEqual([wrong.status, wrong.body.path], [400, 'filter']);

    const paged: string[] = [];
    let after: string | undefined;
    do {
      const mark = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
      const { body } = await bench.call('GET', `/v1/pushes?limit=2${mark}`);
      assert.ok(body.items.length <= 2);
      paged.push(...body.items.map(({ id }) => id));
      after = body.next;
    } while (after !== undefined);
    assert.deepEqual(paged, [relayed, message, notification]);
  }));

test('pushes: filters that there are not are 400 with what there is', () =>
  withApi(async ({ call }) => {
    for (const [query, path, detail] of [
      ['pushes?purpose=campaign', 'purpose', /must be one of notification, message, relayed/],
      ['pushes?state=lost', 'state', /must be one of queued, .*unreported/],
      ['pushes?state=queued,lost', 'state', /each must be one of queued, .*unreported/],
      ['pushes?state=', 'state', /is empty: leave it out/],
      ['pushes?since=yesterday', 'since', /not a moment such as/],
      ['notifications?until=2026-13-01T00:00:00Z', 'until', /not a moment such as/],
      ['messages?since=2026-12-01', 'since', /not a moment such as/],
      ['pushes?colour=1', 'colour', /not a parameter here/],
      // The paths of one kind have its states, and nothing to choose between.
      ['notifications?state=unreported', 'state', /must be one of queued, .*completed/],
      ['messages?state=completed', 'state', /must be one of queued, .*unreported/],
      ['notifications?purpose=notification', 'purpose', /not a parameter here/],
      ['messages?purpose=message', 'purpose', /not a parameter here/],
    ] as const) {
      const { status, body } = await call('GET', `/v1/${query}`);
      assert.deepEqual([status, body.path], [400, path], query);
      assert.match(body.detail, detail, query);
    }
  }));

test('pushes: what is shown under another path is 404 here, and nothing is done to it', () =>
  withApi(async (bench) => {
    const { notification, message, relayed } = await oneOfEach(bench);
    for (const [face, name, id] of [
      ['notifications', 'notification', message],
      ['notifications', 'notification', relayed],
      ['messages', 'message', notification],
      ['pushes', 'push', '00000000-0000-7000-8000-000000000000'],
    ] as const) {
      for (const [method, end] of [
        ['GET', ''],
        ['GET', '/timeline'],
        ['POST', '/cancel'],
      ] as const) {
        const { status, body } = await bench.call(method, `/v1/${face}/${id}${end}`);
        assert.deepEqual([status, body.code, body.detail], [404, 'NOT_FOUND', `there is no ${name} ${id}`]);
      }
    }
    for (const id of [notification, message, relayed]) assert.deepEqual(await bench.story(id), ['queued']);
  }));

test('pushes: any can be cancelled under the common path, once; its end is told', () =>
  withApi(async (bench) => {
    for (const [purpose, id] of Object.entries(await oneOfEach(bench))) {
      const cancelled = await json(bench, 'POST', `/v1/pushes/${id}/cancel`);
      assert.equal(cancelled.status, 200);
      const { body } = cancelled;
      assert.deepEqual(
        [body.id, body.purpose, body.state, body.reason, body.endedAt, body.dueAt],
        [id, purpose, 'cancelled', 'cancelled by request', moment, undefined],
      );
      const again = await bench.call('POST', `/v1/pushes/${id}/cancel`);
      assert.deepEqual([again.status, again.body.code], [409, 'NOT_CANCELLABLE']);
      assert.equal(again.body.detail, 'the push is cancelled: it cannot be cancelled');
    }
  }));

test('pushes: a message that is on its way is not cancelled, under either path', () =>
  withApi(async (bench) => {
    bench.wap.respond = () => ({ outcome: 'accepted', reference: 'r1' });
    const id = await bench.pushMessage();
    await bench.engine.start();
    await bench.reaches(id, 'accepted');
    for (const [face, name] of [
      ['messages', 'message'],
      ['pushes', 'push'],
    ] as const) {
      const { status, body } = await bench.call('POST', `/v1/${face}/${id}/cancel`);
      assert.deepEqual([status, body.code], [409, 'NOT_CANCELLABLE']);
      assert.equal(body.detail, `the ${name} is accepted: it cannot be cancelled`);
    }
  }));

test('pushes: timelines have one count of events, and the names of the path', () =>
  withApi(async (bench) => {
    const { notification, message } = await oneOfEach(bench);
    await bench.pushes.cancel(message);
    const items = async (path: string) => (await json(bench, 'GET', `/v1/${path}/timeline`)).body.items;
    const queued = { at: moment, event: 'queued', state: 'queued' };
    const cancelled = { at: moment, event: 'cancelled', state: 'cancelled', detail: 'cancelled by request' };
    assert.deepEqual(await items(`notifications/${notification}`), [
      { sequence: 1, notification, device, sessionId: 1, ...queued },
    ]);
    assert.deepEqual(await items(`pushes/${notification}`), [
      { sequence: 1, kind: 'notification', push: notification, device, sessionId: 1, ...queued },
    ]);
    assert.deepEqual(await items(`messages/${message}`), [
      { sequence: 2, message, ...queued },
      { sequence: 4, message, ...cancelled },
    ]);
    assert.deepEqual(await items(`pushes/${message}`), [
      { sequence: 2, kind: 'message', push: message, device, ...queued },
      { sequence: 4, kind: 'message', push: message, device, ...cancelled },
    ]);
  }));

test('pushes: one Idempotency-Key may name a notification and a message', () =>
  withApi(async (bench) => {
    const key = { 'idempotency-key': 'order-7' };
    await bench.store.updateDevice(device, {
      messageKeys: { hmacSecret: '07'.repeat(32) },
    });
    const message = { device, job: [{ command: 'delete', uri: './A' }] };
    const send = async (path: string, body: object) => (await json(bench, 'POST', path, body, key)).body.id;
    const ids = [await send('/v1/notifications', { device }), await send('/v1/messages', message)];
    assert.deepEqual([await send('/v1/notifications', { device }), await send('/v1/messages', message)], ids);
    assert.equal((await bench.call('GET', '/v1/pushes')).body.items.length, 2);
  }));

test('pushes: what has gone is unknown under every path, and its key names another request', () =>
  withApi(async (bench) => {
    const key = { 'idempotency-key': 'order-7' };
    const send = async () => (await bench.call('POST', '/v1/notifications', { device }, key)).body.id;
    const [gone, message] = [await send(), await bench.pushMessage()];
    await bench.pushes.cancel(gone);
    await bench.pushes.cancel(message);
    bench.clock.advance(1000);
    const before = bench.clock.now();
    assert.equal((await bench.store.removeOver({ events: before }, 100)).events, 4);
    const { body } = await json(bench, 'GET', `/v1/pushes/${gone}/timeline`);
    assert.deepEqual(body, { items: [] }, 'the push stays longer than its timeline');
    assert.equal((await bench.store.removeOver({ pushes: before }, 100)).pushes, 2);
    for (const path of [
      `notifications/${gone}`,
      `messages/${message}`,
      `pushes/${gone}`,
      `pushes/${message}`,
    ]) {
      for (const [method, end] of [
        ['GET', ''],
        ['GET', '/timeline'],
        ['POST', '/cancel'],
      ] as const) {
        assert.equal((await bench.call(method, `/v1/${path}${end}`)).status, 404, path);
      }
    }
    assert.deepEqual((await bench.call('GET', '/v1/pushes')).body.items, []);
    assert.notEqual(await send(), gone);
  }));
