// The server's end of a connection: in a push it asks the terminal for the handshake (WTLS §10.3; docs/secure-push.md).
import { concatBytes, DecodeError, equalConstantTime } from '../../core/index.ts';
import { alertChecksum, type WtlsAlert } from './alert.ts';
import { attempt } from './attempt.ts';
import { type CipherSuite, desSuite, findSuite, tripleDesSuite } from './cipher-suite.ts';
import {
  alertLevels,
  handshakeTypes,
  keyExchanges,
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
import { checkSecret, identityOf, type WtlsSecret } from './secret.ts';
import type { WtlsFailure, WtlsStep } from './step.ts';

/** Settings of a server. */
export interface WtlsServerOptions extends WtlsConnectionOptions {
  /** Secrets that the terminal may prove. Whoever proves another one is refused. */
  readonly secrets: readonly WtlsSecret[];
  /** Allows RSA_anon, which proves nothing about the terminal. Default: not allowed. */
  readonly rsaKey?: WtlsRsaPrivateKey | undefined;
}

/** Flights that are sent again for the other end's sake, and hellos that begin anew, in one connection. */
const maximumRepeats = 8;

/** Records sent soon after the handshake that are sent again with the last flight. */
const maximumEchoes = 8;
const maximumEchoOctets = 65_536;

/** Checksums of our last records: an alert about one of them comes from somebody who saw it. */
const checksumsKept = 8;

/** What we chose of the client's offers. */
interface Choice {
  readonly clientRandom: Uint8Array;
  /** Its place in the client's list, from 1. */
  readonly clientKeyId: number;
  readonly suite: CipherSuite;
  readonly keyRefresh: number;
  /** `undefined` for RSA_anon. */
  readonly secret: WtlsSecret | undefined;
}

/** One connection to a terminal, from the HelloRequest on. */
export class WtlsServer extends WtlsConnection {
  readonly #options: WtlsServerOptions;
  readonly #keyRefresh: number;
  /** Of the HelloRequest; it goes on until the client's Finished, for the terminal may lose its memory in between. */
  readonly #schedule: Schedule;
  #helloRequest: Uint8Array | undefined;
  #deadline: number | undefined;
  #clientHello: Uint8Array | undefined;
  #transcript: Uint8Array[] = [];
  #choice: Choice | undefined;
  #serverRandom: Uint8Array = new Uint8Array(0);
  #preMasterSecret: Uint8Array | undefined;
  #secrets: SessionSecrets | undefined;
  #finishedRecord: Uint8Array | undefined;
  #repeats = 0;
  #echoUntil = 0;
  #echoes: Uint8Array[] = [];
  #checksums: Uint8Array[] = [];

  /** Sends nothing before `start`. @throws {ValueError} for a secret or a setting that cannot be used */
  constructor(options: WtlsServerOptions) {
    super(options);
    this.#options = options;
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
    const message = encodeHandshake({ type: 'hello-request' });
    this.#helloRequest = this.plain(recordTypes.handshake, message);
    this.sendDatagram(this.#helloRequest);
    this.#schedule.start(this.clock.now());
    return this.flush();
  }

  override protect(data: Uint8Array): Uint8Array | undefined {
    const datagram = super.protect(data);
    if (datagram === undefined) return undefined;
    this.#checksums = [alertChecksum(datagram), ...this.#checksums.slice(0, checksumsKept - 1)];
    const held = this.#echoes.reduce((sum, echo) => sum + echo.length, datagram.length);
    if (this.clock.now() >= this.#echoUntil) this.#echoes = [];
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
      this.#onClientKey(message.body, record);
    } else {
      this.refuse('unexpected-message', `${message.type} out of its place`, record);
    }
  }

  protected override keysToOpen(): RecordProtection | undefined {
    const choice = this.#choice;
    if (this.phase !== 'finished' || choice === undefined || this.#preMasterSecret === undefined) {
      return undefined;
    }
    const { clientRandom, suite } = choice;
    const serverRandom = this.#serverRandom;
    const masterSecret = masterSecretOf(this.crypto, this.#preMasterSecret, clientRandom, serverRandom);
    this.#secrets = { masterSecret, clientRandom, serverRandom, suite };
    return new RecordProtection(this.crypto, this.#secrets, 'client', choice.keyRefresh);
  }

  protected override onFinished(verifyData: Uint8Array, octets: Uint8Array, record: WtlsRecord): void {
    const secrets = this.#secrets;
    const choice = this.#choice;
    if (secrets === undefined || choice === undefined) return;
    const { crypto } = this;
    const wanted = verifyDataOf(crypto, secrets.masterSecret, 'client', this.#transcript);
    if (!equalConstantTime(verifyData, wanted)) {
      this.fail('finished-mismatch', "the terminal's Finished does not fit the handshake", record.octets);
      return;
    }
    this.#transcript.push(octets);
    const ours = verifyDataOf(crypto, secrets.masterSecret, 'server', this.#transcript);
    const protection = new RecordProtection(crypto, secrets, 'server', choice.keyRefresh);
    const finished = encodeHandshake({ type: 'finished', verifyData: ours });
    this.sendFlight(...this.finishedRecords(protection, finished));
    this.#finishedRecord = record.octets.slice();
    this.#schedule.stop();
    this.#deadline = undefined;
    this.#transcript = [];
    this.#preMasterSecret = undefined;
    this.#repeats = 0;
    this.#echoUntil = this.clock.now() + this.#schedule.totalMs;
    const keyExchange = choice.secret === undefined ? 'RSA_anon' : 'SHARED_SECRET';
    this.establish({ type: 'established', keyExchange, identity: choice.secret?.identity });
  }

  protected override onBadFinished(record: WtlsRecord): void {
    this.fail('wrong-secret', 'the terminal proves another secret', record.octets);
  }

  protected override get forgives(): boolean {
    return false;
  }

  /** The terminal sends its flight again because it did not get ours. */
  protected override onRepeated(record: WtlsRecord): boolean {
    const missesFlight =
      this.phase === 'established' ? equals(record.octets, this.#finishedRecord) : this.#isSameHello(record);
    if (!missesFlight || this.#repeats >= maximumRepeats) return false;
    this.#repeats += 1;
    this.sendFlightAgain();
    for (const echo of this.#echoes) this.sendDatagram(echo);
    return true;
  }

  /** A terminal without memory of the session can only say so in the clear; the checksum shows that it got our record. */
  protected override endsSession(alert: WtlsAlert): boolean {
    const { level, checksum } = alert;
    if (level < alertLevels.critical || checksum === undefined) return false;
    return this.#checksums.some((known) => equals(known, checksum));
  }

  protected override onTime(): void {
    const now = this.clock.now();
    if (this.#deadline !== undefined && now >= this.#deadline) {
      this.fail('no-answer', 'the terminal did not end the handshake');
    } else if (this.#schedule.again(now)) {
      if (this.#helloRequest !== undefined) this.sendDatagram(this.#helloRequest);
    } else if (this.phase === 'hello') {
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
      if (this.#repeats < maximumRepeats) this.sendFlightAgain();
      this.#repeats += 1;
      return;
    }
    if (this.#repeats >= maximumRepeats) {
      this.drop('unexpected', 'too many hellos', record);
      return;
    }
    this.#repeats += 1;
    const choice = this.#choose(hello);
    if (!('suite' in choice)) {
      this.fail(choice.reason, choice.detail, record.octets);
      return;
    }
    this.#deadline ??= this.clock.now() + this.#schedule.totalMs;
    this.#clientHello = record.octets.slice();
    this.#choice = choice;
    this.#preMasterSecret = choice.secret?.secret;
    this.#serverRandom = helloRandom(this.#options);
    const messages = this.#answers(choice);
    this.#transcript = [octets, ...messages];
    this.awaitFinished();
    this.sendFlight(...messages.map((message) => this.plain(recordTypes.handshake, message)));
  }

  #choose(hello: ClientHello): Choice | { readonly reason: WtlsFailure; readonly detail: string } {
    const nothing = (detail: string) => ({ reason: 'nothing-in-common', detail }) as const;
    if (hello.version !== wtlsVersion) return { reason: 'version', detail: `version ${hello.version}` };
    if (hello.sequenceMode !== sequenceModes.explicit) return nothing('no explicit sequence numbers');
    if (!hello.compressionMethods.includes(nullCompression)) return nothing('only with compression');
    const keyRefresh = Math.min(hello.keyRefresh, this.#keyRefresh);
    const clientRandom = hello.random.slice();
    let strangers = 0;
    for (const [index, keyId] of hello.clientKeyIds.keyIds.entries()) {
      const identity = identityOf(keyId);
      const secret = this.#options.secrets.find((one) => equals(one.identity, identity));
      const anonymous = keyId.keyExchange === keyExchanges.rsaAnonymous && this.#options.rsaKey !== undefined;
      if (identity !== undefined && secret === undefined) strangers += 1;
      if (secret === undefined && !anonymous) continue;
      const allowed = anonymous ? [tripleDesSuite, desSuite] : [tripleDesSuite];
      const suite = firstSuite(hello, allowed);
      if (suite === undefined) return nothing('no cipher suite that is allowed with this key');
      return { clientRandom, clientKeyId: index + 1, suite, keyRefresh, secret };
    }
    if (strangers === 0) return nothing('no key exchange that is allowed');
    return { reason: 'unknown-identity', detail: 'the terminal offers other identities than expected' };
  }

  #answers(choice: Choice): readonly Uint8Array[] {
    const hello = encodeHandshake({
      type: 'server-hello',
      hello: {
        version: wtlsVersion,
        random: this.#serverRandom,
        // Sessions are not resumed, so they need no name.
        sessionId: new Uint8Array(0),
        clientKeyId: choice.clientKeyId,
        cipherSuite: choice.suite.numbers,
        compressionMethod: nullCompression,
        sequenceMode: sequenceModes.explicit,
        keyRefresh: choice.keyRefresh,
      },
    });
    const done = encodeHandshake({ type: 'server-hello-done' });
    const { rsaKey } = this.#options;
    if (choice.secret !== undefined || rsaKey === undefined) return [hello, done];
    const publicKey = encodeRsaPublicKey(rsaKey.publicKey);
    return [hello, encodeHandshake({ type: 'server-key-exchange', parameterIndex: 0, publicKey }), done];
  }

  #onClientKey(body: Uint8Array, record: WtlsRecord): void {
    const { rsaKey } = this.#options;
    if (rsaKey === undefined) return;
    const encrypted = attempt(() => decodeEncryptedSecret(body));
    if (encrypted instanceof DecodeError) {
      this.fail('malformed', encrypted.message, record.octets);
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

function firstSuite(hello: ClientHello, allowed: readonly CipherSuite[]): CipherSuite | undefined {
  for (const numbers of hello.cipherSuites) {
    const suite = findSuite(numbers, allowed);
    if (suite !== undefined) return suite;
  }
  return undefined;
}

/** For octets that are no secret. */
function equals(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && equalConstantTime(a, b);
}
