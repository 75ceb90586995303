// The report of a fleet's run, line by line.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FleetMemory } from '../../../src/cli/fleet/fleet-memory.ts';
import { fleetReport } from '../../../src/cli/fleet/fleet-report.ts';
import type { FleetSummary, Percentiles } from '../../../src/fleet/index.ts';

const none: Percentiles = { count: 0, p50: 0, p90: 0, p99: 0, max: 0 };
const summary: FleetSummary = {
  devices: 12,
  up: 11,
  woken: 10,
  pushes: 14,
  missed: { lost: 2, late: 1 },
  faults: {},
  outcomes: { completed: 10, failed: 1 },
  ignored: {},
  dropped: { malformed: 3 },
  sessions: 13,
  resynchronised: 4,
  times: {
    wakeToPush: none,
    pushToSession: { count: 13, p50: 2, p90: 30, p99: 400, max: 5000 },
    session: none,
    pushToEnd: none,
    wakeToEnd: { count: 10, p50: 12, p90: 34, p99: 56, max: 78 },
  },
};
const memory: FleetMemory = {
  rehearsed: 0,
  base: 50_000_000,
  up: 61_250_000,
  end: 62_000_000,
  peak: 70_960_000,
  usedBase: 0,
  usedEnd: 0,
  perDeviceUp: 0,
  perDeviceEnd: 1_000_000,
  perDevicePeak: 0,
  perDeviceUsed: 12_340,
};

it('has counts, memory and times, and leaves out times of which there are none', () => {
  const run = { elapsedMs: 12_340, processorMs: { user: 1500, system: 600 } };
  assert.deepEqual(fleetReport(summary, memory, run).split('\n'), [
    'devices     12, up 11, woken 10',
    'pushes      14; completed 10, failed 1',
    'missed      lost 2, late 1',
    'ignored     none',
    'dropped     malformed 3',
    'faults      none',
    'sessions    13, of these 4 made the nonces fresh again',
    'memory      50.0 MB before, 61.3 MB up, 62.0 MB at the end, 71.0 MB at most; each device 1000.0 kB at the end, 12.3 kB of it in use',
    'time        12.3 s, of the processor 2.1 s',
    '',
    'milliseconds                count      p50      p90      p99      max',
    'push → session                 13        2       30      400     5000',
    'wake asked for → end           10       12       34       56       78',
    '',
  ]);
});
