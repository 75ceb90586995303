// What the benchmarks run beside themselves: counted, and gone when they end, however they end.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Child, lastLineOf } from '../../bench/lib/children.ts';
import { Closing } from '../../bench/lib/closing.ts';
import { cpuMsOf, peakMbOf, tells } from '../../bench/lib/process-figures.ts';
import { Sink } from '../../bench/lib/sink.ts';

const library = (name: string): string =>
  JSON.stringify(resolve(import.meta.dirname, '../../bench/lib', `${name}.ts`));

/** A bench in small: a folder, a child that never ends by itself, and what it is made of on standard output. */
const small = `
  import { endWhenTold } from ${library('at-end')};
  import { Child } from ${library('children')};
  import { Scratch } from ${library('scratch')};
  endWhenTold();
  const path = new Scratch().folder('rows');
  const child = new Child('sleeper', process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  console.log(JSON.stringify({ path, pid: child.pid }));
  if (process.argv[1] === 'end') process.exit(0);
`;

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('children and folders', () => {
  for (const [how, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['end', 0],
  ] as const) {
    test(`${how}: the children of a run and its folder go with it`, async () => {
      const run = spawn(process.execPath, ['--input-type=module-typescript', '-e', small, how], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((done) => run.once('close', done));
      let text = '';
      run.stdout.setEncoding('utf8').on('data', (some: string) => {
        text += some;
        if (how !== 'end' && text.includes('\n')) run.kill(how);
      });
      assert.equal(await ended, status);
      const { path, pid } = JSON.parse(text) as { path: string; pid: number };
      for (let tries = 0; lives(pid) && tries < 1000; tries += 1) await wait(10);
      assert.equal(lives(pid), false);
      assert.equal(existsSync(resolve(path, '..')), false);
    });
  }

  test('a program that fails is an error with what it said; one that lasts too long is ended', async () => {
    const program = (text: string): Child => new Child('program', process.execPath, ['-e', text]);
    assert.deepEqual(await lastLineOf(program('console.log("first"); console.log("[1]")'), 60_000), [1]);
    const failing = program('console.error("at first\\nError: no room"); process.exit(3)');
    await assert.rejects(lastLineOf(failing, 60_000), /program ended with 3: Error: no room/);
    const lasting = program('setInterval(() => {}, 1000)');
    await assert.rejects(lastLineOf(lasting, 1), /was not done within/);
    const missing = new Child('nothing', 'no-such-program-of-reveille', []);
    await assert.rejects(
      missing.until(() => false, 'sign'),
      /nothing ended with -1: .*ENOENT/,
    );
  });

  test('what was opened is closed, the last first, also when a later thing cannot be opened', async () => {
    const closed: string[] = [];
    const thing = (name: string) => ({ stop: async () => void closed.push(name) });
    const opening = Closing.around(async (closing) => {
      closing.add(thing('first'));
      closing.add(thing('second'));
      throw new Error('no third');
    });
    await assert.rejects(opening, /no third/);
    assert.deepEqual(closed, ['second', 'first']);
  });
});

test('the sink counts what comes, from the reset on', async () => {
  const sink = await Sink.start();
  const socket = createSocket('udp4');
  const send = (): Promise<unknown> => new Promise((done) => socket.send('x', sink.port, '127.0.0.1', done));
  try {
    assert.deepEqual(await sink.count(), { count: 0, firstAt: 0, lastAt: 0 });
    for (let sent = 0; sent < 3; sent += 1) await send();
    const { count, firstAt, lastAt } = await sink.waitFor(3);
    assert.equal(count, 3);
    assert.ok(firstAt > 0 && lastAt >= firstAt);
    await sink.reset();
    assert.equal((await sink.count()).count, 0);
    assert.equal((await sink.waitFor(1, { limitMs: 1 })).count, 0);
  } finally {
    socket.close();
    await sink.stop();
  }
});

test('the system tells processor time and memory of processes', { skip: !tells }, () => {
  const own = peakMbOf([process.pid]);
  assert.ok(own > 10, String(own));
  assert.equal(peakMbOf([process.pid, process.pid]) >= 2 * own, true);
  assert.ok(cpuMsOf([process.pid]) > 0);
  assert.ok(readdirSync(`/proc/${process.pid}/task`).length > 0);
});
