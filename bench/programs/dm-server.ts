// What DM sessions run against: `node dm-server.ts SPEC`, SPEC being a `DmServerSpec` as JSON. Tells its port as soon as it
// listens, and ends with its parent.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Server, startDmListener } from '../../src/server/index.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';

/** `dm`: the server, without a REST API, with one Get in each session. `echo`: gives back what it was sent. */
export type DmServerSpec =
  | { readonly kind: 'dm' /** Of the database. */; readonly folder: string }
  | { readonly kind: 'echo' };

/** What it says, over the channel of its parent. */
export interface DmServerSays {
  readonly port: number;
}

async function serveDm(folder: string): Promise<number> {
  const store = await openSqliteStore({ file: join(folder, 'reveille.sqlite') });
  const get = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo/Man' } }] } as const;
  const commands = () => {
    const packages = [[get]];
    return { next: async () => packages.shift() ?? [] };
  };
  const server = new Server({ store, bindings: {}, work: { commands, reported: async () => undefined } });
  await server.start();
  const { port } = await startDmListener(server.endpoint, { host: '127.0.0.1', port: 0 });
  return port;
}

function serveEcho(): Promise<number> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      response.writeHead(200, {
        'content-type': 'application/vnd.syncml.dm+wbxml',
        'content-length': body.length,
      });
      response.end(body);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

const spec = JSON.parse(process.argv[2] ?? '{}') as DmServerSpec;
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
const says: DmServerSays = { port: spec.kind === 'dm' ? await serveDm(spec.folder) : await serveEcho() };
process.send?.(says);
