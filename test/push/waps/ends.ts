// A device and a sender over real sockets on loopback, and a relay between them that tests rule.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { contentTypes, type DroppedPush, type Push } from '../../../src/push/index.ts';
import {
  createWapsSender,
  type ReceivedWapsPush,
  WapsListener,
  type WapsListenerOptions,
  type WapsNotice,
  type WapsSecret,
  type WapsSenderOptions,
} from '../../../src/push/waps/index.ts';

export const secret: WapsSecret = { identity: 'dev1', secret: 'kQ3vN8xT-2mZr_7LwYb4Gs' };

export const never = new AbortController().signal;

/** A push of these octets. */
export function pushOf(body: Uint8Array, type: keyof typeof contentTypes = 'dm+wbxml'): Push {
  return { id: 'p', contentType: contentTypes[type], body };
}

/** A listener on a free port of loopback whose pushes can be waited for. */
export class Device {
  readonly drops: DroppedPush[] = [];
  readonly notices: WapsNotice[] = [];
  readonly errors: unknown[] = [];
  readonly listener: WapsListener;
  readonly #pushes: ReceivedWapsPush[] = [];
  #wake: (() => void) | undefined;
  port = 0;

  constructor(options: Partial<WapsListenerOptions> = {}) {
    this.listener = new WapsListener({
      port: 0,
      address: '127.0.0.1',
      secrets: [secret],
      handler: (push) => {
        this.#pushes.push(push);
        this.#wake?.();
      },
      onDrop: (drop) => {
        this.drops.push(drop);
        this.#wake?.();
      },
      onNotice: (notice) => {
        this.notices.push(notice);
        this.#wake?.();
      },
      onError: (error) => this.errors.push(error),
      ...options,
    });
  }

  async start(): Promise<this> {
    this.port = await this.listener.start();
    return this;
  }

  /** The next push, waiting for it. */
  async next(): Promise<ReceivedWapsPush> {
    await this.until(() => this.#pushes.length > 0);
    const first = this.#pushes.shift();
    if (first === undefined) throw new Error('no push');
    return first;
  }

  /** Waits until something that the listener reports makes `holds` true. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** A sender that shares the secret with every device. */
export function senderWith(options: Partial<WapsSenderOptions> = {}): ReturnType<typeof createWapsSender> {
  return createWapsSender({ secrets: () => [secret], ...options });
}

/** Which way a datagram goes through the relay. */
export type Way = 'to-device' | 'to-sender';

/** What arrives of a datagram, in this order. `index` counts the datagrams of both ways. */
export type Fate = (datagram: Uint8Array, way: Way, index: number) => readonly Uint8Array[];

/** Stands between sender and device, as a network does. */
export class Relay {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly seen: { readonly way: Way; readonly datagram: Uint8Array }[] = [];
  fate: Fate = (datagram) => [datagram];
  devicePort: number;
  #sender: RemoteInfo | undefined;

  private constructor(near: Socket, far: Socket, devicePort: number) {
    this.#near = near;
    this.#far = far;
    this.devicePort = devicePort;
    near.on('message', (message, from) => {
      this.#sender = from;
      this.#pass(message, 'to-device');
    });
    far.on('message', (message, { port }) => {
      // A device that was replaced is not heard any more.
      if (port === this.devicePort) this.#pass(message, 'to-sender');
    });
  }

  /** A relay to the device on `devicePort`. */
  static async open(devicePort: number): Promise<Relay> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new Relay(sockets[0], sockets[1], devicePort);
  }

  /** Where senders send to. */
  get port(): number {
    return this.#near.address().port;
  }

  async close(): Promise<void> {
    for (const socket of [this.#near, this.#far]) {
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    }
  }

  #pass(message: Uint8Array, way: Way): void {
    const datagram = Uint8Array.from(message);
    const index = this.seen.length;
    this.seen.push({ way, datagram });
    for (const arriving of this.fate(datagram, way, index)) {
      if (way === 'to-device') this.#far.send(arriving, this.devicePort, '127.0.0.1');
      else if (this.#sender !== undefined) this.#near.send(arriving, this.#sender.port, this.#sender.address);
    }
  }
}
