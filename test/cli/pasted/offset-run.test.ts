// The first words of lines are offsets where they grow by the octets between them, and only there.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offsetsRun } from '../../../src/cli/pasted/offset-run.ts';

const runs = (...lines: string[]): boolean => offsetsRun(lines);

describe('offsets that run on', () => {
  it('grow by the octets of the first line', () => {
    assert.ok(runs('00 06 05 04', '03 06 05'));
    assert.ok(runs('0000  41 41 41 41 41 41 41 41 41 41', '0010  41'), 'in decimal');
    assert.ok(!runs('00 06 05 04', '05 06 05'));
    assert.ok(!runs('01 06', '02 06'), 'they begin at 0');
    assert.ok(!runs('0000', '0010'), 'octets stand behind them');
  });

  it('grow in equal steps where the first line was folded', () => {
    const pairs = '  41 41 41 41 41 41 41 41';
    assert.ok(runs(`0000${pairs}`, `0010${pairs}`, `0020${pairs}`, `0030${pairs}`));
    assert.ok(
      runs(`0000${pairs}`, `0010${pairs}`, `0020${pairs}`, '0028'),
      'the end of the octets is the last one',
    );
    assert.ok(!runs(`0000${pairs}`, `0010${pairs}`, `0018${pairs}`, `0030${pairs}`), 'not between others');
    assert.ok(!runs(`0000${pairs}`, `0010${pairs}`, `0020${pairs}`, '0000'), 'nor back at 0');
    assert.ok(!runs(`00${pairs}`, `10${pairs}`, `20${pairs}`, `28${pairs}`), 'nor in two digits');
  });
});
