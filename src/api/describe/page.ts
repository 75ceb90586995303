// The page that shows the description: Swagger UI as @fastify/swagger-ui packs it, with a page of our own around it that runs under a
// strict policy. Nothing of it is read before somebody asks.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the page. */
export interface PageFile {
  readonly type: string;
  readonly octets: Buffer;
  /** Entity tag. */
  readonly tag: string;
}

/** What the page may do: its own scripts and styles, its own server; pictures stand in the style sheet. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Reveille: the REST API</title>
    <link rel="stylesheet" href="swagger-ui.css" />
    <link rel="stylesheet" href="page.css" />
    <link rel="icon" href="data:," />
  </head>
  <body>
    <div id="api"></div>
    <noscript>This page needs JavaScript. The description itself is at <a href="../openapi.json">openapi.json</a>.</noscript>
    <script src="swagger-ui-bundle.js"></script>
    <script src="page.js"></script>
  </body>
</html>
`;

/** Beside the page, so that both stand below whatever path a proxy puts them. The token is kept by the page, and is gone with it. */
const script = `// Shows the description of this server.
SwaggerUIBundle({
  url: new URL('../openapi.json', location.href).href,
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  queryConfigEnabled: false,
  validatorUrl: null,
  withCredentials: false,
});
`;

const css = `body { margin: 0; background: #fff; }
noscript { display: block; padding: 1rem; font-family: sans-serif; }
`;

const own: Readonly<Record<string, readonly [string, string]>> = {
  '': ['text/html; charset=utf-8', html],
  'page.js': ['text/javascript; charset=utf-8', script],
  'page.css': ['text/css; charset=utf-8', css],
};

const packed: Readonly<Record<string, string>> = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
};

/** Files that have been asked for. */
const read = new Map<string, Promise<PageFile>>();

/** A file of the page by its name, the page itself by none; `undefined` where there is none. */
export function pageFile(name: string): Promise<PageFile> | undefined {
  const known = read.get(name);
  if (known !== undefined) return known;
  const made = makeFile(name);
  if (made === undefined) return undefined;
  read.set(name, made);
  // What could not be read may be there later.
  made.catch(() => read.delete(name));
  return made;
}

function makeFile(name: string): Promise<PageFile> | undefined {
  if (Object.hasOwn(own, name)) {
    const [type, text] = own[name] ?? ['', ''];
    return Promise.resolve(fileOf(type, Buffer.from(text)));
  }
  const type = Object.hasOwn(packed, name) ? packed[name] : undefined;
  if (type === undefined) return undefined;
  const folder = dirname(fileURLToPath(import.meta.resolve('@fastify/swagger-ui')));
  return readFile(join(folder, 'static', name)).then((octets) => fileOf(type, octets));
}

function fileOf(type: string, octets: Buffer): PageFile {
  const digest = createHash('sha256').update(octets).digest('base64url');
  return { type, octets, tag: `"${digest.slice(0, 22)}"` };
}
