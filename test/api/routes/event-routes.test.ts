// The feed of events, above a source that the test speaks for: what is asked of it, and each octet that comes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiBackend, createApi } from '../../../src/api/index.ts';
import { silentLogger } from '../../../src/core/index.ts';
import type { EventKind, FeedPosition, Notice, NoticeKind, PushEvent } from '../../../src/store/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const at = Date.UTC(2026, 0, 1);
const isoAt = '2026-01-01T00:00:00.000Z';

function event(sequence: number, changes: Partial<PushEvent> = {}): PushEvent {
  return {
    sequence,
    kind: 'notification',
    pushId: `p${sequence}`,
    deviceId: 'IMEI:1',
    sessionId: 7,
    at,
    event: 'queued',
    state: 'queued',
    ...changes,
  };
}

/** How a notification's event is written. */
const written = (sequence: number, device = 'IMEI:1') =>
  `id: ${sequence}\nevent: notification\ndata: ${JSON.stringify({
    sequence,
    event: 'queued',
    state: 'queued',
    sessionId: 7,
    notification: `p${sequence}`,
    device,
    at: isoAt,
  })}\n\n`;

const head = ': events of Reveille\n\n';
const alive = ': still here\n\n';

async function withFeed(
  run: (feed: Awaited<ReturnType<typeof feedOf>>) => Promise<void>,
  options: Parameters<typeof feedOf>[0] = {},
): Promise<void> {
  const feed = await feedOf(options);
  try {
    await run(feed);
  } finally {
    await feed.app.close();
  }
}

async function feedOf({
  heartbeatMs,
  eventsAfter,
  noticesAfter,
  feedEnd,
}: {
  readonly heartbeatMs?: number;
  readonly eventsAfter?: (after: number, limit: number, kinds: readonly EventKind[]) => Promise<PushEvent[]>;
  readonly noticesAfter?: (after: number, limit: number, kinds: readonly NoticeKind[]) => Promise<Notice[]>;
  readonly feedEnd?: () => Promise<FeedPosition>;
}) {
  const clock = new ManualClock();
  const listeners = new Set<(event: PushEvent) => void>();
  const logged: unknown[] = [];
  const asked: unknown[] = [];
  const counts = { left: 0 };
  let opened = (): void => undefined;
  const pushes = {
    onEvent: (listener: (event: PushEvent) => void) => {
      listeners.add(listener);
      opened();
      return () => {
        counts.left += 1;
        listeners.delete(listener);
      };
    },
    eventsAfter: async (after: number, limit: number, kinds: readonly EventKind[]) => {
      asked.push([after, limit, [...kinds]]);
      return (await eventsAfter?.(after, limit, kinds)) ?? [];
    },
  };
  const noticeListeners = new Set<(notice: Notice) => void>();
  const notices = {
    onNotice: (listener: (notice: Notice) => void) => {
      noticeListeners.add(listener);
      return () => void noticeListeners.delete(listener);
    },
    noticesAfter: async (after: number, limit: number, kinds: readonly NoticeKind[]) =>
      (await noticesAfter?.(after, limit, kinds)) ?? [],
    feedEnd: async () => (await feedEnd?.()) ?? { event: 0, notice: 0 },
  };
  const app = await createApi({ pushes, notices, clock } as unknown as ApiBackend, {
    logger: { ...silentLogger, error: (...line: unknown[]) => void logged.push(line) },
    ...(heartbeatMs !== undefined && { heartbeatMs }),
  });
  return {
    app,
    clock,
    logged,
    asked,
    counts,
    listeners,
    tell: (...events: PushEvent[]) => {
      for (const each of events) for (const listener of [...listeners]) listener(each);
    },
    note: (...told: Notice[]) => {
      for (const each of told) for (const listener of [...noticeListeners]) listener(each);
    },
    noticeListeners,
    /** Asks, and goes on when the stream has begun or the answer is there. */
    open: async (url: string, headers: Record<string, string> = {}) => {
      const begun = new Promise<void>((resolve) => {
        opened = resolve;
      });
      const answer = app.inject({ method: 'GET', url, headers });
      const first = await Promise.race([begun, answer]);
      // What was held goes out on the turns that follow.
      await new Promise((resolve) => setImmediate(resolve));
      return { answer, isStream: first === undefined };
    },
  };
}

test('events are written as they happen, each once, in their order', () =>
  withFeed(async ({ app, open, tell, asked, listeners, counts }) => {
    const { answer, isStream } = await open('/v1/events');
    assert.equal(isStream, true);
    tell(event(1), event(3), event(3), event(2), event(4));
    const [listener] = listeners;
    await app.close();
    assert.equal(listeners.size, 0);
    assert.equal(counts.left, 1);
    listener?.(event(5));
    const { statusCode, headers, payload } = await answer;
    assert.equal(statusCode, 200);
    assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-accel-buffering'], 'no');
    assert.equal(payload, [head, written(1), written(3), written(4)].join(''));
    assert.deepEqual(asked, []);
  }));

