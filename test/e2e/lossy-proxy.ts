// Stands between a device and its server, and loses messages of the device: they get no answer.
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface LossyProxy {
  readonly url: string;
  close(): void;
}

/** Forwards to `target`, but for the messages that `lose` names: their connections are closed. */
export async function startLossyProxy(target: string, lose: (body: Buffer) => boolean): Promise<LossyProxy> {
  const { port, pathname } = new URL(target);
  const proxy = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    if (lose(body)) {
      incoming.socket.destroy();
      return;
    }
    const { method, url: path, headers } = incoming;
    const onward = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
