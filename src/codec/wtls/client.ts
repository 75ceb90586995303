// The client's end of a connection, which in WAP is always the terminal (WTLS §10.3; docs/secure-push.md).
import { concatBytes, DecodeError, equalConstantTime, ValueError } from '../../core/index.ts';
import { attempt } from './attempt.ts';
import {
  type CipherSuite,
  desSuite,
  findSuite,
  tripleDesSuite,
  type WtlsCipherName,
} from './cipher-suite.ts';
import { handshakeTypes, nullCompression, recordTypes, sequenceModes, wtlsVersion } from './code-points.ts';
import { WtlsConnection } from './connection.ts';
import { checkedKeyRefresh, helloRandom, type WtlsConnectionOptions } from './connection-options.ts';
import {
  decodeRsaPublicKey,
  encodeEncryptedSecret,
  encodeHandshake,
  type HandshakeMessage,
  type RsaPublicKey,
} from './handshake.ts';
import { startsWith } from './handshake-record.ts';
import type { ServerHello } from './hello.ts';
import { noKeyIds } from './key-id.ts';
import { masterSecretOf, type SessionSecrets, verifyDataOf } from './key-schedule.ts';
import type { WtlsRecord } from './record.ts';
import { RecordProtection } from './record-protection.ts';
import { rsaSecretOctets } from './rsa-padding.ts';
import { Schedule } from './schedule.ts';
import { anonymousOffer, checkSecret, maximumOffers, offerOf, type WtlsSecret } from './secret.ts';
import type { WtlsStep } from './step.ts';

/** Settings of a client. */
export interface WtlsClientOptions extends WtlsConnectionOptions {
  /** Secrets to offer, in order of preference; the server takes one by its identity. At most 16. */
  readonly secrets: readonly WtlsSecret[];
  /** Offers RSA_anon too, which proves nothing about the server. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Ciphers to offer with RSA_anon, in order of preference. Default: triple DES, then single DES. */
  readonly anonymousCiphers?: readonly WtlsCipherName[] | undefined;
}

/** What the server chose. */
interface Choice {
  readonly serverRandom: Uint8Array;
  readonly keyRefresh: number;
  readonly suite: CipherSuite;
  /** `undefined` for RSA_anon. */
  readonly secret: WtlsSecret | undefined;
}

/** One connection of a terminal, from the ClientHello on. */
export class WtlsClient extends WtlsConnection {
  readonly #options: WtlsClientOptions;
  readonly #keyRefresh: number;
  readonly #schedule: Schedule;
  readonly #random: Uint8Array;
  #transcript: Uint8Array[] = [];
  #choice: Choice | undefined;
  #rsaKey: { readonly octets: Uint8Array; readonly key: RsaPublicKey } | undefined;
  #secrets: SessionSecrets | undefined;

  /** Sends nothing before `start`. @throws {ValueError} for a secret or a setting that cannot be used */
  constructor(options: WtlsClientOptions) {
    super(options);
    this.#options = options;
    this.#keyRefresh = checkedKeyRefresh(options.keyRefresh);
    this.#schedule = new Schedule(options);
    this.#random = helloRandom(options);
    const { secrets, anonymous } = options;
    for (const [index, secret] of secrets.entries()) checkSecret(secret, `secrets[${index}]`);
    if (secrets.length > maximumOffers) {
      throw new ValueError('TOO_LONG', `${secrets.length} secrets, at most ${maximumOffers}`, 'secrets');
    }
    if (secrets.length === 0 && anonymous !== true) {
      throw new ValueError('MISSING', 'needs at least one secret', 'secrets');
    }
  }

  get wakeAt(): number | undefined {
    return this.#schedule.nextAt;
  }

