// The terminal's endpoint: servers ask for handshakes, and everybody else gets next to no answer.
import { encodeAlert } from './alert.ts';
import type { WtlsCipherName } from './cipher-suite.ts';
import { WtlsClient } from './client.ts';
import { recordTypes } from './code-points.ts';
import { WtlsEndpoint, type WtlsEndpointOptions } from './endpoint.ts';
import { isHelloRequest } from './handshake-record.ts';
import { encodeRecord, type WtlsRecord } from './record.ts';
import { retransmitDefaults } from './schedule.ts';
import type { WtlsSecret } from './secret.ts';
import type { WtlsEvent } from './step.ts';

/** Settings of a terminal. */
export interface WtlsClientEndpointOptions extends WtlsEndpointOptions {
  /** Secrets to offer to a peer that asks for a handshake. None: it gets no answer, unless `anonymous`. */
  readonly secrets: (peer: string) => readonly WtlsSecret[];
  /** Offers RSA_anon too, which proves nothing about the server. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Ciphers to offer with RSA_anon, in order of preference. Default: triple DES, then single DES. */
  readonly anonymousCiphers?: readonly WtlsCipherName[] | undefined;
}

/** Answers to records of lost sessions, within a while. */
const maximumLostAnswers = 16;
const lostAnswersMs = 10_000;

/**
 * Connections of a terminal, by server. What a stranger can make it send is bounded: for a HelloRequest one handshake,
 * which is two flights with their tries and an alert, for `maxHandshakes` peers at a time; for a record of a session that
 * it has lost, an alert that is smaller than the record; for everything else nothing.
 */
export class WtlsClientEndpoint extends WtlsEndpoint<WtlsClient> {
  readonly #options: WtlsClientEndpointOptions;
  #lostAnswers = 0;
  #lostAnswersFrom = 0;

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor(options: WtlsClientEndpointOptions) {
    const { onEvent } = options;
    super({
      ...options,
      onEvent: (peer, event: WtlsEvent) => {
        onEvent(peer, event);
        if (event.type === 'hello-requested' && this.handshakeOf(peer) === undefined) this.#start(peer, 0);
      },
    });
    this.#options = options;
  }

  protected override onRecord(peer: string, record: WtlsRecord): boolean {
    if (isHelloRequest(record)) {
      this.#onHelloRequest(peer, record.octets.length);
      return true;
    }
    if (record.ciphered && this.handshakeOf(peer) === undefined && this.sessionOf(peer) === undefined) {
      this.#tellThatLost(peer, record);
    }
    return false;
  }

  /** Anybody can send this: a session that stands is used until the new one does. */
  #onHelloRequest(peer: string, octets: number): void {
    const session = this.sessionOf(peer);
    const { clock, retransmitMs = retransmitDefaults.retransmitMs } = this.#options;
    const isNew = session !== undefined && clock.now() < session.since + retransmitMs;
    if (isNew || this.handshakeOf(peer) !== undefined) {
      this.drop(peer, 'replay', 'HelloRequest of a handshake that goes on or has just ended', octets);
    } else this.#start(peer, octets);
  }

  #start(peer: string, octets: number): void {
    const { anonymous = false } = this.#options;
    const secrets = this.#options.secrets(peer);
    if (secrets.length === 0 && !anonymous) {
      this.drop(peer, 'stranger', 'there is no secret for this peer', octets);
    } else if (!this.begin(peer, () => new WtlsClient({ ...this.#options, secrets, anonymous }))) {
      this.drop(peer, 'busy', `${this.counts.handshakes} handshakes are going on`, octets);
    }
  }

  /** After a restart, so that the server does not go on sending into the void. */
  #tellThatLost(peer: string, record: WtlsRecord): void {
    const now = this.#options.clock.now();
    if (record.contentType !== recordTypes.applicationData) return;
    if (now >= this.#lostAnswersFrom + lostAnswersMs) {
      this.#lostAnswersFrom = now;
      this.#lostAnswers = 0;
    }
    const fragment = encodeAlert('critical', 'no_connection', record.octets);
    const alert = { contentType: recordTypes.alert, ciphered: false, sequenceNumber: 0, fragment };
    const answer = encodeRecord(alert);
    if (answer.length > record.octets.length || this.#lostAnswers >= maximumLostAnswers) return;
    this.#lostAnswers += 1;
    this.#options.transmit(peer, answer);
  }
}
