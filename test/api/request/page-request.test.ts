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
