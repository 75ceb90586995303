// The device's end of a DM session, as a state machine without sockets (DM-PRO-1.2, DM-SEC-1.2).
import { sessionIdText } from '../../codec/notification/index.ts';
import { alertCodes, type DmCommand, type DmMessage, versionFailure } from '../../codec/syncml/index.ts';
import { Turns } from '../../core/index.ts';
import { defaultNonce, randomNonce } from '../../security/index.ts';
import type { Incoming, Outgoing, SessionEnd, SessionStep } from '../contract/contract.ts';
import { defaultMaxObjSize } from '../contract/limits.ts';
import { StepLog } from '../contract/step-log.ts';
import { isOfSession, redirection, requireSessionId } from '../message/envelope.ts';
import { type Made, MessageMaker } from '../message/message-maker.ts';
import { OutgoingPackage } from '../message/outgoing-package.ts';
import { hear } from '../message/own-status.ts';
import {
  alert,
  commandStatus,
  commandsToAnswer,
  headerStatus,
  isAlert,
  statusNumber,
  statusOfHeader,
} from '../message/replies.ts';
import { lostPiece } from '../message/sent-piece.ts';
import { Prover } from '../proof/prover.ts';
import { Verifier } from '../proof/verifier.ts';
import type { ClientAlert, ClientSessionOptions } from './client-options.ts';
import { alertOf, packageOne } from './package-one.ts';
import { ClientCommands } from './server-commands.ts';

/**
 * One DM session of a device. The host sends `step.send` to its `message.header.target.uri`, gives the answer to
 * `receive`, and stops when a step has `end`. Steps are computed one after the other, however calls overlap.
 */
export class ClientSession {
  readonly options: ClientSessionOptions;
  readonly #queue = new Turns();
  readonly #log = new StepLog();
  readonly #maker: MessageMaker;
  readonly #prover: Prover;
  readonly #verifier: Verifier;
  readonly #commands: ClientCommands;
  readonly #package: OutgoingPackage;
  readonly #seen = new Set<string>();
  readonly #alerts: ClientAlert[] = [];
  #last: Made | undefined;
  #ended: SessionEnd | undefined;
  #abortReason: string | undefined;
  #authenticated = false;
  #clientNonceNew = false;
  #serverNonceSent = false;
  #resynchronising: boolean;
  /** As stored; and what it was, while the server has not said that it took the message with the new one. */
  #serverNonce: Uint8Array | undefined;
  #nonceBefore: Uint8Array | undefined;

