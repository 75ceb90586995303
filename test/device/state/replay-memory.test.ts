import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  checkRepetition,
  checkResynchronisation,
  closeInterrupted,
  emptyMemory,
  noteResynchronisation,
  remember,
  replayDefaults,
} from '../../../src/device/state/replay-memory.ts';

const options = replayDefaults;
const now = 1_331_000_000_000;
const first = { sessionId: 0x1234, digest: 'aa' };

test('DM-NOTI-1.2 §6.2.10: the same Session-ID while its session is under way starts no second one', () => {
  const memory = emptyMemory();
  assert.equal(checkRepetition(memory, first, now, options), undefined);
  remember(memory, first, now, options);
  assert.equal(checkRepetition(memory, first, now, options)?.ignore, 'replay');
  assert.equal(checkRepetition(memory, { ...first, digest: 'bb' }, now, options)?.ignore, 'replay');
  assert.equal(
    checkRepetition(memory, { ...first, sessionId: 0x1235, digest: 'cc' }, now, options),
    undefined,
  );
});

test('a settled Session-ID is refused within the window, and free for another notification after it', () => {
  const memory = emptyMemory();
  remember(memory, first, now, options).state = 'settled';
  const other = { ...first, digest: 'bb' };
  const end = now + options.windowMs;
  assert.equal(checkRepetition(memory, other, end - 1, options)?.ignore, 'replay');
  assert.equal(checkRepetition(memory, other, end, options), undefined);
});

test('the same octets are refused after the window as well: a nonce that is never renewed makes no door', () => {
  const memory = emptyMemory();
  remember(memory, first, now, options).state = 'settled';
  assert.equal(checkRepetition(memory, first, now + 100 * options.windowMs, options)?.ignore, 'replay');
  remember(memory, { ...first, digest: 'bb' }, now + options.windowMs, options).state = 'settled';
  assert.equal(checkRepetition(memory, first, now + 3 * options.windowMs, options)?.ignore, 'replay');
});

test('a Session-ID whose session failed may be tried again, by the same octets or others, a bounded number of times', () => {
  const memory = emptyMemory();
  for (let attempt = 1; attempt <= options.maxAttempts; attempt += 1) {
    const again = { ...first, digest: attempt % 2 === 0 ? 'aa' : 'bb' };
    assert.equal(checkRepetition(memory, again, now, options), undefined, `attempt ${attempt}`);
    remember(memory, again, now, options).state = 'failed';
  }
  assert.equal(memory.notifications.length, 1);
  assert.match(checkRepetition(memory, first, now, options)?.detail ?? '', /same notification/);
  assert.match(
    checkRepetition(memory, { ...first, digest: 'cc' }, now, options)?.detail ?? '',
    /failed 16 times/,
  );
});

test('after a restart a session that was under way counts as failed', () => {
  const memory = emptyMemory();
  remember(memory, first, now, options);
  const restored = JSON.parse(JSON.stringify(memory)) as typeof memory;
  closeInterrupted(restored);
  assert.equal(checkRepetition(restored, first, now, options), undefined);
});

test('DM-NOTI-1.3 §6.4.9: time stamps may come out of order, but nothing below the forgotten is taken', () => {
  const memory = emptyMemory();
  const small = { ...options, capacity: 2 };
  const at = (sessionId: number, timestamp: number) => ({
    sessionId,
    timestamp,
    digest: `${sessionId}/${timestamp}`,
  });
  for (const each of [at(1, 100), at(2, 90)]) {
    assert.equal(checkRepetition(memory, each, now, small), undefined);
    remember(memory, each, now, small).state = 'settled';
  }
  remember(memory, at(3, 4_294_967_295), now, small).state = 'settled';
  assert.equal(memory.floor, 90);
  assert.match(checkRepetition(memory, at(4, 90), now, small)?.detail ?? '', /older than what is remembered/);
  assert.equal(checkRepetition(memory, at(4, 91), now, small), undefined);
});

