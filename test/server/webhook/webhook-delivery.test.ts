// Webhooks end to end: events of a store on disk, receivers on real sockets.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { silentLogger, systemClock } from '../../../src/core/index.ts';
import { WebhookService } from '../../../src/server/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { everybody, withWebhooks } from './receiver.ts';

const kinds = ['job', 'link'];

test('events are delivered in their order, signed as the reference library wants it', () =>
  withWebhooks(async ({ service, note, receive, store }) => {
    const to = await receive();
    const { record, secret } = await service.create({ url: to.url, kinds }, everybody);
    await note(['d1', 'a'], ['d2', 'b'], ['d1', 'c']);
    await store.note([{ kind: 'link', subject: 'sms:a', event: 'down' }]);
    await eventually(() => to.received.length === 4, 'four deliveries');
    const ofDevice = to.received.filter(({ data }) => data.data.deviceId === 'd1');
    assert.deepEqual(
      ofDevice.map(({ data }) => data.data.subject),
      ['a', 'c'],
    );
    for (const { body, headers, data } of to.received) {
      assert.deepEqual(new Webhook(secret).verify(body, headers as Record<string, string>), data);
      assert.equal(headers['content-type'], 'application/json');
    }
    assert.deepEqual(
      new Set(to.received.map(({ data }) => data.type)),
      new Set(['job.created', 'link.down']),
    );
    await eventually(async () => (await service.get(record.id))?.health.delivered === 4, 'it is written');
    const now = await service.get(record.id);
    assert.deepEqual(now?.position, await store.feedEnd());
    assert.equal(now?.health.failures, 0);
  }));

test('who makes one is told of what he may see, of the kinds and devices that he names', () =>
  withWebhooks(async ({ service, note, receive, store }) => {
    const [all, other, device, links] = [await receive(), await receive(), await receive(), await receive()];
    const one = { accounts: ['com.example'] };
    await service.create({ url: all.url, kinds }, one);
    await service.create({ url: other.url, kinds }, { accounts: ['org.other'] });
    await service.create({ url: device.url, kinds, devices: ['d2'] }, everybody);
    await service.create({ url: links.url, kinds: ['link'] }, everybody);
    await note(['d1', 'a'], ['d2', 'b']);
    await store.note([{ kind: 'link', subject: 'x', event: 'up' }]);
    await eventually(() => all.received.length === 2 && device.received.length === 1, 'deliveries');
    await eventually(() => links.received.length === 1, 'the link');
    assert.deepEqual(device.subjects(), ['b']);
    assert.deepEqual(links.subjects(), ['x']);
    assert.deepEqual(other.subjects(), []);
  }));

test('an event that fails is tried again under its id, and holds back those of its device alone', () =>
  withWebhooks(async ({ service, note, receive, store }) => {
    let refusals = 2;
    const to = await receive(({ data }) => {
      if (data.data.subject !== 'a' || refusals === 0) return 200;
      refusals -= 1;
      return 500;
    });
    const { record } = await service.create({ url: to.url, kinds }, everybody);
    await note(['d1', 'a'], ['d1', 'b'], ['d2', 'c'], ['d1', 'd']);
    await eventually(() => to.received.length === 6, 'six requests');
    const ids = to.received.filter(({ data }) => data.data.subject === 'a').map(({ id }) => id);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
    const ofFirst = to.received
      .filter(({ data }) => data.data.deviceId === 'd1')
      .map(({ data }) => data.data.subject);
    assert.deepEqual(ofFirst, ['a', 'a', 'a', 'b', 'd']);
    assert.ok(to.subjects().indexOf('c') < to.subjects().lastIndexOf('a'), 'another device goes on');
    await eventually(async () => (await service.get(record.id))?.waiting === 0, 'nothing waits');
    assert.deepEqual(await store.heldOfWebhook(record.id), []);
  }));

test('what failed as often as it may is dead: the next of its device goes on, and it can be tried again or dropped', () =>
  withWebhooks(
    async ({ service, note, receive }) => {
      let isIll = true;
      const to = await receive(({ data }) => (data.data.subject === 'a' && isIll ? 503 : 200));
      const { record } = await service.create({ url: to.url, kinds }, everybody);
      await note(['d1', 'a'], ['d1', 'b']);
      await eventually(async () => (await service.get(record.id))?.dead === 1, 'it is dead');
      await eventually(() => to.subjects().includes('b'), 'the next of its device');
      assert.equal(to.subjects().filter((subject) => subject === 'a').length, 3);
      const [dead] = (await service.dead(record.id, { limit: 9 })).items;
      assert.deepEqual([dead?.error, dead?.attempts, dead?.type], ['503', 3, 'job.created']);
      isIll = false;
      assert.equal(await service.retryDead(record.id, { events: [dead?.eventId ?? ''] }), 1);
      await eventually(async () => (await service.get(record.id))?.dead === 0, 'none is dead');
      await eventually(() => to.subjects().filter((subject) => subject === 'a').length === 4, 'it came');
      assert.equal(to.received.at(-1)?.id, dead?.eventId);
      assert.equal(await service.dropDead(record.id, { all: true }), 0);
    },
    { pauses: [5, 5] },
  ));

