// What a fleet's process takes, as it is reported.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryWatch } from '../../../src/cli/fleet/fleet-memory.ts';

it('the look at the end is the first one, and each device has its share of what came on top of the base', () => {
  const watch = new MemoryWatch();
  watch.up();
  const held = Buffer.alloc(8_000_000, 1);
  watch.end();
  const report = watch.report(4, 2);
  const more = Buffer.alloc(16_000_000, 1);
  watch.end();
  assert.deepEqual(watch.report(4, 2), report, 'neither a further end nor a later report looks again');
  assert.equal(held.length + more.length, 24_000_000);
  const { base, up, end, peak, usedBase, usedEnd } = report;
  assert.equal(report.rehearsed, 2);
  assert.ok(usedEnd - usedBase > 7_000_000, `${usedBase} ${usedEnd}`);
  assert.ok(base > 0 && up > 0 && end > 0 && peak >= base, JSON.stringify(report));
  const share = (before: number, now: number): number => Math.max(0, Math.round((now - before) / 4));
  assert.equal(report.perDeviceUp, share(base, up));
  assert.equal(report.perDeviceEnd, share(base, end));
  assert.equal(report.perDevicePeak, share(base, peak));
  assert.equal(report.perDeviceUsed, share(usedBase, usedEnd));
});
