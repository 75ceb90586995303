// Carries one DM session from package #1 to its end over HTTP: what a step makes durable is stored before its message
// goes out.

import type { MessageForm } from '../../codec/syncml/index.ts';
import { messageContentType, messageForm, readMessage, writeMessage } from '../../codec/syncml/index.ts';
import { type Clock, sleep } from '../../core/index.ts';
import type {
  ClientSession,
  Incoming,
  Outgoing,
  SessionEffect,
  SessionEnd,
  SessionStep,
} from '../../session/index.ts';
import type { DmHttpClient, DmResponse } from '../transport/dm-http-client.ts';

/** The session, as far as its carrier sees it. */
export type TransportedSession = Pick<
  ClientSession,
  'start' | 'receive' | 'repeat' | 'abort' | 'fail' | 'refused' | 'timeout'
>;

/** What a session is carried with. */
export interface SessionTransport {
  readonly http: DmHttpClient;
  /** Encoding of the device's messages. The server's are read in either. */
  readonly form: MessageForm;
  readonly clock: Clock;
  /** Local address to connect from. */
  readonly localAddress?: string;
  /** Ends the session: the server is told by Alert 1223. */
  readonly signal: AbortSignal;
  /** Makes a step durable, its end included; the next message waits for it. A rejection fails the session. */
  readonly persist: (step: Pick<SessionStep, 'effects' | 'end'>) => Promise<void>;
  /** How often a message that got no answer is sent again, unchanged, within the session. Default 1. */
  readonly resends?: number;
  /** Pause before that, in milliseconds. Default 500. */
  readonly resendPauseMs?: number;
}

/** How a session ended, and whether the same may go better in a new one. */
export interface SessionResult {
  readonly end: SessionEnd;
  /** True when the server could not be reached, or vanished: a new session under the same Session-ID may succeed. */
  readonly retryable: boolean;
  /** Messages that the server answered. */
  readonly answers: number;
}

/** How long a server gets to hear that the device aborts, in milliseconds. */
const farewellMs = 2000;

/** Runs the session to its end. Never rejects. */
export async function driveSession(
  session: TransportedSession,
  carrier: SessionTransport,
): Promise<SessionResult> {
  let answers = 0;
  let retryable = false;
  let begun = false;
  let step = session.start();
  for (;;) {
    try {
      await carrier.persist(step);
    } catch (error) {
      step = await persistQuietly(
        session.fail(`its state could not be stored: ${messageOf(error)}`),
        carrier,
      );
      return { end: endOf(step), retryable: false, answers };
    }
    if (step.end !== undefined) {
      if (step.send !== undefined) await sendLast(step.send, step.end, carrier);
      return { end: step.end, retryable, answers };
    }
    if (carrier.signal.aborted) {
      // Before package #1 there is nobody to tell.
      step = begun
        ? session.abort('the device stops', step.send !== undefined)
        : session.fail('the device stops');
      continue;
    }
    // Nothing to send and not over: the answer was not one to what was asked. Asking again is all that HTTP allows.
    const send = step.send ?? session.repeat();
    if (send === undefined) {
      step = session.fail('there is nothing to ask again');
      continue;
    }
    const body = encode(send, carrier.form);
    if (typeof body === 'string') {
      step = session.refused(`its message cannot be written: ${body}`);
      continue;
    }
    begun = true;
    const again = step.send === undefined;
    const response = await exchangeOften(send, body, carrier, again ? 0 : (carrier.resends ?? 1));
    switch (response.outcome) {
      case 'answered':
        step = await take(session, response);
        if (step.send !== undefined || step.end !== undefined) answers += 1;
        else if (again) {
          // As below: what has lost the session answers as if it were another one.
          retryable = answers > 0;
          step = session.fail('the answers do not belong to the session');
        }
        break;
      case 'stopped':
        step = session.abort('the device stops');
        break;
      case 'timeout':
        retryable = true;
        step = session.timeout();
        break;
      case 'unreachable':
        retryable = true;
        step = session.fail(response.reason);
        break;
      case 'refused':
        // A server that lost the session in a restart refuses its next message; a new session is what it wants.
        retryable = answers > 0 && response.status !== undefined;
        // Sent before, the message may have been taken by the server that now refuses it.
        step =
          response.status === undefined || again || response.resent === true
            ? session.fail(response.reason)
            : session.refused(response.reason);
        break;
    }
  }
}

