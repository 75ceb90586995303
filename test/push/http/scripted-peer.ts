// A TCP peer on the loopback that answers HTTP as a test says, however wrong.
import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A request as it came. */
export interface SeenRequest {
  /** Start line and header fields, lines joined by LF. */
  readonly head: string;
  readonly body: Uint8Array;
}

/** A peer, and what came to it. */
export interface ScriptedPeer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  readonly requests: SeenRequest[];
  /** Sockets, open or not. */
  readonly sockets: Socket[];
}

/** Answer to a request: octets to write, nothing, or something else to do with the socket. */
export type Script = (request: SeenRequest, index: number, socket: Socket) => string | undefined;

/** An answer with these header fields and this body. */
export function answer(status: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = status.startsWith('204') ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  return `HTTP/1.1 ${status}\r\n${fields.join('')}${length}\r\n${body}`;
}

/** The answer of a device that takes a push. */
export const taken = answer('204 No Content', { 'X-Wap-Push-Status': '400 Accepted' });

/** Starts a peer that answers each request by `script`, and is closed after the test. */
export async function startPeer(t: TestContext, script: Script): Promise<ScriptedPeer> {
  const requests: SeenRequest[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = pending.subarray(0, end).toString('latin1').replaceAll('\r\n', '\n');
        const length = Number(/\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
        if (pending.length < end + 4 + length) return;
        const body = new Uint8Array(pending.subarray(end + 4, end + 4 + length));
        pending = pending.subarray(end + 4 + length);
        requests.push({ head, body });
        const text = script({ head, body }, requests.length - 1, socket);
        if (text !== undefined && !socket.destroyed) socket.write(text, 'latin1');
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, origin: `http://127.0.0.1:${port}`, requests, sockets };
}

/** Value of a header field of a request. */
export function fieldOf({ head }: SeenRequest, name: string): string | undefined {
  return new RegExp(`\n${name}: ([^\n]*)`, 'i').exec(head)?.[1];
}