test('a reader that names kinds is told of these alone', () =>
  withFeed(async ({ app, open, tell }) => {
    const all = await open('/v1/events?kinds=relayed,message,notification');
    const one = await open('/v1/events?kinds=message');
    const usual = await open('/v1/events');
    assert.deepEqual([all.isStream, one.isStream, usual.isStream], [true, true, true]);
    tell(event(1), event(2, { kind: 'message' }), event(3, { kind: 'relayed' }));
    await app.close();
    const idsOf = async ({ answer }: typeof all) =>
      [...(await answer).payload.matchAll(/^id: (\d+)\nevent: (\w+)$/gm)].map(([, id, kind]) => [id, kind]);
    assert.deepEqual(await idsOf(all), [
      ['1', 'notification'],
      ['2', 'message'],
      ['3', 'relayed'],
    ]);
    assert.deepEqual(await idsOf(one), [['2', 'message']]);
    assert.deepEqual(await idsOf(usual), [['1', 'notification']]);
  }));

test('a kind that there is not begins no stream', () =>
  withFeed(async ({ open }) => {
    for (const kinds of ['jobs', 'notification,jobs', 'message,']) {
      const { answer, isStream } = await open(`/v1/events?kinds=${kinds}`);
      assert.equal(isStream, false, kinds);
      const { statusCode, payload } = await answer;
      assert.equal(statusCode, 400);
      assert.deepEqual(JSON.parse(payload), {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        code: 'OUT_OF_RANGE',
        path: 'kinds',
        detail:
          'must be one or more of notification, message, relayed, job, campaign, link, with commas between them',
      });
    }
  }));

test('one device, one notification, or both', () =>
  withFeed(async ({ app, open, tell }) => {
    const device = await open('/v1/events?device=IMEI:2');
    const push = await open('/v1/events?notification=p1');
    const both = await open('/v1/events?notification=p1&device=IMEI:2');
    const any = await open('/v1/events?notification=p3&kinds=message');
    assert.ok([device, push, both, any].every(({ isStream }) => isStream));
    tell(event(1), event(2, { deviceId: 'IMEI:2' }), event(3, { kind: 'message' }));
    await app.close();
    assert.equal((await device.answer).payload, head + written(2, 'IMEI:2'));
    assert.equal((await push.answer).payload, head + written(1));
    assert.equal((await both.answer).payload, head);
    assert.equal((await any.answer).payload, head);
  }));

test('a reader that comes back gets what it missed in pages, then what came meanwhile', () => {
  const stored = Array.from({ length: 700 }, (_, index) => event(index + 1));
  let now: (() => void) | undefined;
  return withFeed(
    async ({ app, open, tell, asked }) => {
      now = () => tell(event(700), event(701));
      const { answer, isStream } = await open('/v1/events?after=7', { 'last-event-id': '5' });
      assert.equal(isStream, true);
      await app.close();
      const wanted = Array.from({ length: 696 }, (_, index) => written(index + 6)).join('');
      assert.equal((await answer).payload, head + wanted);
      assert.deepEqual(asked, [
        [5, 500, ['notification']],
        [505, 500, ['notification']],
      ]);
    },
    {
      eventsAfter: async (after, limit) => {
        if (after > 5) now?.();
        return stored.filter(({ sequence }) => sequence > after).slice(0, limit);
      },
    },
  );
});

test('a feed that cannot be read ends the stream, and the log says why', () =>
  withFeed(
    async ({ open, listeners, logged }) => {
      const { answer, isStream } = await open('/v1/events?after=0');
      assert.equal(isStream, true);
      assert.deepEqual(logged, [
        [{ error: 'RangeError: no such page' }, 'an event stream could not catch up'],
      ]);
      assert.equal(listeners.size, 0);
      assert.equal((await answer).payload, head);
    },
    { eventsAfter: () => Promise.reject(new RangeError('no such page')) },
  ));

test('a stream shows that it lives every 15 seconds, or as often as is set, until it ends', async () => {
  for (const heartbeatMs of [undefined, 7]) {
    await withFeed(
      async ({ app, open, clock }) => {
        const { answer } = await open('/v1/events');
        assert.equal(clock.waiting, 1);
        clock.advance((heartbeatMs ?? 15_000) - 1);
        clock.advance(1);
        clock.advance((heartbeatMs ?? 15_000) * 2);
        assert.equal(clock.waiting, 1);
        await app.close();
        assert.equal(clock.waiting, 0);
        clock.advance(60_000);
        assert.equal((await answer).payload, head + alive.repeat(3));
      },
      heartbeatMs === undefined ? {} : { heartbeatMs },
    );
  }
});