async function exchangeOften(
  send: Outgoing,
  body: Uint8Array,
  carrier: SessionTransport,
  resends: number,
): Promise<DmResponse & { readonly resent?: boolean }> {
  for (let left = resends; ; left -= 1) {
    const response = await exchange(send, body, carrier, carrier.signal);
    if (response.outcome !== 'unreachable' || left <= 0) return { ...response, resent: left < resends };
    await sleep(carrier.clock, carrier.resendPauseMs ?? 500, carrier.signal);
    if (carrier.signal.aborted) return { outcome: 'stopped' };
  }
}

function exchange(
  send: Outgoing,
  body: Uint8Array,
  carrier: SessionTransport,
  signal: AbortSignal,
): Promise<DmResponse> {
  const other: MessageForm = carrier.form === 'xml' ? 'wbxml' : 'xml';
  return carrier.http.exchange({
    url: send.message.header.target.uri,
    contentType: messageContentType(carrier.form),
    accept: [messageContentType(carrier.form), messageContentType(other)],
    body,
    ...(send.hmac === undefined ? {} : { hmac: send.hmac(body) }),
    ...(carrier.localAddress === undefined ? {} : { localAddress: carrier.localAddress }),
    signal,
  });
}

async function take(
  session: TransportedSession,
  response: Extract<DmResponse, { outcome: 'answered' }>,
): Promise<SessionStep> {
  const { contentType, body } = response;
  if (body.length === 0) return session.fail('the server answered with nothing');
  // The body shows its form, whatever type of a message the server gives it; some give none.
  if (messageForm(contentType, body) === undefined) {
    return session.fail(`the server answered with ${contentType ?? 'what is no DM message'}`);
  }
  let incoming: Incoming;
  const tolerated: SessionEffect[] = [];
  const onDeviation = (deviation: string): void =>
    void tolerated.push({ effect: 'note', text: `tolerated: ${deviation}` });
  try {
    incoming = {
      message: readMessage(body, contentType, { onDeviation }),
      body,
      ...(response.hmac === undefined ? {} : { hmac: response.hmac }),
    };
  } catch (error) {
    return session.fail(`the server's message cannot be read: ${messageOf(error)}`);
  }
  const step = await session.receive(incoming);
  return { ...step, effects: [...tolerated, ...step.effects] };
}

// The answer to the last message changes nothing any more. An abort is told once and shortly, for the device wants to end.
async function sendLast(send: Outgoing, end: SessionEnd, carrier: SessionTransport): Promise<void> {
  const body = encode(send, carrier.form);
  if (typeof body === 'string') return;
  if (end.outcome !== 'aborted' || end.by !== 'client') {
    await exchangeOften(send, body, carrier, carrier.resends ?? 1);
    return;
  }
  const ender = new AbortController();
  const timer = carrier.clock.after(farewellMs, () => ender.abort());
  await exchange(send, body, carrier, ender.signal);
  timer.cancel();
}

/** The octets, or what is wrong with the message. */
function encode(send: Outgoing, form: MessageForm): Uint8Array | string {
  try {
    return writeMessage(send.message, form);
  } catch (error) {
    return messageOf(error);
  }
}

async function persistQuietly(step: SessionStep, carrier: SessionTransport): Promise<SessionStep> {
  await carrier.persist(step).catch(() => undefined);
  return step;
}

function endOf(step: SessionStep): SessionEnd {
  return step.end ?? { outcome: 'failed', reason: 'the session did not end' };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
