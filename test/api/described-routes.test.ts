// What every route has in the description: a name, words, examples that hold, codes that mean something. A route that is new is
// held to it by itself; CONTRIBUTING.md says what it needs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openapiDocument } from '../../scripts/openapi/document.ts';
import { lintDescription } from '../../scripts/openapi/generators.ts';
import { codeMeanings } from '../../src/api/describe/codes.ts';
import { allNotes } from '../../src/api/examples/all-notes.ts';
import { requireDescribed } from './described-answer.ts';

interface Media {
  readonly schema?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly { readonly name: string }[];
}

const document = (await openapiDocument()) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operation,
  })),
);

/** What a body may not be shown as. */
const octets = ['application/vnd.sqlite3'];

test('the linter of Redocly finds nothing, and holds every example to its schema', async () => {
  const found = await lintDescription(document);
  // What is asked for health refuses nobody.
  const told = found.filter(
    ({ ruleId, location }) =>
      ruleId !== 'operation-4xx-response' || !/~1(livez|readyz|healthz)/.test(location?.[0]?.pointer ?? ''),
  );
  assert.deepEqual(
    told.map(
      ({ severity, ruleId, message, location }) =>
        `${severity} ${ruleId} ${location?.[0]?.pointer}: ${message}`,
    ),
    [],
  );
});

test('the linter notices an example that is none', async () => {
  const changed = structuredClone(document) as { paths: Record<string, Record<string, Operation>> };
  const content = changed.paths['/v1/accounts']?.post?.requestBody?.content as Record<string, object>;
  content['application/json'] = {
    ...content['application/json'],
    examples: { wrong: { value: { serverId: 'x', url: 'https://dm.example.com/', nobody: 1 } } },
  };
  const found = await lintDescription(changed);
  assert.ok(found.some(({ ruleId }) => ruleId === 'no-invalid-media-type-examples'));
});

test('each route has a name of its own, of a verb and what it is about, and notes under it', () => {
  const names = operations.map(({ operation }) => operation.operationId ?? '');
  for (const { name, operation } of operations) {
    assert.match(operation.operationId ?? '', /^[a-z]+[A-Z]\w*$/, `${name}: give its schema an operationId`);
  }
  assert.equal(new Set(names).size, names.length);
  const unknown = Object.keys(allNotes).filter((name) => !names.includes(name));
  assert.deepEqual(unknown, [], 'notes in src/api/examples on routes that there are not');
});

test('each route has words, one known tag, parameters with descriptions, and examples of all bodies', () => {
  const tags = document.tags.map(({ name }) => name);
  const lacking: string[] = [];
  for (const { name, operation } of operations) {
    const { operationId, summary, parameters = [], requestBody, responses } = operation;
    if ((summary ?? '') === '') lacking.push(`${name}: no summary`);
    if (!operation.tags?.every((tag) => tags.includes(tag)))
      lacking.push(`${name}: tags without a description`);
    for (const { name: parameter, description } of parameters) {
      if ((description ?? '') === '') lacking.push(`${name}: parameter ${parameter} without a description`);
    }
    const bodies = [requestBody, ...Object.values(responses)].flatMap((each) =>
      Object.entries(each?.content ?? {}),
    );
    for (const [type, media] of bodies) {
      if (octets.includes(type)) continue;
      if (Object.keys(media.examples ?? {}).length === 0)
        lacking.push(`${name}: no example of ${type} (src/api/examples, ${operationId})`);
      if (media.schema === undefined) lacking.push(`${name}: no schema of ${type}`);
    }
  }
  assert.deepEqual(lacking, []);
});

test('each code that a route names has a meaning, and each meaning is of a code that a route names', () => {
  const named = new Set<string>();
  for (const [, codes] of JSON.stringify(document).matchAll(
    /"code":\{"type":"string","enum":\[([^\]]*)\]/g,
  )) {
    for (const [, code] of (codes ?? '').matchAll(/"(\w+)"/g)) named.add(String(code));
  }
  assert.deepEqual([...named].sort(), Object.keys(codeMeanings).sort(), 'src/api/describe/codes.ts');
});

test('an answer that the description does not have is noticed: its status, its code, its header', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    code: 'NOT_FOUND',
    detail: 'there is no such thing',
  };
  const headers = { 'content-type': 'application/problem+json' };
  const given = {
    method: 'GET',
    url: '/v1/devices/IMEI%3A1',
    status: 404,
    headers,
    text: JSON.stringify(problem),
  };
  await requireDescribed(given);
  await assert.rejects(requireDescribed({ ...given, status: 409 }), /409 is not in the description/);
  const text = JSON.stringify({ ...problem, code: 'NO_SUCH' });
  await assert.rejects(requireDescribed({ ...given, text }), /NO_SUCH is not in the description/);
  await assert.rejects(requireDescribed({ ...given, headers: { ...headers, etag: '"1"' } }), /header etag/);
});
