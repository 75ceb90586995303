// What both ends of a WTLS connection have in common: the order of records, their protection, alerts. A state machine
// without sockets: records go in, datagrams and events come out, and `wakeAt` says when it wants to be called again.
import { type Clock, DecodeError } from '../../core/index.ts';
import { decodeAlert, type WtlsAlert } from './alert.ts';
import { attempt } from './attempt.ts';
import { CipheredInbox } from './ciphered-inbox.ts';
import { alertDescriptions, alertLevels, alertName, recordTypeName, recordTypes } from './code-points.ts';
import type { WtlsCrypto } from './crypto.ts';
import { decodeHandshake, type HandshakeMessage } from './handshake.ts';
import { Outbox } from './outbox.ts';
import { PlainInbox } from './plain-inbox.ts';
import type { WtlsRecord } from './record.ts';
import { RecordChecksums } from './record-checksums.ts';
import type { RecordProtection } from './record-protection.ts';
import {
  failureAlert,
  type WtlsDropReason,
  type WtlsEvent,
  type WtlsFailure,
  type WtlsStep,
} from './step.ts';

/** How far a connection has come. */
export type WtlsPhase =
  /** Before the other end's hello. */
  | 'hello'
  /** Before its Finished. */
  | 'finished'
  | 'established'
  | 'closed';

/** Warnings that one connection sends about records that do not open. */
const maximumWarnings = 4;

/** How often a session is doubted, in milliseconds: a handshake that tells takes that long. */
const doubtEveryMs = 30_000;

/** What a peer says that has lost a session. */
const lostSession: ReadonlySet<number> = new Set([
  alertDescriptions.no_connection,
  alertDescriptions.unexpected_message,
]);

/** One connection: a handshake, then the session that came of it. */
export abstract class WtlsConnection {
  protected readonly crypto: WtlsCrypto;
  protected readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  #phase: WtlsPhase = 'hello';
  #events: WtlsEvent[] = [];
  #identity: Uint8Array | undefined;
  readonly #inbox = new PlainInbox();
  readonly #ciphered = new CipheredInbox();
  readonly #checksums = new RecordChecksums();
  protected readonly out = new Outbox(this.#checksums);
  #warnings = 0;
  #trustedUntil = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly crypto: WtlsCrypto; readonly clock: Pick<Clock, 'now' | 'monotonic'> }) {
    this.crypto = options.crypto;
    this.clock = options.clock;
  }

  get phase(): WtlsPhase {
    return this.#phase;
  }

  /** When `tick` is to be called, on the clock; `undefined` when nothing is waited for. */
  abstract get wakeAt(): number | undefined;

  /** Records that can still be written. */
  get recordsLeft(): number {
    return this.#phase === 'established' ? this.out.left : 0;
  }

  /** Takes the records of a datagram. Never throws, whatever they hold. */
  receive(records: readonly WtlsRecord[]): WtlsStep {
    for (const record of records) this.#take(record);
    return this.flush();
  }

