// Links that come and go are told once each, and summed up when they do it again and again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../../src/core/index.ts';
import type { CarrierStatus } from '../../../src/push/index.ts';
import { ServerMetrics } from '../../../src/server/index.ts';
import { CarrierWatch } from '../../../src/server/push/carrier-watch.ts';
import type { NewNotice } from '../../../src/store/index.ts';
import { FakeBinding, ManualClock } from '../../../src/testing/index.ts';

function scene() {
  const clock = new ManualClock();
  const lines: string[] = [];
  const told = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, fields.carrier, fields.state, fields.count ?? '', message].join(' '));
  const logger = { ...silentLogger, info: told('info'), warn: told('warn') };
  let status: readonly CarrierStatus[] = [{ name: 'sms:a', state: 'unknown' }];
  const sms = Object.assign(new FakeBinding('sms'), { status: () => status });
  const metrics = new ServerMetrics(clock);
  const noted: NewNotice[] = [];
  const notices = { note: async (notices: readonly NewNotice[]) => void noted.push(...notices) };
  const watch = new CarrierWatch({ bindings: { sms }, clock, logger, metrics: metrics.carriers, notices });
  const set = (state: CarrierStatus['state'], since: number) => {
    status = [{ name: 'sms:a', state, since }];
    clock.advance(1000);
  };
  const changes = (): readonly unknown[] =>
    metrics.families().find(({ name }) => name === 'reveille_carrier_changes_total')?.samples ?? [];
  return { clock, lines, watch, set, changes, noted };
}

test('a link that comes up, stays, and goes down has a line for each change', () => {
  const { lines, watch, set, changes, clock, noted } = scene();
  watch.start();
  set('up', 1);
  set('up', 1);
  set('down', 2);
  clock.advance(5000);
  assert.deepEqual(lines, [
    'info sms:a up  the link of a carrier changed',
    'warn sms:a down  the link of a carrier changed',
  ]);
  const details = { binding: 'sms' };
  assert.deepEqual(noted, [
    { kind: 'link', subject: 'sms:a', event: 'up', details },
    { kind: 'link', subject: 'sms:a', event: 'down', details },
  ]);
  assert.deepEqual(changes(), [
    { labels: ['sms', 'sms:a', 'up'], value: 1 },
    { labels: ['sms', 'sms:a', 'down'], value: 1 },
  ]);
  watch.stop();
  set('up', 3);
  assert.equal(lines.length, 2);
});

test('one that was away between two looks is seen by its date; a link that flaps is summed up', () => {
  const { lines, watch, set, clock } = scene();
  watch.start();
  set('up', 1);
  set('up', 2);
  assert.equal(lines.length, 2);
  // Longer than an interval of sums.
  clock.advance(70_000);
  for (let index = 3; index < 43; index += 1) set(index % 2 === 0 ? 'up' : 'down', index);
  watch.stop();
  const sums = lines.filter((line) => line.includes('again and again'));
  assert.ok(sums.length >= 1 && lines.length < 10, lines.join('\n'));
  const counted = sums.reduce((sum, line) => sum + Number(line.split(' ')[3]), 0);
  assert.equal(lines.length - sums.length + counted, 42);
});