test('DM-NOTI-1.3 §6.6: an earlier try of a settled notification is refused whatever time has passed', () => {
  const memory = emptyMemory();
  remember(memory, { sessionId: 7, digest: 'new', timestamp: 500 }, now, options).state = 'settled';
  const late = { sessionId: 7, digest: 'old', timestamp: 499 };
  assert.equal(checkRepetition(memory, late, now + 9 * options.windowMs, options)?.ignore, 'replay');
});

test('spec-notes ruling 12: resynchronisations are limited per window, and a clock that jumped does not block', () => {
  const memory = emptyMemory();
  for (let i = 0; i < options.maxResynchronisations; i += 1) {
    assert.equal(checkResynchronisation(memory, now + i, options), undefined);
    const entry = remember(memory, { sessionId: 100 + i, digest: `${i}` }, now + i, options);
    noteResynchronisation(memory, entry, now + i, options);
  }
  assert.equal(checkResynchronisation(memory, now + 10, options)?.ignore, 'resync-limited');
  assert.equal(checkResynchronisation(memory, now + options.resyncWindowMs, options), undefined);
  assert.equal(checkResynchronisation(memory, now - 2 * options.resyncWindowMs, options), undefined);
});

test('a push under the default nonce, which nothing renews, is refused after any number of others', () => {
  const memory = emptyMemory();
  const entry = remember(memory, first, now, options);
  noteResynchronisation(memory, entry, now, options);
  entry.state = 'settled';
  for (let i = 0; i < options.capacity * 3; i += 1) {
    remember(memory, { sessionId: 0x2000 + i, digest: `${i}` }, now + i, options).state = 'settled';
  }
  assert.equal(checkRepetition(memory, first, now + 10 * options.windowMs, options)?.ignore, 'replay');
  assert.ok(memory.notifications.length <= options.capacity + 1);
});

test('a Session-ID that was given again does not let its earlier notification in', () => {
  const memory = emptyMemory();
  const earlier = { sessionId: 8, digest: '8/7', timestamp: 7 };
  remember(memory, earlier, now, options).state = 'settled';
  const later = now + options.windowMs;
  remember(memory, { sessionId: 8, digest: '8/8', timestamp: 8 }, later, options).state = 'failed';
  assert.equal(checkRepetition(memory, earlier, later, options)?.ignore, 'replay');
});

test('property: a dm1.3 message leads to at most one completed session, in any order and however often it comes', () => {
  const message = fc.record(
    { sessionId: fc.integer({ min: 1, max: 12 }), timestamp: fc.integer({ min: 1, max: 40 }) },
    { noNullPrototype: true },
  );
  const arrival = fc.record(
    { message, completes: fc.boolean(), hoursLater: fc.nat({ max: 30 }) },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 120 }), (arrivals) => {
      const small = { ...options, capacity: 4, maxAttempts: 3 };
      let memory = emptyMemory();
      let clock = now;
      const completed = new Set<string>();
      for (const { message: each, completes, hoursLater } of arrivals) {
        clock += hoursLater * 3_600_000;
        memory = JSON.parse(JSON.stringify(memory)) as typeof memory;
        const identity = { ...each, digest: `${each.sessionId}/${each.timestamp}` };
        if (checkRepetition(memory, identity, clock, small) !== undefined) continue;
        assert.ok(!completed.has(identity.digest), `${identity.digest} was acted on twice`);
        remember(memory, identity, clock, small).state = completes ? 'settled' : 'failed';
        if (completes) completed.add(identity.digest);
        assert.ok(memory.notifications.length <= small.capacity);
      }
    }),
    { numRuns: 300 },
  );
});

test('property: notifications with rising Session-IDs and time stamps are all acted on', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.boolean(), (count, stamped) => {
      const memory = emptyMemory();
      for (let id = 1; id <= count; id += 1) {
        const identity = { sessionId: id, digest: `${id}`, ...(stamped ? { timestamp: 1000 + id } : {}) };
        assert.equal(checkRepetition(memory, identity, now + id, options), undefined);
        remember(memory, identity, now + id, options).state = 'settled';
      }
      assert.ok(memory.notifications.length <= options.capacity);
    }),
    { numRuns: 20 },
  );
});
