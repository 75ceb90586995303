// The device's end of push over OBEX on streams that somebody else opens (DM-NOTI §7.2, DM-PUSH §5.4). What is for the
// DM client goes to the handler; everything else is answered by rule, dropped and counted.
import type { Duplex } from 'node:stream';
import {
  decodeHttpHeaders,
  NonceMemory,
  type ObexAttempts,
  type ObexCredentials,
  type ObexObject,
  type ObexObjectHead,
  type ObexServerEvent,
  type ObexServerRefusal,
  ObexServerSession,
  responseCodes,
} from '../../codec/obex/index.ts';
import { AttemptGuard, bytesToHex, bytesToUtf8, PushError, sleep } from '../../core/index.ts';
import { addressIn, PushIntake, type PushReceiver } from '../index.ts';
import { parseDmType } from './content-type.ts';
import { type LinkInput, PacketLink } from './packet-link.ts';
import {
  type ObexCounters,
  type ObexDropReason,
  type ObexReceiverOptions,
  type ObexReceiverSettings,
  type ObexVerdict,
  obexDropReasons,
  type ReceivedObexPush,
  receiverSettings,
  verdictCode,
} from './receiver-options.ts';

/** What the session's refusals count as; a challenge is no drop, for the peer may answer it. */
const dropReasons: Readonly<Record<Exclude<ObexServerRefusal, 'challenge'>, ObexDropReason>> = {
  protocol: 'protocol',
  target: 'target',
  credentials: 'credentials',
  limited: 'credentials',
  connection: 'connection',
  'too-large': 'too-large',
  'not-admitted': 'content-type',
  operation: 'operation',
};

/** Whoever holds the stream of a session, and ends it by rules of its own. */
export interface ObexStreamHolder {
  /** How far the session has come: `connected` as it should, a whole object `served`, or a password `proved`. */
  progress(reached: 'connected' | 'served' | 'proved'): void;
  /** True when the holder ended the stream itself, and told so. */
  ended(): boolean;
}

/** One stream that is being served. */
interface Active {
  readonly from: string;
  readonly holder: ObexStreamHolder | undefined;
  readonly stream: Duplex;
  readonly link: PacketLink;
  readonly session: ObexServerSession;
  /** True between a challenge and the answer to it. */
  challenged: boolean;
  /** True while something refused is the last that happened: then the end of the stream says nothing new. */
  settled: boolean;
}

/** Serves OBEX sessions. */
export class ObexReceiver implements PushReceiver {
  readonly name = 'obex';
  readonly #options: ObexReceiverOptions;
  readonly #settings: ObexReceiverSettings;
  readonly #nonces = new NonceMemory();
  readonly #guard: AttemptGuard;
  readonly #active = new Map<Active, Promise<void>>();
  readonly #intake: PushIntake<ObexDropReason, ReceivedObexPush>;
  #sessions = 0;
  #refused = 0;
  #closing = false;

  /**
   * @throws {ValueError} OUT_OF_RANGE or TOO_LONG for a setting
   * @throws {ConfigError} for a bound of `attempts`
   */
  constructor(options: ObexReceiverOptions) {
    this.#options = options;
    this.#settings = receiverSettings(options);
    this.#guard = new AttemptGuard(options.attempts);
    const { name: binding } = this;
    const handler = (push: ReceivedObexPush) => this.#answerInTime(push);
    this.#intake = new PushIntake({ ...options, binding, reasons: obexDropReasons, handler });
  }

