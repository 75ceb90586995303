// JSON input whose first line is none: one value over several lines, or lines of which the first is broken.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readJsonMessages } from '../../../src/cli/io/json-lines.ts';
import { ValueError } from '../../../src/core/index.ts';
import { testIo } from '../run-cli.ts';

async function read(stdin: string): Promise<readonly (readonly [line: number, value: unknown])[]> {
  const found: (readonly [number, unknown])[] = [];
  for await (const { line, value } of readJsonMessages(testIo({ stdin }).io, '-')) {
    found.push([line, value instanceof ValueError ? 'broken' : value]);
  }
  return found;
}

it('a broken first line is one error where any later line is an object', async () => {
  assert.deepEqual(await read('{"a": \n{"b":2}\n'), [
    [1, 'broken'],
    [2, { b: 2 }],
  ]);
  assert.deepEqual(await read('{"a": \n\n{"b":2}\nbroken as well\n[{"c":3},{"d":4}]\n'), [
    [1, 'broken'],
    [3, { b: 2 }],
    [4, 'broken'],
    [5, { c: 3 }],
    [5, { d: 4 }],
  ]);
});

it('lines that are one value together are one, and otherwise one error', async () => {
  assert.deepEqual(await read('{"a":\n1}\n'), [[0, { a: 1 }]]);
  assert.deepEqual(await read('[\n{"a":1},\n{"b":2}\n]'), [
    [0, { a: 1 }],
    [0, { b: 2 }],
  ]);
  assert.deepEqual(await read('no\njson\n'), [[0, 'broken']]);
  assert.deepEqual(await read('no json\n'), [[0, 'broken']]);
  assert.deepEqual(await read('\n \n'), [[0, 'broken']]);
});
