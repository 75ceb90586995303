// The client's end of a connection, which in WAP is always the terminal (WTLS §10.3; docs/secure-push.md). Until the
// server has proved something nothing is sent but answers, one for each datagram: anybody can ask for a handshake, in
// anybody's name.
import { concatBytes, DecodeError, equalConstantTime, ValueError } from '../../core/index.ts';
import type { WtlsAlert } from './alert.ts';
import { attempt } from './attempt.ts';
import type { CipherSuite, WtlsCipherName } from './cipher-suite.ts';
import { type ClientChoice, choiceOf, isUsable, suitesToOffer } from './client-choice.ts';
import { clientHelloOf } from './client-hello.ts';
import { handshakeTypes, recordTypes, wtlsVersion } from './code-points.ts';
import { WtlsConnection } from './connection.ts';
import { checkedKeyRefresh, helloRandom, type WtlsConnectionOptions } from './connection-options.ts';
import {
  decodeRsaPublicKey,
  encodeEncryptedSecret,
  encodeHandshake,
  type HandshakeMessage,
  type RsaPublicKey,
} from './handshake.ts';
import { mayBeHelloRequest, startsWith } from './handshake-record.ts';
import type { ServerHello } from './hello.ts';
import { masterSecretOf, type SessionSecrets, verifyDataOf } from './key-schedule.ts';
import type { WtlsRecord } from './record.ts';
import { RecordProtection } from './record-protection.ts';
import { rsaSecretOctets } from './rsa-padding.ts';
import { retransmitDefaults, Schedule } from './schedule.ts';
import { checkSecret, maximumOffers, type WtlsSecret } from './secret.ts';
import type { WtlsFailure, WtlsStep } from './step.ts';

/**
 * Settings of a client. Of the `tries` only the time counts that they take together: it ends the handshake. A client sends
 * again when the server does.
 */
export interface WtlsClientOptions extends WtlsConnectionOptions {
  /** Secrets to offer, in order of preference; the server takes one by its identity. At most 16. */
  readonly secrets: readonly WtlsSecret[];
  /** Offers RSA_anon too, which proves nothing about the server. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Ciphers to offer with RSA_anon, in order of preference. Default: triple DES, then single DES. */
  readonly anonymousCiphers?: readonly WtlsCipherName[] | undefined;
  /** Asked before RSA is computed, once for each handshake; false ends it. Default: it always may. */
  readonly mayExchangeKeys?: (() => boolean) | undefined;
}

/** Flights that are sent again for a server that has proved its secret. */
const maximumRepeats = 8;

/** One connection of a terminal, from the ClientHello on. */
export class WtlsClient extends WtlsConnection {
  readonly #options: WtlsClientOptions;
  readonly #suites: readonly CipherSuite[];
  readonly #keyRefresh: number;
  readonly #retransmitMs: number;
  readonly #totalMs: number;
  readonly #random: Uint8Array;
  #deadline: number | undefined;
  /** When to send the flight again for which a record came that is no use without the server's answer to it. */
  #againAt: number | undefined;
  #transcript: Uint8Array[] = [];
  #choice: ClientChoice | undefined;
  #rsaKey: { readonly octets: Uint8Array; readonly key: RsaPublicKey } | undefined;
  #secrets: SessionSecrets | undefined;
  #isAbbreviated = false;
  /** In the abbreviated flow: the server's Finished, and how long, and how often, our answer to it may be missing. */
  #serverFinished: Uint8Array | undefined;
  #answerUntil = 0;
  #repeats = 0;

  /** Sends nothing before `start`. @throws {ValueError} for a secret or a setting that cannot be used */
  constructor(options: WtlsClientOptions) {
    super(options);
    this.#options = options;
    this.#keyRefresh = checkedKeyRefresh(options.keyRefresh);
    this.#totalMs = new Schedule(options).totalMs;
    this.#retransmitMs = options.retransmitMs ?? retransmitDefaults.retransmitMs;
    this.#random = helloRandom(options);
    const { secrets, anonymous = false } = options;
    this.#suites = suitesToOffer(anonymous, options.anonymousCiphers);
    for (const [index, secret] of secrets.entries()) checkSecret(secret, `secrets[${index}]`);
    if (secrets.length > maximumOffers) {
      throw new ValueError('TOO_LONG', `${secrets.length} secrets, at most ${maximumOffers}`, 'secrets');
    }
    if (secrets.length === 0 && !anonymous) {
      throw new ValueError('MISSING', 'needs at least one secret', 'secrets');
    }
  }

