// Replacements of secrets as pure functions: which one is open, and what each step leaves of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRotation, type StoredRotation, steppedRotation } from '../../../src/store/index.ts';

const pending: StoredRotation = {
  id: 'r',
  state: 'pending',
  secret: 'new',
  uri: './X',
  tries: 2,
  reason: 'before',
  requestedAt: 1,
};
const { secret: _, reason: __, ...ended } = pending;

test('open is what is pending or sent, on its side, with the secret that it brings', () => {
  const sent = { ...pending, state: 'sent', sentAt: 2 } as const;
  for (const rotation of [pending, sent]) {
    assert.deepEqual(openRotation({ server: rotation }, 'server'), rotation);
    assert.deepEqual(openRotation({ client: rotation }, 'client'), rotation);
    assert.equal(openRotation({ server: rotation }, 'client'), undefined);
  }
  for (const state of ['completed', 'failed'] as const) {
    assert.equal(openRotation({ server: { ...pending, state } }, 'server'), undefined);
  }
  assert.equal(openRotation({}, 'server'), undefined);
  assert.equal(openRotation(undefined, 'server'), undefined);
});

test('a replacement whose secret is gone is not open, whatever its state says', () => {
  for (const state of ['pending', 'sent'] as const) {
    assert.equal(openRotation({ server: { ...ended, state } }, 'server'), undefined);
  }
});

test('what each step leaves: the end takes the secret away, and what went wrong before', () => {
  const after = (step: Parameters<typeof steppedRotation>[1]) => steppedRotation(pending, step, 50);
  assert.deepEqual(after({ step: 'tried' }), { ...pending, tries: 3 });
  assert.deepEqual(after({ step: 'heard' }), { ...pending, tries: 0 });
  assert.deepEqual(after({ step: 'sent' }), { ...pending, state: 'sent', sentAt: 50 });
  assert.deepEqual(after({ step: 'noted', reason: 'why', heard: false }), { ...pending, reason: 'why' });
  assert.deepEqual(after({ step: 'noted', reason: 'why', heard: true }), {
    ...pending,
    reason: 'why',
    tries: 0,
  });
  assert.deepEqual(after({ step: 'completed' }), { ...ended, state: 'completed', endedAt: 50 });
  assert.deepEqual(after({ step: 'failed', reason: 'no' }), {
    ...ended,
    state: 'failed',
    reason: 'no',
    endedAt: 50,
  });
});
