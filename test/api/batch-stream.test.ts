// A batch while it goes on: answers that come as lines do, clients that stop reading, writing or altogether, and a server
// that stops.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { apiDefaults, createApi } from '../../src/api/index.ts';
import { systemClock } from '../../src/core/index.ts';
import type { EachRequest, JobService } from '../../src/server/index.ts';
import { eventually, sampleDevice } from '../../src/testing/index.ts';
import { linesOf, ndjson, openBatch, postBatch, withPort } from './batch-client.ts';

const device = sampleDevice().id;
const path = '/v1/notifications/batch';
const line = (key?: string) => linesOf([{ device, ...(key !== undefined && { idempotencyKey: key }) }]);

/** Head of a request as octets. */
const headOf = (port: number, ...lines: string[]) =>
  [`POST ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `Content-Type: ${ndjson}`, ...lines, '', ''].join(
    '\r\n',
  );

/** The API on a port, above somebody who takes lines in. */
async function withTaker(
  take: (requests: readonly EachRequest[]) => ReturnType<JobService['createNotifications']>,
  run: (port: number, close: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const jobs = { createNotifications: take } as unknown as JobService;
  const backend = { jobs, clock: systemClock(), pushes: {}, sessionless: {} } as unknown as Parameters<
    typeof createApi
  >[0];
  const app = await createApi(backend, { version: apiDefaults.version });
  try {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    assert.ok(typeof address === 'object' && address !== null);
    await run(address.port, () => app.close());
  } finally {
    await app.close();
  }
}

const refused = (detail = 'no') => ({ outcome: 'refused', error: new RangeError(detail) }) as const;

test('lines are answered while the body goes on, however few there are', () =>
  withPort(async (port) => {
    const batch = openBatch(port, path);
    for (const number of [1, 2, 3]) {
      batch.write(line());
      const answer = await batch.next();
      assert.deepEqual([answer?.line, answer?.status], [number, 202]);
    }
    // A piece of a line is none yet.
    batch.write(`{"device":`);
    batch.write(`"${device}"}\n${line()}{`);
    assert.equal((await batch.next())?.line, 4);
    assert.equal((await batch.next())?.line, 5);
    batch.end('}');
    assert.deepEqual(await batch.next().then((answer) => [answer?.line, answer?.code]), [6, 'MISSING']);
    assert.equal(await batch.next(), undefined);
  }));

test('a connection serves one batch after the other, and single requests between', () =>
  withPort(async (port) => {
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('latin1');
    const body = line();
    const batch = `${headOf(port, `Content-Length: ${body.length}`)}${body}`;
    const get = `GET /v1/notifications?limit=1 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
    let seen = '';
    socket.on('data', (text) => {
      seen += text;
    });
    for (const [request, end] of [
      [batch, /\r\n0\r\n\r\n$/],
      [get, /\r\n\r\n\{"items":\[.*\}$/],
      [batch, /\r\n0\r\n\r\n$/],
    ] as const) {
      seen = '';
      socket.write(request);
      await eventually(() => end.test(seen), 'an answer');
      assert.match(seen, /^HTTP\/1\.1 200/);
    }
    socket.destroy();
  }));

test('a client that goes away in the middle: what it had an answer for is on disk, and a repetition finds it', () =>
  withPort(async (port, { store }) => {
    const body = Array.from({ length: 3000 }, (_, index) => line(`k${index}`)).join('');
    const batch = openBatch(port, path);
    batch.write(body);
    const answered: (string | undefined)[] = [];
    for (let count = 0; count < 700; count += 1) answered.push((await batch.next())?.id);
    batch.sent.destroy();
    for (const id of answered) assert.ok(id !== undefined && (await store.push(id)) !== undefined);
    const again = await postBatch(port, path, body);
    assert.deepEqual(
      again.lines.slice(0, 700).map(({ id, created }) => [id, created]),
      answered.map((id) => [id, false]),
    );
    assert.equal(again.lines.length, 3000);
    assert.equal(new Set(again.lines.map(({ id }) => id)).size, 3000);
    const third = await postBatch(port, path, body);
    assert.ok(third.lines.every(({ created, id }, index) => !created && id === again.lines[index]?.id));
  }));

test('of a body that is cut off, the line that has no end is not taken', () =>
  withPort(async (port, { store }) => {
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('latin1');
    let seen = '';
    socket.on('data', (text) => {
      seen += text;
    });
    const half = `{"device":"${device}"}`;
    socket.write(`${headOf(port, 'Content-Length: 5000')}${line()}${half}`);
    await eventually(() => seen.includes('"line":1'), 'the first answer');
    socket.destroy();
    // Another one has been served since.
    assert.equal((await postBatch(port, path, line())).lines.length, 1);
    assert.equal((await store.listPushes({ limit: 10 })).items.length, 2);
    assert.doesNotMatch(seen, /"line":2/);
  }));

