// The event stream over a real socket.
import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { eventually, sampleDevice } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';

const device = sampleDevice().id;

interface Stream {
  readonly response: IncomingMessage;
  /** Ids and data of the events so far. */
  readonly events: {
    readonly id: string;
    readonly data: { readonly event: string; readonly notification: string };
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
  createInterface({ input: response }).on('line', (line) => {
    if (line.startsWith(':')) stream.comments.push(line);
    if (line.startsWith('id: ')) id = line.slice(4);
    if (line.startsWith('data: ')) stream.events.push({ id, data: JSON.parse(line.slice(6)) });
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
    await bench.notifications.cancel(id);
    await bench.push();
    await eventually(() => all.events.length === 3, 'three events');
    assert.deepEqual(namesOf(all), ['queued', 'cancelled', 'queued']);
    assert.deepEqual(namesOf(one), ['cancelled']);
    assert.deepEqual(namesOf(other), []);
    assert.equal(one.events[0]?.data.notification, id);
  }));

test('a reader that comes back gets what it missed, once', () =>
  withApi(async (bench) => {
    const id = await bench.push();
    await bench.notifications.cancel(id);
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

test('a stream shows that it lives, and ends with the server', () =>
  withApi(async (bench) => {
    const stream = await openStream(bench, `/v1/events?device=${encodeURIComponent(device)}`);
    bench.clock.advance(15_000);
    await eventually(() => stream.comments.length === 2, 'a sign of life');
    const ended = new Promise((resolve) => stream.response.on('end', resolve));
    await bench.app.close();
    await ended;
  }));
