// The feed of jobs and links: who sees which of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maySeeEvent, type Notice } from '../../src/store/index.ts';

const notice: Notice = { sequence: 1, kind: 'campaign', subject: 'c', event: 'running', at: 0 };

test('a notice is seen by who sees all accounts that it is about; one that is about none, by who sees all', () => {
  for (const accounts of [undefined, [], ['a'], ['a', 'b']]) {
    const about = { ...notice, ...(accounts !== undefined && { accounts }) };
    assert.equal(maySeeEvent('all', about), true);
    assert.equal(maySeeEvent(['b'], about), false);
    assert.equal(maySeeEvent(['a'], about), accounts?.length === 1);
    assert.equal(maySeeEvent(['b', 'a', 'c'], about), (accounts?.length ?? 0) > 0);
    assert.equal(maySeeEvent([], about), false);
  }
});
