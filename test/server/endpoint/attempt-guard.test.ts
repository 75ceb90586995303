// The limits of failed attempts by the names that the endpoint gives them, and what of them is logged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Logger, silentLogger } from '../../../src/core/index.ts';
import { AttemptLog } from '../../../src/server/endpoint/attempt-log.ts';
import { attemptGuardDefaults, deviceGuard } from '../../../src/server/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const two = { maxFailures: 2, windowMs: 1000 };

test('each limit is of what its name says: a pair, a peer under any name, a device from anywhere', () => {
  for (const [limits, closed, open] of [
    [{ pair: two }, ['pair', 'd1', 'p1'], ['d1', 'p2']],
    [{ peer: two }, ['source', 'd9', 'p1'], ['d1', 'p2']],
    [{ device: two }, ['identity', 'd1', 'p9'], ['d2', 'p1']],
  ] as const) {
    const guard = deviceGuard(limits);
    guard.failed('d1', 'p1', 0);
    guard.failed('d1', 'p1', 0);
    const [because, device, peer] = closed;
    assert.deepEqual(guard.refusal(device, peer, 500), { because, retryAfterMs: 500 });
    assert.equal(guard.refusal(open[0], open[1], 500), undefined);
    assert.equal(guard.refusal(device, peer, 1000), undefined);
  }
});

test('what is not given is as the defaults say, and a limit that is none is refused', () => {
  const guard = deviceGuard({ device: { maxFailures: 2 } });
  guard.failed('d1', 'p1', 0);
  guard.failed('d1', 'p2', 0);
  const { windowMs } = attemptGuardDefaults.device;
  assert.equal(guard.refusal('d1', 'p3', 0)?.retryAfterMs, windowMs);
  for (const name of ['pair', 'peer', 'device']) {
    assert.throws(() => deviceGuard({ [name]: { maxFailures: 0 } }), ConfigError);
  }
});

test('of failures the first are logged with peer and device, and then how many there were, with an example', () => {
  const lines: (readonly [fields: object, message: string])[] = [];
  const warn = (fields: object, message: string): void => void lines.push([fields, message]);
  const logger: Logger = { ...silentLogger, warn };
  const clock = new ManualClock();
  const log = new AttemptLog(logger, clock);
  log.note('credentials do not hold', '192.0.2.1', 'IMEI:1');
  assert.deepEqual(lines.shift(), [
    { peer: '192.0.2.1', device: 'IMEI:1' },
    'DM session refused: credentials do not hold',
  ]);
  for (let each = 0; each < 100; each += 1) log.note('credentials do not hold', '192.0.2.2', `IMEI:${each}`);
  const told = lines.length;
  assert.ok(told < 10, `${told} lines`);
  log.flush();
  const [fields, message] = lines.at(-1) ?? [];
  assert.equal(message, 'DM sessions refused: credentials do not hold');
  assert.deepEqual(
    { ...fields, withinMs: 0 },
    { count: 100 - told, peer: '192.0.2.2', device: 'IMEI:99', withinMs: 0 },
  );
});