test('a receiver that is gone (410) is suspended; resumed, it is told what it missed', () =>
  withWebhooks(async ({ service, note, receive }) => {
    const to = await receive(() => 410);
    const { record } = await service.create({ url: to.url, kinds }, everybody);
    await note(['d1', 'a']);
    await eventually(async () => (await service.get(record.id))?.state === 'suspended', 'it is suspended');
    const suspended = await service.get(record.id);
    assert.match(suspended?.reason ?? '', /410/);
    await note(['d2', 'b']);
    to.answering = () => 200;
    assert.equal(to.received.length, 1);
    await service.change(record.id, { state: 'active' });
    await eventually(() => to.received.length === 3, 'both');
    assert.deepEqual(to.subjects(), ['a', 'a', 'b']);
  }));

test('Retry-After is honoured: meanwhile nothing is sent there, of no device', () =>
  withWebhooks(async ({ service, note, receive }) => {
    const to = await receive((_, response) => {
      response.writeHead(429, { 'retry-after': '3600' }).end();
      return undefined;
    });
    const other = await receive();
    const { record } = await service.create({ url: to.url, kinds }, everybody);
    await service.create({ url: other.url, kinds }, everybody);
    await note(['d1', 'a']);
    await eventually(async () => (await service.get(record.id))?.waiting === 1, 'it waits');
    await note(['d2', 'b'], ['d1', 'c']);
    await eventually(() => other.received.length === 3, 'all for the other');
    await eventually(
      async () => (await service.get(record.id))?.waiting === 2,
      'the next of its device waits too',
    );
    assert.deepEqual(to.subjects(), ['a']);
  }));

test('a receiver that never answers holds up nobody else, and is given up in time', () =>
  withWebhooks(
    async ({ service, note, receive }) => {
      const slow = await receive(() => undefined);
      const fast = await receive();
      const { record } = await service.create({ url: slow.url, kinds }, everybody);
      await service.create({ url: fast.url, kinds }, everybody);
      const jobs = Array.from({ length: 300 }, (_, index) => [`d${index % 50}`, `j${index}`] as const);
      await note(...jobs);
      await eventually(() => fast.received.length === 300, 'all for the fast one');
      assert.ok(slow.received.length < 300);
      await eventually(
        async () => (await service.get(record.id))?.health.lastError !== undefined,
        'an error',
      );
      assert.match((await service.get(record.id))?.health.lastError ?? '', /no answer within 3 s/);
    },
    { timeoutMs: 3000, pauses: [60_000] },
  ));

test('an event is told again from a moment, a place or its id on, and under the same id', () =>
  withWebhooks(async ({ service, note, receive, store }) => {
    const to = await receive();
    const { record } = await service.create({ url: to.url, kinds }, everybody);
    await note(['d1', 'a'], ['d1', 'b']);
    await eventually(() => to.received.length === 2, 'two');
    const [, second] = to.received;
    await service.replay(record.id, { event: second?.id });
    await eventually(() => to.received.length === 3, 'the second again');
    assert.equal(to.received[2]?.id, second?.id);
    await service.replay(record.id, { after: '0' });
    await eventually(() => to.received.length === 5, 'all again');
    await service.replay(record.id, { since: '2020-01-01T00:00:00Z' });
    await eventually(() => to.received.length === 7, 'all again');
    assert.deepEqual(to.subjects(), ['a', 'b', 'b', 'a', 'b', 'a', 'b']);
    for (const wrong of [
      {},
      { after: 'x' },
      { event: 'evt_n1_1' },
      { after: '9-9999' },
      { after: '0', event: 'x' },
    ])
      await assert.rejects(service.replay(record.id, wrong), { name: 'ValueError' }, JSON.stringify(wrong));
    const end = await store.feedEnd();
    await eventually(
      async () => (await service.get(record.id))?.position.notice === end.notice,
      'it is written',
    );
  }));

