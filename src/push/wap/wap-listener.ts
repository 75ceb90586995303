// The device's end of connectionless WAP push over UDP (DM-NOTI-1.3 §7.1, §7.1.1): what is for the DM client goes to
// the handler, everything else is dropped and counted. No datagram is ever answered, for its source may be forged.
import type { PushRejection } from '../../codec/wsp/index.ts';
import { ConfigError } from '../../core/index.ts';
import {
  bindError,
  type DroppedPush,
  type IntakeCounters,
  type PendingBounds,
  type PushHandler,
  PushIntake,
  type PushReceiver,
  requireListen,
  showPeer,
  UdpSocket,
} from '../index.ts';
import { readWapPush } from './read-push.ts';

const reasons = ['malformed', 'pdu-type', 'application-id', 'content-type', 'busy'] as const;

/** Why a datagram was dropped: unreadable, one of the rules of §7.1.1, or too many pushes at once. */
export type WapDropReason = 'malformed' | PushRejection | 'busy';

/** Counters of a WAP listener. */
export type WapCounters = IntakeCounters<WapDropReason>;

/** Settings of a listener. */
export interface WapListenerOptions extends PendingBounds {
  /** UDP port, default 2948; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  readonly handler: PushHandler;
  /** Called for each dropped datagram. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: WapDropReason }) => void) | undefined;
  /** Called when the handler fails, or the socket reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Registered port of connectionless WAP push. */
export const wapPushPort = 2948;

/** Listens for pushes. */
export class WapListener implements PushReceiver {
  readonly name = 'wap';
  readonly #port: number;
  readonly #address: string | undefined;
  readonly #intake: PushIntake<WapDropReason>;
  #started = false;
  #socket: UdpSocket | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE for a bound
   * @throws {ConfigError} for a port or an address that is none
   */
  constructor(options: WapListenerOptions) {
    const { port = wapPushPort, address } = options;
    requireListen('UDP', port, address);
    this.#port = port;
    this.#address = address;
    this.#intake = new PushIntake({ ...options, binding: this.name, reasons });
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, or the address is not one of this machine
   */
  async start(): Promise<number> {
    if (this.#started) throw new ConfigError('this listener has been started before');
    this.#started = true;
    try {
      this.#socket = await UdpSocket.open({
        port: this.#port,
        address: this.#address,
        onDatagram: (from, datagram) => this.#take(showPeer(from), datagram),
        onError: (error) => this.#intake.report(error),
      });
    } catch (error) {
      throw bindError('UDP', error, this.#port, this.#address);
    }
    return this.#socket.bound.port;
  }

  counters(): WapCounters {
    return this.#intake.counters();
  }

  async close(): Promise<void> {
    await this.#socket?.close();
  }

  #take(from: string, datagram: Uint8Array): void {
    const read = readWapPush(datagram, (error) => this.#intake.report(error));
    const full = this.#intake.full(from);
    if ('reason' in read) {
      this.#intake.drop(read.reason, read.detail, from, datagram.length);
    } else if (full !== undefined) {
      this.#intake.drop('busy', full, from, datagram.length);
    } else {
      void this.#intake.hand({ binding: this.name, from, ...read });
    }
  }
}
