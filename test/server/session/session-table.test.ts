// The sessions under way: who gives way to whom, what ends by itself, and what is given back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '../../../src/core/index.ts';
import {
  type SessionEntry,
  type SessionStage,
  SessionTable,
} from '../../../src/server/session/session-table.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const limits = {
  maxPending: 9,
  maxRunning: 4,
  maxEnded: 3,
  maxOfDevice: 2,
  idleMs: 1000,
  lingerMs: 5000,
};

function scene() {
  const clock = new ManualClock();
  const idle: string[] = [];
  const released: string[] = [];
  const table = new SessionTable(clock, limits, ({ token }) => void idle.push(token));
  /** An entry that is known by its token. */
  const entry = (token: string, deviceId: string, key = token): SessionEntry => ({
    key,
    deviceId,
    // The table has no business with what a session says.
    session: { past: () => ({}) } as SessionEntry['session'],
    notification: undefined,
    subject: { device: {} as SessionEntry['subject']['device'], holder: token, alsoAnswers: new Set() },
    marked: new Set(),
    certificate: undefined,
    token,
    held: { release: () => void released.push(token) } as unknown as SessionEntry['held'],
    begunAt: 0,
    stage: 'running',
    first: undefined,
    lastHadToken: false,
    lastAnswer: undefined,
    lostAt: 0,
    turns: new Turns(),
    timer: undefined,
  });
  const put = (each: SessionEntry, stage: SessionStage): string[] => {
    if (stage === 'running') return table.run(each).map(({ token }) => token);
    table.end(each);
    return [];
  };
  return { clock, table, idle, released, entry, put };
}

test('a session runs at its token until it is over, and is kept for a while then', () => {
  const { clock, table, idle, released, entry, put } = scene();
  const one = entry('t1', 'd1', 'k');
  assert.deepEqual(put(one, 'running'), []);
  assert.deepEqual([table.at('t1'), table.get('running', 'k'), table.running()], [one, one, [one]]);
  assert.deepEqual(put(one, 'ended'), []);
  assert.deepEqual([table.at('t1'), table.get('running', 'k'), table.running()], [undefined, undefined, []]);
  const past = table.get('ended', 'k');
  assert.deepEqual([past?.token, past?.stage, table.count('ended')], ['t1', 'ended', 1]);
  clock.advance(4999);
  assert.equal(table.get('ended', 'k'), past);
  clock.advance(1);
  assert.deepEqual([table.get('ended', 'k'), released, idle], [undefined, ['t1'], []]);
  assert.equal(clock.waiting, 0);
});

test('a session that runs and gets no message is told as idle, once, and each message gives it its time anew', () => {
  const { clock, table, idle, released, entry, put } = scene();
  const one = entry('t1', 'd1');
  put(one, 'running');
  clock.advance(999);
  put(one, 'running');
  clock.advance(999);
  assert.deepEqual([table.count('running'), idle], [1, []]);
  clock.advance(1);
  assert.deepEqual([table.count('running'), table.at('t1'), idle, released], [0, undefined, ['t1'], []]);
  clock.advance(10_000);
  assert.deepEqual(idle, ['t1']);
});

test('who begins anew takes the place of its own session, which is given to be ended and runs no more', () => {
  const { table, released, entry, put } = scene();
  put(entry('t1', 'd1', 'k'), 'running');
  const two = entry('t2', 'd1', 'k');
  assert.deepEqual(put(two, 'running'), ['t1']);
  assert.deepEqual([table.at('t1'), table.at('t2'), table.get('running', 'k')], [undefined, two, two]);
  assert.equal(table.count('running'), 1);
  assert.deepEqual(released, [], 'that is for who ends it');
  // Of those that are over, nobody has to end the one before.
  const [three, four] = [entry('t3', 'd2', 'e'), entry('t4', 'd2', 'e')];
  put(three, 'ended');
  assert.deepEqual(put(four, 'ended'), []);
  assert.deepEqual([table.get('ended', 'e')?.token, released], [four.token, ['t3']]);
});

test('an address that a new session has taken over stays with it when the one before ends', () => {
  const { table, entry, put } = scene();
  const [before, after] = [entry('t', 'd1', 'k1'), entry('t', 'd2', 'k2')];
  put(before, 'running');
  put(after, 'running');
  assert.equal(table.at('t'), after);
  table.delete(before);
  assert.equal(table.at('t'), after);
  table.delete(after);
  assert.equal(table.at('t'), undefined);
});

test('of a device that has too many the oldest gives way: of those that run, and of those that are over', () => {
  const { table, released, entry, put } = scene();
  // What is over does not count towards what runs, nor another device.
  for (const token of ['e1', 'e2']) put(entry(token, 'd1'), 'ended');
  put(entry('x1', 'd2'), 'running');
  put(entry('r1', 'd1'), 'running');
  assert.deepEqual(put(entry('r2', 'd1'), 'running'), []);
  assert.deepEqual(put(entry('r3', 'd1'), 'running'), ['r1']);
  assert.deepEqual(
    table.running().map(({ token }) => token),
    ['x1', 'r2', 'r3'],
  );
  assert.deepEqual(released, []);
  assert.deepEqual(put(entry('e3', 'd1'), 'ended'), []);
  assert.deepEqual(released, ['e1']);
  assert.equal(table.count('ended'), 2);
});

test('whoever begins anew displaces no second session of its device', () => {
  const { entry, put } = scene();
  put(entry('r1', 'd1', 'k1'), 'running');
  put(entry('r2', 'd1', 'k2'), 'running');
  assert.deepEqual(put(entry('r3', 'd1', 'k2'), 'running'), ['r2']);
});

test('there is room for so many that run; of those that are over the oldest of all gives way', () => {
  const { table, released, entry, put } = scene();
  for (let each = 1; each <= 4; each += 1) {
    assert.equal(table.hasRoom, true);
    put(entry(`r${each}`, `d${each}`), 'running');
  }
  assert.equal(table.hasRoom, false);
  for (let each = 1; each <= 4; each += 1) put(entry(`e${each}`, `d${each}`), 'ended');
  assert.deepEqual([table.count('ended'), released], [3, ['e1']]);
});

test('all are given back when it is cleared, and nothing waits any more', () => {
  const { clock, table, idle, released, entry, put } = scene();
  put(entry('r1', 'd1'), 'running');
  put(entry('e1', 'd1'), 'ended');
  table.clear();
  assert.deepEqual([table.count('running'), table.count('ended'), clock.waiting], [0, 0, 0]);
  assert.deepEqual([released.toSorted(), idle], [['e1', 'r1'], []]);
});
