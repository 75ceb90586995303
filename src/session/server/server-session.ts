// The server's end of a DM session, as a state machine without sockets (DM-PRO-1.2, DM-SEC-1.2).
import {
  alertCodes,
  type DmCommand,
  type DmMessage,
  type ManagementCommand,
  versionFailure,
} from '../../codec/syncml/index.ts';
import { Turns } from '../../core/index.ts';
import type { Incoming, Outgoing, SessionEnd, SessionStep } from '../contract/contract.ts';
import { defaultMaxObjSize } from '../contract/limits.ts';
import { StepLog } from '../contract/step-log.ts';
import { isOfSession, requireSessionId } from '../message/envelope.ts';
import { LargeObjectReceiver } from '../message/large-object.ts';
import { detached, unboundedMemory } from '../message/memory.ts';
import type { Made, MessageMaker } from '../message/message-maker.ts';
import { OutgoingPackage } from '../message/outgoing-package.ts';
import { type Heard, hear } from '../message/own-status.ts';
import { alert, headerStatus, isAlert } from '../message/replies.ts';
import { lostPiece } from '../message/sent-piece.ts';
import { oversized } from '../message/size.ts';
import type { Attachment, Prover } from '../proof/prover.ts';
import type { Verifier } from '../proof/verifier.ts';
import { AnswerBook } from './answer-book.ts';
import { type Intake, isOver, refuseAll, takeIn } from './client-input.ts';
import { confirmingGet, withoutConfirmation } from './confirmation.ts';
import { Kept } from './kept.ts';
import { PastSession } from './past-session.ts';
import { type MessageOrder, SeenMessages } from './seen-messages.ts';
import { serverMaker, tooSmall } from './server-maker.ts';
import type { ServerSessionOptions } from './server-options.ts';
import { clientVerifier, serverProver } from './server-proofs.ts';

/**
 * One DM session of a server with a device. The host gives each message to `receive` and sends `step.send` as the
 * answer. After `end` it should keep the session, or its answer and what `past` gives, for a while: a client that missed the last
 * answer repeats its message and gets the same answer again. Steps are computed one after the other, however calls overlap.
 */
export class ServerSession {
  readonly options: ServerSessionOptions;
  readonly #queue = new Turns();
  readonly #log = new StepLog();
  readonly #book: AnswerBook;
  readonly #verifier: Verifier;
  readonly #objects: LargeObjectReceiver;
  readonly #package: OutgoingPackage;
  readonly #seen: SeenMessages;
  readonly #kept: Kept;
  #prover: Prover | undefined;
  #maker: MessageMaker | undefined;
  #ended: SessionEnd | undefined;
  #abortReason: string | undefined;
  #authenticated = false;
  #resynchronising = false;
  #renewal: 'none' | 'due' | 'awaited' = 'none';
  #confirmation: 'open' | 'asked' | 'had' = 'open';
  /** True when the last message was an Alert 1222: the client is to go on with its package. */
  #asked = false;
  #clientMaxObjSize = Number.POSITIVE_INFINITY;

  /** @throws {ValueError} when `sessionId` is neither 1-65535 nor a text */
  constructor(options: ServerSessionOptions) {
    requireSessionId(options.sessionId);
    this.options = options;
    const { memory = unboundedMemory } = options;
    this.#book = new AnswerBook(memory);
    this.#seen = new SeenMessages(memory);
    this.#kept = new Kept(memory);
    const encoding = options.encoding ?? 'xml';
    this.#package = new OutgoingPackage(encoding);
    this.#objects = new LargeObjectReceiver(options.maxObjSize ?? defaultMaxObjSize, memory);
    this.#verifier = options.verifier ?? clientVerifier(options);
  }

  /** Why the session is over; `undefined` while it runs. */
  get ended(): SessionEnd | undefined {
    return this.#ended;
  }

  /** True once the client has proved who it is. */
  get authenticated(): boolean {
    return this.#authenticated;
  }

  /** True when the client's further messages are believed without credentials. */
  get trustsSession(): boolean {
    return this.#verifier.trustsSession;
  }

  /** How a message stands to this session, without taking it in. */
  order(incoming: Incoming): MessageOrder {
    const { header } = incoming.message;
    const { sessionId, deviceId } = this.options;
    if (!isOfSession(header, sessionId) || header.source.uri !== deviceId) return 'stale';
    return this.#seen.order(incoming);
  }

  /**
   * True when a message comes with credentials of the client that hold in this session as it stands, whether it needs
   * them or not: for a host that cannot tell from its address which session it belongs to. Changes nothing.
   */
  proves(incoming: Incoming): boolean {
    return this.#verifier.proves(incoming);
  }