  /** The ClientHello. Call it once. */
  start(): WtlsStep {
    const { secrets, anonymous = false } = this.#options;
    const offers = secrets.map(({ identity }) => offerOf(identity));
    const hello = encodeHandshake({
      type: 'client-hello',
      hello: {
        version: wtlsVersion,
        random: this.#random,
        sessionId: new Uint8Array(0),
        clientKeyIds: { ...noKeyIds, keyIds: anonymous ? [...offers, anonymousOffer] : offers },
        trustedKeyIds: noKeyIds,
        cipherSuites: this.#suites().map(({ numbers }) => numbers),
        compressionMethods: [nullCompression],
        sequenceMode: sequenceModes.explicit,
        keyRefresh: this.#keyRefresh,
      },
    });
    this.#transcript = [hello];
    this.sendFlight(this.plain(recordTypes.handshake, hello));
    this.#schedule.start(this.clock.now());
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
      this.#onServerHello(message.hello, record);
    } else if (message.type === 'server-key-exchange' && this.#wantsKey(choice)) {
      this.#transcript.push(octets.slice());
      this.#onServerKey(message.publicKey, record);
    } else if (
      message.type === 'server-hello-done' &&
      choice !== undefined &&
      this.phase === 'hello' &&
      !this.#wantsKey(choice)
    ) {
      this.#transcript.push(octets.slice());
      this.#answer(choice, record);
    } else {
      this.refuse('unexpected-message', `${message.type} out of its place`, record);
    }
  }

  protected override keysToOpen(): RecordProtection | undefined {
    if (this.phase !== 'finished' || this.#secrets === undefined) return undefined;
    return new RecordProtection(this.crypto, this.#secrets, 'server', this.#choice?.keyRefresh ?? 0);
  }

  protected override onFinished(verifyData: Uint8Array, _octets: Uint8Array, record: WtlsRecord): void {
    const { masterSecret } = this.#secrets ?? { masterSecret: new Uint8Array(0) };
    const wanted = verifyDataOf(this.crypto, masterSecret, 'server', this.#transcript);
    if (!equalConstantTime(verifyData, wanted)) {
      this.fail('finished-mismatch', "the server's Finished does not fit the handshake", record.octets);
      return;
    }
    this.#schedule.stop();
    this.#transcript = [];
    const secret = this.#choice?.secret;
    const keyExchange = secret === undefined ? 'RSA_anon' : 'SHARED_SECRET';
    this.establish({ type: 'established', keyExchange, identity: secret?.identity });
  }

  /** The server has checked our keys before it sent this: a damaged datagram, which comes again when we ask. */
  protected override onBadFinished(record: WtlsRecord): void {
    this.drop('bad-record', 'padding or MAC is wrong', record);
  }

  protected override get forgives(): boolean {
    return this.phase === 'finished';
  }

  protected override onRepeated(): boolean {
    return false;
  }

  /** A server that lost its session asks for a new one; an alert could come from anybody. */
  protected override endsSession(): boolean {
    return false;
  }

  protected override onTime(): void {
    if (this.#schedule.again(this.clock.now())) this.sendFlightAgain();
    else this.fail('no-answer', 'the server does not answer');
  }

  #suites(): readonly CipherSuite[] {
    if (this.#options.anonymous !== true) return [tripleDesSuite];
    const { anonymousCiphers = [tripleDesSuite.name, desSuite.name] } = this.#options;
    return anonymousCiphers.map((name) => (name === desSuite.name ? desSuite : tripleDesSuite));
  }

  #wantsKey(choice: Choice | undefined): boolean {
    return (
      this.phase === 'hello' &&
      choice !== undefined &&
      choice.secret === undefined &&
      this.#rsaKey === undefined
    );
  }

  #onServerHello(hello: ServerHello, record: WtlsRecord): void {
    const { secrets, anonymous } = this.#options;
    const refuse = (detail: string): void => this.fail('illegal-parameter', detail, record.octets);
    if (hello.version !== wtlsVersion) {
      this.fail('version', `version ${hello.version}`, record.octets);
      return;
    }
    const isAnonymous = anonymous === true && hello.clientKeyId === secrets.length + 1;
    const secret = secrets[hello.clientKeyId - 1];
    if (secret === undefined && !isAnonymous) {
      refuse(`key identifier ${hello.clientKeyId} was not offered`);
      return;
    }
    const suite = findSuite(hello.cipherSuite, isAnonymous ? this.#suites() : [tripleDesSuite]);
    if (suite === undefined) refuse('this cipher suite was not offered for this key');
    else if (hello.compressionMethod !== nullCompression) refuse('compression was not offered');
    else if (hello.sequenceMode !== sequenceModes.explicit) refuse('sequence numbers have to be explicit');
    else if (hello.keyRefresh > this.#keyRefresh) refuse('keys would be renewed less often than offered');
    else {
      const { keyRefresh } = hello;
      this.#choice = { serverRandom: hello.random.slice(), keyRefresh, suite, secret };
    }
  }

  #onServerKey(publicKey: Uint8Array, record: WtlsRecord): void {
    const octets = publicKey.slice();
    const key = attempt(() => decodeRsaPublicKey(octets));
    if (key instanceof DecodeError) this.fail('malformed', key.message, record.octets);
    else if (isUsable(key)) this.#rsaKey = { octets, key };
    else this.fail('illegal-parameter', 'an RSA key that is too small or too large', record.octets);
  }

  /** Key exchange, change of keys, Finished. */
  #answer(choice: Choice, record: WtlsRecord): void {
    const exchanged = this.#exchangeKeys(choice);
    if (exchanged === undefined) {
      this.fail('illegal-parameter', 'an RSA key that cannot be used', record.octets);
      return;
    }
    const { crypto } = this;
    const { serverRandom, suite } = choice;
    const clientRandom = this.#random;
    const masterSecret = masterSecretOf(crypto, exchanged.preMasterSecret, clientRandom, serverRandom);
    const secrets: SessionSecrets = { masterSecret, clientRandom, serverRandom, suite };
    this.#secrets = secrets;
    const records: Uint8Array[] = [];
    if (exchanged.message !== undefined) {
      this.#transcript.push(exchanged.message);
      records.push(this.plain(recordTypes.handshake, exchanged.message));
    }
    const verifyData = verifyDataOf(crypto, masterSecret, 'client', this.#transcript);
    const finished = encodeHandshake({ type: 'finished', verifyData });
    this.#transcript.push(finished);
    const protection = new RecordProtection(crypto, secrets, 'client', choice.keyRefresh);
    records.push(...this.finishedRecords(protection, finished));
    this.awaitFinished();
    this.sendFlight(...records);
    this.#schedule.start(this.clock.now());
  }

  #exchangeKeys({
    secret,
  }: Choice): { readonly preMasterSecret: Uint8Array; readonly message?: Uint8Array } | undefined {
    if (secret !== undefined) return { preMasterSecret: secret.secret };
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

/** 1024 to 4096 bits: less protects nothing, more costs too much. */
function isUsable({ exponent, modulus }: RsaPublicKey): boolean {
  return modulus.length >= 128 && modulus.length <= 512 && exponent.length >= 1 && exponent.length <= 4;
}
