// The terminal's endpoint: servers ask for handshakes, and everybody else gets next to no answer.
import { type HeldPlace, Places, ValueError } from '../../core/index.ts';
import { encodeAlert } from './alert.ts';
import { Allowance } from './allowance.ts';
import type { WtlsCipherName } from './cipher-suite.ts';
import { WtlsClient } from './client.ts';
import { recordTypes } from './code-points.ts';
import { WtlsEndpoint, type WtlsEndpointOptions } from './endpoint.ts';
import { isHelloRequest } from './handshake-record.ts';
import { encodeRecord, type WtlsRecord } from './record.ts';
import { retransmitDefaults } from './schedule.ts';
import type { WtlsSecret } from './secret.ts';

/** Settings of a terminal. */
export interface WtlsClientEndpointOptions extends WtlsEndpointOptions {
  /** Secrets to offer to a peer that asks for a handshake. None: it gets no answer, unless `anonymous`. */
  readonly secrets: (peer: string) => readonly WtlsSecret[];
  /** Offers RSA_anon too, which proves nothing about the server. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Ciphers to offer with RSA_anon, in order of preference. Default: triple DES, then single DES. */
  readonly anonymousCiphers?: readonly WtlsCipherName[] | undefined;
  /** Name of the source that a peer's handshakes and sessions count for. Default: the peer itself. */
  readonly sourceOf?: ((peer: string) => string) | undefined;
  /** Handshakes of one source at a time, at most. Default: `maxHandshakes`. */
  readonly maxHandshakesPerSource?: number | undefined;
  /** Sessions of one source, at most. Default: `maxSessions`. */
  readonly maxSessionsPerSource?: number | undefined;
}

/** Answers to records of lost sessions. */
const lostAnswers = { perSource: 16, total: 4096, windowMs: 10_000 };

/** Computations with RSA, for servers without a secret. */
const keyExchanges = { perSource: 16, total: 256, windowMs: 10_000 };

/**
 * Connections of a terminal, by server. What a stranger can make it send is bounded: for a HelloRequest a ClientHello, for
 * a whole flight of a server the answer to it, never more than 2.5 times what came, headers included; for a record of a
 * session that it has lost, an alert that is smaller than the record; for everything else nothing. When there are too many
 * handshakes, of one source or in all, the oldest gives way; sessions never give way to handshakes.
 */
export class WtlsClientEndpoint extends WtlsEndpoint<WtlsClient> {
  readonly #options: WtlsClientEndpointOptions;
  readonly #sourceOf: (peer: string) => string;
  readonly #places: Places;
  readonly #lostAnswers: Allowance;
  readonly #keyExchanges: Allowance;

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor(options: WtlsClientEndpointOptions) {
    const { maxHandshakes, maxSessions, clock } = options;
    const { sourceOf = (peer: string) => peer } = options;
    const { maxHandshakesPerSource = maxHandshakes, maxSessionsPerSource = maxSessions } = options;
    const bounds = { maxHandshakes, maxSessions, maxHandshakesPerSource, maxSessionsPerSource };
    for (const [name, value] of Object.entries(bounds)) {
      if (!Number.isInteger(value) || value < 1) {
        throw new ValueError('OUT_OF_RANGE', 'must be a positive integer', name);
      }
    }
    super(options, maxSessionsPerSource, sourceOf);
    this.#options = options;
    this.#sourceOf = sourceOf;
    this.#places = new Places({ total: maxHandshakes, perSource: maxHandshakesPerSource });
    this.#lostAnswers = new Allowance({ clock, ...lostAnswers });
    this.#keyExchanges = new Allowance({ clock, ...keyExchanges });
  }

  protected override readonly answersAreBounded = true;

  protected override takePlace(peer: string, onDisplaced: () => void): HeldPlace | undefined {
    return this.#places.take(this.#sourceOf(peer), onDisplaced);
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

  protected override onRenewal(peer: string, _connection: WtlsClient, isSure: boolean): void {
    if (this.handshakeOf(peer) === undefined && (isSure || !this.#isNew(peer))) this.#start(peer, 0, isSure);
  }

  /** Anybody can send this: a session that stands is used until the new one does. */
  #onHelloRequest(peer: string, octets: number): void {
    const handshake = this.handshakeOf(peer);
    if (handshake !== undefined) this.run(peer, handshake, handshake.askedAgain());
    else if (this.#isNew(peer)) {
      this.drop(peer, 'replay', 'HelloRequest of a handshake that has just ended', octets);
    } else this.#start(peer, octets, false);
  }

  #isNew(peer: string): boolean {
    const { clock, retransmitMs = retransmitDefaults.retransmitMs } = this.#options;
    const session = this.sessionOf(peer);
    return session !== undefined && clock.monotonic() < session.since + retransmitMs;
  }

  #start(peer: string, octets: number, trusted: boolean): void {
    const { anonymous = false } = this.#options;
    const secrets = this.#options.secrets(peer);
    if (secrets.length === 0 && !anonymous) {
      this.drop(peer, 'stranger', 'there is no secret for this peer', octets);
      return;
    }
    const mayExchangeKeys = (): boolean => this.#keyExchanges.take(this.#sourceOf(peer));
    const options = { ...this.#options, secrets, anonymous, mayExchangeKeys };
    if (!this.begin(peer, trusted, () => new WtlsClient(options))) {
      this.drop(peer, 'busy', `${this.counts.handshakes} handshakes are going on`, octets);
    }
  }

  /** After a restart, so that the server does not go on sending into the void. */
  #tellThatLost(peer: string, record: WtlsRecord): void {
    const { contentType } = record;
    if (contentType !== recordTypes.applicationData && contentType !== recordTypes.handshake) return;
    const fragment = encodeAlert('critical', 'no_connection', record.octets);
    const alert = { contentType: recordTypes.alert, ciphered: false, sequenceNumber: 0, fragment };
    const answer = encodeRecord(alert);
    if (answer.length > record.octets.length || !this.#lostAnswers.take(this.#sourceOf(peer))) return;
    this.answer(peer, answer);
  }
}
