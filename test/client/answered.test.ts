// Lines that were sent and not answered: an answer that ends too early is whole to HTTP, and an error here.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { BodyLines } from '../../src/api/request/body-lines.ts';
import { SentLines } from '../../src/client/answered.ts';
import { createClient, UnansweredError } from '../../src/client/index.ts';
import { all, withAnswers, withClient } from './client-bench.ts';

const ndjson = { 'content-type': 'application/x-ndjson' };
const answer = (line: number, status = 202) => `${JSON.stringify({ line, status })}\n`;
const devices = ['A', 'B', 'C'].map((device) => ({ device }));

async function unansweredBy(run: () => AsyncIterable<unknown>): Promise<UnansweredError> {
  const error: unknown = await all(run()).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof UnansweredError, String(error));
  assert.equal(error.code, 'UNANSWERED');
  return error;
}

test('lines of a batch that have no answer are an error that says how many they are', () =>
  withAnswers(
    (_, response) => response.writeHead(200, ndjson).end(answer(1) + answer(2)),
    async (url) => {
      const { missing, sent, answered, cutOff, message } = await unansweredBy(() =>
        createClient({ url }).exchange('/v1/notifications/batch', devices),
      );
      assert.deepEqual([missing, sent, answered, cutOff], [1, 3, 2, false]);
      assert.equal(message, 'the answers ended too early: 1 of 3 lines that were sent have none');
    },
  ));

test('answers that have come are given all the same, and blank lines wait for none', () =>
  withAnswers(
    (_, response) => response.writeHead(200, ndjson).end(answer(1) + answer(4)),
    async (url) => {
      const client = createClient({ url });
      async function* octets() {
        yield Buffer.from('{"device":"A"}\r\n \t\r\n\n{"dev');
        yield Buffer.from('ice":"B"}');
      }
      const lines: unknown[] = [];
      for await (const { line } of client.exchange('/v1/jobs/batch', { octets: octets() })) lines.push(line);
      assert.deepEqual(lines, [1, 4]);
    },
  ));

test('a server that ends its answer while lines are still sent leaves some unsent, and that is said', async () => {
  const server = createServer((request, response) => {
    request.once('data', () => {
      response.writeHead(200, ndjson);
      response.end(answer(1) + answer(2, 503));
      request.resume();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let stop = false;
  async function* endless() {
    while (!stop) yield { device: 'A' };
    await new Promise(() => undefined);
  }
  const seen: unknown[] = [];
  try {
    const error = await unansweredBy(async function* () {
      for await (const each of createClient({ url }).exchange('/v1/messages/batch', endless())) {
        stop = true;
        seen.push(each);
        yield each;
      }
    });
    assert.equal(seen.length, 2);
    assert.equal(error.cutOff, true);
    assert.match(error.message, /have none, and what comes behind them was not sent$/);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('an import or a change of many without a summary is an error, and so is one whose summary counts too few lines', () =>
  withAnswers(
    ({ url }, response) => {
      const summary = { lines: 2, devices: 2, dryRun: false, complete: true };
      const line = url.includes('short') ? { progress: { lines: 1 } } : { summary };
      response.writeHead(200, ndjson).end(`${JSON.stringify(line)}\n`);
    },
    async (url) => {
      const client = createClient({ url });
      const short = createClient({ url: `${url}/short` });
      const path = '/v1/devices/import';
      const some = [{ id: 'A' }, { id: 'B' }] as never[];
      assert.equal((await all(client.exchange(path, some))).length, 1);
      const few = await unansweredBy(() => client.exchange(path, [...some, ...some]));
      assert.deepEqual([few.missing, few.sent, few.answered], [2, 4, 2]);
      assert.match((await unansweredBy(() => short.exchange(path, some))).message, /without a summary/);
      assert.match(
        (await unansweredBy(() => short.told('/v1/devices/delete', { ids: ['A'] }))).message,
        /summary/,
      );
      // A record of CSV has as many lines as it likes.
      async function* csv() {
        yield Buffer.from('id,label.x\nA,"1\n2\n3"\nB,\n');
      }
      assert.equal((await all(client.exchange(path, { octets: csv(), type: 'text/csv' }))).length, 1);
    },
  ));

test('every line that a server takes for one is counted, however it comes', async () => {
  const texts = [
    '',
    ' ',
    '\r',
    '{}',
    '{}\r',
    ' {}',
    '\ufeff',
    '\ufeff {}',
    '\ufeff\r',
    ' \ufeff',
    'x\ufeff',
    '\ufeff\ufeff',
    '\t',
  ];
  // Halves of a byte order mark are no UTF-8.
  const kinds = [...texts.map((text) => Buffer.from(text)), Buffer.of(0xef), Buffer.of(0xef, 0xbb, 0x20)];
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const lines = Array.from({ length: random(12) }, () => kinds[random(kinds.length)] ?? Buffer.of());
    const ends = lines.flatMap((line, at) => (at === 0 ? [line] : [Buffer.of(10), line]));
    const whole = Buffer.concat(random(2) === 0 ? ends : [...ends, Buffer.of(10)]);
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; ) {
      const end = at + 1 + random(6);
      pieces.push(whole.subarray(at, end));
      at = end;
    }
    const source = new BodyLines(1000);
    let taken = 0;
    const take = (): void => {
      while (source.next() !== undefined) taken += 1;
    };
    for (const piece of pieces) {
      source.add(Buffer.from(piece));
      take();
    }
    source.end();
    take();
    const sent = new SentLines();
    await all(
      sent.watch(
        (async function* () {
          yield* pieces;
        })(),
      ),
    );
    assert.deepEqual([sent.count, sent.isOver], [taken, true], whole.toString('hex'));
  }
});

test('lines that a real server answers are all answered', () =>
  withClient(async (client) => {
    const answers = await all(client.exchange('/v1/notifications/batch', devices));
    assert.deepEqual(
      answers.map(({ line }) => line),
      [1, 2, 3],
    );
    assert.equal((await all(client.exchange('/v1/notifications/batch', []))).length, 0);
    assert.equal((await all(client.exchange('/v1/devices/import', []))).length, 1);
  }));
