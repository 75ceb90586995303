// The description of the API, and the page to browse it. Both are open: they say what a server of this version can do, and nothing of what
// this one holds.
import type { FastifyReply } from 'fastify';
import type { App } from '../host/app.ts';
import { notFound } from '../request/problem.ts';
import type { RawDocument } from './open-api.ts';

const config = { scope: 'open' } as const;
const schema = { hide: true } as const;

export function descriptionRoutes(app: App): void {
  const description = descriptionOf(app);
  app.route({
    method: 'GET',
    url: '/openapi.json',
    config,
    schema,
    handler: async (_, reply) => reply.type('application/json').send(await description()),
  });
  app.route({
    method: 'GET',
    url: '/docs',
    config,
    schema,
    // Relative, so that it holds below the path of a proxy too.
    handler: async (_, reply) => reply.code(308).header('location', 'docs/').send(),
  });
  app.route({
    method: 'GET',
    url: '/docs/*',
    config,
    schema,
    handler: async (request, reply) => {
      const { '*': name = '' } = request.params as { readonly '*'?: string };
      return await sendFile(name, request.headers['if-none-match'], reply);
    },
  });
}

async function sendFile(name: string, known: string | undefined, reply: FastifyReply): Promise<FastifyReply> {
  const { pageFile, pagePolicy } = await import('./page.ts');
  const file = await pageFile(name);
  if (file === undefined) throw notFound('such file of the page: it is at /docs/');
  void reply.headers({
    'content-security-policy': pagePolicy,
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // Asked for each time, and sent when it is another: a server that is newer has another page.
    'cache-control': 'no-cache',
    etag: file.tag,
  });
  if (known === file.tag) return reply.code(304).send();
  return reply.type(file.type).send(file.octets);
}

/** The description as a text, made when it is asked for first. */
function descriptionOf(app: App): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => {
    made ??= import('./document.ts').then(({ describedDocument }) =>
      JSON.stringify(describedDocument(app.swagger() as unknown as RawDocument)),
    );
    return made;
  };
}
