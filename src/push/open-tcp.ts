// Opens TCP connections, with TLS on request, of all bindings that make them.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type Clock, PushError } from '../core/index.ts';
import { abortError } from './socket-error.ts';

/** TLS of connections that we open: what `tls.connect` takes; chain and host name are verified unless they say otherwise. */
export type TlsClientOptions = Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'>;

/** What a connection is opened with. */
export interface OpenTcpOptions {
  /** Host name or IP address to connect to. */
  readonly host: string;
  readonly port: number;
  /** `undefined` for plain TCP. */
  readonly tls: TlsClientOptions | undefined;
  /** Name that a TLS certificate has to carry, where it is not `host`. */
  readonly tlsName?: string | undefined;
  /** Until the connection stands, TLS included, in milliseconds. */
  readonly connectMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Resolves with `use(socket)` in the moment in which the connection stands, so that nothing that comes is missed.
 * Rejects with a PushError without the peer's name (TIMEOUT, LINK_LOST, ABORTED), or with the system's error.
 */
export function openTcp<T>(options: OpenTcpOptions, use: (socket: Socket) => T): Promise<T> {
  const { host, port, tls, tlsName = host, connectMs, clock, signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortError(signal));
      return;
    }
    // SNI takes no IP address.
    const named = isIP(tlsName) === 0 ? { servername: tlsName } : {};
    const socket =
      tls === undefined ? connectTcp({ host, port }) : connectTls({ ...named, ...tls, host, port });
    // Small messages that wait for their answers: waiting to fill a segment would only slow them down.
    socket.setNoDelay(true);
    const give = (error: Error): void => {
      cleanUp();
      // Errors after this have nobody to tell.
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onClose = (): void => give(new PushError('LINK_LOST', 'the connection was closed', true));
    const onAbort = (): void => {
      if (signal !== undefined) give(abortError(signal));
    };
    const timer = clock.after(connectMs, () => {
      give(new PushError('TIMEOUT', `no connection within ${connectMs} ms`, true));
    });
    const ready = tls === undefined ? 'connect' : 'secureConnect';
    const onReady = (): void => {
      cleanUp();
      resolve(use(socket));
    };
    const cleanUp = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
      socket.off(ready, onReady);
      socket.off('error', give);
      socket.off('close', onClose);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once(ready, onReady);
    socket.once('error', give);
    socket.once('close', onClose);
  });
}
