// Stands between a device and its server, and holds requests of the device until the test lets them go on.
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A proxy that holds. */
export class HoldingProxy {
  /** Bodies of requests, as they came. */
  readonly bodies: Buffer[] = [];
  /** Says which request is held, by its body and how many came before. */
  holds: (body: Buffer, before: number) => boolean = () => false;
  readonly #server = createServer();
  #held: (() => void)[] = [];
  #told: (() => void)[] = [];

  /** Forwards to that port of loopback. */
  static async start(port: number): Promise<HoldingProxy> {
    const proxy = new HoldingProxy();
    proxy.#server.on('request', async (incoming, outgoing) => {
      const body = await buffer(incoming);
      proxy.bodies.push(body);
      if (proxy.holds(body, proxy.bodies.length - 1)) {
        await new Promise<void>((resolve) => {
          proxy.#held.push(resolve);
          for (const tell of proxy.#told.splice(0)) tell();
        });
      }
      const { method, url: path, headers } = incoming;
      const onward = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(body);
    });
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/dm`;
  }

  /** Resolves when a request is held. */
  async holding(): Promise<void> {
    if (this.#held.length === 0) await new Promise<void>((resolve) => this.#told.push(resolve));
  }

  /** Lets all go on, and holds none any more. */
  release(): void {
    this.holds = () => false;
    for (const resolve of this.#held.splice(0)) resolve();
  }

  close(): void {
    this.release();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
