// Routes of pushes above a service that the test speaks for: what it is asked, and each answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageView, notificationView, pushView } from '../../../src/api/shapes/push-views.ts';
import type { MessagePush, NotificationPush, PushEvent, PushRecord } from '../../../src/store/index.ts';
import { byAnonymous, type Service, withRoutes } from './route-bench.ts';

const at = Date.UTC(2026, 0, 1);
const base = {
  state: 'queued',
  attempts: 0,
  sends: 0,
  failures: 0,
  refusedAddresses: [],
  version: 1,
  lease: 0,
  expiresAt: at + 60_000,
  createdAt: at,
  updatedAt: at,
} as const;
const notification: NotificationPush = {
  ...base,
  id: 'n',
  purpose: 'notification',
  deviceId: 'IMEI:1',
  serverId: 'com.example.dm',
  sessionId: 7,
  format: 'dm1.2',
  defaultNonce: 'none',
  resynchronise: false,
  fields: { uiMode: 'background', initiator: 'server' },
};
const message = {
  ...base,
  id: 'm',
  purpose: 'message',
  deviceId: 'IMEI:1',
  serverId: 'com.example.dm',
  contentType: { mime: 'application/vnd.syncml.dm+wbxml' },
  octets: 5,
  summary: { kind: 'dm+wbxml', commands: 2 },
} as unknown as MessagePush;
const relayed = { ...message, id: 'r', purpose: 'relayed' } as MessagePush;
const byId: Readonly<Record<string, PushRecord>> = { n: notification, m: message, r: relayed };
const queued: PushEvent = {
  sequence: 1,
  kind: 'notification',
  pushId: 'n',
  deviceId: 'IMEI:1',
  sessionId: 7,
  at,
  event: 'queued',
  state: 'queued',
};

/** As an answer has it. */
const shown = (value: object): unknown => JSON.parse(JSON.stringify(value));

const missing = (detail: string) => ({
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  code: 'NOT_FOUND',
  detail,
});

const kept: Service = {
  get: (id: never) => byId[id],
  jobOf: () => ({ id: 'job-1' }),
  timeline: () => [queued],
  cancel: (id: never) => ({ outcome: 'cancelled', push: byId[id] }),
};
const pushes = (changes: Service = {}) => ({ pushes: { ...kept, ...changes } });

test('a list asks for what the query says, and for nothing that it does not', () =>
  withRoutes(pushes({ list: () => ({ items: [notification, message] }) }), async ({ ask, asked }) => {
    for (const [url, wanted] of [
      ['/v1/notifications', { limit: 100, purposes: ['notification'] }],
      ['/v1/messages', { limit: 100, purposes: ['message', 'relayed'] }],
      ['/v1/pushes', { limit: 100, purposes: ['notification', 'message', 'relayed'] }],
      ['/v1/pushes?purpose=relayed', { limit: 100, purposes: ['relayed'] }],
      [
        '/v1/notifications?device=IMEI:1&state=queued&limit=2&after=019a0000-0000-7000-8000-00000000000c',
        {
          limit: 2,
          after: '019a0000-0000-7000-8000-00000000000c',
          purposes: ['notification'],
          deviceId: 'IMEI:1',
          states: ['queued'],
        },
      ],
    ] as const) {
      assert.equal((await ask('GET', url)).status, 200, url);
      assert.deepEqual(asked.at(-1), ['pushes.list', wanted], url);
    }
    for (const url of ['/v1/notifications?purpose=message', '/v1/pushes?purpose=x', '/v1/messages?state=x']) {
      assert.equal((await ask('GET', url)).status, 400, url);
    }
    assert.equal(asked.length, 5);
  }));

test('a list shows what belongs there, without jobs, and where it goes on', async () => {
  const items = [notification, message, relayed];
  await withRoutes(pushes({ list: () => ({ items, next: 'c' }) }), async ({ ask, asked }) => {
    assert.deepEqual((await ask('GET', '/v1/notifications')).body, {
      items: [shown(notificationView(notification))],
      next: 'c',
    });
    assert.deepEqual((await ask('GET', '/v1/messages')).body, {
      items: [shown(messageView(message)), shown(messageView(relayed))],
      next: 'c',
    });
    const all = items.map((push) => shown(pushView(push)));
    assert.deepEqual((await ask('GET', '/v1/pushes')).body, { items: all, next: 'c' });
    assert.ok(asked.every(([name]) => name === 'pushes.list'));
  });
  await withRoutes(pushes({ list: () => ({ items: [] }) }), async ({ ask }) => {
    assert.deepEqual((await ask('GET', '/v1/pushes')).body, { items: [] });
  });
});

