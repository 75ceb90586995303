// Connects to a message centre, over TCP or TLS.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type Clock, PushError } from '../../core/index.ts';
import { connectionError, linkLost } from './link-error.ts';

/** TLS around SMPP: what Node's `tls.connect` takes, but for where to connect. Name and chain are verified. */
export type SmppTlsOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'>;

/** Where and how to connect. */
export interface OpenSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: SmppTlsOptions | undefined;
  /** Names the peer in errors. */
  readonly peer: string;
  /** Until the connection stands, TLS included, in milliseconds. */
  readonly connectMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** @throws {PushError} when the connection does not stand in time, or `signal` aborts */
export function openSocket(options: OpenSocketOptions): Promise<Socket> {
  const { host, port, tls, peer, connectMs, clock, signal } = options;
  return new Promise((resolve, reject) => {
    // The name of the host is what its certificate has to carry, and what SNI says; SNI takes no IP address.
    const named = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      tls === undefined ? connectTcp({ host, port }) : connectTls({ ...named, ...tls, host, port });
    socket.setNoDelay(true);
    const give = (error: PushError): void => {
      cleanUp();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void => give(connectionError(error, peer));
    const onClose = (): void => give(linkLost(peer, 'closed the connection'));
    const onAbort = (): void => give(linkLost(peer, 'the link is being closed'));
    const onReady = (): void => {
      cleanUp();
      resolve(socket);
    };
    const timer = clock.after(connectMs, () => {
      give(new PushError('TIMEOUT', `${peer}: no connection within ${connectMs} ms`, true));
    });
    const ready = tls === undefined ? 'connect' : 'secureConnect';
    const cleanUp = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', onAbort);
      socket.off(ready, onReady);
      socket.off('error', onError);
      socket.off('close', onClose);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once(ready, onReady);
    socket.once('error', onError);
    socket.once('close', onClose);
    if (signal.aborted) onAbort();
  });
}
