// Serves the built page on this machine alone, with a policy that lets nothing in from elsewhere and nothing out.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the page may do. A worker has the policy of its own file, so every answer carries it. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; worker-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A page that is served. */
export interface ServedPage {
  readonly server: Server;
  /** With a slash at its end. */
  readonly address: string;
}

/** Serves `folder` on 127.0.0.1. @param port 0: a free one */
export async function servePage(folder: string, port: number): Promise<ServedPage> {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    const headers = {
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    };
    const path = pathOf(request.url ?? '/');
    if (path === undefined) {
      response.writeHead(400, { ...headers, 'content-type': 'text/plain' });
      response.end('That is no path of this page.\n');
      return;
    }
    const file = resolve(join(root, path === '/' ? 'index.html' : path));
    const type = types[extname(file)];
    const isAllowed = request.method === 'GET' || request.method === 'HEAD';
    try {
      if (!isAllowed || type === undefined || !file.startsWith(root + sep)) throw new Error('no such file');
      const octets = await readFile(file);
      response.writeHead(200, { ...headers, 'content-type': type, 'content-length': octets.length });
      response.end(request.method === 'HEAD' ? undefined : octets);
    } catch {
      response.writeHead(isAllowed ? 404 : 405, { ...headers, 'content-type': 'text/plain' });
      response.end('There is no such file.\n');
    }
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** The path of a request's target; `undefined` for one that is none on this server, such as `//`, `*` or `http://a:b/`. */
function pathOf(target: string): string | undefined {
  return /^\/(?!\/)/.test(target) ? URL.parse(`http://localhost${target}`)?.pathname : undefined;
}
