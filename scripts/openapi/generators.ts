// What reads the description besides us. It stands beside a TypeScript of its own (scripts/client-types), and is looked for there.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A finding of Redocly's linter. */
export interface Finding {
  readonly severity: 'error' | 'warn';
  readonly ruleId: string;
  readonly message: string;
  readonly location?: readonly { readonly pointer?: string }[];
}

interface Linter {
  createConfig(settings: object): Promise<unknown>;
  lintFromString(asked: object): Promise<readonly Finding[]>;
}

interface Generator {
  readonly default: (document: string, options: object) => Promise<unknown>;
  astToString(ast: unknown): string;
}

const here = createRequire(import.meta.url);
const beside = createRequire(here.resolve('reveille-client-types/package.json'));

/**
 * What Redocly's linter says of a description under its recommended rules, with all examples held to their schemas and
 * no field in them that those do not have.
 */
export async function lintDescription(document: unknown): Promise<readonly Finding[]> {
  const found = createRequire(beside.resolve('openapi-typescript')).resolve('@redocly/openapi-core');
  const { createConfig, lintFromString }: Linter = await import(pathToFileURL(found).href);
  const examples = { severity: 'error', allowAdditionalProperties: false };
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      'no-invalid-media-type-examples': examples,
      'no-invalid-parameter-examples': examples,
      'no-invalid-schema-examples': examples,
      'operation-operationId': 'error',
      'tag-description': 'error',
      'no-unused-components': 'error',
    },
  });
  return await lintFromString({ source: JSON.stringify(document), absoluteRef: '/openapi.json', config });
}

/** The types of the client, as a TypeScript file. */
export async function clientTypes(document: unknown): Promise<string> {
  const found = beside.resolve('openapi-typescript').replace(/\.cjs$/, '.mjs');
  const { default: generate, astToString }: Generator = await import(pathToFileURL(found).href);
  const types = astToString(await generate(JSON.stringify(document), { alphabetize: false }));
  const header =
    '// The API as types, out of docs/openapi.json: written by scripts/openapi.ts, never by hand.\n';
  return `${header}${types}${keyedPathsOf(document)}`;
}

/** Routes that take an Idempotency-Key, which a client can give by itself. */
function keyedPathsOf(document: unknown): string {
  const { paths } = document as {
    readonly paths: Readonly<
      Record<string, { readonly post?: { readonly parameters?: readonly { readonly name: string }[] } }>
    >;
  };
  const keyed = Object.entries(paths)
    .filter(([, { post }]) => post?.parameters?.some(({ name }) => name === 'idempotency-key'))
    .map(([path]) => `'${path}'`);
  return `/** Routes that take an Idempotency-Key. */\nexport const keyedPaths = [${keyed.join(', ')}] as const;\n`;
}
