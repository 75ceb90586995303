// What takes pushes: `node push-receiver.ts SPEC`, SPEC being a `ReceiverSpec` as JSON. Tells its port on 127.0.0.1, and runs until its
// parent ends.
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serveCentre } from './message-centre.ts';
import { benchSecret } from './waps-secret.ts';

type WapsRoom = typeof import('../../src/push/waps/index.ts');

/** What takes them. */
export interface ReceiverSpec {
  /** `http` and `smpp` know nothing of the product and do as little as they can; `waps` is a device of the release. */
  readonly kind: 'http' | 'smpp' | 'waps';
  /** Root of the release whose device it is. */
  readonly root: string;
}

/** What it tells. */
export interface ReceiverSays {
  readonly port: number;
}

const { kind, root } = JSON.parse(process.argv[2] ?? '{}') as ReceiverSpec;
process.on('disconnect', () => process.exit(0));
process.send?.({ port: await start() } satisfies ReceiverSays);

async function start(): Promise<number> {
  switch (kind) {
    case 'http':
      return listening(
        createHttpServer((request, response) => {
          request.resume().on('end', () => response.writeHead(200, { 'content-length': 0 }).end());
        }),
      );
    case 'smpp':
      return listening(createServer(serveCentre));
    case 'waps': {
      const url = pathToFileURL(join(root, 'src/push/waps/index.ts')).href;
      const { WapsListener } = (await import(url)) as WapsRoom;
      const options = { port: 0, address: '127.0.0.1', secrets: [benchSecret()], handler: () => {} };
      return new WapsListener(options).start();
    }
  }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
