// Opens TCP and TLS connections.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Clock } from '../../core/index.ts';
import type { SipSocketAddress } from './flow.ts';
import { SipPushError } from './push-error.ts';

/** TLS of connections that we open; the chain and the host's name are verified unless they say otherwise. */
export type SipTlsClientOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'>;

/** What a connection is opened with. */
export interface OpenStreamOptions {
  readonly protocol: 'TCP' | 'TLS';
  readonly target: SipSocketAddress;
  /** Name that a TLS certificate has to carry. */
  readonly host: string;
  readonly tls: SipTlsClientOptions;
  /** Until the connection stands, TLS included, in milliseconds. */
  readonly connectMs: number;
  readonly clock: Clock;
  /** Given the socket at once, to be destroyed when it is not wanted any more. */
  readonly hold: (socket: Socket) => void;
}

/** Resolves with `use(socket)` as soon as the connection stands. Rejects with the system's error. */
export function openStream<T>(options: OpenStreamOptions, use: (socket: Socket) => T): Promise<T> {
  const { protocol, target, host, tls, connectMs, clock, hold } = options;
  return new Promise((resolve, reject) => {
    // The name of the host is what its certificate has to carry, and what SNI says; SNI takes no IP address.
    const named = isIP(host) === 0 ? { servername: host } : {};
    const to = { host: target.address, port: target.port };
    const socket = protocol === 'TCP' ? connectTcp(to) : connectTls({ ...named, ...tls, ...to });
    hold(socket);
    let why: Error | undefined;
    const timer = clock.after(connectMs, () => {
      why = new SipPushError('TIMEOUT', `no connection within ${connectMs} ms`, true);
      socket.destroy();
    });
    const onError = (error: Error): void => {
      why ??= error;
    };
    const onClose = (): void => {
      timer.cancel();
      reject(why ?? new SipPushError('LINK_LOST', 'the connection was closed', true));
    };
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.once(protocol === 'TCP' ? 'connect' : 'secureConnect', () => {
      timer.cancel();
      socket.off('close', onClose);
      const used = use(socket);
      socket.off('error', onError);
      resolve(used);
    });
  });
}
