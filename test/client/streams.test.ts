// Lines, octets, events and a notification that is watched, over sockets.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createClient, type FeedEvent, type NotificationLine } from '../../src/client/index.ts';
import { eventually, ManualClock, sampleDevice } from '../../src/testing/index.ts';
import { all, token, withAnswers, withClient } from './client-bench.ts';

const device = sampleDevice().id;

test('lines are answered one by one while they are being sent', () =>
  withClient(async (client) => {
    const answered: number[] = [];
    let go: () => void = () => undefined;
    async function* lines(): AsyncGenerator<NotificationLine> {
      yield { device };
      // Goes on when the first line has been answered.
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield { device: 'IMEI:1' };
    }
    for await (const { line, status } of client.exchange('/v1/notifications/batch', lines())) {
      answered.push(line, status);
      go();
    }
    assert.deepEqual(answered, [1, 202, 2, 400]);
  }));

test('devices go in as objects or CSV, and come out as octets', () =>
  withClient(async (client) => {
    const { id: _, resynchronisations: __, ...rest } = { ...sampleDevice(), resynchronisations: 0 };
    const { addresses, serverId } = rest;
    const devices = ['IMEI:7', 'IMEI:8'].map((id) => ({
      id,
      serverId,
      addresses: [...addresses],
      serverCredentials: { secret: 'a server secret' },
      clientCredentials: { name: id, secret: 'a client secret' },
    }));
    const [summary] = (await all(client.exchange('/v1/devices/import', devices))).slice(-1);
    assert.equal(summary?.summary?.created, 2);
    const columns = [
      'id',
      'serverId',
      'addresses',
      ...['server', 'client'].map((side) => `${side}Credentials.secret`),
    ];
    const row = ['IMEI:9', serverId, addresses[0], 'a server secret', 'a client secret', 'n'];
    async function* csv(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${columns.join(',')},clientCredentials.name\n${row.join(',')}\n`);
    }
    const taken = await all(
      client.exchange('/v1/devices/import', { octets: csv(), type: 'text/csv' }, { query: { dryRun: true } }),
    );
    assert.equal(taken.at(-1)?.summary?.created, 1, JSON.stringify(taken));
    const octets = await all(client.octets('/v1/devices/export', { filter: 'id in ("IMEI:7", "IMEI:8")' }));
    assert.equal(Buffer.concat(octets).toString('utf8').trim().split('\n').length, 2);
    const removed = await all(client.told('/v1/devices/delete', { ids: ['IMEI:7', 'IMEI:none'] }));
    assert.equal(removed.at(-1)?.summary?.removed, 1);
  }));

test('what lines throw is thrown, what the server refuses too, and whoever leaves ends the request', () =>
  withClient(async (client, { url }) => {
    async function* broken(): AsyncGenerator<NotificationLine> {
      yield { device };
      throw new Error('no more lines');
    }
    await assert.rejects(all(client.exchange('/v1/notifications/batch', broken())), {
      message: 'no more lines',
    });
    const stranger = createClient({ url, token: 'a-token-that-is-wrong' });
    await assert.rejects(all(stranger.exchange('/v1/notifications/batch', [{ device }])), { status: 401 });
    let ended = false;
    async function* endless(): AsyncGenerator<NotificationLine> {
      try {
        for (;;) yield { device: 'IMEI:1' };
      } finally {
        ended = true;
      }
    }
    for await (const { line } of client.exchange('/v1/notifications/batch', endless())) if (line >= 3) break;
    await eventually(() => (ended ? true : undefined));
  }));

test('no more lines are taken than a server reads', async () => {
  // Reads nothing of a body.
  const server = createServer((request, response) => {
    request.pause();
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"line":1,"status":202}\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let taken = 0;
  const text = 'x'.repeat(10_000);
  async function* lines(): AsyncGenerator<NotificationLine> {
    for (;;) {
      taken += 1;
      yield { device, reason: text };
    }
  }
  const stop = new AbortController();
  const answers = createClient({ url }).exchange('/v1/notifications/batch', lines(), { signal: stop.signal });
  try {
    await answers.next();
    const before = await settled(() => taken);
    // What a system holds for both ends of a loopback connection is some megabytes.
    assert.ok(before * text.length < 64 * 1024 * 1024, `${before} lines were taken`);
  } finally {
    stop.abort(new Error('over'));
    await assert.rejects(answers.next(), { message: 'over' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A number when it has stopped growing. */
async function settled(read: () => number): Promise<number> {
  let last = -1;
  return await eventually(() => {
    const now = read();
    if (now === last) return now;
    last = now;
    return undefined;
  });
}

test('an answer that breaks off, or is no JSON, is an error', () =>
  withAnswers(
    ({ url }, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      if (url.startsWith('/v1/jobs')) response.end('{"line":1}\n<html>\n');
      else response.write('{"line":1,"status":202}\n{"li', () => response.destroy());
    },
    async (url) => {
      const client = createClient({ url });
      await assert.rejects(all(client.exchange('/v1/notifications/batch', [{ device }])), {
        code: 'UNREACHABLE',
      });
      await assert.rejects(all(client.exchange('/v1/jobs/batch', [])), { code: 'BAD_ANSWER' });
    },
  ));

test('a notification is watched from its beginning to its end', () =>
  withClient(async (client) => {
    const { id } = await client.post('/v1/notifications', { body: { device } });
    const events: string[] = [];
    for await (const { event } of client.watch(id)) {
      events.push(event);
      if (event === 'queued')
        await client.post('/v1/notifications/{id}/cancel', { params: { path: { id } } });
    }
    assert.deepEqual(events, ['queued', 'cancelled']);
    assert.deepEqual(
      (await all(client.watch(id))).map(({ event }) => event),
      ['queued', 'cancelled'],
    );
    await assert.rejects(all(client.watch('nothing')), { status: 404 });
  }));

test('the feed goes on after the last event that is known, and tells none twice', () => {
  let connections = 0;
  const frame = (id: number) =>
    `id: ${id}\r\nevent: notification\r\ndata: {"sequence":${id},\r\ndata: "state":"sent"}\r\n\r\n`;
  return withAnswers(
    (_, response) => {
      connections += 1;
      if (connections === 2) {
        response.writeHead(503, { 'retry-after': '5' }).end('{"code":"STOPPING","detail":"x"}');
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      // Cut in the middle of an event, which then counts for nothing.
      if (connections === 1)
        response.write(`: hello\n\n${frame(1)}${frame(2)}id: 3\nda`, () => response.destroy());
      else response.write(frame(3));
    },
    async (url, seen) => {
      const clock = new ManualClock();
      const stop = new AbortController();
      const found: FeedEvent[] = [];
      const reading = (async () => {
        const client = createClient({ url, clock });
        for await (const event of client.events({ device: 'd' }, { signal: stop.signal })) {
          found.push(event);
          if (event.id === 3) stop.abort();
        }
      })();
      // Between two connections there is a pause, which is shorter than any silence that is allowed.
      for (const pause of [500, 5000]) {
        await eventually(() => (clock.nextTimerAt() === clock.now() + pause ? true : undefined));
        clock.advance(pause);
      }
      await reading;
      assert.deepEqual(
        found.map(({ id, kind, data }) => [id, data.sequence, kind === 'notification' && data.state]),
        [
          [1, 1, 'sent'],
          [2, 2, 'sent'],
          [3, 3, 'sent'],
        ],
      );
      assert.deepEqual(
        seen.map(({ headers }) => headers['last-event-id']),
        [undefined, '2', '2'],
      );
      assert.equal(seen[0]?.url, '/v1/events?device=d');
    },
  );
});

test('a feed that is silent for too long is asked for anew; what never was there is an error at once', () => {
  const first = 'id: 4\nevent: notification\ndata: {"sequence":4}\n\n';
  const second = 'id: 5\nevent: notification\ndata: {"sequence":5}\n\n';
  let connections = 0;
  return withAnswers(
    (_, response) => {
      connections += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(connections === 1 ? first : second);
    },
    async (url, seen) => {
      const clock = new ManualClock();
      const feed = createClient({ url, clock }).events({}, { silenceMs: 60_000 });
      assert.equal((await feed.next()).value?.id, 4);
      const next = feed.next();
      await eventually(() => (clock.nextTimerAt() === clock.now() + 60_000 ? true : undefined));
      clock.advance(60_000);
      await eventually(() => (clock.nextTimerAt() === clock.now() + 500 ? true : undefined));
      clock.advance(500);
      assert.equal((await next).value?.id, 5);
      assert.equal(seen[1]?.headers['last-event-id'], '4');
      await feed.return();
      await assert.rejects(createClient({ url: 'http://127.0.0.1:1' }).events().next(), {
        code: 'UNREACHABLE',
      });
    },
  );
});

test('a feed whose token ends is refused, not asked for again and again', () =>
  withClient(async (_, { url }) => {
    const stranger = createClient({ url, token: 'a-token-that-is-wrong' });
    await assert.rejects(stranger.events().next(), { status: 401 });
    assert.equal((await createClient({ url, token }).get('/v1/whoami')).owner, 'operator');
  }));

test('what is no feed is an error, not asked for again and again', () =>
  withAnswers(
    ({ url }, response) => {
      if (url.includes('html')) response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).end('id: x\ndata: 1\n\n');
    },
    async (url, seen) => {
      const client = createClient({ url });
      await assert.rejects(client.events({ device: 'html' }).next(), { code: 'HTTP_200' });
      await assert.rejects(client.events().next(), { code: 'BAD_ANSWER' });
      assert.equal(seen.length, 2);
    },
  ));

test('a feed goes on also where errors are thrown as others', () => {
  let connections = 0;
  return withAnswers(
    (_, response) => {
      connections += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`id: ${connections}\ndata: {}\n\n`, () => connections === 1 && response.destroy());
    },
    async (url) => {
      const failure = (): Error => new Error('in other words');
      const clock = new ManualClock();
      const feed = createClient({ url, clock, failure }).events();
      assert.equal((await feed.next()).value?.id, 1);
      const next = feed.next();
      await eventually(() => (clock.nextTimerAt() === clock.now() + 500 ? true : undefined));
      clock.advance(500);
      assert.equal((await next).value?.id, 2);
      await feed.return();
      const nobody = createClient({ url: 'http://127.0.0.1:9', failure });
      for (const items of [
        nobody.events(),
        nobody.octets('/metrics'),
        nobody.exchange('/v1/jobs/batch', []),
      ]) {
        await assert.rejects(items.next(), { message: 'in other words' });
      }
    },
  );
});

test('a refusal of a stream that does not come to its end is not waited for', () =>
  withAnswers(
    (_, response) => response.writeHead(500).write('{"code":'),
    async (url, seen) => {
      const clock = new ManualClock();
      const asked = createClient({ url, clock, timeoutMs: 5000 }).octets('/metrics').next();
      await eventually(() => (seen.length === 1 && clock.waiting === 1 ? true : undefined));
      clock.advance(5000);
      await assert.rejects(asked, { code: 'UNREACHABLE' });
    },
  ));
