// The description of the API, as it is under review.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { openapiDocument } from '../../scripts/openapi/document.ts';

const file = resolve(import.meta.dirname, '../../docs/openapi.json');

/** Where two values differ, a line each. The document is too large to be shown whole. */
function* differences(at: string, served: unknown, written: unknown): Generator<string> {
  if (isDeepStrictEqual(served, written)) return;
  if (!isBranch(served) || !isBranch(written) || Array.isArray(served) !== Array.isArray(written)) {
    yield `${at}: ${shown(served)} is served, ${shown(written)} is written`;
    return;
  }
  for (const name of new Set([...Object.keys(served), ...Object.keys(written)])) {
    yield* differences(`${at}/${name}`, served[name], written[name]);
  }
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 80);
}

test('docs/openapi.json is what the server gives at /openapi.json', async () => {
  const written = JSON.parse(await readFile(file, 'utf8'));
  const found = [...differences('', await openapiDocument(), written)].slice(0, 10);
  const advice = 'read what changed; if it is meant, write the file anew: node scripts/openapi.ts';
  assert.ok(found.length === 0, [advice, ...found].join('\n'));
});

test('a server without tokens asks for none in it', async () => {
  const { components, security, ...open } = (await openapiDocument([])) as Record<string, unknown>;
  assert.equal(security, undefined);
  assert.deepEqual(components, { schemas: {} });
  const { components: _, security: needed, ...rest } = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(needed, [{ bearer: [] }]);
  assert.ok(isDeepStrictEqual(open, rest), 'nothing else differs');
});
