// The target of a request: what it may be made of, and which part of it is wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { checkTarget } from '../../../src/api/request/request-target.ts';
import { ValueError } from '../../../src/core/index.ts';

/** What is wrong with a target; `undefined` where nothing is. */
function fault(url: string | undefined, params?: unknown): unknown {
  try {
    checkTarget({ raw: { url }, params } as FastifyRequest);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ValueError);
    return [error.code, error.path, error.detail];
  }
}

const unfit = ['BAD_FORMAT', 'target', 'holds characters that must be percent-encoded'];
const broken = (path: string) => ['BAD_FORMAT', path, 'is not percent-encoded UTF-8'];
const held = (path: string, at = 1) => [
  'BAD_FORMAT',
  path,
  `holds U+000A, a control character, at character ${at}: leave it out`,
];

test('a target is visible ASCII', () => {
  for (const url of [undefined, '', '/', '/v1/jobs', '/v1/a!~?b=%C3%A4'])
    assert.equal(fault(url), undefined, url);
  for (const url of ['/a b', ' /a', '/a ', '/a\x7f', '/ä', '/a?b= c'])
    assert.deepEqual(fault(url), unfit, url);
});

test('parameters of the path name something', () => {
  for (const params of [undefined, null, 'x', 1, {}, { id: 'IMEI:1' }, { id: 'ä' }]) {
    assert.equal(fault('/', params), undefined);
  }
  assert.deepEqual(fault('/', { id: 'a', serverId: 'a\nb' }), held('serverId', 2));
});

test('the query is percent-encoded UTF-8 with nothing in it that names nothing', () => {
  for (const url of ['/?', '/?a', '/?a=b', '/?a=b&c=d=e', '/?a=+', '/?%41=%2541', '/?&&']) {
    assert.equal(fault(url), undefined, url);
  }
  assert.deepEqual(fault('/?a=%'), broken('a'));
  assert.deepEqual(fault('/?a=b=%FF'), broken('a'));
  assert.deepEqual(fault('/?a=b&c=%C3'), broken('c'));
  assert.deepEqual(fault('/?%=b'), broken('query'));
  assert.deepEqual(fault('/?a=%0A'), held('a'));
  assert.deepEqual(fault('/?a=b=%0A'), held('a', 3));
  assert.deepEqual(fault('/?a%0A=b'), held('query', 2));
  assert.deepEqual(fault('/?b%5B%5D=%0A'), held('query'));
  assert.deepEqual(fault(`/?${'x'.repeat(64)}=%0A`), held('x'.repeat(64)));
  assert.deepEqual(fault(`/?${'x'.repeat(65)}=%0A`), held('query'));
  assert.deepEqual(fault('/?=%0A'), held('query'));
  // What stands before the mark is the path, which the router reads.
  assert.equal(fault('/%0A=%'), undefined);
});
