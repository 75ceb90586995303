// The server's end of a connection: in a push it asks the terminal for the handshake (WTLS §10.3; docs/secure-push.md).
import { concatBytes, DecodeError, equalConstantTime, ValueError } from '../../core/index.ts';
import type { WtlsAlert } from './alert.ts';
import { attempt } from './attempt.ts';
import {
  alertDescriptions,
  handshakeTypes,
  nullCompression,
  recordTypes,
  sequenceModes,
  wtlsVersion,
} from './code-points.ts';
import { WtlsConnection } from './connection.ts';
import { checkedKeyRefresh, helloRandom, type WtlsConnectionOptions } from './connection-options.ts';
import type { WtlsRsaPrivateKey } from './crypto.ts';
import {
  decodeEncryptedSecret,
  encodeHandshake,
  encodeRsaPublicKey,
  type HandshakeMessage,
} from './handshake.ts';
import { startsWith } from './handshake-record.ts';
import type { ClientHello } from './hello.ts';
import { masterSecretOf, type SessionSecrets, verifyDataOf } from './key-schedule.ts';
import type { WtlsRecord } from './record.ts';
import { RecordProtection } from './record-protection.ts';
import { rsaSecretOctets, unpadRsaSecret } from './rsa-padding.ts';
import { Schedule } from './schedule.ts';
import { checkSecret, type WtlsSecret } from './secret.ts';
import { chooseFrom, type ServerChoice } from './server-choice.ts';
import type { WtlsFailure, WtlsStep } from './step.ts';

/**
 * The order of messages under a shared secret (docs/secure-push.md, profile 1): *abbreviated*: ServerHello and the
 * server's Finished, then the terminal's, as deployed terminals do it; *full*: ServerHelloDone, the terminal's Finished,
 * the server's. A terminal of ours takes both.
 */
export type WtlsFlow = 'abbreviated' | 'full';

/** Settings of a server. */
export interface WtlsServerOptions extends WtlsConnectionOptions {
  /** Secrets that the terminal may prove. Whoever proves another one is refused. */
  readonly secrets: readonly WtlsSecret[];
  /** Order of messages under a shared secret. Default: abbreviated. */
  readonly flow?: WtlsFlow | undefined;
  /** Allows RSA_anon, which proves nothing about the terminal. Default: not allowed. */
  readonly rsaKey?: WtlsRsaPrivateKey | undefined;
}

/** Flights that are sent again for the other end's sake, and hellos that begin anew, in one connection. */
const maximumRepeats = 8;

/** Records sent soon after the handshake that are sent again with the last flight. */
const maximumEchoes = 8;
const maximumEchoOctets = 65_536;

/** What a terminal says that cannot open our Finished, or finds it wrong. */
const otherSecret: ReadonlySet<number> = new Set([
  alertDescriptions.bad_record_mac,
  alertDescriptions.decryption_failed,
  alertDescriptions.decrypt_error,
]);

/** @throws {ValueError} BAD_FORMAT */
export function checkedFlow(flow: WtlsFlow = 'abbreviated'): WtlsFlow {
  if (flow === 'abbreviated' || flow === 'full') return flow;
  throw new ValueError('BAD_FORMAT', 'must be "abbreviated" or "full"', 'flow');
}

/** One connection to a terminal, from the HelloRequest on. */
export class WtlsServer extends WtlsConnection {
  readonly #options: WtlsServerOptions;
  readonly #flow: WtlsFlow;
  readonly #keyRefresh: number;
  /** Of the HelloRequest; it goes on until the client's Finished, for the terminal may lose its memory in between. */
  readonly #schedule: Schedule;
  #deadline: number | undefined;
  #clientHello: Uint8Array | undefined;
  #transcript: Uint8Array[] = [];
  #choice: ServerChoice | undefined;
  #serverRandom: Uint8Array = new Uint8Array(0);
  #preMasterSecret: Uint8Array | undefined;
  #secrets: SessionSecrets | undefined;
  #finishedRecord: Uint8Array | undefined;
  #repeats = 0;
  #echoUntil = 0;
  #echoes: Uint8Array[] = [];

  /** Sends nothing before `start`. @throws {ValueError} for a secret or a setting that cannot be used */
  constructor(options: WtlsServerOptions) {
    super(options);
    this.#options = options;
    this.#flow = checkedFlow(options.flow);
    this.#keyRefresh = checkedKeyRefresh(options.keyRefresh);
    this.#schedule = new Schedule(options);
    for (const [index, secret] of options.secrets.entries()) checkSecret(secret, `secrets[${index}]`);
  }

