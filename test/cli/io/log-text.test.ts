// The log at a terminal is text, elsewhere JSON.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logText } from '../../../src/cli/io/log-text.ts';
import { announce, createLogger } from '../../../src/cli/io/logger.ts';
import { testIo } from '../run-cli.ts';

test('a line has time, level, words and fields; what would steer a terminal is shown', () => {
  const fields = { push: 'p1', why: 'no answer\u001b[31m', count: 3 };
  const line = JSON.stringify({ level: 40, time: '2026-12-01T06:07:08.009Z', ...fields, msg: 'push over' });
  const text = logText(`${line}\n`);
  assert.match(text, /^06:07:08\.009 warn push over push=p1 why="no answer.*" count=3\n$/);
  assert.ok(!text.includes('\u001b'));
  for (const other of ['no JSON\n', '{"a":1}\n']) assert.equal(logText(other), other);
});

test('where standard error is no terminal, all that a server says is JSON', () => {
  for (const stderrIsTerminal of [true, false]) {
    const { io, written } = testIo();
    const here = { ...io, stderrIsTerminal };
    createLogger(here, 'info').info({ a: 1 }, 'it is so');
    announce(here, 'listens');
    const lines = written.stderr.trim().split('\n');
    if (stderrIsTerminal) assert.match(written.stderr, /info it is so a=1\nreveille: listens\n$/);
    else
      assert.deepEqual(
        lines.map((line) => JSON.parse(line).msg),
        ['it is so', 'listens'],
      );
  }
});
