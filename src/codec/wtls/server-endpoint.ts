// The server's endpoint: it asks terminals for handshakes and keeps the sessions for later pushes.
import { equalConstantTime, type HeldPlace } from '../../core/index.ts';
import type { WtlsRsaPrivateKey } from './crypto.ts';
import { WtlsEndpoint, type WtlsEndpointOptions } from './endpoint.ts';
import type { WtlsSecret } from './secret.ts';
import { checkedFlow, type WtlsFlow, WtlsServer } from './server.ts';

/** Settings of a server. */
export interface WtlsServerEndpointOptions extends WtlsEndpointOptions {
  /** Order of messages under a shared secret. Default: abbreviated. */
  readonly flow?: WtlsFlow | undefined;
  /** Allows RSA_anon, which proves nothing about the terminal. Default: not allowed. */
  readonly rsaKey?: WtlsRsaPrivateKey | undefined;
}

/** A handshake that goes on stands for a push of ours: it does not give way. */
const ownPlace: HeldPlace = { finish: () => {}, release: () => {} };

/** Connections of a server, by terminal. Terminals that it did not ask get no answer. */
export class WtlsServerEndpoint extends WtlsEndpoint<WtlsServer> {
  readonly #options: WtlsServerEndpointOptions;

  /** @throws {ValueError} OUT_OF_RANGE, or BAD_FORMAT for the flow */
  constructor(options: WtlsServerEndpointOptions) {
    // Many devices may be behind one address, and each was our choice.
    super(options, options.maxSessions, (peer) => peer);
    checkedFlow(options.flow);
    this.#options = options;
  }

  /**
   * Begins a handshake, unless one goes on with this peer; false when there are too many. What comes of it is an event:
   * `established` or `failed`.
   * @throws {ValueError} for a secret that cannot be used
   */
  connect(peer: string, secrets: readonly WtlsSecret[]): boolean {
    if (this.handshakeOf(peer) !== undefined) return true;
    return this.begin(peer, true, () => new WtlsServer({ ...this.#options, secrets }));
  }

  /** Gives a handshake up. */
  cancel(peer: string): void {
    const handshake = this.handshakeOf(peer);
    if (handshake !== undefined) this.run(peer, handshake, handshake.close());
  }

  /**
   * A datagram with application data for the peer; `undefined` when a handshake is needed first: there is no session, it
   * is too old or used up, or its secret is none of `secrets` any more. `data` has at most `maximumFragment` octets.
   */
  protect(peer: string, secrets: readonly WtlsSecret[], data: Uint8Array): Uint8Array | undefined {
    const connection = this.sessionOf(peer)?.connection;
    if (connection === undefined) return undefined;
    const datagram = this.#isWanted(connection, secrets) ? connection.protect(data) : undefined;
    if (datagram === undefined) this.endSession(peer);
    else this.used(peer);
    return datagram;
  }

  /** A terminal that repeats its Finished gets pushes again with the flight: it has proved itself, and they are bounded. */
  protected override readonly answersAreBounded = false;

  protected override takePlace(): HeldPlace | undefined {
    return this.counts.handshakes < this.settings.maxHandshakes ? ownPlace : undefined;
  }

  protected override onRecord(): boolean {
    return false;
  }

  /**
   * A terminal seems to have lost its session. Anybody can say so: the session stands until a new one does, and half of
   * the handshakes are left to pushes.
   */
  protected override onRenewal(peer: string, connection: WtlsServer, isSure: boolean): void {
    const { handshakes } = this.counts;
    if (isSure || handshakes * 2 >= this.settings.maxHandshakes) return;
    this.connect(peer, connection.secret === undefined ? [] : [connection.secret]);
  }

  #isWanted({ secret }: WtlsServer, secrets: readonly WtlsSecret[]): boolean {
    if (secret === undefined) return this.#options.rsaKey !== undefined;
    return secrets.some(
      (wanted) =>
        equalConstantTime(wanted.identity, secret.identity) &&
        equalConstantTime(wanted.secret, secret.secret),
    );
  }
}
