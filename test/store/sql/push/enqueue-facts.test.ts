// What is asked before a set is judged: each thing once, nothing about nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesRound } from '../../../../src/store/sql/push/enqueue-facts.ts';
import { samplePushMark, samplePushMessage, sampleRequest } from '../../../../src/testing/index.ts';
import { sessionIds, setLast, withSamples } from './session-ids.ts';

/** The tables that queries of a log read from. */
const readOf = (log: readonly string[]): readonly string[] =>
  log.filter((sql) => sql.trimStart().startsWith('select')).map((sql) => sql.replace(/\s+/g, ' '));

test('as a rule a notification asks for its device alone, and for the Session-IDs in use only where one is in the way', async () => {
  const { store, database, log } = await withSamples();
  const inUse = /select device_id, session_id from push_sessions/;
  await sessionIds(store, 2);
  assert.equal(log.filter((sql) => inUse.test(sql)).length, 0);
  setLast(database, 0);
  await sessionIds(store, 1);
  assert.equal(log.filter((sql) => inUse.test(sql)).length, 1, 'those that come next are in use');
  setLast(database, 65_535);
  await sessionIds(store, 1);
  assert.equal(log.filter((sql) => inUse.test(sql)).length, 2, 'they go on from 1');
});

test('what a request does not name is not asked for', async () => {
  const { store, log } = await withSamples();
  log.length = 0;
  await store.enqueue([sampleRequest()]);
  assert.deepEqual(
    readOf(log).filter((sql) => /push_keys|initiator_pushes/.test(sql)),
    [],
  );
  log.length = 0;
  const idempotency = { key: 'k', fingerprint: 'one' };
  await store.enqueue([sampleRequest({ idempotency })]);
  await store.enqueue([samplePushMessage({ idempotency, initiator: samplePushMark() })]);
  assert.equal(readOf(log).filter((sql) => /push_keys/.test(sql)).length, 2);
  assert.equal(readOf(log).filter((sql) => /initiator_pushes/.test(sql)).length, 1);
});

test('Session-IDs go on from 1 after the largest', () => {
  assert.equal(goesRound(65_534, 1), false);
  assert.equal(goesRound(65_534, 2), true);
  assert.equal(goesRound(65_535, 0), false);
});
