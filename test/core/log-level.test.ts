// The level of a log: which of what is configured and what was asked for counts, and when that ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogLevel, type LogLevelName, silentLogger, ValueError } from '../../src/core/index.ts';
import { ManualClock } from '../../src/testing/index.ts';

function levelOf(configured: LogLevelName = 'info') {
  const clock = new ManualClock();
  const done: string[] = [];
  const logger = { ...silentLogger, info: (fields: object) => done.push(`tell ${JSON.stringify(fields)}`) };
  const apply = (level: LogLevelName) => done.push(level);
  return { clock, done, level: new LogLevel({ configured, clock, logger, apply }) };
}

test('the line about a change is written while the log says more', () => {
  const { level, done } = levelOf();
  level.set('debug');
  level.set('error');
  assert.deepEqual(done, [
    'debug',
    'tell {"from":"info","to":"debug"}',
    'tell {"from":"debug","to":"error"}',
    'error',
  ]);
});

test('what was asked for counts before what is configured, also when that changes, until its time is over', () => {
  const { level, clock, done } = levelOf();
  level.set('debug', 60);
  level.configure('warn');
  assert.deepEqual(level.state, { level: 'debug', configured: 'warn', until: clock.now() + 60_000 });
  clock.advance(60_000);
  assert.deepEqual(level.state, { level: 'warn', configured: 'warn' });
  level.configure('error');
  assert.equal(level.state.level, 'error');
  assert.deepEqual(
    done.filter((entry) => !entry.startsWith('tell')),
    ['debug', 'warn', 'error'],
  );
});

test('a later request takes the place of the one before, with its end', () => {
  const { level, clock } = levelOf();
  level.set('debug', 60);
  clock.advance(30_000);
  level.set('debug', 60);
  clock.advance(30_000);
  assert.equal(level.state.level, 'debug');
  level.set('warn');
  clock.advance(86_400_000);
  assert.deepEqual(level.state, { level: 'warn', configured: 'info' });
  level.reset();
  assert.deepEqual(level.state, { level: 'info', configured: 'info' });
});

test('a clock that is set moves the end that is shown, and not the end', () => {
  const { level, clock } = levelOf();
  level.set('debug', 60);
  clock.jump(3_600_000);
  assert.equal(level.state.until, clock.now() + 60_000);
  assert.equal(level.state.level, 'debug');
});

test('what is no level or no time is refused, and what counts stays', () => {
  const { level, done } = levelOf();
  for (const wrong of [0, -1, 1.5, 86_401, Number.NaN])
    assert.throws(() => level.set('debug', wrong), ValueError);
  assert.throws(() => level.set('trace' as never), ValueError);
  assert.deepEqual([level.state, done], [{ level: 'info', configured: 'info' }, []]);
  level.end();
});