  /**
   * Serves a stream until its session is over, then ends the stream. Never rejects. `from` names the peer in logs.
   */
  async serve(stream: Duplex, from: string, holder?: ObexStreamHolder): Promise<void> {
    // Errors show as the end of the session; later ones have nobody to tell.
    stream.on('error', () => {});
    if (this.#closing) {
      this.drop('busy', 'the receiver is closing', from, 0);
      stream.destroy();
      return;
    }
    this.#sessions += 1;
    const { maxPacketLength, clock } = this.#settings;
    const link = new PacketLink(stream, maxPacketLength, clock);
    const session = this.#newSession(addressIn(from));
    const active: Active = { from, holder, stream, link, session, challenged: false, settled: true };
    const serving = this.#serve(active)
      .catch((error: unknown) => this.report(error))
      .then(() => {
        link.release();
        return endStream(stream, this.#settings);
      });
    this.#active.set(active, serving);
    await serving;
    this.#active.delete(active);
  }

  counters(): ObexCounters {
    return { ...this.#intake.counters(), sessions: this.#sessions, refused: this.#refused };
  }

  /** Lets objects that are under way come to their end, for `closeMs`; ends all other sessions at once. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const { session, link } of this.#active.keys()) if (!session.busy) link.interrupt();
    const stop = new AbortController();
    const late = sleep(this.#settings.clock, this.#settings.closeMs, stop.signal).then(() => {
      if (stop.signal.aborted) return;
      for (const { stream } of this.#active.keys()) stream.destroy();
    });
    const done = Promise.all(this.#active.values());
    await Promise.race([done, late]);
    stop.abort();
  }

  /** Counts something dropped and tells the log. */
  drop(reason: ObexDropReason, detail: string, from: string, octets: number): void {
    this.#intake.drop(reason, detail, from, octets);
  }

  /** Tells the log of an error. */
  report(error: unknown): void {
    this.#intake.report(error);
  }

  async #serve(active: Active): Promise<void> {
    const { link, session, from } = active;
    const { idleMs, sessionMs, clock } = this.#settings;
    const end = clock.monotonic() + sessionMs;
    for (;;) {
      const input = await link.next(Math.max(1, Math.min(idleMs, end - clock.monotonic())));
      if (input.kind !== 'packet') {
        this.#ended(active, input);
        return;
      }
      const { packet: answer, event, end: last } = session.receive(input.packet);
      // Counted before the peer can know, so that who asks after the answer sees it.
      if (event !== undefined) this.#note(active, event, input.packet.length);
      if (answer !== undefined) link.send(answer);
      if (event?.kind === 'object') link.send(session.answer(await this.#hand(event, from)));
      if (last || (this.#closing && !session.busy)) return;
      if (clock.monotonic() >= end) {
        this.drop('timeout', `the session lasted ${sessionMs} ms`, from, 0);
        return;
      }
    }
  }

  #note(active: Active, event: ObexServerEvent, octets: number): void {
    const { from, holder } = active;
    if (event.kind === 'connected' || event.kind === 'object') {
      const proved = event.account !== undefined;
      holder?.progress(proved ? 'proved' : event.kind === 'object' ? 'served' : 'connected');
    }
    active.challenged = event.kind === 'refused' && event.reason === 'challenge';
    active.settled = event.kind !== 'connected' && !active.challenged;
    if (event.kind === 'aborted') this.drop('aborted', 'the peer gave the object up', from, octets);
    if (event.kind === 'refused' && event.reason !== 'challenge') {
      // Only an unprotected DM message is refused so when its type is known.
      const insecure = event.reason === 'not-admitted' && event.code === responseCodes.forbidden;
      this.drop(insecure ? 'insecure' : dropReasons[event.reason], event.detail, from, octets);
    }
  }

  /** What the end of the stream means for what was under way. */
  #ended(active: Active, input: Exclude<LinkInput, { readonly kind: 'packet' }>): void {
    const { from, session, challenged, settled, holder } = active;
    if (input.kind === 'interrupted' || holder?.ended() === true) return;
    if (input.kind === 'unreadable') this.drop('protocol', input.error.message, from, 0);
    else if (input.kind === 'timeout') this.drop('timeout', 'nothing came for too long', from, 0);
    else if (input.kind === 'closed' && (session.busy || input.midPacket)) {
      this.drop('incomplete', 'the stream ended in the middle of a request', from, 0);
    } else if (challenged) this.drop('credentials', 'left when asked for credentials', from, 0);
    else if (input.kind === 'closed' && !settled) {
      this.drop('incomplete', 'the stream ended without an object', from, 0);
    }
  }

  /** Hands the object over; gives the response code. Never rejects. */
  async #hand(
    event: { readonly object: ObexObject; readonly account: ObexCredentials | undefined },
    from: string,
  ): Promise<number> {
    const { object, account } = event;
    const type = parseDmType(this.#typeOf(object) ?? '');
    const handled = await this.#intake.hand({
      binding: this.name,
      from,
      contentType: { mime: type?.mime, code: undefined },
      parameters: type?.parameters ?? {},
      body: object.body,
      account,
      httpHeaders: decodeHttpHeaders(object.http),
    });
    if (!handled.ok) {
      const late = handled.error instanceof PushError && handled.error.retryable;
      return late ? responseCodes.serviceUnavailable : responseCodes.internalError;
    }
    const verdict = isVerdict(handled.said) ? handled.said : undefined;
    if (verdict !== undefined) this.#refused += 1;
    return verdictCode(verdict);
  }

  /** What the handler says. Rejects with a PushError TIMEOUT when that takes too long. */
  async #answerInTime(push: ReceivedObexPush): Promise<unknown> {
    const { handlerMs, clock } = this.#settings;
    const stop = new AbortController();
    const late = sleep(clock, handlerMs, stop.signal).then(() => {
      if (stop.signal.aborted) return;
      throw new PushError('TIMEOUT', `the handler did not answer within ${handlerMs} ms`, true);
    });
    try {
      return await Promise.race([this.#call(push), late]);
    } finally {
      stop.abort();
    }
  }

  async #call(push: ReceivedObexPush): Promise<unknown> {
    return this.#options.handler(push);
  }

  #newSession(peer: string): ObexServerSession {
    const { target, maxPacketLength, maxPayload, maxAttempts, accounts, random } = this.#settings;
    return new ObexServerSession({
      target,
      targetRequired: this.#options.targetRequired,
      connectionId: this.#sessions % 0x1_0000_0000,
      maxPacketLength,
      maxObjectLength: maxPayload,
      accounts,
      authenticateConnect: this.#options.authenticate === 'always',
      realm: this.#options.realm,
      maxAttempts,
      attempts: this.#attemptsFrom(peer),
      nonces: this.#nonces,
      random,
      admit: (head, account) => this.#admit(head, account),
      // A pushed message has no answer to fetch; nothing else is served at all.
      get: (type) =>
        parseDmType(type ?? '')?.kind === 'message' ? responseCodes.notFound : responseCodes.notImplemented,
    });
  }

