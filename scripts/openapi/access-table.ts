// The table of docs/access.md: which scope each route asks for, out of the description of the API.

/** One route, as the description has it. */
export interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  /** A scope; `any`: a token, whatever its scopes; `open`: none. */
  readonly scope: string;
  /** True for one that a token for some accounts may not use. */
  readonly allAccounts: boolean;
  readonly hasBody: boolean;
  /** Media type of its body. */
  readonly consumes: string | undefined;
  /** Fields of its body. */
  readonly fields: readonly string[];
}

interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly 'x-accounts'?: string;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: BodySchema }>>;
  };
}

interface BodySchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Routes of a description of a server that has tokens, in its order. */
export function describedRoutes(document: unknown): readonly DescribedRoute[] {
  const { paths, components } = document as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, BodySchema>> };
  };
  const shapeOf = (schema: BodySchema = {}): BodySchema =>
    schema.$ref === undefined ? schema : (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [asked] = operation.security ?? [];
      const [content] = Object.entries(operation.requestBody?.content ?? {});
      return {
        method: method.toUpperCase(),
        path,
        scope: asked === undefined ? 'open' : (asked.bearer?.[0] ?? 'any'),
        allAccounts: operation['x-accounts'] === 'all',
        hasBody: content !== undefined,
        consumes: content?.[0],
        fields: Object.keys(shapeOf(content?.[1].schema).properties ?? {}),
      };
    }),
  );
}

const begin = '<!-- routes: written by scripts/openapi.ts -->';
const end = '<!-- end of routes -->';

/** The text with its table written anew. @throws {Error} it has no place for one */
export function withAccessTable(text: string, document: unknown): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/access.md has no ${begin}`);
  return `${text.slice(0, from + begin.length)}\n\n${tableOf(document)}\n${text.slice(to)}`;
}

function tableOf(document: unknown): string {
  const rows = describedRoutes(document)
    .map(
      ({ method, path, scope, allAccounts }) =>
        `| \`${method} ${path}\` | ${scope === 'open' || scope === 'any' ? `*${scope}*` : scope} | ${allAccounts ? 'all' : ''} |`,
    )
    .sort();
  return ['| route | scope | accounts |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