test('a client that does not read its answers is not read from, and gets all of them when it does', async () => {
  const detail = 'x'.repeat(1000);
  const count = 60_000;
  let taken = 0;
  await withTaker(
    async (requests) => {
      taken += requests.length;
      return requests.map(() => ({
        outcome: 'taken',
        taken: { push: { id: 'id', state: 'queued' }, created: true, warnings: [detail] },
      })) as unknown as Awaited<ReturnType<JobService['createNotifications']>>;
    },
    async (port) => {
      const batch = openBatch(port, path);
      // One answer is read, and then none.
      const first = batch.next();
      for (let at = 0; at < count; at += 1000) batch.write('{}\n'.repeat(1000));
      batch.end();
      // It comes to rest with no more taken than what buffers on the way hold, some megabytes.
      let before = -1;
      await eventually(async () => {
        if (taken === before && taken > 0) return true;
        before = taken;
        await new Promise((resolve) => setTimeout(resolve, 200));
        return false;
      }, 'a rest');
      assert.ok(taken < count / 2, `${taken} lines were taken`);
      for (let number = 1; number <= count; number += 1) {
        assert.equal((await (number === 1 ? first : batch.next()))?.line, number);
      }
      assert.equal(await batch.next(), undefined);
      assert.equal(taken, count);
    },
  );
});

test('answers of a megabyte reach a client that sends all before it reads', async () => {
  const count = 5000;
  await withTaker(
    async (requests) => requests.map(() => refused('x'.repeat(100))),
    async (port) => {
      const body = '{}\n'.repeat(count);
      const socket = connect(port, '127.0.0.1');
      await new Promise((resolve) =>
        socket.write(
          `${headOf(port, `Content-Length: ${body.length}`, 'Connection: close')}${body}`,
          resolve,
        ),
      );
      let seen = '';
      socket.setEncoding('latin1');
      for await (const text of socket) seen += text;
      assert.equal(seen.match(/"status":500/g)?.length, count);
      assert.match(seen, /0\r\n\r\n$/);
    },
  );
});

test('sets are of bounded length, two of them at most are under way, and answers keep their order', async () => {
  let underWay = 0;
  let most = 0;
  const sizes: number[] = [];
  const waiting: (() => void)[] = [];
  await withTaker(
    async (requests) => {
      underWay += 1;
      most = Math.max(most, underWay);
      sizes.push(requests.length);
      // The later set is through first.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const each of waiting.splice(0).reverse()) each();
        else setTimeout(resolve, 50);
      });
      underWay -= 1;
      return requests.map(() => refused());
    },
    async (port) => {
      const { lines } = await postBatch(port, path, '{}\n'.repeat(20_000));
      assert.ok(lines.every(({ line: number }, index) => number === index + 1));
      assert.equal(lines.length, 20_000);
      assert.equal(most, 2);
      assert.ok(Math.max(...sizes) <= 500, `${Math.max(...sizes)}`);
    },
  );
});

test('long lines make small sets', async () => {
  const sizes: number[] = [];
  await withTaker(
    async (requests) => {
      sizes.push(requests.length);
      return requests.map(() => refused());
    },
    async (port) => {
      const long = `{"x":"${'x'.repeat(200_000)}"}\n`;
      const { lines } = await postBatch(port, path, long.repeat(30));
      assert.equal(lines.length, 30);
      assert.ok(Math.max(...sizes) <= 3, `${sizes}`);
    },
  );
});

test('a server that stops says from which line on nothing was taken', () =>
  withTaker(
    async (requests) => requests.map(() => refused()),
    async (port, close) => {
      const batch = openBatch(port, path);
      batch.write('{}\n\n{}\n');
      assert.equal((await batch.next())?.line, 1);
      assert.equal((await batch.next())?.line, 3);
      // Another one would go on for ever.
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      const body = '{}\n';
      socket.write(`${headOf(port, 'Content-Length: 999999')}${body}`);
      let seen = '';
      socket.on('data', (text) => {
        seen += text;
      });
      await eventually(() => seen.includes('"line":1'), 'the first answer');
      const goesOn = setInterval(() => socket.write(body), 10);
      const closed = close();
      const last = await batch.next();
      assert.deepEqual([last?.line, last?.status, last?.code], [4, 503, 'STOPPING']);
      assert.equal(await batch.next(), undefined);
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
      clearInterval(goesOn);
      assert.match(seen, /"status":503.*"code":"STOPPING".*\r\n0\r\n\r\n$/s);
      await closed;
    },
  ));

test('a line that does not end in time ends the batch; pauses between lines do not', () =>
  withPort(
    async (port) => {
      const batch = openBatch(port, path);
      // Longer in all than any body may take.
      for (let number = 1; number <= 8; number += 1) {
        batch.write(line());
        assert.equal((await batch.next())?.line, number);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const drip = setInterval(() => batch.write(' '), 50);
      assert.equal(await batch.next(), undefined);
      clearInterval(drip);
      // What is behind the last answer is cut off, and nobody else is.
      assert.equal((await postBatch(port, path, line())).lines.length, 1);
    },
    { limits: { headerTimeoutMs: 300, requestTimeoutMs: 300 } },
  ));

test('a failure of our own cuts the connection off, and what was answered stands', async () => {
  let sets = 0;
  await withTaker(
    async (requests) => {
      sets += 1;
      if (sets > 1) throw new TypeError('a bug');
      return requests.map(() => refused());
    },
    async (port) => {
      const batch = openBatch(port, path);
      batch.write('{}\n');
      assert.equal((await batch.next())?.line, 1);
      // Be it in the middle of the body, or at its end.
      batch.end('{}\n');
      assert.equal(await batch.next(), undefined);
      const whole = connect(port, '127.0.0.1');
      whole.on('error', () => undefined);
      whole.write(`${headOf(port, 'Content-Length: 3')}{}\n`);
      let seen = '';
      for await (const text of whole) seen += text;
      assert.doesNotMatch(seen, /0\r\n\r\n$/);
    },
  );
});
