// One batch, between a body and answers that the test holds in its hands: what is taken when, and how it ends.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { BodyTimes } from '../../../src/api/host/body-times.ts';
import { type BodyLine, BodyLines } from '../../../src/api/request/body-lines.ts';
import { BatchExchange, type BatchOptions } from '../../../src/api/routes/batch-exchange.ts';
import { eventually } from '../../../src/testing/index.ts';

/** Lets all happen that waits for no more than the next turns. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Answers, kept; a reader that is behind is told by `writableLength`. */
class Answers extends EventEmitter {
  readonly written: string[] = [];
  head: unknown;
  writableLength = 0;
  ended: string | undefined;
  destroyed = false;
  writeHead(...head: unknown[]): void {
    this.head = head;
  }
  write(text: string): void {
    this.written.push(text);
  }
  end(text = ''): void {
    this.ended = text;
  }
  destroy(): void {
    this.destroyed = true;
  }
}

function exchange(
  take?: (lines: readonly BodyLine[]) => Promise<string>,
  lineLimit = 1_000_000,
  mayGoOn = (): Promise<boolean> => Promise.resolve(true),
  more: Partial<BatchOptions> = {},
) {
  const socket = Object.assign(new EventEmitter(), {
    gone: [] as string[],
    destroySoon: () => void socket.gone.push('soon'),
    destroy: () => void socket.gone.push('now'),
  });
  const request = Object.assign(new Readable({ read: () => undefined, highWaterMark: 10_000_000 }), {
    complete: false,
    socket,
  });
  request.on('error', () => undefined);
  const response = new Answers();
  const timed: string[] = [];
  const sets: (readonly number[])[] = [];
  const batch = new BatchExchange({
    request: request as unknown as IncomingMessage,
    response: response as unknown as ServerResponse,
    source: new BodyLines(lineLimit),
    lengthOf: ({ text }) => text.length,
    bodies: {
      began: () => void timed.push('began'),
      ended: () => void timed.push('ended'),
    } as unknown as BodyTimes,
    take: (lines) => {
      sets.push(lines.map(({ number }) => number));
      return take?.(lines) ?? Promise.resolve(`${lines.map(({ text }) => text).join('+')}\n`);
    },
    stopping: (line) => `stopping at ${line}\n`,
    mayGoOn,
    ended: (line) => `ended at ${line}\n`,
    ...more,
  });
  const ran = { state: 'runs' as 'runs' | 'ended' | 'failed', error: undefined as unknown };
  const over = batch.run().then(
    () => {
      ran.state = 'ended';
    },
    (error: unknown) => {
      ran.state = 'failed';
      ran.error = error;
    },
  );
  return {
    batch,
    request,
    response,
    socket,
    timed,
    sets,
    ran,
    over,
    send: async (text: string) => {
      request.push(text);
      await turns();
    },
    finish: async (text = '') => {
      if (text !== '') request.push(text);
      request.complete = true;
      request.push(null);
      await turns();
    },
  };
}

/** Sets that are answered when the test says so. */
function heldBack() {
  const waiting: { readonly answer: () => void; readonly fail: (error: unknown) => void }[] = [];
  const take = (lines: readonly BodyLine[]) =>
    new Promise<string>((resolve, reject) => {
      waiting.push({ answer: () => resolve(`${lines.map(({ number }) => number)}\n`), fail: reject });
    });
  return { waiting, take };
}

