// The device while its clock is set: what it counts goes on; dates of the server are held against the wall clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryState, provisionDevice } from '../../src/device/index.ts';
import { validUntil } from '../../src/device/notification/age.ts';
import { decideNotification } from '../../src/device/notification/decide.ts';
import { DeviceState } from '../../src/device/state/device-state.ts';
import {
  capTimes,
  checkRepetition,
  checkResynchronisation,
  emptyMemory,
  moveTimes,
  noteResynchronisation,
  remember,
  replayDefaults,
} from '../../src/device/state/replay-memory.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { circumstancesOf, dm13, dm2010, pushOf, sentAt } from './fixtures.ts';

const hourMs = 3_600_000;
const options = replayDefaults;
const first = { sessionId: 0x1234, digest: 'aa' };

for (const [how, byMs] of [
  ['back an hour', -hourMs],
  ['forward an hour', hourMs],
] as const) {
  test(`clock ${how}: Session-IDs and resynchronisations count for as long as before`, () => {
    const clock = new ManualClock();
    const memory = emptyMemory();
    const entry = remember(memory, first, clock.now(), options);
    entry.state = 'settled';
    for (let time = 0; time < options.maxResynchronisations; time += 1) {
      noteResynchronisation(memory, entry, clock.now(), options);
    }
    clock.jump(byMs);
    moveTimes(memory, byMs);
    const other = { ...first, digest: 'bb' };
    clock.advance(options.resyncWindowMs - 1);
    assert.equal(checkResynchronisation(memory, clock.now(), options)?.ignore, 'resync-limited');
    clock.advance(1);
    assert.equal(checkResynchronisation(memory, clock.now(), options), undefined);
    clock.advance(options.windowMs - options.resyncWindowMs - 1);
    assert.equal(checkRepetition(memory, other, clock.now(), options)?.ignore, 'replay');
    clock.advance(1);
    assert.equal(checkRepetition(memory, other, clock.now(), options), undefined);
  });
}

test('clock back by years over a restart: nothing is refused for longer than its window', () => {
  const memory = emptyMemory();
  const wrong = Date.UTC(2036, 0, 1);
  const entry = remember(memory, first, wrong, options);
  entry.state = 'settled';
  for (let time = 0; time < options.maxResynchronisations; time += 1) {
    noteResynchronisation(memory, entry, wrong, options);
  }
  const now = Date.UTC(2026, 0, 1);
  capTimes(memory, now);
  const other = { ...first, digest: 'bb' };
  assert.equal(checkRepetition(memory, other, now, options)?.ignore, 'replay', 'still refused');
  assert.equal(checkRepetition(memory, other, now + options.windowMs, options), undefined);
  assert.equal(checkResynchronisation(memory, now, options)?.ignore, 'resync-limited');
  assert.equal(checkResynchronisation(memory, now + options.resyncWindowMs, options), undefined);
  assert.equal(checkRepetition(memory, first, now + 100 * options.windowMs, options)?.ignore, 'replay');
});

test('DM-NOTI-1.3 §6.4.9: an age by time stamp is held against the wall clock, a life from the arrival is a wait', () => {
  const time = (nowMs: number, trustworthy = true) => ({ nowMs, trustworthy, skewMs: 0 });
  const acted = (push: ReturnType<typeof pushOf>, trustworthy = true) => {
    const verdict = decideNotification(push, {
      ...circumstancesOf(),
      time: time(sentAt * 1000, trustworthy),
    });
    assert.ok('act' in verdict, JSON.stringify(verdict));
    return verdict.act;
  };
  const stamped = acted(pushOf({ ...dm13, timeoutMinutes: 60 }));
  assert.deepEqual([stamped.validUntilMs, stamped.validFromArrival], [(sentAt + 3600) * 1000, undefined]);
  const untrusted = acted(pushOf({ ...dm13, timeoutMinutes: 60 }), false);
  assert.equal(untrusted.validFromArrival, true);
  assert.equal(acted(pushOf({ ...dm2010, timeoutDays: 1 })).validFromArrival, true);
  assert.equal(validUntil({ timeoutDays: 1 }, time(0)), 86_400_000);
});

test('clock set while the device runs: what it remembers moves with it, once, and is saved so', async () => {
  const clock = new ManualClock(sentAt * 1000);
  const storage = memoryState();
  await provisionDevice(storage, {
    deviceId: 'IMEI:1',
    man: 'A',
    mod: 'B',
    accounts: [
      {
        serverId: 'com.example.dm',
        address: 'http://127.0.0.1:9/dm',
        client: { scheme: 'md5', name: 'c', secret: 'a secret of the client' },
        server: { scheme: 'md5', secret: 'a secret of the server' },
      },
    ],
  });
  const keeper = new DeviceState(storage, clock);
  const { notifications } = keeper.memory('com.example.dm');
  const entry = remember(keeper.memory('com.example.dm'), first, clock.now(), options);
  assert.equal(notifications.length, 1);
  const ago = () => clock.now() - entry.changedMs;
  clock.advance(1000);
  for (const byMs of [-hourMs, 5 * hourMs]) {
    clock.jump(byMs);
    keeper.followClock();
    keeper.followClock();
    assert.equal(ago(), 1000);
  }
  await keeper.save();
  const again = new DeviceState(storage, clock);
  assert.equal(again.memory('com.example.dm').notifications[0]?.changedMs, clock.now() - 1000);
});