  #attemptsFrom(peer: string): ObexAttempts {
    const { clock } = this.#settings;
    const nameOf = (userId: Uint8Array | undefined): string =>
      userId === undefined ? '' : (bytesToUtf8(userId) ?? bytesToHex(userId));
    return {
      allowed: (userId) => this.#guard.refusal(nameOf(userId), peer, clock.monotonic()) === undefined,
      made: (userId, proved) => {
        if (proved === undefined) this.#guard.failed(nameOf(userId), peer, clock.monotonic());
        else this.#guard.succeeded(nameOf(userId), peer, clock.monotonic());
      },
    };
  }

  #admit(head: ObexObjectHead, account: ObexCredentials | undefined): number {
    const type = parseDmType(this.#typeOf(head) ?? '');
    if (type === undefined) return responseCodes.unsupportedMediaType;
    if (type.kind !== 'message') return responseCodes.success;
    const { messages, accounts, secure } = this.#settings;
    if (messages === 'tls' && !secure) return responseCodes.forbidden;
    if (account !== undefined) return responseCodes.success;
    if (accounts.length > 0) return responseCodes.unauthorized;
    return messages === 'authenticated' && !secure ? responseCodes.forbidden : responseCodes.success;
  }

  #typeOf({ type, name }: ObexObjectHead): string | undefined {
    return type ?? this.#options.typeOf?.({ name });
  }
}

/**
 * Serves one stream, such as RFCOMM, IrDA or a serial line, until its session is over; gives what it counted. `from`
 * names the peer in logs.
 * @throws {ValueError} OUT_OF_RANGE or TOO_LONG for a setting
 */
export async function serveObexStream(
  stream: Duplex,
  options: ObexReceiverOptions & { readonly from?: string | undefined },
): Promise<ObexCounters> {
  const receiver = new ObexReceiver(options);
  await receiver.serve(stream, options.from ?? 'stream');
  return receiver.counters();
}

function isVerdict(value: unknown): value is ObexVerdict {
  return typeof value === 'object' && value !== null && 'refuse' in value;
}

/** Ends a stream and lets go of it once its last octets are out, or when they do not go for too long. */
async function endStream(stream: Duplex, { clock, idleMs }: ObexReceiverSettings): Promise<void> {
  // When the peer has ended its side and everything is out, there is nobody to wait for.
  const done = stream.readableEnded && stream.writableLength === 0;
  if (!done && !stream.destroyed) {
    const stop = new AbortController();
    const ended = (): void => stop.abort();
    stream.once('close', ended);
    stream.end(ended);
    await sleep(clock, idleMs, stop.signal);
    stream.off('close', ended);
  }
  stream.destroy();
}