test('one is read with its job, if it may have one; what belongs elsewhere is not there', () =>
  withRoutes(pushes(), async ({ ask, asked }) => {
    assert.deepEqual(
      (await ask('GET', '/v1/notifications/n')).body,
      shown(notificationView(notification, 'job-1')),
    );
    assert.deepEqual((await ask('GET', '/v1/pushes/n')).body, shown(pushView(notification, 'job-1')));
    const before = asked.length;
    assert.deepEqual((await ask('GET', '/v1/messages/m')).body, shown(messageView(message)));
    assert.deepEqual((await ask('GET', '/v1/pushes/r')).body, shown(pushView(relayed)));
    assert.ok(asked.slice(before).every(([name]) => name === 'pushes.get'));
    for (const [path, name] of [
      ['notifications/m', 'notification m'],
      ['messages/n', 'message n'],
      ['pushes/x', 'push x'],
    ]) {
      const { status, body } = await ask('GET', `/v1/${path}`);
      assert.deepEqual([status, body], [404, missing(`there is no ${name}`)]);
      assert.equal((await ask('GET', `/v1/${path}/timeline`)).status, 404);
      assert.equal((await ask('POST', `/v1/${path}/cancel`)).status, 404);
    }
    assert.ok(asked.every(([name]) => name !== 'pushes.cancel' && name !== 'pushes.timeline'));
  }));

test('a notification without a job names none', () =>
  withRoutes(pushes({ jobOf: () => undefined }), async ({ ask }) => {
    assert.deepEqual((await ask('GET', '/v1/notifications/n')).body, shown(notificationView(notification)));
  }));

test('a timeline is read in the words of its path; one that went meanwhile is not there', async () => {
  await withRoutes(pushes(), async ({ ask }) => {
    const { sequence, sessionId, event, state } = queued;
    const iso = '2026-01-01T00:00:00.000Z';
    assert.deepEqual((await ask('GET', '/v1/notifications/n/timeline')).body, {
      items: [{ sequence, notification: 'n', device: 'IMEI:1', sessionId, at: iso, event, state }],
    });
    const { body } = await ask('GET', '/v1/pushes/n/timeline');
    assert.equal(body.items[0].push, 'n');
  });
  await withRoutes(pushes({ timeline: () => undefined }), async ({ ask }) => {
    const { status, body } = await ask('GET', '/v1/messages/m/timeline');
    assert.deepEqual([status, body], [404, missing('there is no message m')]);
  });
});

test('one that is cancelled is shown as it is then', () => {
  const over = { ...notification, state: 'cancelled' } as const;
  const cancel = () => ({ outcome: 'cancelled', push: over });
  return withRoutes(pushes({ cancel }), async ({ ask }) => {
    const { status, body } = await ask('POST', '/v1/notifications/n/cancel');
    assert.deepEqual([status, body], [200, shown(notificationView(over, 'job-1'))]);
  });
});

test('one that cannot be cancelled is 409 with its state; one that went meanwhile is not there', async () => {
  const sent = { ...message, state: 'sent' } as MessagePush;
  await withRoutes(pushes({ cancel: () => ({ outcome: 'refused', push: sent }) }), async ({ ask }) => {
    for (const [path, name] of [
      ['messages', 'message'],
      ['pushes', 'push'],
    ]) {
      assert.deepEqual((await ask('POST', `/v1/${path}/m/cancel`)).body, {
        type: 'about:blank',
        title: 'Conflict',
        status: 409,
        code: 'NOT_CANCELLABLE',
        detail: `the ${name} is sent: it cannot be cancelled`,
      });
    }
  });
  for (const outcome of [{ outcome: 'unknown' }, { outcome: 'cancelled', push: notification }]) {
    await withRoutes(pushes({ cancel: () => outcome }), async ({ ask }) => {
      const { status, body } = await ask('POST', '/v1/messages/m/cancel');
      assert.deepEqual([status, body], [404, missing('there is no message m')]);
    });
  }
});

test('what is created is told with its place, its job, its PIN and its warnings, where there are any', async () => {
  const given = { device: 'IMEI:1' };
  for (const warnings of [[], ['it is long']]) {
    const more = warnings.length === 0 ? {} : { warnings };
    const job = warnings.length === 0 ? undefined : { id: 'job-1' };
    const pinForUser = warnings.length === 0 ? undefined : '1234';
    await withRoutes(
      {
        jobs: { createNotification: () => ({ push: notification, job, warnings }) },
        sessionless: { create: () => ({ message, pinForUser, warnings }) },
        pushes: {},
      },
      async ({ ask, asked }) => {
        const first = await ask('POST', '/v1/notifications', given, { 'idempotency-key': 'k' });
        assert.deepEqual([first.status, first.headers.location], [202, '/v1/notifications/n']);
        assert.deepEqual(first.body, {
          ...(shown(notificationView(notification, job?.id)) as object),
          ...more,
        });
        const second = await ask('POST', '/v1/messages', given);
        assert.deepEqual([second.status, second.headers.location], [202, '/v1/messages/m']);
        assert.deepEqual(second.body, {
          ...(shown(messageView(message)) as object),
          ...(pinForUser !== undefined && { pinForUser }),
          ...more,
        });
        assert.deepEqual(asked, [
          ['jobs.createNotification', given, 'k', byAnonymous],
          ['sessionless.create', given, undefined, byAnonymous],
        ]);
      },
    );
  }
});