  /** @throws {ValueError} when `sessionId` is not 1-65535 */
  constructor(options: ClientSessionOptions) {
    requireSessionId(options.sessionId);
    const { account, encoding = 'xml', maxChallenges = 1, maxObjSize = defaultMaxObjSize } = options;
    const resynchronise = options.defaultNonce ?? false;
    this.options = options;
    this.#resynchronising = resynchronise;
    this.#serverNonce = account.server?.nonce;
    this.#package = new OutgoingPackage(encoding);
    this.#prover = new Prover({
      whose: 'client',
      credentials: account.client,
      schemes: account.clientSchemes,
      nonce: resynchronise ? defaultNonce() : nonEmpty(account.client?.nonce),
      maxChallenges,
    });
    this.#verifier = new Verifier({
      peer: 'server',
      credentials: account.server,
      schemes: account.serverSchemes,
      transportTrusted: options.transportTrusted ?? false,
      // A server that holds no nonce for the device takes the default one, and a device without one takes it too.
      acceptDefaultNonce: resynchronise || nonEmpty(account.server?.nonce) === undefined,
      acceptNonceText: options.acceptNonceText ?? false,
      alwaysRenew: resynchronise,
      maxChallenges,
      randomNonce: options.randomNonce ?? randomNonce,
    });
    const name = this.#prover.name;
    this.#maker = new MessageMaker({
      form: encoding,
      verDtd: options.verDtd ?? '1.2',
      verProto: options.verProto ?? 'DM/1.2',
      sessionId: sessionIdText(options.sessionId),
      source: name === undefined ? { uri: options.deviceId } : { uri: options.deviceId, name },
      target: { uri: account.serverUri },
      respUri: undefined,
      maxMsgSize: options.maxMsgSize ?? 16_384,
      maxObjSize,
      mayNeedCred: account.client !== undefined,
    });
    this.#commands = new ClientCommands({
      session: options,
      answers: this.#package,
      log: this.#log,
      roomInMessage: () => this.#maker.roomFor(this.#prover.attach()),
    });
  }

  /** Why the session is over; `undefined` while it runs. */
  get ended(): SessionEnd | undefined {
    return this.#ended;
  }

  /** Alerts of `queueAlert` that found no message to go with. */
  get unsentAlerts(): readonly ClientAlert[] {
    return this.#alerts;
  }

  /** Package #1. To be called once, first; afterwards it is ignored. */
  start(): SessionStep {
    if (this.#ended !== undefined) return this.#log.ignore('the session is over');
    if (this.#last !== undefined) return this.#log.ignore('the session has begun already');
    this.#package.add(...packageOne(this.options).map((command) => ({ command })));
    return this.#send([], []);
  }

  /** The server's next message: verifies it, carries out its commands, and says what to answer. Never rejects. */
  receive(incoming: Incoming): Promise<SessionStep> {
    return this.#queue.run(async () => {
      const step = await this.#receive(incoming);
      if (this.#abortReason === undefined || this.#ended !== undefined) return step;
      const abort = this.#abort(this.#abortReason, step.send !== undefined);
      return { ...abort, effects: [...step.effects, ...abort.effects] };
    });
  }

  /** The last message sent, to be sent again unchanged when no answer came; `undefined` when none is waited for. */
  repeat(): Outgoing | undefined {
    return this.#ended === undefined && !this.#queue.busy ? this.#last?.outgoing : undefined;
  }

  /** Adds an Alert 1224 or 1226 to the next message that goes out; when none does, see `unsentAlerts`. */
  queueAlert(clientAlert: ClientAlert): void {
    this.#alerts.push(clientAlert);
  }

  /**
   * Ends the session from this side. Alert 1223 goes out when the session has begun; while a message is being worked
   * on, it takes the place of the answer to that. `unsent` says that it takes the place of the last message, which the host
   * did not send: a server nonce that only that one handed over is taken back, as by `refused`.
   */
  abort(reason: string, unsent = false): SessionStep {
    if (this.#ended !== undefined) return this.#log.ignore('the session is over');
    if (!this.#queue.busy) return this.#abort(reason, unsent);
    this.#abortReason = reason;
    return { effects: [] };
  }

  /** The host cannot go on (connection refused, HTTP error, bad octets): the session is over, nothing goes out. */
  fail(reason: string): SessionStep {
    if (this.#ended !== undefined) return this.#log.ignore('the session is over');
    return this.#end({ outcome: 'failed', reason });
  }

  /**
   * The server certainly did not take the last message: as `fail`, and a server nonce that only this message handed
   * over is taken back (DM-NOTI-1.2 §5.1: what fails leaves the nonces as they were). Not for a message that may have
   * arrived, such as one that was sent before.
   */
  refused(reason: string): SessionStep {
    if (this.#ended === undefined) this.#takeBackNonce();
    return this.fail(reason);
  }

  /** The server did not answer in the time that the host allows. */
  timeout(): SessionStep {
    return this.fail('the server did not answer in time');
  }

  async #receive(incoming: Incoming): Promise<SessionStep> {
    const { message } = incoming;
    const { header } = message;
    const last = this.#last;
    if (this.#ended !== undefined || last === undefined) return this.#log.ignore('no answer is waited for');
    if (!isOfSession(header, this.options.sessionId))
      return this.#break('the answer belongs to another session');
    if (versionFailure(header) !== undefined)
      return this.#break('the server speaks another version of the protocol');
    if (this.#seen.has(header.msgId)) return this.#log.ignore('a message of the server came again');
    this.#seen.add(header.msgId);
    if (message.commands.some((command) => isAlert(command, alertCodes.sessionAbort))) {
      return this.#end({ outcome: 'aborted', by: 'server', reason: 'the server sent Alert 1223' });
    }
    if (statusOfHeader(message, this.#maker.lastMsgId) === undefined) {
      return this.#break('the answer has no Status for the SyncHdr of our message');
    }
    this.#follow(message);
    const heard = hear(message, { prover: this.#prover, last, lastMsgId: this.#maker.lastMsgId });
    if ('note' in heard && heard.note !== undefined) this.#log.note(heard.note);
    switch (heard.next) {
      case 'send-again':
        return this.#again(last);
      case 'give-up':
        return this.#end({ outcome: 'unauthenticated', reason: heard.reason });
      case 'refused':
        this.#takeBackNonce();
        return this.#end({ outcome: 'failed', reason: `the server ${heard.said}` });
    }
    this.#nonceBefore = undefined;
    const peer = this.#verifier.check(incoming);
    if (!peer.trusted) return this.#distrust(message, peer.status, peer.reason);
    const lost = lostPiece(message, last, this.#maker.lastMsgId);
    if (lost !== undefined) {
      this.#package.dropObject();
      this.#log.note(lost.note);
    }
    return await this.#manage(message);
  }

  /** The server wants credentials: the last message again, with better ones. Its nonce is not stored yet. */
  #again(last: Made): SessionStep {
    if (!last.outgoing.message.commands.some(({ name }) => name === 'Status')) {
      // The beginning of package #1, made before the server could say how much it takes.
      this.#package.rewind();
      return this.#send([], []);
    }
    return this.#sent(this.#maker.again(last, this.#prover.attach()));
  }

  /** The server is not who it says: nothing is carried out. Without commands no answer is due (DM-SEC-1.2). */
  #distrust(message: DmMessage, status: 401 | 407, reason: string): SessionStep {
    this.#log.note(reason);
    const commands = commandsToAnswer(message);
    if (commands.length === 0) return this.#end({ outcome: 'unauthenticated', reason });
    const last = !this.#verifier.mayChallenge;
    const statuses = commands.map((command) => commandStatus(message.header.msgId, command, status));
    const first = [headerStatus(message.header, this.#verifier.refusal(status)), ...statuses];
    const mayBeFinal = this.#package.empty;
    const made = this.#maker.make({ attachment: this.#prover.attach(), first, mayBeFinal });
    if (!last) return this.#sent(made);
    return { ...this.#end({ outcome: 'unauthenticated', reason }), send: made.outgoing };
  }

  async #manage(message: DmMessage): Promise<SessionStep> {
    this.#trusted();
    this.#noteRefusals(message);
    const atOnce = await this.#commands.run(message);
    if (this.#ended !== undefined) return { ...this.#log.flush(), end: this.#ended };
    const commands = commandsToAnswer(message).length > 0;
    if (message.final && !commands && this.#package.empty && !this.#renewalDue()) {
      return this.#end({ outcome: 'completed' });
    }
    const first = [headerStatus(message.header, this.#verifier.acceptance()), ...atOnce];
    const nonce = this.#verifier.takeNonceToStore();
    if (nonce !== undefined) {
      this.#serverNonceSent = true;
      this.#nonceBefore = this.#serverNonce;
      this.#serverNonce = nonce;
      this.#log.add({ effect: 'server-nonce', nonce });
    }
    // Without Final the server goes on after our Statuses, unless it asks for more of what we have to say.
    const asked = message.commands.some((command) => isAlert(command, alertCodes.nextMessage));
    if (!message.final && !asked) return this.#send(first, [alert(alertCodes.nextMessage)], true);
    for (const queued of this.#alerts.splice(0)) this.#package.add({ command: alertOf(queued) });
    return this.#send(first, []);
  }

  /** The server is authenticated: its nonce for us may be stored now. */
  #trusted(): void {
    const { scheme = 'none', usedDefaultNonce } = this.#verifier;
    if (!this.#authenticated) {
      this.#authenticated = true;
      this.#log.add({ effect: 'peer-authenticated', scheme, defaultNonce: usedDefaultNonce });
    }
    const nonce = this.#prover.takeNonceToStore();
    if (nonce !== undefined) {
      this.#clientNonceNew = true;
      this.#log.add({ effect: 'client-nonce', nonce });
    }
    const clientReady = this.#clientNonceNew || !this.#prover.usesNonce;
    if (!this.#resynchronising || !this.#serverNonceSent || !clientReady) return;
    this.#resynchronising = false;
    this.#log.add({ effect: 'resynchronised' });
  }

  #takeBackNonce(): void {
    const nonce = this.#nonceBefore;
    if (nonce === undefined) return;
    this.#nonceBefore = undefined;
    this.#log.add({ effect: 'server-nonce', nonce });
  }

  /** A new server nonce must reach the server even when it sent no commands (DM-NOTI-1.2 §5.1, step 5). */
  #renewalDue(): boolean {
    const due = this.options.defaultNonce === true || this.#verifier.usedDefaultNonce;
    return due && this.options.account.server !== undefined && !this.#serverNonceSent;
  }

  /** What the server's header says of itself. */
  #follow(message: DmMessage): void {
    const { respUri, meta } = message.header;
    const { maxMsgSize, maxObjSize } = meta ?? {};
    if (maxMsgSize !== undefined && maxMsgSize > 0) this.#maker.peerMaxMsgSize = maxMsgSize;
    if (maxObjSize !== undefined && maxObjSize > 0) this.#commands.serverMaxObjSize = maxObjSize;
    if (respUri === undefined) return;
    const uri = redirection(this.#maker.target.uri, respUri);
    if (uri !== undefined) this.#maker.target = { uri };
    else this.#log.note('the server gave a RespURI that is no address or is without TLS; it is not followed');
  }

  #noteRefusals(message: DmMessage): void {
    for (const command of message.commands) {
      if (command.name !== 'Status' || command.cmdRef === '0') continue;
      if (command.msgRef !== this.#maker.lastMsgId)
        this.#log.note('a Status is for no message that waits for one');
      else if (statusNumber(command.data) >= 300)
        this.#log.note('the server answers a command with a failure');
    }
  }

  #send(first: readonly DmCommand[], last: readonly DmCommand[], onlyStatuses = false): SessionStep {
    const made = this.#maker.make({
      attachment: this.#prover.attach(),
      first,
      from: this.#package,
      onlyStatuses,
      last,
      mayBeFinal: !onlyStatuses,
    });
    for (const { command } of made.tooLarge)
      this.#log.note(`${command.name} fits into no message and is left out`);
    return this.#sent(made);
  }

  #sent(made: Made): SessionStep {
    if (made.overfull) {
      const octets = this.#maker.peerMaxMsgSize;
      return this.fail(`the server's MaxMsgSize of ${octets} octets leaves no room for an answer`);
    }
    this.#last = made;
    if (this.#maker.count > (this.options.maxMessages ?? 10_000))
      return this.fail('the session does not end');
    return { ...this.#log.flush(), send: made.outgoing };
  }

  #abort(reason: string, unsent: boolean): SessionStep {
    if (unsent) this.#takeBackNonce();
    const end: SessionEnd = { outcome: 'aborted', by: 'client', reason };
    return this.#last === undefined ? this.#end(end) : { ...this.#end(end), send: this.#abortMessage() };
  }

  /** The server broke the protocol: Alert 1223, for it may still be listening. */
  #break(reason: string): SessionStep {
    return { ...this.#end({ outcome: 'failed', reason }), send: this.#abortMessage() };
  }

  #abortMessage(): Outgoing {
    const last = [alert(alertCodes.sessionAbort)];
    return this.#maker.make({ attachment: this.#prover.attach(), last, mayBeFinal: true }).outgoing;
  }

  #end(end: SessionEnd): SessionStep {
    this.#ended = end;
    return { ...this.#log.flush(), end };
  }
}

function nonEmpty(nonce: Uint8Array | undefined): Uint8Array | undefined {
  return nonce === undefined || nonce.length === 0 ? undefined : nonce;
}
