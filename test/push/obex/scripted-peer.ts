// A TCP peer on the loopback that does what a test says, however wrong.
import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { PacketReader } from '../../../src/codec/obex/index.ts';
import { hexToBytes } from '../../../src/core/index.ts';
import type { ObexTarget } from '../../../src/push/obex/index.ts';

/** A peer, and what came to it. */
export interface ScriptedPeer {
  readonly to: ObexTarget;
  /** First octets of the packets that came, as numbers. */
  readonly opcodes: number[];
  /** Sockets, open or not. */
  readonly sockets: Socket[];
}

/** Answer to a packet: hex, nothing, or something else to do with the socket. */
export type Script = (packet: Uint8Array, index: number, socket: Socket) => string | undefined;

/** Success to a CONNECT, announcing 255 octets. */
export const connectSuccess = 'a0 0007 10 00 00ff';
export const success = 'a0 0003';
export const goOn = '90 0003';

/** Starts a peer that answers each packet by `script`, and is closed after the test. */
export async function startPeer(t: TestContext, script: Script): Promise<ScriptedPeer> {
  const opcodes: number[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    const reader = new PacketReader(65535);
    socket.on('data', (chunk) => {
      reader.write(chunk);
      for (let packet = reader.read(); packet !== undefined; packet = reader.read()) {
        opcodes.push(packet[0] ?? 0);
        const answer = script(packet, opcodes.length - 1, socket);
        if (answer !== undefined && !socket.destroyed) socket.write(hexToBytes(answer));
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
  return { to: { host: '127.0.0.1', port }, opcodes, sockets };
}
