// Package #0 and DM messages over OBEX: over TCP as a binding, or over any stream (DM-NOTI §7.2, DM-PUSH §5.4).
import type { Duplex } from 'node:stream';
import { longestMs, PushError, ValueError, wholeNumber } from '../../core/index.ts';
import {
  type Binding,
  openTcp,
  type Push,
  type SendResult,
  showPeer,
  socketPushError,
  type TlsClientOptions,
  tracked,
} from '../index.ts';
import { converse } from './conversation.ts';
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
  readonly tls?: TlsClientOptions | undefined;
  /** Until a connection stands, TLS included, in milliseconds. Default 10 000. */
  readonly connectMs?: number | undefined;
}

/** Settings of a push over a stream. */
export interface SendOverStreamOptions extends ObexSendSettings, ObexPushOptions {
  /** Names the peer in errors. Default `stream`. */
  readonly peer?: string | undefined;
  /** True when the stream is protected by itself, by TLS or by an encrypted link to a peer that is known. Default false. */
  readonly secure?: boolean | undefined;
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
  return tracked<ObexTarget>({
    name: 'obex',
    maxPayload: settings.maxPayload,
    async deliver(push, to, signal) {
      const ofPush = typeof pushOptions === 'function' ? pushOptions(push, to) : pushOptions;
      const { host, port } = to;
      const peer = showPeer({ address: host, port });
      const conversation = settings.forPush(push, ofPush, tls !== undefined, peer);
      if (host === '') throw new ValueError('MISSING', 'needs a host', 'host');
      wholeNumber(port, 1, 65535, 'port');
      const { clock } = settings;
      const opening = openTcp({ host, port, tls, connectMs, clock, signal }, (opened) => opened);
      const socket = await opening.catch((error: unknown) => {
        throw socketPushError(error, peer);
      });
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
    },
  });
}

/**
 * Carries out one push over a stream that stands: RFCOMM, IrDA, a serial line, a pipe. The stream stays open and can
 * carry the next push, unless it was left in the middle of a request: then it is destroyed.
 * @throws {ValueError} before anything is sent
 * @throws {PushError} as `send` of a binding; INSECURE before anything is sent
 */
export async function sendOverStream(
  stream: Duplex,
  push: Push,
  options: SendOverStreamOptions = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<SendResult> {
  const { peer = 'stream', secure = false } = options;
  const conversation = new SendSettings(options).forPush(push, options, secure, peer);
  let clean = false;
  try {
    const result = await converse(stream, push, peer, conversation, signal);
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
