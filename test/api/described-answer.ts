// Holds what a route answers to what the description says that it may.
import assert from 'node:assert/strict';
import { openapiDocument } from '../../scripts/openapi/document.ts';

/** An answer, and what it was to. */
export interface GivenAnswer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

interface Described {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<
    Record<string, { readonly schema?: { readonly allOf?: readonly CodeSchema[] } }>
  >;
}

interface CodeSchema {
  readonly properties?: { readonly code?: { readonly enum?: readonly string[] } };
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Record<string, Described> }>>>
  >;
  readonly components: { readonly responses: Readonly<Record<string, Described>> };
}

let made: Promise<Document> | undefined;

/** Headers that say something to whoever calls. */
const telling = [
  ...['etag', 'location', 'retry-after', 'www-authenticate'],
  ...['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
];

/**
 * Fails for an answer whose status, media type, code or header the route does not have in the description. What there is no route
 * for is not looked at.
 */
export async function requireDescribed({ method, url, status, headers, text }: GivenAnswer): Promise<void> {
  made ??= openapiDocument() as Promise<Document>;
  const { paths, components } = await made;
  const [target = ''] = url.split('?');
  const path = pathOf(Object.keys(paths), target);
  const operation = path === undefined ? undefined : paths[path]?.[method.toLowerCase()];
  if (operation === undefined) return;
  const name = `${method} ${path} ${status}`;
  const given = operation.responses[status];
  assert.ok(given, `${name} is not in the description: ${text.slice(0, 200)}`);
  const answer = given.$ref === undefined ? given : components.responses[given.$ref.split('/').at(-1) ?? ''];
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  const media = answer?.content?.[type];
  if (text !== '') assert.ok(media, `${name}: ${type} is not in the description`);
  if (type === 'application/problem+json') {
    const codes = media?.schema?.allOf?.flatMap(({ properties }) => properties?.code?.enum ?? []) ?? [];
    const { code } = JSON.parse(text) as { readonly code: string };
    assert.ok(codes.includes(code), `${name}: ${code} is not in the description (${codes.join(', ')})`);
  }
  const described = Object.keys(answer?.headers ?? {}).map((header) => header.toLowerCase());
  for (const header of telling.filter((each) => headers[each] !== undefined)) {
    assert.ok(described.includes(header), `${name}: the header ${header} is not in the description`);
  }
}

/** The path of the description that a target is under: one that is written out goes before one with parameters. */
function pathOf(paths: readonly string[], target: string): string | undefined {
  const parts = target.split('/');
  const fits = (path: string): boolean => {
    const own = path.split('/');
    return (
      own.length === parts.length && own.every((part, index) => part.startsWith('{') || part === parts[index])
    );
  };
  return paths.includes(target) ? target : paths.find(fits);
}
