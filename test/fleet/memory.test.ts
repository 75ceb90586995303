// A device that sleeps is small: far below the 8 kB that a fleet may take for each.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { promisify } from 'node:util';

describe('2,000 devices that are up and asleep, sockets included', () => {
  let each: { readonly used: number; readonly resident: number };
  before(async () => {
    const program = join(import.meta.dirname, 'memory-process.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [program, '2000']);
    each = JSON.parse(stdout);
  });

  it('take less than 6,000 octets each on the heap and in buffers', () => {
    assert.ok(each.used > 0 && each.used < 6000, JSON.stringify(each));
  });

  it('make their process larger by less than 8,000 octets each', () => {
    assert.ok(each.resident < 8000, JSON.stringify(each));
  });
});
