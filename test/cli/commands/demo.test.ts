// `reveille demo` in this process: what it tells on the way, and that it ends by itself.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { run } from '../../../src/cli/program.ts';
import { testIo } from '../run-cli.ts';

it('tells of each push that a device ignored, shows how long each answer took, and ends without --keep', {
  timeout: 60_000,
}, async () => {
  const stop = new AbortController();
  const { io, written } = testIo({ stop: stop.signal });
  const stdout = (text: string): void => {
    io.stdout(text);
    // One that stays is stopped, and is seen by what it says.
    if (text.includes('until Ctrl-C')) setImmediate(() => stop.abort());
  };
  assert.equal(await run(['demo'], { ...io, stdout }), 0, written.stderr);
  assert.equal(stop.signal.aborted, false, written.stdout);
  const [, ...rows] = written.stdout.trimEnd().split('\n');
  assert.equal(rows.length, 4, written.stdout);
  for (const row of rows) assert.match(row, / {2,}[12] {2,}\d+ {2,}completed$/);
  const ignored = written.stderr.split('\n').filter((line) => line.includes(' ignored a push: '));
  assert.equal(ignored.length, 1, written.stderr);
  assert.match(ignored[0] ?? '', /^device {10}IMEI:990000660000014 ignored a push: [a-z-]+: \S/);
});