  /** The client's next message: authenticates it, takes statuses and results, and says what to answer. Never rejects. */
  receive(incoming: Incoming): Promise<SessionStep> {
    return this.#queue.run(() => this.#receive(incoming));
  }

  /** What the host keeps of a session that is over, instead of it: a repeated message gets the answer that the host kept. */
  past(): PastSession {
    this.#kept.last = undefined;
    const { sessionId, deviceId } = this.options;
    return new PastSession(sessionId, deviceId, this.#seen, this.trustsSession);
  }

  /** Ends the session from this side: the answer to the client's next message will be Alert 1223. */
  abort(reason: string): void {
    this.#abortReason ??= reason;
  }

  /** The host cannot go on: the session is over, nothing goes out. */
  fail(reason: string): SessionStep {
    return this.#ended === undefined
      ? this.#end({ outcome: 'failed', reason })
      : this.#log.ignore('the session is over');
  }

  /**
   * The client did not send its next message in the time that the host allows: the session is failed. Without
   * `confirmCredentials` it is completed all the same when nothing but a renewal of the server nonce was outstanding.
   */
  timeout(): SessionStep {
    if (this.#ended === undefined && this.#renewal === 'awaited' && this.#book.empty && this.#package.empty) {
      this.#log.note('the client did not renew the server nonce');
      return this.#end({ outcome: 'completed' });
    }
    if (this.#confirmation === 'asked') {
      return this.fail("the client did not answer in time, nor say that the server's credentials hold");
    }
    return this.fail('the client did not answer in time');
  }

  async #receive(given: Incoming): Promise<SessionStep> {
    // Parts of the header are kept for as long as the session lasts.
    const header = detached(given.message.header);
    const message = { ...given.message, header };
    const incoming = { ...given, message };
    const order = this.order(incoming);
    if (order === 'repeat') return this.#repeat();
    if (order !== 'next') return this.#log.ignore(`a message that is ${order}`);
    if (this.#ended !== undefined) return this.#log.ignore('the session is over');
    this.#seen.add(incoming);
    this.#maker ??= serverMaker(this.options, message);
    const maker = this.#maker;
    const failure = versionFailure(header);
    if (failure !== undefined) {
      const end: SessionEnd = { outcome: 'failed', reason: `version not supported: status ${failure}` };
      return this.#close(end, maker, [
        headerStatus(header, { status: failure }),
        ...refuseAll(message, failure),
      ]);
    }
    const peer = this.#verifier.check(incoming);
    if (!peer.trusted) return this.#refuse(message, maker, peer.status, peer.reason);
    this.#trust(message, maker);
    if (this.#abortReason !== undefined) {
      const end: SessionEnd = { outcome: 'aborted', by: 'server', reason: this.#abortReason };
      return this.#close(end, maker, this.#accept(message), [alert(alertCodes.sessionAbort)]);
    }
    return await this.#manage(message, maker);
  }

  /** 401 or 407, with a challenge while one is left. Nothing of the message is looked at. */
  #refuse(message: DmMessage, maker: MessageMaker, status: 401 | 407, reason: string): SessionStep {
    const last = !this.#verifier.mayChallenge;
    const first = [
      headerStatus(message.header, this.#verifier.refusal(status)),
      ...refuseAll(message, status),
    ];
    if (last) return this.#close({ outcome: 'unauthenticated', reason }, maker, first);
    this.#log.note(reason);
    return this.#sent(maker.make({ attachment: {}, first, mayBeFinal: true }), maker);
  }

  #trust(message: DmMessage, maker: MessageMaker): void {
    const { maxMsgSize, maxObjSize } = message.header.meta ?? {};
    if (maxMsgSize !== undefined && maxMsgSize > 0) maker.peerMaxMsgSize = maxMsgSize;
    if (maxObjSize !== undefined && maxObjSize > 0) this.#clientMaxObjSize = maxObjSize;
    if (this.#authenticated) return;
    this.#authenticated = true;
    const { scheme = 'none', usedDefaultNonce } = this.#verifier;
    this.#log.add({ effect: 'peer-authenticated', scheme, defaultNonce: usedDefaultNonce });
    const { server, acceptDefaultNonce = false } = this.options;
    // Credentials without a nonce do not tell which nonce the client holds; the notification was the default one's.
    this.#resynchronising =
      acceptDefaultNonce && (usedDefaultNonce || scheme === 'basic' || scheme === 'none');
    const unknown = server !== undefined && server.nonce.length === 0;
    const atDefault = this.#resynchronising || unknown;
    if (server !== undefined && atDefault) this.#renewal = 'due';
    this.#prover = serverProver(this.options, atDefault);
  }

