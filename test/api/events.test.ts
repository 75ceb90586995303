// The event stream over a real socket.
import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { eventually, sampleDevice, samplePushMark } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';

const device = sampleDevice().id;

interface Stream {
  readonly response: IncomingMessage;
  /** Ids, names and data of the events so far. */
  readonly events: {
    readonly id: string;
    readonly name: string;
    readonly data: { readonly event: string; readonly notification?: string; readonly push?: string };
  }[];
  readonly comments: string[];
}

async function openStream(bench: ApiBench, path: string, headers = {}): Promise<Stream> {
  if (bench.app.server.address() === null) await bench.app.listen({ port: 0, host: '127.0.0.1' });
  const address = bench.app.server.address();
  assert.ok(address !== null && typeof address === 'object');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port: address.port, path, headers }, resolve).on('error', reject);
  });
  const stream: Stream = { response, events: [], comments: [] };
  let id = '';
  let name = '';
  createInterface({ input: response }).on('line', (line) => {
    if (line.startsWith(':')) stream.comments.push(line);
    if (line.startsWith('id: ')) id = line.slice(4);
    if (line.startsWith('event: ')) name = line.slice(7);
    if (line.startsWith('data: ')) stream.events.push({ id, name, data: JSON.parse(line.slice(6)) });
  });
  await eventually(() => stream.comments.length > 0, 'the stream');
  return stream;
}

const namesOf = (stream: Stream) => stream.events.map(({ data }) => data.event);

test('events come as they happen, and can be narrowed', () =>
  withApi(async (bench) => {
    const all = await openStream(bench, '/v1/events');
    assert.equal(all.response.headers['content-type'], 'text/event-stream; charset=utf-8');
    const id = await bench.push();
    const one = await openStream(bench, `/v1/events?notification=${id}`);
    const other = await openStream(bench, '/v1/events?device=IMEI%3A0');
    const push = await openStream(bench, `/v1/events?push=${id}`);
    await bench.pushes.cancel(id);
    await bench.push();
    await eventually(() => all.events.length === 3, 'three events');
    assert.deepEqual(namesOf(push), ['cancelled']);
    assert.deepEqual(namesOf(all), ['queued', 'cancelled', 'queued']);
    assert.deepEqual(namesOf(one), ['cancelled']);
    assert.deepEqual(namesOf(other), []);
    assert.equal(one.events[0]?.data.notification, id);
  }));

test('a reader that comes back gets what it missed, once', () =>
  withApi(async (bench) => {
    const id = await bench.push();
    await bench.pushes.cancel(id);
    const late = await openStream(bench, '/v1/events', { 'last-event-id': '1' });
    await eventually(() => late.events.length === 1, 'the missed event');
    await bench.push();
    await eventually(() => late.events.length === 2, 'the next event');
    assert.deepEqual(
      late.events.map((event) => [event.id, event.data.event]),
      [
        ['2', 'cancelled'],
        ['3', 'queued'],
      ],
    );
    const all = await openStream(bench, '/v1/events?after=0');
    await eventually(() => all.events.length === 3, 'all events');
  }));

test('who names no kinds is told of notifications alone, as before there were others', () =>
  withApi(async (bench) => {
    const message = await bench.pushMessage();
    const id = await bench.push();
    const stream = await openStream(bench, '/v1/events?after=0');
    await bench.pushes.cancel(message);
    await bench.pushes.cancel(id);
    await eventually(() => stream.events.length === 2, 'two events');
    assert.deepEqual(stream.events, [
      {
        id: '2',
        name: 'notification',
        data: {
          sequence: 2,
          notification: id,
          device,
          sessionId: 1,
          at: '2026-01-01T00:00:00.000Z',
          event: 'queued',
          state: 'queued',
        },
      },
      {
        id: '4',
        name: 'notification',
        data: {
          sequence: 4,
          notification: id,
          device,
          sessionId: 1,
          at: '2026-01-01T00:00:00.000Z',
          event: 'cancelled',
          state: 'cancelled',
          detail: 'cancelled by request',
        },
      },
    ]);
  }));