  /** Time has come to `wakeAt`. */
  tick(): WtlsStep {
    const { wakeAt } = this;
    if (this.#phase !== 'closed' && wakeAt !== undefined && this.clock.monotonic() >= wakeAt) this.onTime();
    return this.flush();
  }

  /**
   * One datagram with application data; `undefined` when the connection is not established or has no numbers left.
   * `data` has at most `maximumFragment` octets.
   */
  protect(data: Uint8Array): Uint8Array | undefined {
    if (this.#phase !== 'established') return undefined;
    return this.out.sealed(recordTypes.applicationData, data);
  }

  /** True when a protected record is one of this connection's and was not seen before. Changes nothing. */
  recognises(record: WtlsRecord): boolean {
    return this.#ciphered.recognises(record);
  }

  /** Ends the connection and tells the other end, as far as it can be told. */
  close(): WtlsStep {
    if (this.#phase === 'established') {
      this.out.sendAlert('warning', 'connection_close_notify');
      this.#phase = 'closed';
    } else if (this.#phase !== 'closed') {
      this.fail('cancelled', 'given up');
    }
    return this.flush();
  }

  /** Ends a handshake without a word to the other end. */
  abandon(reason: WtlsFailure, detail: string): WtlsStep {
    if (this.#phase !== 'closed') this.#end(reason, detail);
    return this.flush();
  }

  /** True for a record that begins the other end's part of a handshake; everything after it has to come in order. */
  protected abstract beginsHandshake(record: WtlsRecord): boolean;
  /** An unprotected message in its order. `octets` has its header. */
  protected abstract onMessage(message: HandshakeMessage, octets: Uint8Array, record: WtlsRecord): void;
  /** The other end protects its records from here on: gives the keys, or `undefined` when it is too early for that. */
  protected abstract keysToOpen(): RecordProtection | undefined;
  /** The first protected message, in the phase *finished*. */
  protected abstract onFinished(verifyData: Uint8Array, octets: Uint8Array, record: WtlsRecord): void;
  /** A protected handshake record that does not open, in the phase *finished*. */
  protected abstract onBadFinished(record: WtlsRecord): void;
  /** A protected HelloRequest. True when it was reason to send something again. */
  protected abstract onHelloRequest(): boolean;
  /** A protected record before the other end's Finished. It is kept, if there is room. */
  protected abstract onEarly(record: WtlsRecord): void;
  /** True when an unprotected record out of its place does not end the handshake. */
  protected abstract get forgives(): boolean;
  /** A record that was seen before. True when that was reason to send something again. */
  protected abstract onRepeated(record: WtlsRecord): boolean;
  /** The other end has no memory of this handshake. True when it begins anew. */
  protected abstract onForgotten(): boolean;
  /** What an alert that ends a handshake says about it. */
  protected abstract failureOf(alert: WtlsAlert): WtlsFailure;
  protected abstract onTime(): void;

  /** What has come together since the last call. */
  protected flush(): WtlsStep {
    const step = { send: this.out.takeDatagrams(), events: this.#events };
    this.#events = [];
    return step;
  }

  /** What was said in this handshake does not count any more. */
  protected beginAnew(): void {
    this.#phase = 'hello';
    this.out.beginAnew();
  }

  /** The other end's hello was good. */
  protected awaitFinished(): void {
    this.#phase = 'finished';
  }

  protected establish(event: Extract<WtlsEvent, { readonly type: 'established' }>): void {
    this.#phase = 'established';
    this.#identity = event.identity;
    this.#inbox.clear();
    this.#events.push(event);
  }

  /** Ends the handshake; the other end is told with a fatal alert, where there is one for it. */
  protected fail(reason: WtlsFailure, detail: string): void {
    const alert = failureAlert(reason);
    if (alert !== undefined) this.out.sendAlert('fatal', alert);
    this.#end(reason, detail);
  }

  /**
   * An unprotected record that is not what is due. A client that only waits for the server's Finished lets it pass: the
   * server's flight is complete, so it is somebody else's, or damaged, and the true one comes again.
   */
  protected refuse(reason: 'malformed' | 'unexpected-message', detail: string, record: WtlsRecord): void {
    if (!this.forgives) {
      this.fail(reason, detail);
      return;
    }
    this.drop(reason === 'malformed' ? 'malformed' : 'unexpected', detail, record);
    if (record.sequenceNumber !== undefined) this.#inbox.waitAgainFor(record.sequenceNumber);
  }

  protected drop(reason: WtlsDropReason, detail: string, record: WtlsRecord): void {
    this.#events.push({ type: 'dropped', reason, detail, octets: record.octets.length });
  }

  /** `wasEarly`: the record was kept for a while, and what it made us send has been sent. */
  #take(record: WtlsRecord, wasEarly = false): void {
    if (this.#phase === 'closed') this.drop('unexpected', 'the connection is closed', record);
    else if (record.contentType === recordTypes.alert && !record.ciphered) this.#takePlainAlert(record);
    else if (record.sequenceNumber === undefined) {
      this.drop('unexpected', 'a record without an explicit sequence number', record);
    } else if (record.ciphered) this.#takeCiphered(record, record.sequenceNumber, wasEarly);
    else if (this.#phase === 'established') this.#takeRepeated(record);
    else if (
      record.contentType === recordTypes.handshake ||
      record.contentType === recordTypes.changeCipherSpec
    ) {
      this.#takePlain(record, record.sequenceNumber);
    } else {
      this.drop('unexpected', `${recordTypeName(record.contentType)} that is not protected`, record);
    }
  }

  #takePlain(record: WtlsRecord, sequenceNumber: number): void {
    if (this.beginsHandshake(record)) {
      this.#inbox.beginWith(sequenceNumber);
      this.#ciphered.reset();
    }
    const order = this.#inbox.offer(record, sequenceNumber);
    if (order === 'repeated') this.#takeRepeated(record);
    else if (order === 'full') this.drop('unexpected', 'too early', record);
    else this.#takeDue();
  }

  #takeDue(): void {
    let due = this.#inbox.next();
    while (due !== undefined && this.#phase !== 'closed') {
      this.#checksums.came(due.octets);
      this.#takeInOrder(due);
      due = this.#inbox.next();
    }
  }

  #takeInOrder(record: WtlsRecord): void {
    if (record.contentType === recordTypes.changeCipherSpec) {
      const keys = record.fragment.length === 1 && record.fragment[0] === 1 ? this.keysToOpen() : undefined;
      if (keys === undefined) {
        this.refuse('unexpected-message', 'change_cipher_spec out of its place', record);
        return;
      }
      this.#ciphered.startOpening(keys);
      this.#takeEarly();
      return;
    }
    const messages = attempt(() => decodeHandshake(record.fragment));
    if (messages instanceof DecodeError) {
      this.refuse('malformed', messages.message, record);
      return;
    }
    for (const { message, octets } of messages) {
      if (this.#phase === 'closed') return;
      this.onMessage(message, octets, record);
    }
  }

  #takeCiphered(record: WtlsRecord, sequenceNumber: number, wasEarly: boolean): void {
    // Nothing but Finished is looked at before the handshake is done.
    const wait = record.contentType !== recordTypes.handshake && this.#phase !== 'established';
    const fragment = this.#ciphered.open(record, sequenceNumber, wait);
    if (fragment === 'full' || fragment === 'early') {
      if (fragment === 'full') this.drop('unexpected', 'too early', record);
      if (!wasEarly) this.onEarly(record);
    } else if (fragment === 'repeated') this.#takeRepeated(record);
    else if (fragment === 'bad') this.#takeBad(record);
    else {
      this.#checksums.came(record.octets);
      this.#takeOpened(fragment, record, wasEarly);
    }
  }

  #takeOpened(fragment: Uint8Array, record: WtlsRecord, wasEarly: boolean): void {
    if (record.contentType === recordTypes.applicationData) {
      this.#events.push({ type: 'data', data: fragment, identity: this.#identity });
    } else if (record.contentType === recordTypes.alert) {
      const alert = attempt(() => decodeAlert(fragment));
      if (alert instanceof DecodeError) this.drop('malformed', alert.message, record);
      else this.#takeAlert(alert);
    } else if (record.contentType === recordTypes.handshake) {
      this.#takeOpenedHandshake(fragment, record, wasEarly);
    } else {
      this.drop('unexpected', `protected ${recordTypeName(record.contentType)}`, record);
    }
  }

  #takeOpenedHandshake(fragment: Uint8Array, record: WtlsRecord, wasEarly: boolean): void {
    const messages = attempt(() => decodeHandshake(fragment));
    if (messages instanceof DecodeError) {
      if (this.#phase === 'finished') this.fail('malformed', messages.message);
      else this.drop('malformed', messages.message, record);
      return;
    }
    for (const { message, octets } of messages) {
      if (message.type === 'finished' && this.#phase === 'finished') {
        this.onFinished(message.verifyData, octets, record);
        if (this.phase === 'established') this.#takeEarly();
      } else if (message.type === 'hello-request') {
        if (wasEarly || this.onHelloRequest()) continue;
        if (this.#phase === 'established') this.#events.push({ type: 'hello-requested' });
        else this.drop('unexpected', 'protected hello-request', record);
      } else {
        this.drop('unexpected', `protected ${message.type}`, record);
      }
    }
  }

  #takeEarly(): void {
    for (const record of this.#ciphered.takeEarly()) this.#take(record, true);
  }

  #takeBad(record: WtlsRecord): void {
    if (this.#phase === 'finished') {
      this.#checksums.came(record.octets);
      this.onBadFinished(record);
      return;
    }
    this.drop('bad-record', 'padding or MAC is wrong', record);
    if (this.#warnings >= maximumWarnings) return;
    this.#warnings += 1;
    this.out.sendAlert('warning', 'bad_record_mac', record.octets);
  }

  #takeRepeated(record: WtlsRecord): void {
    if (!this.onRepeated(record)) this.drop('replay', 'seen before, or too old to tell', record);
  }

  #takePlainAlert(record: WtlsRecord): void {
    const alert = attempt(() => decodeAlert(record.fragment));
    if (alert instanceof DecodeError) this.drop('malformed', alert.message, record);
    else if (this.#phase === 'established') this.#takeAlertInSession(alert, record);
    else {
      if (record.sequenceNumber !== undefined) this.#inbox.passOver(record.sequenceNumber);
      this.#takeAlertInHandshake(alert, record);
      this.#takeDue();
    }
  }

  /** Who has no memory of a session can only say so in the clear; the checksum shows that it got a record of ours. */
  #takeAlertInSession(alert: WtlsAlert, record: WtlsRecord): void {
    const detail = `alert ${alertName(alert.description)} that is not protected`;
    const ends = alert.level >= alertLevels.critical;
    const now = this.clock.monotonic();
    if (ends && this.#checksums.isOurs(alert.checksum)) this.#takeAlert(alert);
    else if (ends && lostSession.has(alert.description) && now >= this.#trustedUntil) {
      this.#trustedUntil = now + doubtEveryMs;
      this.#events.push({ type: 'doubted', detail });
    } else this.drop('unexpected', detail, record);
  }

  #takeAlertInHandshake(alert: WtlsAlert, record: WtlsRecord): void {
    if (alert.description !== alertDescriptions.no_connection) {
      this.#checksums.came(record.octets);
      this.#takeAlert(alert);
    } else if (!this.#checksums.isOurs(alert.checksum) || !this.onForgotten()) {
      // It is about a session before it.
      this.drop('unexpected', `alert ${alertName(alert.description)} that is not protected`, record);
    }
  }

  #takeAlert(alert: WtlsAlert): void {
    const detail = `alert ${alertName(alert.description)}`;
    const closing =
      alert.description === alertDescriptions.connection_close_notify ||
      alert.description === alertDescriptions.session_close_notify;
    if (alert.level === alertLevels.warning && !closing) this.#events.push({ type: 'warning', detail });
    else if (this.#phase === 'established') {
      this.#phase = 'closed';
      this.#events.push({ type: 'closed', detail });
    } else this.#end(this.failureOf(alert), detail);
  }

  #end(reason: WtlsFailure, detail: string): void {
    this.#phase = 'closed';
    this.#events.push({ type: 'failed', reason, detail });
  }
}
