// Session-IDs of notifications, and how often the default nonce is offered, as pure functions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSessionId, takeResynchronisation } from '../../../src/store/index.ts';

test('ruling 11: Session-IDs go up and round, from 65535 to 1', () => {
  const free = () => false;
  assert.equal(nextSessionId(0, free), 1);
  assert.equal(nextSessionId(0x1234, free), 0x1235);
  assert.equal(nextSessionId(65534, free), 65535);
  assert.equal(nextSessionId(65535, free), 1);
  assert.equal(
    nextSessionId(65535, (id) => id <= 3),
    4,
  );
  assert.equal(
    nextSessionId(10, () => true),
    undefined,
  );
  assert.equal(
    nextSessionId(10, (id) => id !== 10),
    10,
  );
});

test('ruling 12: a window of offers begins with its first one', () => {
  const none = { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 };
  const limit = { count: 1, windowMs: 100 };
  const first = takeResynchronisation(none, limit, 5000);
  assert.deepEqual(first, { inWindow: 1, windowStartedAt: 5000, offered: 1, completed: 0 });
  assert.ok(first);
  assert.equal(takeResynchronisation(first, limit, 5099), undefined);
  assert.deepEqual(takeResynchronisation(first, limit, 5100), {
    inWindow: 1,
    windowStartedAt: 5100,
    offered: 2,
    completed: 0,
  });
  assert.equal(takeResynchronisation(none, { count: 0, windowMs: 100 }, 5000), undefined);
});
