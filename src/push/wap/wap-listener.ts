// The device's end of connectionless WAP push over UDP (DM-NOTI-1.3 §7.1, §7.1.1): what is for the DM client goes to
// the handler, everything else is dropped and counted. No datagram is ever answered, for its source may be forged.
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { classifyPush, decodePush, type PushRejection } from '../../codec/wsp/index.ts';
import { ConfigError, codeOf, DecodeError } from '../../core/index.ts';
import {
  type DroppedPush,
  type PushHandler,
  type PushReceiver,
  pushParameters,
  type ReceivedPush,
  type ReceiverCounters,
} from '../index.ts';
import { closeSocket } from './udp-sender.ts';

/** Why a datagram was dropped: unreadable, one of the rules of §7.1.1, or too many pushes at once. */
export type WapDropReason = 'malformed' | PushRejection | 'busy';

/** Counters of a WAP listener. */
export interface WapCounters extends ReceiverCounters {
  readonly dropped: Readonly<Record<WapDropReason, number>>;
}

/** Settings of a listener. */
export interface WapListenerOptions {
  /** UDP port, default 2948; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  readonly handler: PushHandler;
  /** Called for each dropped datagram. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: WapDropReason }) => void) | undefined;
  /** Called when the handler fails, or the socket reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Pushes whose handler has not finished, at most; more are dropped as `busy`. Default 256. */
  readonly maxPending?: number | undefined;
}

/** Registered port of connectionless WAP push. */
export const wapPushPort = 2948;

/** Listens for pushes. */
export class WapListener implements PushReceiver {
  readonly name = 'wap';
  readonly #options: WapListenerOptions;
  readonly #dropped: Record<WapDropReason, number> = {
    malformed: 0,
    'pdu-type': 0,
    'application-id': 0,
    'content-type': 0,
    busy: 0,
  };
  #received = 0;
  #accepted = 0;
  #handlerErrors = 0;
  #pending = 0;
  #started = false;
  #socket: Socket | undefined;

  /** Does nothing before `start`. */
  constructor(options: WapListenerOptions) {
    this.#options = options;
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, or the address is not one of this machine
   */
  async start(): Promise<number> {
    const { port = wapPushPort, address } = this.#options;
    if (this.#started) throw new ConfigError('this listener has been started before');
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new ConfigError(`UDP port ${port} is not between 0 and 65535`);
    }
    if (address !== undefined && isIP(address) === 0) {
      throw new ConfigError(`"${address}" is not an IP address to listen on`);
    }
    this.#started = true;
    const socket = await bindAny(port, address);
    this.#socket = socket;
    socket.on('message', (message, from) => this.#take(message, from));
    socket.on('error', (error) => this.#report(error));
    return socket.address().port;
  }

  counters(): WapCounters {
    return {
      received: this.#received,
      accepted: this.#accepted,
      dropped: { ...this.#dropped },
      handlerErrors: this.#handlerErrors,
    };
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    if (socket !== undefined) await closeSocket(socket);
  }

  #take(message: Uint8Array, from: RemoteInfo): void {
    this.#received += 1;
    const datagram = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
    const read = this.#read(datagram, showSource(from));
    if ('reason' in read) this.#drop(read.reason, read.detail, from, datagram.length);
    else if (this.#pending >= (this.#options.maxPending ?? 256)) {
      this.#drop('busy', `${this.#pending} pushes are being handled`, from, datagram.length);
    } else {
      this.#accepted += 1;
      void this.#handle(read);
    }
  }

  #read(
    datagram: Uint8Array,
    from: string,
  ): ReceivedPush | { readonly reason: WapDropReason; readonly detail: string } {
    try {
      const push = decodePush(datagram);
      const verdict = classifyPush(push);
      if (!verdict.accepted) return { reason: verdict.reason, detail: verdict.detail };
      const { contentType, parameters } = verdict;
      return {
        binding: this.name,
        from,
        contentType,
        parameters: pushParameters(parameters),
        body: push.body,
      };
    } catch (error) {
      // Anything but a DecodeError is a fault of ours; it must not stop the listener either.
      if (!(error instanceof DecodeError)) this.#report(error);
      return { reason: 'malformed', detail: error instanceof Error ? error.message : 'unreadable' };
    }
  }

  /** Never rejects. */
  async #handle(push: ReceivedPush): Promise<void> {
    this.#pending += 1;
    try {
      await this.#options.handler(push);
    } catch (error) {
      this.#handlerErrors += 1;
      this.#report(error);
    } finally {
      this.#pending -= 1;
    }
  }

  #drop(reason: WapDropReason, detail: string, from: RemoteInfo, octets: number): void {
    this.#dropped[reason] += 1;
    try {
      this.#options.onDrop?.({ binding: this.name, from: showSource(from), reason, detail, octets });
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // A log that fails must not stop the listener.
    }
  }
}

/** A socket for both versions of IP where no address is asked for and the machine has both. */
async function bindAny(port: number, address: string | undefined): Promise<Socket> {
  try {
    if (address !== undefined) return await bind(isIP(address) === 6 ? 'udp6' : 'udp4', port, address);
    try {
      return await bind('udp6', port, '::');
    } catch (error) {
      if (!noIpv6.has(codeOf(error))) throw error;
      return await bind('udp4', port, '0.0.0.0');
    }
  } catch (error) {
    throw new ConfigError(bindMessage(codeOf(error), port, address), { cause: error });
  }
}

const noIpv6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']);

function bind(type: 'udp4' | 'udp6', port: number, address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type });
    socket.once('error', (error) => {
      void closeSocket(socket);
      reject(error);
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function bindMessage(code: string, port: number, address: string | undefined): string {
  const where = address === undefined ? `UDP port ${port}` : `UDP port ${port} on ${address}`;
  if (code === 'EADDRINUSE')
    return `${where} is in use: stop the program that holds it, or choose another port`;
  if (code === 'EACCES') return `${where} is not allowed for this user: choose a port above 1023`;
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine: choose one that is`;
  return `${where} cannot be used (${code})`;
}

/** Source for logs; an IPv4 address in IPv6 clothing is shown as IPv4. */
function showSource({ address, port }: RemoteInfo): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
