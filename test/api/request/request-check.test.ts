// Parameters, queries and headers against their shapes: what they become, and how each fault is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TSchema, Type } from 'typebox';
import { requestCheck } from '../../../src/api/request/request-check.ts';
import { ValueError } from '../../../src/core/index.ts';

const shape = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
    state: Type.Optional(Type.Enum(['queued', 'sent'])),
    name: Type.Optional(Type.String({ maxLength: 3 })),
    letters: Type.Optional(Type.String({ pattern: '^[a-z]*$' })),
    isLive: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const checkOf = (schema: TSchema, httpPart = 'querystring') =>
  requestCheck({ schema, httpPart, method: 'GET', url: '/' }) as (given: unknown) => unknown;

/** How a query is refused. */
function fault(given: unknown, schema: TSchema = shape): unknown {
  const { error } = checkOf(schema)(given) as { readonly error?: unknown };
  assert.ok(error instanceof ValueError);
  return [error.code, error.path, error.detail];
}

test('what has its shape stays as it came; texts become what the shape says', () => {
  const check = checkOf(shape);
  assert.equal(check({}), true);
  assert.equal(check({ limit: 5, state: 'sent', name: 'abc' }), true);
  assert.deepEqual(check({ limit: '5' }), { value: { limit: 5 } });
  assert.deepEqual(check({ limit: '1', isLive: 'true' }), { value: { limit: 1, isLive: true } });
  assert.deepEqual(check({ limit: '9', name: 'x' }), { value: { limit: 9, name: 'x' } });
});

test('a body is left to the services', () => {
  assert.equal(checkOf(shape, 'body')({ whatever: 1 }), true);
  assert.equal(checkOf(shape, 'body')(undefined), true);
});

test('each fault has its code, its field and its words', () => {
  assert.deepEqual(fault({ other: '1' }), ['UNKNOWN_FIELD', 'other', 'not a parameter here']);
  assert.deepEqual(fault({ limit: 'many' }), ['WRONG_TYPE', 'limit', 'must be integer']);
  assert.deepEqual(fault({ limit: '0' }), ['OUT_OF_RANGE', 'limit', 'must be >= 1']);
  assert.deepEqual(fault({ limit: '10' }), ['OUT_OF_RANGE', 'limit', 'must be <= 9']);
  assert.deepEqual(fault({ state: 'gone' }), ['OUT_OF_RANGE', 'state', 'must be one of queued, sent']);
  assert.deepEqual(fault({ name: 'abcd' }), ['TOO_LONG', 'name', 'must not have more than 3 characters']);
  assert.deepEqual(fault({ letters: 'A' }), ['BAD_FORMAT', 'letters', 'must match pattern "^[a-z]*$"']);
  const needed = Type.Object({ id: Type.String() });
  assert.deepEqual(fault({}, needed), ['MISSING', '', 'must have required properties id']);
});