  get wakeAt(): number | undefined {
    if (this.#againAt === undefined || this.#deadline === undefined) return this.#deadline;
    return Math.min(this.#againAt, this.#deadline);
  }

  /** The ClientHello. Call it once. */
  start(): WtlsStep {
    const { secrets, anonymous = false } = this.#options;
    const hello = clientHelloOf({
      random: this.#random,
      secrets,
      anonymous,
      suites: this.#suites,
      keyRefresh: this.#keyRefresh,
    });
    this.#transcript = [hello];
    this.out.sendFlight(this.out.plain(recordTypes.handshake, hello));
    this.#deadline = this.clock.monotonic() + this.#totalMs;
    return this.flush();
  }

  /** The server asks once more, in the clear: it did not get what we sent last. */
  askedAgain(): WtlsStep {
    if (this.phase === 'hello' || this.phase === 'finished') this.out.sendFlightAgain();
    return this.flush();
  }

  protected override beginsHandshake(record: WtlsRecord): boolean {
    return (
      this.phase === 'hello' && this.#choice === undefined && startsWith(record, handshakeTypes.serverHello)
    );
  }

  protected override onMessage(message: HandshakeMessage, octets: Uint8Array, record: WtlsRecord): void {
    const choice = this.#choice;
    if (message.type === 'server-hello' && choice === undefined) {
      this.#transcript.push(octets.slice());
      this.#onServerHello(message.hello);
    } else if (message.type === 'server-key-exchange' && this.#wantsKey(choice)) {
      this.#transcript.push(octets.slice());
      this.#onServerKey(message.publicKey);
    } else if (
      message.type === 'server-hello-done' &&
      choice !== undefined &&
      this.phase === 'hello' &&
      !this.#wantsKey(choice)
    ) {
      this.#transcript.push(octets.slice());
      this.#answer(choice);
    } else {
      this.refuse('unexpected-message', `${message.type} out of its place`, record);
    }
  }

  protected override keysToOpen(): RecordProtection | undefined {
    const choice = this.#choice;
    if (this.phase === 'hello' && choice?.secret !== undefined) {
      // No ServerHelloDone: the abbreviated flow.
      this.#isAbbreviated = true;
      this.#secrets = this.#secretsFrom(choice, choice.secret.secret);
      this.awaitFinished();
    }
    if (this.phase !== 'finished' || this.#secrets === undefined) return undefined;
    return new RecordProtection(this.crypto, this.#secrets, 'server', choice?.keyRefresh ?? 0);
  }

  protected override onFinished(verifyData: Uint8Array, octets: Uint8Array, record: WtlsRecord): void {
    const choice = this.#choice;
    const secrets = this.#secrets;
    if (choice === undefined || secrets === undefined) return;
    const wanted = verifyDataOf(this.crypto, secrets.masterSecret, 'server', this.#transcript);
    if (!equalConstantTime(verifyData, wanted)) {
      this.fail('finished-mismatch', "the server's Finished does not fit the handshake");
      return;
    }
    const now = this.clock.monotonic();
    if (this.#isAbbreviated) {
      this.#transcript.push(octets);
      this.out.sendFlight(...this.#finishedRecords(choice, secrets));
      this.#serverFinished = record.octets.slice();
      this.#answerUntil = now + this.#totalMs;
    }
    this.#deadline = undefined;
    this.#againAt = undefined;
    this.#transcript = [];
    const keyExchange = choice.secret === undefined ? 'RSA_anon' : 'SHARED_SECRET';
    this.establish({ type: 'established', keyExchange, identity: choice.secret?.identity });
  }

  protected override onBadFinished(record: WtlsRecord): void {
    if (this.#isAbbreviated) this.fail('wrong-secret', 'the server proves another secret');
    // The server has checked our keys before it sent this: a damaged datagram, which comes again when we ask.
    else this.drop('bad-record', 'padding or MAC is wrong', record);
  }

  protected override onHelloRequest(): boolean {
    if (this.phase === 'established') return this.#answerAgain();
    this.out.sendFlightAgain();
    return true;
  }

  protected override onEarly(record: WtlsRecord): void {
    // The server has changed its keys and asks again: we miss its flight.
    if (this.phase === 'hello' && mayBeHelloRequest(record)) this.out.sendFlightAgain();
    // In the full flow the server is done. Its Finished may be on its way; if not, it comes with our flight.
    if (this.phase === 'finished') this.#againAt ??= this.clock.monotonic() + this.#retransmitMs;
  }

  protected override get forgives(): boolean {
    return this.phase === 'finished';
  }

  /** The server sends its flight again because it did not get our answer. */
  protected override onRepeated(record: WtlsRecord): boolean {
    const known = this.#serverFinished;
    return known !== undefined && equalConstantTime(record.octets, known) && this.#answerAgain();
  }

  protected override onForgotten(): boolean {
    return false;
  }

  protected override failureOf(_alert: WtlsAlert): WtlsFailure {
    return 'alert';
  }

  protected override onTime(): void {
    const now = this.clock.monotonic();
    if (this.#deadline !== undefined && now >= this.#deadline) {
      this.fail('no-answer', 'the server does not answer');
      return;
    }
    this.#againAt = undefined;
    this.out.sendFlightAgain();
  }

  /** Our Finished once more, while the server may not have it. */
  #answerAgain(): boolean {
    if (!this.#isAbbreviated || this.clock.monotonic() >= this.#answerUntil) return false;
    if (this.#repeats >= maximumRepeats) return false;
    this.#repeats += 1;
    this.out.sendFlightAgain();
    return true;
  }

  #wantsKey(choice: ClientChoice | undefined): boolean {
    return (
      this.phase === 'hello' &&
      choice !== undefined &&
      choice.secret === undefined &&
      this.#rsaKey === undefined
    );
  }

  #onServerHello(hello: ServerHello): void {
    const { secrets, anonymous = false } = this.#options;
    const offered = { secrets, anonymous, suites: this.#suites, keyRefresh: this.#keyRefresh };
    const choice = choiceOf(hello, offered);
    if ('suite' in choice) this.#choice = choice;
    else this.fail(choice.reason, choice.detail);
  }

  #onServerKey(publicKey: Uint8Array): void {
    const octets = publicKey.slice();
    const key = attempt(() => decodeRsaPublicKey(octets));
    if (key instanceof DecodeError) this.fail('malformed', key.message);
    else if (isUsable(key)) this.#rsaKey = { octets, key };
    else this.fail('illegal-parameter', 'an RSA key that is too small or too large');
  }

  /** Key exchange, change of keys, Finished. */
  #answer(choice: ClientChoice): void {
    const { secret } = choice;
    const { mayExchangeKeys } = this.#options;
    if (secret === undefined && mayExchangeKeys !== undefined && !mayExchangeKeys()) {
      this.fail('busy', 'too many keys were exchanged of late');
      return;
    }
    const exchanged = secret === undefined ? this.#exchangeKeys() : { preMasterSecret: secret.secret };
    if (exchanged === undefined) {
      this.fail('illegal-parameter', 'an RSA key that cannot be used');
      return;
    }
    const secrets = this.#secretsFrom(choice, exchanged.preMasterSecret);
    this.#secrets = secrets;
    const records: Uint8Array[] = [];
    if (exchanged.message !== undefined) {
      this.#transcript.push(exchanged.message);
      records.push(this.out.plain(recordTypes.handshake, exchanged.message));
    }
    records.push(...this.#finishedRecords(choice, secrets));
    this.awaitFinished();
    this.out.sendFlight(...records);
  }

  /** Our change of keys and Finished, which covers everything that was said so far. */
  #finishedRecords(choice: ClientChoice, secrets: SessionSecrets): readonly Uint8Array[] {
    const verifyData = verifyDataOf(this.crypto, secrets.masterSecret, 'client', this.#transcript);
    const finished = encodeHandshake({ type: 'finished', verifyData });
    this.#transcript.push(finished);
    const protection = new RecordProtection(this.crypto, secrets, 'client', choice.keyRefresh);
    return this.out.finishedRecords(protection, finished);
  }

  #secretsFrom({ serverRandom, suite }: ClientChoice, preMasterSecret: Uint8Array): SessionSecrets {
    const clientRandom = this.#random;
    const masterSecret = masterSecretOf(this.crypto, preMasterSecret, clientRandom, serverRandom);
    return { masterSecret, clientRandom, serverRandom, suite };
  }

  #exchangeKeys(): { readonly preMasterSecret: Uint8Array; readonly message?: Uint8Array } | undefined {
    if (this.#rsaKey === undefined) return undefined;
    const { octets, key } = this.#rsaKey;
    const rsaSecret = concatBytes(Uint8Array.of(wtlsVersion), this.crypto.random(rsaSecretOctets - 1));
    let encrypted: Uint8Array;
    try {
      encrypted = this.crypto.encryptRsa(key, rsaSecret);
    } catch {
      return undefined;
    }
    const body = encodeEncryptedSecret(encrypted);
    return {
      preMasterSecret: concatBytes(rsaSecret, octets),
      message: encodeHandshake({ type: 'client-key-exchange', body }),
    };
  }
}
