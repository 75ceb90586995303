// Which page a query asks for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageRequest } from '../../../src/api/request/page-request.ts';

test('a page has 100 items where the query does not say, and begins where it says', () => {
  assert.deepEqual(pageRequest({}), { limit: 100 });
  assert.deepEqual(pageRequest({ limit: 5, after: undefined }), { limit: 5 });
  assert.deepEqual(pageRequest({ after: 'cursor' }), { limit: 100, after: 'cursor' });
  assert.deepEqual(pageRequest({ limit: 1, after: '' }), { limit: 1, after: '' });
});

test('a page goes on after what may name an item of its list, and after nothing else', () => {
  const after = '019a0000-0000-7000-8000-00000000000c';
  assert.deepEqual(pageRequest({ after }, 'uuid'), { limit: 100, after });
  assert.deepEqual(pageRequest({ after: '17' }, 'number'), { limit: 100, after: '17' });
  assert.deepEqual(pageRequest({ after: '1m8rp6hwy4618szt' }, 'token'), {
    limit: 100,
    after: '1m8rp6hwy4618szt',
  });
  for (const mark of ['uuid', 'number', 'token'] as const) {
    assert.throws(() => pageRequest({ after: 'cursor' }, mark), { code: 'BAD_FORMAT', path: 'after' });
  }
});