test('lines are taken as they come, and each set is answered; nothing is taken where there is nothing', async () => {
  const { send, finish, sets, response, ran } = exchange();
  await turns();
  assert.deepEqual(response.head, [
    200,
    { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  ]);
  await send('a\nb\n');
  assert.deepEqual(sets, [[1, 2]]);
  await send('c');
  await send('\n\n');
  assert.deepEqual(sets, [[1, 2], [3]]);
  await finish('d');
  assert.deepEqual(sets, [[1, 2], [3], [5]]);
  assert.deepEqual(response.written, ['a+b\n', 'c\n', 'd\n']);
  assert.equal(response.ended, '');
  assert.equal(response.destroyed, false);
  assert.equal(ran.state, 'ended');
});

test('as many sets are under way as the exchange allows, or as few as have no more than so many octets', async () => {
  for (const [more, most] of [
    [{}, 2],
    [{ sets: 4 }, 4],
    [{ sets: 9, lengthOf: () => 6 * 1024 * 1024 }, 2],
    [{ sets: 9, lengthOf: () => 99 * 1024 * 1024 }, 1],
  ] as const) {
    const { waiting, take } = heldBack();
    const { send, finish, sets, response, ran } = exchange(take, undefined, undefined, more);
    for (const line of 'abcdef') await send(`${line}\n`);
    assert.equal(sets.length, most);
    waiting[0]?.answer();
    await turns();
    assert.deepEqual([sets.length, response.written.length], [most + 1, 1]);
    await finish();
    for (let answered = 1; answered < waiting.length; answered += 1) {
      waiting[answered]?.answer();
      await turns();
    }
    assert.equal(response.written.map((text) => text.trim()).join(), '1,2,3,4,5,6');
    assert.equal(ran.state, 'ended');
  }
});

test('no set is taken before it is ready for', async () => {
  const ready: (() => void)[] = [];
  const { send, finish, sets, ran } = exchange(undefined, undefined, undefined, {
    ready: () => new Promise((resolve) => ready.push(resolve)),
  });
  await send('a\n');
  assert.deepEqual([sets, ready.length], [[], 1]);
  ready[0]?.();
  await turns();
  await finish('b');
  assert.deepEqual([sets, ready.length], [[[1]], 2]);
  ready[1]?.();
  await turns();
  assert.deepEqual([sets, ran.state], [[[1], [2]], 'ended']);
});

test('a body without lines is taken to nobody', async () => {
  const { finish, sets, response, ran } = exchange();
  await finish('\n \n');
  assert.deepEqual(sets, []);
  assert.deepEqual([response.written, response.ended, ran.state], [[], '', 'ended']);
});

test('two pieces that are here together make one set', async () => {
  const { request, finish, sets } = exchange();
  request.push('a\n');
  request.push('b\n');
  await turns();
  assert.deepEqual(sets, [[1, 2]]);
  await finish();
  assert.deepEqual(sets, [[1, 2]]);
});

test('a set has 500 lines at most, or 512 KiB', async () => {
  const many = exchange();
  await many.finish('x\n'.repeat(1201));
  assert.deepEqual(
    many.sets.map(({ length }) => length),
    [500, 500, 201],
  );
  const large = exchange();
  await large.finish(`${'x'.repeat(262_143)}\n`.repeat(4));
  assert.deepEqual(
    large.sets.map(({ length }) => length),
    [3, 1],
  );
  const exact = exchange();
  await exact.finish(`${'x'.repeat(262_144)}\n`.repeat(4));
  assert.deepEqual(
    exact.sets.map(({ length }) => length),
    [2, 2],
  );
});

test('two sets are under way at most, and answers keep the order of the lines', async () => {
  const { waiting, take } = heldBack();
  const { send, finish, sets, response, ran } = exchange(take);
  await send('a\n');
  await send('b\n');
  await send('c\n');
  await finish('d\n');
  assert.deepEqual(sets, [[1], [2]]);
  waiting[1]?.answer();
  await turns();
  assert.deepEqual(response.written, []);
  waiting[0]?.answer();
  await turns();
  assert.deepEqual(response.written, ['1\n', '2\n']);
  assert.deepEqual(sets.slice(2).flat(), [3, 4]);
  for (const { answer } of waiting) answer();
  await eventually(() => ran.state === 'ended', 'the end');
  assert.equal(response.written.join(''), sets.map((set) => `${set}\n`).join(''));
  assert.equal(response.ended, '');
});

test('while a reader is a megabyte behind, no more than two sets are taken', async () => {
  const { send, finish, sets, response, ran } = exchange();
  response.writableLength = 1024 * 1024 + 1;
  for (const line of ['a\n', 'b\n', 'c\n']) await send(line);
  assert.deepEqual(sets, [[1], [2]]);
  response.writableLength = 1024 * 1024;
  response.emit('drain');
  await turns();
  assert.deepEqual(sets, [[1], [2], [3]]);
  await finish();
  assert.equal(ran.state, 'ended');
});

test('a reader that leaves ends it, whatever it waits for', async () => {
  for (const behind of [false, true]) {
    const { send, sets, response, ran } = exchange();
    if (behind) response.writableLength = 2 ** 21;
    for (const line of ['a\n', 'b\n', 'c\n']) await send(line);
    response.emit('close');
    await turns();
    assert.equal(ran.state, 'ended', String(behind));
    await send('d\n');
    assert.deepEqual(sets, behind ? [[1], [2]] : [[1], [2], [3]]);
  }
});

test('a line that has begun has to end in time; between lines, and while nothing is read, there is none', async () => {
  const { waiting, take } = heldBack();
  const { send, finish, timed, ran } = exchange(take);
  await turns();
  assert.deepEqual(timed, ['ended']);
  await send('a');
  assert.deepEqual(timed, ['ended', 'began']);
  await send('a');
  assert.deepEqual(timed, ['ended', 'began']);
  await send('\n');
  assert.deepEqual(timed, ['ended', 'began', 'ended']);
  await send('b\n');
  await send('c\nd');
  assert.equal(timed.at(-1), 'ended');
  waiting[0]?.answer();
  await turns();
  assert.equal(timed.at(-1), 'began');
  await finish();
  for (let turn = 0; turn < 3; turn += 1) {
    for (const { answer } of waiting) answer();
    await turns();
  }
  assert.equal(ran.state, 'ended');
  assert.equal(timed.at(-1), 'ended');
});

test('a failure of our own cuts the answers off: those before it stand, and no more is taken', async () => {
  const { waiting, take } = heldBack();
  const { send, sets, response, ran } = exchange(take);
  await send('a\n');
  await send('b\n');
  waiting[0]?.answer();
  await turns();
  waiting[1]?.fail(new TypeError('a bug'));
  await turns();
  assert.equal(ran.state, 'failed');
  assert.equal((ran.error as Error).message, 'a bug');
  assert.deepEqual([response.destroyed, response.ended], [true, undefined]);
  await send('c\n');
  assert.deepEqual(sets, [[1], [2]]);
  assert.deepEqual(response.written, ['1\n']);
});

test('a failure at the end of the body is one too', async () => {
  const { response, finish, ran } = exchange(() => Promise.reject(new TypeError('a bug')));
  await finish('a\n');
  assert.equal(ran.state, 'failed');
  assert.deepEqual([response.destroyed, response.ended], [true, undefined]);
});

test('a server that stops answers what it has taken, says where it stopped, and reads what still comes', async () => {
  const { waiting, take } = heldBack();
  const { batch, request, send, sets, response, socket, ran } = exchange(take);
  await send('a\n\nb\n');
  batch.stop();
  await send('c\n');
  assert.deepEqual([ran.state, response.ended], ['runs', undefined]);
  waiting[0]?.answer();
  await turns();
  assert.equal(ran.state, 'ended');
  assert.deepEqual(response.written, ['1,3\n']);
  assert.equal(response.ended, 'stopping at 4\n');
  assert.deepEqual(sets, [[1, 3]]);
  assert.deepEqual(socket.gone, []);
  request.push(null);
  await turns();
  assert.deepEqual(socket.gone, ['soon']);
  socket.emit('close');
});

test('a server that stops while nothing comes wakes the one that waits', async () => {
  const { batch, response, ran, socket } = exchange();
  await turns();
  batch.stop();
  await turns();
  assert.equal(ran.state, 'ended');
  assert.equal(response.ended, 'stopping at 1\n');
  socket.emit('close');
});

test('nothing is taken for a caller who may not go on: the line that comes then is told, and all behind it', async () => {
  let may = true;
  const { send, sets, response, socket, ran } = exchange(undefined, undefined, async () => may);
  await send('a\n');
  may = false;
  await send('b\nc\n');
  assert.deepEqual(sets, [[1]]);
  assert.equal(response.ended, 'ended at 2\n');
  assert.equal(ran.state, 'ended');
  socket.emit('close');
});

test('a whole body whose lines are not all taken any more has that told too', async () => {
  let may = true;
  const { send, finish, sets, response } = exchange(undefined, undefined, async () => may);
  await send('a\n');
  may = false;
  await finish('b\nc');
  assert.deepEqual(sets, [[1]]);
  assert.equal(response.ended, 'ended at 2\n');
});
