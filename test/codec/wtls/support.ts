// Both ends of WTLS on a clock that tests move, with a network in between that tests rule.
import {
  WtlsClientEndpoint,
  type WtlsClientEndpointOptions,
  type WtlsEvent,
  type WtlsSecret,
  WtlsServerEndpoint,
  type WtlsServerEndpointOptions,
} from '../../../src/codec/wtls/index.ts';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

/** Which way a datagram goes. */
export type Direction = 'to-terminal' | 'to-server';

/** What the network does with a datagram: what it gives arrives, in this order. */
export type Network = (datagram: Uint8Array, direction: Direction, index: number) => readonly Uint8Array[];

export const honest: Network = (datagram) => [datagram];

/** A secret that `secretOf('x')` always gives for the same name. */
export function secretOf(identity: string, octet = 0x5a): WtlsSecret {
  return { identity: utf8ToBytes(identity), secret: new Uint8Array(20).fill(octet) };
}

export const device = secretOf('dev1');

/** Both orders of messages under a shared secret. */
export const flows = ['abbreviated', 'full'] as const;

/** Names of the ends in each other's eyes. */
export const terminalName = 'terminal:2949';
export const serverName = 'server:40000';

export interface PairOptions {
  readonly terminal?: Partial<WtlsClientEndpointOptions>;
  readonly server?: Partial<WtlsServerEndpointOptions>;
  readonly network?: Network;
}

/** A terminal and a server. Datagrams wait in a queue until `settle`. */
export class Pair {
  readonly clock = new ManualClock();
  terminal: WtlsClientEndpoint;
  server: WtlsServerEndpoint;
  network: Network;
  readonly terminalEvents: WtlsEvent[] = [];
  readonly serverEvents: WtlsEvent[] = [];
  /** Everything sent, lost or not. */
  readonly sent: { readonly at: number; readonly direction: Direction; readonly datagram: Uint8Array }[] = [];
  readonly #options: PairOptions;
  #queue: { readonly direction: Direction; readonly datagram: Uint8Array }[] = [];

  constructor(options: PairOptions = {}) {
    this.#options = options;
    this.network = options.network ?? honest;
    this.terminal = this.#makeTerminal();
    this.server = this.#makeServer();
  }

  /** The terminal loses its memory; what it had is silent from here on. */
  restartTerminal(): void {
    this.terminal = this.#makeTerminal();
  }

  /** The server loses its memory. */
  restartServer(): void {
    this.server = this.#makeServer();
  }

  #makeTerminal(): WtlsClientEndpoint {
    const made: WtlsClientEndpoint = new WtlsClientEndpoint({
      crypto: nodeWtlsCrypto,
      clock: this.clock,
      secrets: () => [device],
      transmit: (_peer, datagram) => {
        if (made === this.terminal) this.#send('to-server', datagram);
      },
      onEvent: (_peer, event) => {
        if (made === this.terminal) this.terminalEvents.push(event);
      },
      maxHandshakes: 4,
      maxSessions: 4,
      sessionMs: 25 * 3_600_000,
      ...this.#options.terminal,
    });
    return made;
  }

  #makeServer(): WtlsServerEndpoint {
    const made: WtlsServerEndpoint = new WtlsServerEndpoint({
      crypto: nodeWtlsCrypto,
      clock: this.clock,
      transmit: (_peer, datagram) => {
        if (made === this.server) this.#send('to-terminal', datagram);
      },
      onEvent: (_peer, event) => {
        if (made === this.server) this.serverEvents.push(event);
      },
      maxHandshakes: 4,
      maxSessions: 4,
      sessionMs: 24 * 3_600_000,
      ...this.#options.server,
    });
    return made;
  }

  /** Hands over what is on the way, and what that sets off. */
  settle(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.direction === 'to-terminal') this.terminal.receive(serverName, next.datagram);
      else this.server.receive(terminalName, next.datagram);
    }
  }

  /** Hands over and lets time pass until nothing is to be done before `limitMs`. */
  run(limitMs = 120_000): void {
    const end = this.clock.now() + limitMs;
    this.settle();
    for (let at = this.clock.nextTimerAt(); at !== undefined && at <= end; at = this.clock.nextTimerAt()) {
      this.clock.advance(Math.max(at - this.clock.now(), 0));
      this.settle();
    }
  }

  /** Begins a handshake. */
  connect(secrets: readonly WtlsSecret[] = [device]): void {
    this.server.connect(terminalName, secrets);
  }

  /** Sends application data in the session that there is; the datagram, or `undefined` without a session. */
  push(data: Uint8Array, secrets: readonly WtlsSecret[] = [device]): Uint8Array | undefined {
    const datagram = this.server.protect(terminalName, secrets, data);
    if (datagram !== undefined) this.#send('to-terminal', datagram);
    return datagram;
  }

  /** What the terminal was given. */
  get arrived(): readonly Uint8Array[] {
    return this.terminalEvents.flatMap((event) => (event.type === 'data' ? [event.data] : []));
  }

  /** Events of one end without those about drops. */
  outcomes(events: readonly WtlsEvent[]): readonly string[] {
    return events.flatMap((event) =>
      event.type === 'dropped' || event.type === 'data'
        ? []
        : [event.type === 'failed' ? `failed: ${event.reason}` : event.type],
    );
  }

  #send(direction: Direction, datagram: Uint8Array): void {
    const index = this.sent.length;
    this.sent.push({ at: this.clock.now(), direction, datagram });
    for (const arriving of this.network(datagram, direction, index)) {
      this.#queue.push({ direction, datagram: arriving });
    }
  }
}

/** A pair with a session. */
export function connectedPair(options: PairOptions = {}): Pair {
  const pair = new Pair(options);
  pair.connect();
  pair.settle();
  if (pair.server.counts.sessions !== 1 || pair.terminal.counts.sessions !== 1) {
    throw new Error('the handshake failed');
  }
  return pair;
}

/** The datagram with one bit turned. */
export function flipped(datagram: Uint8Array, bit: number): Uint8Array {
  const copy = datagram.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return copy;
}

/** Reasons of what was dropped. */
export function drops(events: readonly WtlsEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'dropped' ? [event.reason] : []));
}