  async #manage(message: DmMessage, maker: MessageMaker): Promise<SessionStep> {
    const accepted = this.#accept(message);
    const heard = this.#hear(message, maker);
    const challenged = heard.next === 'send-again' || heard.next === 'give-up';
    const intake = { ...this.#intake(maker), challenged };
    const replies = [...accepted, ...takeIn(message, intake)];
    if (message.commands.some((command) => isAlert(command, alertCodes.sessionAbort))) {
      const end: SessionEnd = { outcome: 'aborted', by: 'client', reason: 'the client sent Alert 1223' };
      return this.#close(end, maker, replies);
    }
    if (heard.next === 'give-up') {
      const end: SessionEnd = { outcome: 'unauthenticated', reason: heard.reason };
      return this.#close(end, maker, replies, [alert(alertCodes.sessionAbort)]);
    }
    if (heard.next === 'refused') {
      const reason = `the client ${heard.said}`;
      return this.#close({ outcome: 'failed', reason }, maker, replies);
    }
    if (!challenged) this.#checkPiece(message, maker);
    if (!this.#package.empty) return this.#send(replies, maker);
    if (!isOver(message, this.#asked, this.#intake(maker))) {
      return this.#send([...replies, alert(alertCodes.nextMessage)], maker, false);
    }
    this.#objects.endPackage();
    this.#log.add(...withoutConfirmation(this.#book.close()));
    this.#forgetPackage();
    const problem = await this.#next(maker, replies);
    if (problem !== undefined) {
      const end: SessionEnd = { outcome: 'failed', reason: problem };
      return this.#close(end, maker, replies, [alert(alertCodes.sessionAbort)]);
    }
    if (this.#ended !== undefined) return { ...this.#log.flush(), end: this.#ended };
    if (this.#package.empty) this.#askConfirmation(maker, replies);
    if (!this.#package.empty) return this.#send(replies, maker);
    if (this.#renewal === 'due') {
      this.#renewal = 'awaited';
      return this.#send(replies, maker);
    }
    return this.#close({ outcome: 'completed' }, maker, replies);
  }

  /**
   * What the client's Status for our SyncHdr means. Where it wants credentials, it carried nothing out: the same commands
   * go out again, with what it sent beside its challenge answered as ever.
   */
  #hear(message: DmMessage, maker: MessageMaker): Heard {
    const prover = this.#prover;
    if (prover === undefined) return { next: 'nothing' };
    const heard = hear(message, { prover, last: this.#kept.last, lastMsgId: maker.lastMsgId });
    if ('note' in heard && heard.note !== undefined) this.#log.note(heard.note);
    if (heard.next === 'send-again' || heard.next === 'give-up') {
      if (this.#kept.last === undefined || this.#kept.last.originals.size === 0) return heard;
      this.#book.unsent(maker.lastMsgId, this.#kept.last.originals);
      if (heard.next === 'send-again') this.#package.rewind();
    }
    if (heard.next !== 'go-on') return heard;
    this.#storeServerNonce(prover.takeNonceToStore());
    // A word on a message without credentials says nothing about them.
    if (!heard.proven) return heard;
    this.#confirmation = 'had';
    this.#renewal = 'none';
    return heard;
  }

  /** Gives up the object whose piece the client did not keep. */
  #checkPiece(message: DmMessage, maker: MessageMaker): void {
    const lost = lostPiece(message, this.#kept.last, maker.lastMsgId);
    if (lost === undefined) return;
    this.#package.dropObject();
    this.#log.note(lost.note);
    if (lost.command !== undefined && lost.problem !== undefined) this.#book.fail(lost.command, lost.problem);
  }

  #storeServerNonce(nonce: Uint8Array | undefined): void {
    if (nonce === undefined) return;
    this.#log.add({ effect: 'server-nonce', nonce });
    this.#renewal = 'none';
    if (!this.#resynchronising) return;
    this.#resynchronising = false;
    this.#log.add({ effect: 'resynchronised' });
  }

  /** The Status for SyncHdr; a fresh client nonce that it hands over is to be stored first. */
  #accept(message: DmMessage): DmCommand[] {
    const status = headerStatus(message.header, this.#verifier.acceptance());
    const nonce = this.#verifier.takeNonceToStore();
    if (nonce !== undefined) this.#log.add({ effect: 'client-nonce', nonce });
    return [status];
  }

  #intake(maker: MessageMaker): Intake {
    return { book: this.#book, objects: this.#objects, log: this.#log, lastMsgId: maker.lastMsgId };
  }

  /** Fetches the commands of the next package; why not, when that failed. */
  async #next(maker: MessageMaker, replies: readonly DmCommand[]): Promise<string | undefined> {
    try {
      for (let said = this.#log.reports(); ; ) {
        if (!this.#kept.hasRoom()) return 'the server has no room for commands: try again later';
        const commands = await this.options.commands.next(said);
        this.#kept.addCommands(commands);
        for (const command of commands) this.#add(command, maker, replies);
        if (!this.#package.empty || commands.length === 0) return undefined;
        // None of them can go out: the provider may have others.
        said = withoutConfirmation(this.#book.close());
        this.#log.add(...said);
      }
    } catch (error) {
      this.#log.note(`the command provider failed: ${error instanceof Error ? error.name : 'error'}`);
      return 'the commands could not be read';
    }
  }

  #forgetPackage(): void {
    this.#package.clear();
    this.#kept.forgetCommands();
  }

  /**
   * A client need not answer a package 2 without commands, and one that refuses the server's credentials then says
   * nothing (DM-SEC-1.2). So that it has to speak, a session that has no commands, and whose credentials the
   * client has said nothing about yet, sends one of its own (spec-notes ruling 15).
   */
  #askConfirmation(maker: MessageMaker, replies: readonly DmCommand[]): void {
    const { server, confirmCredentials = true } = this.options;
    if (server === undefined || !confirmCredentials || this.#confirmation !== 'open') return;
    this.#add(confirmingGet, maker, replies);
    if (this.#package.empty) return;
    this.#confirmation = 'asked';
    if (this.#renewal === 'due') this.#renewal = 'awaited';
  }

  /** What proves the server in its next message; nothing to a client that is not believed. */
  #attachment(): Attachment {
    return this.#prover?.attach() ?? {};
  }

  /** Puts a command into the package, unless the client cannot take it. */
  #add(command: ManagementCommand, maker: MessageMaker, replies: readonly DmCommand[]): void {
    this.#book.enter(command);
    const attachment = this.#attachment();
    const fits =
      this.#package.fits(command, maker.leastRoomFor(attachment, replies)) ||
      this.#package.fits(command, maker.roomFor(attachment, replies));
    if (oversized(command, this.#clientMaxObjSize, this.options.encoding ?? 'xml')) {
      this.#log.note(`${command.name} carries an object beyond the client's MaxObjSize and is left out`);
    } else if (!fits) {
      this.#log.note(`${command.name} fits into no message of the client's MaxMsgSize and is left out`);
    } else this.#package.add({ command, original: command });
  }

  #send(first: readonly DmCommand[], maker: MessageMaker, mayBeFinal = true): SessionStep {
    this.#asked = !mayBeFinal;
    const made = maker.make({
      attachment: this.#attachment(),
      first,
      ...(mayBeFinal ? { from: this.#package } : {}),
      mayBeFinal,
    });
    this.#book.sent(maker.lastMsgId, made.originals);
    for (const { command } of made.tooLarge) {
      this.#log.note(`${command.name} fits into no message of the client's MaxMsgSize and is left out`);
    }
    return this.#sent(made, maker);
  }

  #sent(made: Made, maker: MessageMaker): SessionStep {
    if (made.overfull) return this.fail(tooSmall(maker));
    this.#kept.last = made;
    if (maker.count > (this.options.maxMessages ?? 10_000)) return this.fail('the session does not end');
    return { ...this.#log.flush(), send: made.outgoing };
  }

  /** Ends the session with a last message. */
  #close(
    end: SessionEnd,
    maker: MessageMaker,
    first: readonly DmCommand[],
    last: readonly DmCommand[] = [],
  ): SessionStep {
    const made = maker.make({ attachment: this.#attachment(), first, last, mayBeFinal: true });
    if (made.overfull) {
      return this.#end(end.outcome === 'completed' ? { outcome: 'failed', reason: tooSmall(maker) } : end);
    }
    this.#kept.last = made;
    return { ...this.#end(end), send: made.outgoing };
  }

  #end(end: SessionEnd): SessionStep {
    this.#ended = end;
    // Of a value whose end did not come, nothing was said.
    const unfinished = this.#objects.awaited?.command;
    if (unfinished?.name === 'Results') this.#book.forget(unfinished);
    this.#log.add(...withoutConfirmation(this.#book.close()));
    this.#objects.endPackage();
    this.#forgetPackage();
    return { ...this.#log.flush(), end };
  }

  #repeat(): SessionStep {
    this.#log.note('the client repeated its message; the same answer goes out');
    this.#book.sentAgain();
    const step = this.#log.flush();
    const send: Outgoing | undefined = this.#kept.last?.outgoing;
    return {
      ...step,
      ...(send === undefined ? {} : { send }),
      ...(this.#ended === undefined ? {} : { end: this.#ended }),
    };
  }
}
