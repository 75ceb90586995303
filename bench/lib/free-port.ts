// A port that is free at this moment.
import { createServer } from 'node:net';

/** One of 127.0.0.1, for TCP. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port of 127.0.0.1 is free');
  return address.port;
}