test('two secrets sign until the one before is over', () =>
  withWebhooks(async ({ service, note, receive }) => {
    const to = await receive();
    const { record, secret: before } = await service.create({ url: to.url, kinds }, everybody);
    const issued = await service.rotate(record.id, { overlapSeconds: 3600 });
    await note(['d1', 'a']);
    await eventually(() => to.received.length === 1, 'the first');
    const again = await service.rotate(record.id, { overlapSeconds: 0 });
    await note(['d1', 'b']);
    await eventually(() => to.received.length === 2, 'the second');
    const [first, second] = to.received;
    const proves = (secret: string | undefined, one: typeof first): boolean => {
      try {
        new Webhook(secret ?? '').verify(one?.body ?? '', one?.headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    assert.deepEqual([proves(before, first), proves(issued?.secret, first)], [true, true]);
    assert.equal(String(first?.headers['webhook-signature']).split(' ').length, 2);
    assert.deepEqual([proves(issued?.secret, second), proves(again?.secret, second)], [false, true]);
  }));

test('a redirection is not followed, and no answer of a receiver is kept', () =>
  withWebhooks(
    async ({ service, note, receive }) => {
      const other = await receive();
      const to = await receive((_, response) => {
        response.writeHead(307, { location: other.url }).end('x'.repeat(100_000));
        return undefined;
      });
      const { record } = await service.create({ url: to.url, kinds }, everybody);
      await note(['d1', 'a']);
      await eventually(async () => (await service.get(record.id))?.health.failures === 1, 'it failed');
      assert.equal((await service.get(record.id))?.health.lastError, '307: redirections are not followed');
      assert.deepEqual(other.received, []);
    },
    { pauses: [60_000] },
  ));

test('a test is sent at once, whatever the state, and kept nowhere', () =>
  withWebhooks(async ({ service, receive }) => {
    const to = await receive(({ data }) => (data.type === 'webhook.test' ? 202 : 500));
    const { record, secret } = await service.create({ url: to.url, kinds }, everybody);
    const suspended = await service.change(record.id, { state: 'suspended', reason: 'tests' });
    assert.ok(suspended);
    const { delivered, status, eventId } = await service.test(suspended);
    assert.deepEqual([delivered, status], [true, 202]);
    assert.equal(to.received[0]?.id, eventId);
    new Webhook(secret).verify(to.received[0]?.body ?? '', to.received[0]?.headers as Record<string, string>);
    to.answering = () => 404;
    assert.deepEqual((await service.test(suspended)).error, '404');
    assert.equal((await service.get(record.id))?.health.failures, 0);
  }));

test('own networks are refused where nobody allows them: as addresses, and as names that lead there', () =>
  withWebhooks(
    async ({ service, receive }) => {
      const to = await receive();
      const port = new URL(to.url).port;
      for (const host of [
        '127.0.0.1',
        '[::1]',
        '[::ffff:127.0.0.1]',
        '10.0.0.1',
        '169.254.169.254',
        '2130706433',
      ]) {
        const refused = service.create({ url: `https://${host}:${port}/`, kinds }, everybody);
        await assert.rejects(refused, { name: 'ValueError', path: 'url' }, host);
      }
      await assert.rejects(service.create({ url: 'http://hooks.example/', kinds }, everybody), {
        path: 'url',
      });
      const { record } = await service.create({ url: `https://hooks.example:${port}/`, kinds }, everybody);
      const { delivered, error } = await service.test(record);
      assert.equal(delivered, false);
      assert.match(error ?? '', /own network/);
      assert.deepEqual(to.received, []);
    },
    {
      allow: [],
      lookUp: (_, done) =>
        done(null, [
          { address: '93.184.216.34', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ]),
    },
  ));

test('a service that begins again goes on where the last one was, with what waits', () =>
  withWebhooks(
    async ({ service, note, receive, store }) => {
      const to = await receive(({ data }) => (data.data.subject === 'a' ? 500 : 200));
      const { record } = await service.create({ url: to.url, kinds }, everybody);
      await note(['d1', 'a'], ['d1', 'b'], ['d2', 'c']);
      await eventually(async () => (await service.get(record.id))?.waiting === 2, 'two wait');
      await eventually(() => to.subjects().includes('c'), 'the other device');
      await service.stop();
      await note(['d3', 'e']);
      to.answering = () => 200;
      const next = new WebhookService({
        store,
        clock: systemClock(),
        logger: silentLogger,
        random: () => 0,
        settings: { view: (event) => event, allow: ['127.0.0.0/8'] },
      });
      await next.start();
      await eventually(() => to.subjects().includes('e') && to.subjects().includes('b'), 'the rest');
      await next.stop();
      const count = (subject: string) => to.subjects().filter((each) => each === subject).length;
      assert.deepEqual(['b', 'c', 'e'].map(count), [1, 1, 1]);
      assert.equal(await next.delete(record.id), true);
      assert.equal(await next.delete(record.id), false);
    },
    { pauses: [300, 300] },
  ));