  get wakeAt(): number | undefined {
    const next = this.#schedule.nextAt;
    if (this.#deadline === undefined || next === undefined) return next ?? this.#deadline;
    return Math.min(next, this.#deadline);
  }

  /** The secret that the terminal proved; `undefined` before that, and for RSA_anon. */
  get secret(): WtlsSecret | undefined {
    return this.phase === 'established' ? this.#choice?.secret : undefined;
  }

  /** The HelloRequest. Call it once. */
  start(): WtlsStep {
    this.out.sendHelloRequest();
    this.#schedule.start(this.clock.monotonic());
    return this.flush();
  }

  override protect(data: Uint8Array): Uint8Array | undefined {
    const datagram = super.protect(data);
    if (datagram === undefined) return undefined;
    const held = this.#echoes.reduce((sum, echo) => sum + echo.length, datagram.length);
    if (this.clock.monotonic() >= this.#echoUntil) this.#echoes = [];
    else if (this.#echoes.length < maximumEchoes && held <= maximumEchoOctets) this.#echoes.push(datagram);
    return datagram;
  }

  protected override beginsHandshake(record: WtlsRecord): boolean {
    return startsWith(record, handshakeTypes.clientHello) && !this.#isSameHello(record);
  }

  protected override onMessage(message: HandshakeMessage, octets: Uint8Array, record: WtlsRecord): void {
    if (message.type === 'client-hello') this.#onClientHello(message.hello, octets.slice(), record);
    else if (message.type === 'client-key-exchange' && this.#wantsKey()) {
      this.#transcript.push(octets.slice());
      this.#onClientKey(message.body);
    } else {
      this.refuse('unexpected-message', `${message.type} out of its place`, record);
    }
  }

  protected override keysToOpen(): RecordProtection | undefined {
    const choice = this.#choice;
    if (this.phase !== 'finished' || choice === undefined || this.#preMasterSecret === undefined) {
      return undefined;
    }
    this.#secrets ??= this.#secretsFrom(choice, this.#preMasterSecret);
    return new RecordProtection(this.crypto, this.#secrets, 'client', choice.keyRefresh);
  }

  protected override onFinished(verifyData: Uint8Array, octets: Uint8Array, record: WtlsRecord): void {
    const secrets = this.#secrets;
    const choice = this.#choice;
    if (secrets === undefined || choice === undefined) return;
    const wanted = verifyDataOf(this.crypto, secrets.masterSecret, 'client', this.#transcript);
    if (!equalConstantTime(verifyData, wanted)) {
      this.fail('finished-mismatch', "the terminal's Finished does not fit the handshake");
      return;
    }
    if (!this.out.seals) {
      this.#transcript.push(octets);
      this.out.sendFlight(...this.#finishedRecords(choice, secrets));
      // Here the terminal waits for us, and a push may come before our Finished does.
      this.#finishedRecord = record.octets.slice();
      this.#echoUntil = this.clock.monotonic() + this.#schedule.totalMs;
    }
    this.#schedule.stop();
    this.#deadline = undefined;
    this.#transcript = [];
    this.#preMasterSecret = undefined;
    this.#repeats = 0;
    const keyExchange = choice.secret === undefined ? 'RSA_anon' : 'SHARED_SECRET';
    this.establish({ type: 'established', keyExchange, identity: choice.secret?.identity });
  }

  protected override onBadFinished(): void {
    this.fail('wrong-secret', 'the terminal proves another secret');
  }

  /** Only servers ask. */
  protected override onHelloRequest(): boolean {
    return false;
  }

  protected override onEarly(): void {}

  protected override get forgives(): boolean {
    return false;
  }

  /** The terminal sends its flight again because it did not get ours. */
  protected override onRepeated(record: WtlsRecord): boolean {
    const missesFlight =
      this.phase === 'established' ? equals(record.octets, this.#finishedRecord) : this.#isSameHello(record);
    if (!missesFlight || this.#repeats >= maximumRepeats) return false;
    this.#repeats += 1;
    this.out.sendFlightAgain();
    for (const echo of this.#echoes) this.out.send(echo);
    return true;
  }

  /** It restarted after its hello, so it cannot read what we protect. */
  protected override onForgotten(): boolean {
    if (!this.out.seals || this.#repeats >= maximumRepeats) return false;
    this.#repeats += 1;
    this.#forget();
    this.out.sendHelloRequest();
    return true;
  }

  protected override failureOf(alert: WtlsAlert): WtlsFailure {
    return this.out.seals && otherSecret.has(alert.description) ? 'wrong-secret' : 'alert';
  }

  protected override onTime(): void {
    const now = this.clock.monotonic();
    if (this.#deadline !== undefined && now >= this.#deadline) {
      this.fail('no-answer', 'the terminal did not end the handshake');
    } else if (this.#schedule.again(now)) {
      this.out.sendHelloRequest();
    } else if (this.#deadline === undefined) {
      this.fail('no-answer', 'the terminal does not answer');
    }
  }

  #isSameHello(record: WtlsRecord): boolean {
    return equals(record.octets, this.#clientHello);
  }

  #wantsKey(): boolean {
    const choice = this.#choice;
    return (
      this.phase === 'finished' &&
      choice !== undefined &&
      choice.secret === undefined &&
      this.#preMasterSecret === undefined
    );
  }

  #onClientHello(hello: ClientHello, octets: Uint8Array, record: WtlsRecord): void {
    // The same hello under another number is no new one.
    if (this.#choice !== undefined && equals(octets, this.#transcript[0])) {
      this.#clientHello = record.octets.slice();
      if (this.#repeats < maximumRepeats) this.out.sendFlightAgain();
      this.#repeats += 1;
      return;
    }
    if (this.#repeats >= maximumRepeats) {
      this.drop('unexpected', 'too many hellos', record);
      return;
    }
    this.#repeats += 1;
    this.#forget();
    const { secrets, rsaKey } = this.#options;
    const anonymous = rsaKey !== undefined;
    const choice = chooseFrom(hello, { secrets, anonymous, keyRefresh: this.#keyRefresh });
    if (!('suite' in choice)) {
      this.fail(choice.reason, choice.detail);
      return;
    }
    this.#deadline ??= this.clock.monotonic() + this.#schedule.totalMs;
    this.#clientHello = record.octets.slice();
    this.#choice = choice;
    this.#serverRandom = helloRandom(this.#options);
    this.#transcript = [octets];
    this.awaitFinished();
    this.#answer(choice);
  }

  /** What was said before does not count any more. */
  #forget(): void {
    this.beginAnew();
    this.#choice = undefined;
    this.#clientHello = undefined;
    this.#preMasterSecret = undefined;
    this.#secrets = undefined;
    this.#transcript = [];
  }

  #answer(choice: ServerChoice): void {
    const preMasterSecret = choice.secret?.secret;
    this.#preMasterSecret = preMasterSecret;
    if (preMasterSecret === undefined || this.#flow === 'full') {
      const messages = [this.#hello(choice), ...this.#keyMessages(choice)];
      const done = encodeHandshake({ type: 'server-hello-done' });
      this.out.sendFlight(...[...messages, done].map((message) => this.#said(message)));
      return;
    }
    const hello = this.#said(this.#hello(choice));
    this.#secrets = this.#secretsFrom(choice, preMasterSecret);
    this.out.sendFlight(hello, ...this.#finishedRecords(choice, this.#secrets));
  }

  /** Our change of keys and Finished, which covers everything that was said so far. */
  #finishedRecords(choice: ServerChoice, secrets: SessionSecrets): readonly Uint8Array[] {
    const verifyData = verifyDataOf(this.crypto, secrets.masterSecret, 'server', this.#transcript);
    const finished = encodeHandshake({ type: 'finished', verifyData });
    this.#transcript.push(finished);
    const protection = new RecordProtection(this.crypto, secrets, 'server', choice.keyRefresh);
    return this.out.finishedRecords(protection, finished);
  }

  /** The record of an unprotected message, which counts for Finished. */
  #said(message: Uint8Array): Uint8Array {
    this.#transcript.push(message);
    return this.out.plain(recordTypes.handshake, message);
  }

  #secretsFrom({ clientRandom, suite }: ServerChoice, preMasterSecret: Uint8Array): SessionSecrets {
    const serverRandom = this.#serverRandom;
    const masterSecret = masterSecretOf(this.crypto, preMasterSecret, clientRandom, serverRandom);
    return { masterSecret, clientRandom, serverRandom, suite };
  }

  #hello({ clientKeyId, suite, keyRefresh }: ServerChoice): Uint8Array {
    return encodeHandshake({
      type: 'server-hello',
      hello: {
        version: wtlsVersion,
        random: this.#serverRandom,
        // Sessions are not resumed, so they need no name.
        sessionId: new Uint8Array(0),
        clientKeyId,
        cipherSuite: suite.numbers,
        compressionMethod: nullCompression,
        sequenceMode: sequenceModes.explicit,
        keyRefresh,
      },
    });
  }

  #keyMessages(choice: ServerChoice): readonly Uint8Array[] {
    const { rsaKey } = this.#options;
    if (choice.secret !== undefined || rsaKey === undefined) return [];
    const publicKey = encodeRsaPublicKey(rsaKey.publicKey);
    return [encodeHandshake({ type: 'server-key-exchange', parameterIndex: 0, publicKey })];
  }

  #onClientKey(body: Uint8Array): void {
    const { rsaKey } = this.#options;
    if (rsaKey === undefined) return;
    const encrypted = attempt(() => decodeEncryptedSecret(body));
    if (encrypted instanceof DecodeError) {
      this.fail('malformed', encrypted.message);
      return;
    }
    // Whatever is wrong with it, the handshake goes on with a secret that nobody knows, and ends at Finished.
    const substitute = this.crypto.random(rsaSecretOctets);
    let secret = substitute;
    try {
      secret = unpadRsaSecret(rsaKey.decryptRaw(encrypted), substitute);
    } catch {
      // A number beyond the modulus, which anybody can see.
    }
    this.#preMasterSecret = concatBytes(secret, encodeRsaPublicKey(rsaKey.publicKey));
  }
}

/** For octets that are no secret. */
function equals(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalConstantTime(a, b);
}
