// The description of the API, as it is under review.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { describedRoutes, withAccessTable } from '../../scripts/openapi/access-table.ts';
import { openapiDocument } from '../../scripts/openapi/document.ts';
import { clientTypes } from '../../scripts/openapi/generators.ts';
import { scopes } from '../../src/store/index.ts';

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

test('the table of docs/access.md is that of the description', async () => {
  const text = await readFile(resolve(import.meta.dirname, '../../docs/access.md'), 'utf8');
  assert.equal(
    text,
    withAccessTable(text, await openapiDocument()),
    'write it anew: node scripts/openapi.ts',
  );
});

test('the types of the client are those of the description', async () => {
  const text = await readFile(resolve(import.meta.dirname, '../../src/client/api-types.ts'), 'utf8');
  const isSame = text === (await clientTypes(await openapiDocument()));
  assert.ok(isSame, 'write src/client/api-types.ts anew: node scripts/openapi.ts');
});

test('each operation names one scope as the role of its token, or none', async () => {
  const open: string[] = [];
  for (const { method, path, scope } of describedRoutes(await openapiDocument())) {
    if (scope === 'open') open.push(path);
    else assert.ok(scope === 'any' || scopes.some((each) => each === scope), `${method} ${path}: ${scope}`);
  }
  assert.deepEqual(open, ['/livez', '/readyz', '/healthz']);
});
