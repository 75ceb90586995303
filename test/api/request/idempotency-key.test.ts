// The caller's name for a request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idempotencyKey, requireKey } from '../../../src/api/request/idempotency-key.ts';
import { ValueError } from '../../../src/core/index.ts';

/** How a key is refused. */
function fault(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ValueError);
    return [error.code, error.path, error.detail];
  }
  return undefined;
}

test('the header is the key; without it there is none', () => {
  assert.equal(idempotencyKey({ 'idempotency-key': 'my-key' }), 'my-key');
  assert.equal(idempotencyKey({}), undefined);
  assert.equal(idempotencyKey({ 'idempotency-key': undefined }), undefined);
  assert.deepEqual(
    fault(() => idempotencyKey({ 'idempotency-key': '' })),
    ['BAD_FORMAT', 'Idempotency-Key', 'must be 1 to 255 visible ASCII characters without spaces'],
  );
});

test('a key is 1 to 255 visible ASCII characters', () => {
  for (const key of ['!', '~', 'x'.repeat(255)]) assert.equal(requireKey(key, 'key'), key);
  for (const key of ['', 'x'.repeat(256), 'a b', ' a', 'a\n', '\x7f', 'ä']) {
    assert.deepEqual(
      fault(() => requireKey(key, 'key')),
      ['BAD_FORMAT', 'key', 'must be 1 to 255 visible ASCII characters without spaces'],
      JSON.stringify(key),
    );
  }
  for (const key of [1, null, undefined, {}, ['a']]) {
    assert.deepEqual(
      fault(() => requireKey(key, 'key')),
      ['WRONG_TYPE', 'key', 'must be a string'],
    );
  }
});