function notice(sequence: number, changes: Partial<Notice> = {}): Notice {
  return {
    sequence,
    kind: 'job',
    subject: `j${sequence}`,
    event: 'created',
    at,
    accounts: ['a'],
    deviceId: 'IMEI:1',
    details: { state: 'pending', commandCount: 1, answeredCount: 0 },
    ...changes,
  };
}

/** Ids and names of what was told. */
const told = (payload: string) =>
  [...payload.matchAll(/^id: ([0-9-]+)\nevent: (\w+)$/gm)].map(([, id, kind]) => `${id} ${kind}`);

test('notices are told beside events of pushes, and each id says how far both are', () =>
  withFeed(
    async ({ app, open, tell, note, noticeListeners }) => {
      const all = await open('/v1/events?kinds=notification,job,campaign,link');
      const jobs = await open('/v1/events?kinds=job');
      const pushes = await open('/v1/events');
      const about = await open('/v1/events?job=j6');
      const ofDevice = await open('/v1/events?kinds=job,link&device=IMEI:2');
      const ofPush = await open('/v1/events?kinds=job,notification&push=p9');
      assert.equal(noticeListeners.size, 5);
      tell(event(8));
      note(notice(4), notice(5));
      tell(event(9), event(9));
      const link = {
        kind: 'link',
        subject: 'sms:a',
        event: 'down',
        details: { lastError: 'reset' },
      } as const;
      const { accounts: _, deviceId: _device, ...bare } = notice(7);
      note(notice(6, { deviceId: 'IMEI:2', actor: 'ann/desk' }), { ...bare, ...link }, notice(5));
      await app.close();
      assert.equal(noticeListeners.size, 0);
      const payload = (await all.answer).payload;
      assert.deepEqual(told(payload), [
        '8-4 notification',
        '8-5 job',
        '9-5 notification',
        '9-6 job',
        '9-7 link',
      ]);
      const datas = [...payload.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
      assert.deepEqual(datas.slice(-2), [
        {
          sequence: 6,
          job: 'j6',
          device: 'IMEI:2',
          at: isoAt,
          event: 'created',
          state: 'pending',
          commandCount: 1,
          answeredCount: 0,
          actor: 'ann/desk',
        },
        { sequence: 7, carrier: 'sms:a', at: isoAt, event: 'down', lastError: 'reset' },
      ]);
      assert.deepEqual(told((await jobs.answer).payload), ['8-5 job', '9-6 job']);
      assert.deepEqual(told((await pushes.answer).payload), ['8 notification', '9 notification']);
      assert.deepEqual(told((await about.answer).payload), ['9-6 job']);
      assert.deepEqual(told((await ofDevice.answer).payload), ['9-6 job']);
      assert.deepEqual(told((await ofPush.answer).payload), ['9-5 notification']);
    },
    { feedEnd: async () => ({ event: 7, notice: 4 }) },
  ));

test('a reader goes on in both sequences; one that knows a number alone, in that of pushes', () => {
  const events = [1, 2, 3].map((sequence) => event(sequence));
  const notices = [1, 2, 3].map((sequence) => notice(sequence));
  return withFeed(
    async ({ app, open, note }) => {
      const both = await open('/v1/events?kinds=notification,job&after=0', { 'last-event-id': '2-1' });
      const number = await open('/v1/events?kinds=notification,job&after=2');
      const beginning = await open('/v1/events?kinds=job&after=0');
      const pushes = await open('/v1/events?after=2-1');
      note(notice(4));
      await app.close();
      assert.deepEqual(told((await both.answer).payload), [
        '3-1 notification',
        '3-2 job',
        '3-3 job',
        '3-4 job',
      ]);
      assert.deepEqual(told((await number.answer).payload), ['3-3 notification', '3-4 job']);
      assert.deepEqual(told((await beginning.answer).payload), ['0-1 job', '0-2 job', '0-3 job', '0-4 job']);
      assert.deepEqual(told((await pushes.answer).payload), ['3 notification']);
    },
    {
      eventsAfter: async (after) => events.filter(({ sequence }) => sequence > after),
      noticesAfter: async (after) => notices.filter(({ sequence }) => sequence > after),
      feedEnd: async () => ({ event: 3, notice: 3 }),
    },
  );
});

test('what is no place in the feed begins no stream', () =>
  withFeed(async ({ open }) => {
    for (const after of ['-1', '1-', 'x', '1.5', '1-2-3', '1234567890123456']) {
      const { answer, isStream } = await open(`/v1/events?after=${after}`);
      assert.equal(isStream, false, after);
      assert.equal((await answer).statusCode, 400);
    }
  }));
