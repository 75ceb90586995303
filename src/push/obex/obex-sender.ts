// Package #0 and DM messages over OBEX: over TCP as a binding, or over any stream (DM-NOTI §7.2, DM-PUSH §5.4).
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type Clock, longestMs, PushError, ValueError, wholeNumber } from '../../core/index.ts';
import type { Binding, Push, Receipt } from '../index.ts';
import { abortError, converse } from './conversation.ts';
import { connectionPushError } from './push-error.ts';
import {
  type ObexPushOptions,
  type ObexSendSettings,
  obexSenderDefaults,
  SendSettings,
} from './sender-options.ts';

/** Where a device listens. */
export interface ObexTarget {
  /** IP address or host name. */
  readonly host: string;
  /** TCP port, 1–65535; devices listen on 650. */
  readonly port: number;
}

/** Settings of a sender. */
export interface ObexSenderOptions extends ObexSendSettings {
  /** What holds for each push; a function gives it for one push and device. Default: no credentials. */
  readonly push?: ObexPushOptions | ((push: Push, to: ObexTarget) => ObexPushOptions) | undefined;
  /** TLS around TCP, with these options; name and chain are verified unless they say otherwise. Default none. */
  readonly tls?: Omit<ConnectionOptions, 'host' | 'port' | 'path' | 'socket'> | undefined;
  /** Until a connection stands, TLS included, in milliseconds. Default 10 000. */
  readonly connectMs?: number | undefined;
}

/** Settings of a push over a stream. */
export interface SendOverStreamOptions extends ObexSendSettings, ObexPushOptions {
  /** Names the peer in errors. Default `stream`. */
  readonly peer?: string | undefined;
}

/**
 * Makes a sender that opens a TCP connection for each push. Its receipts say *delivered*: the device answers Success
 * when it has the object.
 * @throws {ValueError} OUT_OF_RANGE for a limit or a time
 */
export function createObexSender(options: ObexSenderOptions = {}): Binding<ObexTarget> {
  const settings = new SendSettings(options);
  const { push: pushOptions = {}, tls } = options;
  const connectMs = wholeNumber(options.connectMs ?? obexSenderDefaults.connectMs, 1, longestMs, 'connectMs');
  const inFlight = new Set<Promise<Receipt>>();
  let closed = false;

  const deliver = async (push: Push, to: ObexTarget, signal: AbortSignal): Promise<Receipt> => {
    const ofPush = typeof pushOptions === 'function' ? pushOptions(push, to) : pushOptions;
    const conversation = settings.forPush(push, ofPush);
    if (to.host === '') throw new ValueError('MISSING', 'needs a host', 'host');
    wholeNumber(to.port, 1, 65535, 'port');
    const peer = showTarget(to);
    const socket = await open(to, tls, peer, connectMs, settings.clock, signal);
    // Errors after the conversation have nobody to tell.
    socket.on('error', () => {});
    let delivered = false;
    try {
      const { outcome } = await converse(socket, push, peer, conversation, signal);
      if (outcome instanceof PushError) throw outcome;
      delivered = true;
      return outcome;
    } finally {
      // A peer that does not read would keep a socket that waits for its last octets to go.
      if (delivered) socket.destroySoon();
      else socket.destroy();
    }
  };

  return {
    name: 'obex',
    maxPayload: settings.maxPayload,
    send(push, to, signal) {
      if (closed) return Promise.reject(new PushError('CLOSED', 'the obex sender has been closed', true));
      const sending = deliver(push, to, signal);
      const settled = (): void => {
        inFlight.delete(sending);
      };
      inFlight.add(sending);
      sending.then(settled, settled);
      return sending;
    },
    async close() {
      closed = true;
      await Promise.allSettled(inFlight);
    },
  };
}

/**
 * Carries out one push over a stream that stands: RFCOMM, IrDA, a serial line, a pipe. The stream stays open and can
 * carry the next push, unless it was left in the middle of a request: then it is destroyed.
 * @throws {ValueError} before anything is sent
 * @throws {PushError} as `send` of a binding
 */
export async function sendOverStream(
  stream: Duplex,
  push: Push,
  options: SendOverStreamOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Receipt> {
  const conversation = new SendSettings(options).forPush(push, options);
  let clean = false;
  try {
    const result = await converse(stream, push, options.peer ?? 'stream', conversation, signal);
    clean = result.clean;
    if (result.outcome instanceof PushError) throw result.outcome;
    return result.outcome;
  } catch (error) {
    if (error instanceof ValueError) clean = true;
    throw error;
  } finally {
    if (!clean) {
      stream.on('error', () => {});
      stream.destroy();
    }
  }
}

function open(
  to: ObexTarget,
  tls: ObexSenderOptions['tls'],
  peer: string,
  connectMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal));
      return;
    }
    const { host, port } = to;
    // The name of the host is what its certificate has to carry, and what SNI says; SNI takes no IP address.
    const named = isIP(host) === 0 ? { servername: host } : {};
    const socket =
      tls === undefined ? connectTcp({ host, port }) : connectTls({ ...named, ...tls, host, port });
    // One small packet each way at a time: waiting to fill a segment would only slow it down.
    socket.setNoDelay(true);
    const give = (error: PushError): void => {
      cleanUp();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error): void => give(connectionPushError(error, peer));
    const onClose = (): void => give(new PushError('LINK_LOST', `${peer}: closed the connection`, true));
    const onAbort = (): void => give(abortError(signal));
    const timer = clock.after(connectMs, () => {
      give(new PushError('TIMEOUT', `${peer}: no connection within ${connectMs} ms`, true));
    });
    const onReady = (): void => {
      cleanUp();
      resolve(socket);
    };
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
  });
}

/** `host:port`, with brackets around an IPv6 address. */
function showTarget({ host, port }: ObexTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
