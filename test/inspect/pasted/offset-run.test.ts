// The first words of lines are offsets where they grow by the octets between them, and only there.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offsetsRun } from '../../../src/inspect/pasted/offset-run.ts';

const runs = (...lines: string[]): boolean => offsetsRun(lines);

describe('offsets that run on', () => {
  it('grow by the octets of the first line', () => {
    assert.ok(runs('00 06 05 04', '03 06 05'));
    assert.ok(runs('0000  41 41 41 41 41 41 41 41 41 41', '0010  41'), 'in decimal');
    assert.ok(!runs('00 06 05 04', '05 06 05'));
    assert.ok(!runs('01 06', '02 06'), 'they begin at 0');
    assert.ok(!runs('0000', '0010'), 'octets stand behind them');
  });

  it('begin at 0, in every line', () => {
    assert.ok(!runs('10 06 05', '02 06'));
    assert.ok(!runs('01 06 05', '02 06 05'));
    assert.ok(!runs('00 06 05', 'zz', '02 06'), 'short ones stand in every line');
    assert.ok(runs('0000 06 05', '|..|', '0002 06'), 'long ones may have lines between them');
  });

  it('are hex or decimal', () => {
    assert.ok(runs(`0000${' 41'.repeat(16)}`, '0010 41') && runs(`0000${' 41'.repeat(16)}`, '0016 41'));
    assert.ok(!runs(`0000${' 41'.repeat(20)}`, '0010 41') && !runs('00 41 41', '02a 41'));
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
