// The server's part of one push: CONNECT, PUT, DISCONNECT over a stream, with time limits and ABORT.
import type { Duplex } from 'node:stream';
import {
  encodeHttpHeaders,
  type NonceMemory,
  type ObexClientOptions,
  ObexClientSession,
  type ObexClientStep,
  type ObexCredentials,
  typeOctets,
} from '../../codec/obex/index.ts';
import { type Clock, PushError, ValueError } from '../../core/index.ts';
import {
  abortError,
  contentTypeText,
  lostError,
  type Push,
  type SendResult,
  socketPushError,
} from '../index.ts';
import { PacketLink } from './packet-link.ts';
import { refusedPushError } from './push-error.ts';

/** Everything that one conversation needs; all defaults are filled in. */
export interface ConversationSettings {
  readonly target: Uint8Array | undefined;
  readonly maxPacketLength: number;
  readonly credentials: ObexCredentials | undefined;
  readonly mutual: boolean;
  readonly httpHeaders: Readonly<Record<string, string>> | undefined;
  readonly responseMs: number;
  readonly pushMs: number;
  readonly abortMs: number;
  readonly clock: Clock;
  readonly random: ObexClientOptions['random'];
  readonly nonces: NonceMemory;
}

/** How a conversation ended. */
export interface ConversationResult {
  readonly outcome: SendResult | PushError;
  /** True when the stream stands between two requests and can be used again. */
  readonly clean: boolean;
}

type Answer = Exclude<ObexClientStep, { readonly kind: 'send' }>;

/** Carries out one push over `stream`, which stays open. Rejects only with a ValueError, before anything is sent. */
export async function converse(
  stream: Duplex,
  push: Push,
  peer: string,
  settings: ConversationSettings,
  signal: AbortSignal,
): Promise<ConversationResult> {
  const { httpHeaders } = settings;
  const http = httpHeaders === undefined ? undefined : encodeHttpHeaders(httpHeaders);
  const { contentType, body } = push;
  const type = contentTypeText(contentType);
  typeOctets(type);
  const session = new ObexClientSession(settings);
  const link = new PacketLink(stream, settings.maxPacketLength, settings.clock);
  let late = false;
  const onAbort = (): void => link.interrupt();
  const deadline = settings.clock.after(settings.pushMs, () => {
    late = true;
    link.interrupt();
  });
  signal.addEventListener('abort', onAbort, { once: true });

  /** Sends a request and what follows from its responses, until there is something to decide. */
  const ask = async (packet: Uint8Array, timeoutMs = settings.responseMs): Promise<Answer | PushError> => {
    let next: Uint8Array | undefined = packet;
    for (;;) {
      if (next !== undefined) link.send(next);
      const input = await link.next(timeoutMs);
      if (input.kind === 'closed') {
        if (input.error !== undefined) return socketPushError(input.error, peer);
        return lostError(peer);
      }
      if (input.kind === 'timeout') {
        return new PushError('TIMEOUT', `${peer}: no answer within ${timeoutMs} ms`, true);
      }
      if (input.kind === 'interrupted') {
        if (!late) return abortError(signal);
        return new PushError('TIMEOUT', `${peer}: not done within ${settings.pushMs} ms`, true);
      }
      if (input.kind === 'unreadable') return unreadable(input.error);
      let step: ObexClientStep | undefined;
      try {
        step = session.receive(input.packet);
      } catch (error) {
        return unreadable(error);
      }
      if (step !== undefined && step.kind !== 'send') return step;
      next = step?.packet;
    }
  };
  const unreadable = (error: unknown): PushError => {
    const detail = error instanceof Error ? error.message : 'unreadable';
    return new PushError('PROTOCOL', `${peer}: does not answer in OBEX: ${detail}`, false, { cause: error });
  };
  const say = async (packet: Uint8Array, wanted: Answer['kind'], timeoutMs: number): Promise<boolean> => {
    const answer = await ask(packet, timeoutMs);
    return !(answer instanceof PushError) && answer.kind === wanted;
  };

  try {
    if (signal.aborted) return { outcome: abortError(signal), clean: true };
    const connected = await ask(session.connect());
    if (connected instanceof PushError) return { outcome: connected, clean: false };
    if (connected.kind === 'refused') {
      return { outcome: refusedPushError(connected, peer), clean: connected.reason !== 'protocol' };
    }
    let first: Uint8Array;
    try {
      first = session.put({ type, body, http });
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      const outcome = new PushError('TOO_LONG', `${peer}: ${error.message}`, false, { cause: error });
      return { outcome, clean: await say(session.disconnect(), 'disconnected', settings.abortMs) };
    }
    const put = await ask(first);
    if (put instanceof PushError) {
      const known = put.code === 'ABORTED' || put.code === 'TIMEOUT';
      const clean = known && (await say(session.abort(), 'aborted', settings.abortMs));
      return {
        outcome: put,
        clean: clean && (await say(session.disconnect(), 'disconnected', settings.abortMs)),
      };
    }
    const accepted = put.kind === 'accepted';
    const outcome = accepted
      ? ({ outcome: 'delivered' } as const)
      : put.kind === 'refused'
        ? refusedPushError(put, peer)
        : new PushError('PROTOCOL', `${peer}: answered out of turn`, false);
    // The device has the object, or not, whatever comes of this.
    return { outcome, clean: await say(session.disconnect(), 'disconnected', settings.abortMs) };
  } finally {
    deadline.cancel();
    signal.removeEventListener('abort', onAbort);
    link.release();
  }
}
