// Stands between the server and the UDP ports of the devices: loses datagrams, repeats them, holds them back, and writes down
// each one that came.
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeNotification } from '../../src/codec/notification/index.ts';
import { kindOf } from '../../src/push/index.ts';
import { readWapPush } from '../../src/push/wap/index.ts';
import type { RelayedDatagram } from './ledgers.ts';
import { Random } from './random.ts';

/** Of all datagrams. */
const rates = { dropped: 0.04, twice: 0.04, later: 0.08 } as const;

/** The relay. */
export class Relay {
  readonly #random: Random;
  readonly #sockets: Socket[] = [];
  readonly #note: (datagram: RelayedDatagram) => void;
  #closed = false;
  /** False lets everything pass. */
  faulty = false;

  constructor(seed: number, note: (datagram: RelayedDatagram) => void) {
    this.#random = new Random(seed, 'relay');
    this.#note = note;
  }

  /** Opens a port before that of a device; gives it. */
  async open(device: string, port: number): Promise<number> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    this.#sockets.push(socket);
    // A device that is killed refuses datagrams, and the system says so.
    socket.on('error', () => {});
    socket.on('message', (datagram) => this.#take(socket, device, port, datagram));
    return socket.address().port;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
    );
  }

  #take(socket: Socket, device: string, port: number, datagram: Buffer): void {
    const did = this.#decide();
    const sessionId = sessionIdOf(datagram);
    this.#note({ device, did, ...(sessionId !== undefined && { sessionId }) });
    const pass = (): void => {
      if (!this.#closed) socket.send(datagram, port, '127.0.0.1');
    };
    if (did === 'dropped') return;
    if (did === 'later') setTimeout(pass, this.#random.whole(5, 300));
    else pass();
    if (did === 'twice') pass();
  }

  #decide(): RelayedDatagram['did'] {
    let at = this.#random.next();
    if (!this.faulty) return 'passed';
    for (const [name, rate] of Object.entries(rates) as [keyof typeof rates, number][]) {
      at -= rate;
      if (at < 0) return name;
    }
    return 'passed';
  }
}

function sessionIdOf(datagram: Buffer): number | undefined {
  const read = readWapPush(new Uint8Array(datagram), () => {});
  if ('reason' in read) return undefined;
  const { code, mime } = read.contentType;
  if (code === undefined || (mime !== undefined && kindOf(mime) !== 'notification')) return undefined;
  try {
    return decodeNotification(read.body, { contentTypeCode: code }).message.sessionId;
  } catch {
    return undefined;
  }
}