test('one reader follows all kinds in their order, each under its name, and comes back by one number', () =>
  withApi(async (bench) => {
    const path = '/v1/events?kinds=relayed,notification,message';
    const stream = await openStream(bench, path);
    const message = await bench.pushMessage();
    const id = await bench.push();
    const relayed = await bench.pushMessage({ purpose: 'relayed', initiator: samplePushMark() });
    await bench.pushes.cancel(message);
    await eventually(() => stream.events.length === 4, 'four events');
    const told = stream.events.map((event) => [
      event.id,
      event.name,
      event.data.event,
      event.data.push ?? event.data.notification,
    ]);
    assert.deepEqual(told, [
      ['1', 'message', 'queued', message],
      ['2', 'notification', 'queued', id],
      ['3', 'relayed', 'queued', relayed],
      ['4', 'message', 'cancelled', message],
    ]);
    assert.deepEqual(stream.events[0]?.data, {
      sequence: 1,
      kind: 'message',
      push: message,
      device,
      at: '2026-01-01T00:00:00.000Z',
      event: 'queued',
      state: 'queued',
    });
    const back = await openStream(bench, path, { 'last-event-id': '2' });
    await eventually(() => back.events.length === 2, 'the missed events');
    assert.deepEqual(
      back.events.map((event) => event.id),
      ['3', '4'],
    );
    const some = await openStream(bench, '/v1/events?kinds=message&after=0');
    await eventually(() => some.events.length === 2, 'the events of messages');
    assert.deepEqual(
      some.events.map((event) => event.id),
      ['1', '4'],
    );
  }));

test('jobs and links are followed too, and gone on with after what was told last', () =>
  withApi(async (bench) => {
    const path = '/v1/events?kinds=notification,job,link';
    const stream = await openStream(bench, path);
    const command = { command: 'get', uri: './DevInfo/Mod' };
    const created = await bench.call('POST', '/v1/jobs', { device, commands: [command] });
    assert.equal(created.status, 202);
    const job = String(JSON.parse(created.text).id);
    await eventually(() => stream.events.length === 2, 'the notification and its job');
    const last = stream.events.at(-1)?.id ?? '';
    assert.match(last, /^\d+-\d+$/);
    stream.response.destroy();
    await bench.store.suspendCarrier({ carrier: 'wap', reason: 'tests' });
    await bench.store.cancelJob(job, 'no', 'ann/desk');
    const back = await openStream(bench, path, { 'last-event-id': last });
    await eventually(() => back.events.length === 3, 'what was missed');
    assert.deepEqual(
      back.events.map(({ name, data }) => `${name} ${data.event}`),
      ['notification cancelled', 'link suspended', 'job cancelled'],
    );
    const one = await openStream(bench, `/v1/events?job=${job}&after=0`);
    await eventually(() => one.events.length === 2, 'the events of the job');
    assert.deepEqual(namesOf(one), ['created', 'cancelled']);
  }));

test('kinds that there are not are 400 with those that there are', () =>
  withApi(async ({ call }) => {
    for (const kinds of ['jobs', 'notification,x', 'notification,', 'Notification', 'message relayed']) {
      const { status, body } = await call('GET', `/v1/events?kinds=${encodeURIComponent(kinds)}`);
      assert.deepEqual([status, body.code, body.path], [400, 'OUT_OF_RANGE', 'kinds'], kinds);
      assert.match(body.detail, /notification, message, relayed/);
    }
  }));

test('a stream shows that it lives, and ends with the server', () =>
  withApi(async (bench) => {
    const stream = await openStream(bench, `/v1/events?device=${encodeURIComponent(device)}`);
    bench.clock.advance(15_000);
    await eventually(() => stream.comments.length === 2, 'a sign of life');
    const ended = new Promise((resolve) => stream.response.on('end', resolve));
    await bench.app.close();
    await ended;
  }));
