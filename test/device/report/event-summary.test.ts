// Which events are lines of their own, and which are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventLines, EventSummary } from '../../../src/device/report/event-summary.ts';
import type { DeviceEvent } from '../../../src/device/report/events.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const from = '192.0.2.1:9200';
const receivedBy = (binding: string): DeviceEvent => ({
  event: 'notification-received',
  binding,
  from,
  octets: 40,
});
const ignoredFor = (reason: 'bad-digest' | 'replay'): DeviceEvent => ({
  event: 'ignored',
  reason,
  detail: 'x',
});
const droppedBy = (binding: string, reason: string): DeviceEvent => ({
  event: 'dropped',
  binding,
  from,
  reason,
  detail: 'x',
  octets: 3,
});

function scene(more: Partial<EventLines> = {}) {
  const clock = new ManualClock();
  const lines: (readonly [event: DeviceEvent, count: number, withinMs: number])[] = [];
  const summary = new EventSummary({
    clock,
    write: (event) => lines.push([event, 1, 0]),
    writeSum: (event, count, withinMs) => lines.push([event, count, withinMs]),
    ...more,
  });
  /** What was written since the last call. */
  const told = () => lines.splice(0);
  return { clock, summary, told };
}

test('the first eight of a kind are told one by one, of drops the first; then a count for each interval', () => {
  const { clock, summary, told } = scene();
  for (const [event, burst] of [
    [receivedBy('wap'), 8],
    [ignoredFor('bad-digest'), 8],
    [droppedBy('wap', 'busy'), 1],
  ] as const) {
    for (let count = 0; count < burst; count += 1) summary.note(event);
    assert.equal(told().length, burst);
    for (let count = 0; count < 5; count += 1) summary.note(event);
    assert.deepEqual(told(), []);
    clock.advance(9_999);
    assert.deepEqual(told(), []);
    clock.advance(1);
    assert.deepEqual(told(), [[event, 5, 10_000]]);
  }
});

test('each binding and each reason is a kind of its own, and what is received is none of what is ignored', () => {
  const { summary, told } = scene({ fewPushes: 1 });
  const kinds = [
    receivedBy('wap'),
    receivedBy('sms'),
    ignoredFor('bad-digest'),
    ignoredFor('replay'),
    droppedBy('wap', 'busy'),
    droppedBy('wap', 'too-large'),
    droppedBy('sms', 'busy'),
  ];
  for (const event of kinds) summary.note(event);
  assert.deepEqual(
    told(),
    kinds.map((event) => [event, 1, 0]),
  );
  for (const event of [...kinds, ...kinds]) summary.note(event);
  assert.deepEqual(told(), []);
  summary.flush();
  const sums = told();
  assert.equal(sums.length, kinds.length);
  for (const event of kinds) assert.ok(sums.some(([latest, count]) => latest === event && count === 2));
});

test('a single one that was held back is told as itself, at the end of the interval given', () => {
  const { clock, summary, told } = scene({ intervalMs: 500, fewPushes: 2 });
  const event = receivedBy('wap');
  for (let count = 0; count < 3; count += 1) summary.note(event);
  assert.equal(told().length, 2);
  clock.advance(499);
  assert.deepEqual(told(), []);
  clock.advance(1);
  assert.deepEqual(told(), [[event, 1, 0]]);
});

test('what nobody can cause alone is always a line, and after the end no timer is left', () => {
  const { clock, summary, told } = scene();
  const event: DeviceEvent = { event: 'bootstrapped', serverId: 'a', uri: './DMAcc/a' };
  for (let count = 0; count < 20; count += 1) summary.note(event);
  assert.equal(told().length, 20);
  for (let count = 0; count < 9; count += 1) {
    summary.note(receivedBy('wap'));
    summary.note(droppedBy('wap', 'busy'));
  }
  assert.equal(told().length, 9);
  summary.flush();
  assert.equal(told().length, 2);
  assert.equal(clock.waiting, 0);
});
