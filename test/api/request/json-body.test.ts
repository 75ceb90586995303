// Bodies as JSON: what is none is told by its place, and nothing of what stands there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJson, readJsonText, requireUtf8 } from '../../../src/api/request/json-body.ts';
import { ApiError } from '../../../src/api/request/problem.ts';
import { ValueError } from '../../../src/core/index.ts';

/** How a text is refused. */
function fault(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ValueError);
    return [error.code, error.path, error.detail];
  }
  return undefined;
}

const read = (text: string) => readJson(Buffer.from(text));
const half = (path: string, at = 1) => [
  'BAD_FORMAT',
  path,
  `holds half a surrogate pair at character ${at}, which is no text`,
];

test('a body is a JSON value, or none', () => {
  assert.deepEqual(read('{"a":1}'), { a: 1 });
  assert.deepEqual(read('\ufeff{"a":"ä"}'), { a: 'ä' });
  assert.deepEqual(read(' [1] '), [1]);
  assert.equal(read('null'), null);
  for (const text of ['', ' ', '\r\n', '\ufeff', '\ufeff \n']) assert.equal(read(text), undefined);
});

test('a body that is no UTF-8 is told by the octet', () => {
  const told = (octets: readonly number[]) => fault(() => readJson(Buffer.from(octets)));
  assert.deepEqual(told([0x22, 0xff, 0x22]), ['BAD_FORMAT', '', 'the body is not UTF-8 (octet 2)']);
  assert.deepEqual(told([0xff]), ['BAD_FORMAT', '', 'the body is not UTF-8 (octet 1)']);
});

test('a body that is no JSON is told by its place, a line by its column', () => {
  const [code, path, detail] = fault(() => read('{\n "secret": "1234" x}')) as string[];
  assert.deepEqual([code, path], ['BAD_FORMAT', '']);
  assert.match(detail ?? '', /^the body is not JSON \(line 2, column 19\): /);
  assert.doesNotMatch(detail ?? '', /secret|1234/);
  const [, , ofLine] = fault(() => readJsonText('{"secret" 1}', 'line')) as string[];
  assert.match(ofLine ?? '', /^the line is not JSON \(column 11\): /);
  assert.doesNotMatch(ofLine ?? '', /secret/);
});

test('half a surrogate pair is no text, wherever it stands', () => {
  const wanted: readonly (readonly [string, unknown])[] = [
    ['"\\ud800"', half('')],
    ['"a\\uDFFF"', half('', 2)],
    ['{"a":"\\ud800"}', half('a')],
    ['{"a":null,"b":1,"c":"\\uD83D"}', half('c')],
    ['["x",null,"\\udc00"]', half('[2]')],
    ['{"a":[{"b":"x\\ud800"}]}', half('a[0].b', 2)],
    ['{"a":{"b c":{"d":"\\ud800"}}}', half('a."b c".d')],
    ['{"a":{"\\ud800":1}}', half('a')],
    ['{"\\ud800":1}', half('')],
    ['{"a":"\\ud83d\\ude00","b":[null,true,1]}', undefined],
    ['"\\\\ud800"', undefined],
  ];
  for (const [text, told] of wanted)
    assert.deepEqual(
      fault(() => read(text)),
      told,
      text,
    );
});

test('a path of what is wrong stays short', () => {
  const deep = `${'{"abcdefghij":'.repeat(500)}"\\ud800"${'}'.repeat(500)}`;
  const [, path] = fault(() => read(deep)) as string[];
  assert.equal(path?.length, 512 + 11);
  const [, long] = fault(() => read(`{"${'x'.repeat(65)}":"\\ud800"}`)) as string[];
  assert.equal(long, `"${'x'.repeat(63)}`);
  const [, whole] = fault(() => read(`{"${'x'.repeat(64)}":"\\ud800"}`)) as string[];
  assert.equal(whole, 'x'.repeat(64));
});

test('a body is in UTF-8, whether its type says so or not', () => {
  const fits = [
    undefined,
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF8',
    'application/json; Charset = "utf-8"',
    'application/json; profile=x',
    'application/json; charset=utf-8; profile=latin1',
  ];
  for (const type of fits) assert.doesNotThrow(() => requireUtf8(type), type);
  for (const charset of ['latin1', '"utf-16"', 'xutf-8', 'utf-8x', 'us-ascii', '']) {
    assert.throws(
      () => requireUtf8(`application/json; charset=${charset}`),
      (error) =>
        error instanceof ApiError &&
        error.status === 415 &&
        error.code === 'UNSUPPORTED' &&
        error.message === 'send the body in UTF-8: JSON knows no other charset',
      charset,
    );
  }
});
