import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PapLog } from '../../../src/cli/bindings/pap-log.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

test('wrong passwords at the PAP ports are logged in summary: the first at once, then counts', () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const write = (fields: object, text: string): void => {
    lines.push(`${text} ${JSON.stringify(fields)}`);
  };
  const log = new PapLog({ ...silentLogger, warn: write, info: write }, clock);
  for (let count = 0; count < 500; count += 1) {
    log.refused({ peer: `192.0.2.${count % 250}`, initiator: undefined, code: 401, detail: 'credentials' });
    log.dropped({ binding: 'pap', from: '192.0.2.1:5', reason: 'busy', detail: 'gave way', octets: 0 });
  }
  assert.equal(lines.length, 2);
  clock.advance(60_000);
  assert.equal(lines.length, 4);
  assert.match(lines[2] ?? '', /"count":499/);
  assert.match(lines[3] ?? '', /"count":499/);
  log.flush();
  assert.equal(lines.length, 4);
});
