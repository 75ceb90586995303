// The device's end of secure connectionless push (DM-PUSH §5.1.2): WTLS on UDP port 2949, inside it the pushes of
// DM-NOTI §7.1.1. What came over a session goes to the handler; everything else is dropped and counted.
import {
  WtlsClientEndpoint,
  type WtlsClientEndpointOptions,
  type WtlsEvent,
  type WtlsSecret,
} from '../../codec/wtls/index.ts';
import { ConfigError, sourceOf, systemClock } from '../../core/index.ts';
import { bindError, PushIntake, type PushReceiver, requireListen, showPeer, UdpSocket } from '../index.ts';
import { readWapPush } from '../wap/index.ts';
import {
  type ReceivedWapsPush,
  type WapsCounters,
  type WapsDropReason,
  type WapsListenerOptions,
  wapsDropReasons,
  wapsListenerDefaults,
} from './listener-options.ts';
import { nodeWtlsCrypto, requireWtlsCrypto } from './node-crypto.ts';
import { readPeer } from './peer.ts';
import { requireOffers, wtlsSecrets } from './secret.ts';

/** Listens for secure pushes. */
export class WapsListener implements PushReceiver {
  readonly name = 'waps';
  readonly #options: WapsListenerOptions;
  readonly #endpoint: WtlsClientEndpoint;
  readonly #port: number;
  readonly #intake: PushIntake<WapsDropReason, ReceivedWapsPush>;
  #established = 0;
  #failed = 0;
  #started = false;
  #udp: UdpSocket | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE for a setting, or a secret that is too short or can be guessed; TOO_LONG for more
   *   identities than a server asks for
   * @throws {ConfigError} for a port or an address that is none, when there is no secret, or when this Node's OpenSSL
   *   does not have the algorithms
   */
  constructor(options: WapsListenerOptions) {
    requireWtlsCrypto();
    this.#options = options;
    const { secrets, anonymous = false, port = wapsListenerDefaults.port } = options;
    requireListen('UDP', port, options.address);
    this.#port = port;
    this.#intake = new PushIntake({ ...options, binding: this.name, reasons: wapsDropReasons });
    const fixed = typeof secrets === 'function' ? undefined : wtlsSecrets(secrets);
    if (fixed?.length === 0 && !anonymous) {
      throw new ConfigError('secure WAP push is off: it needs a secret that the server shares');
    }
    if (fixed !== undefined) requireOffers(fixed, anonymous);
    this.#endpoint = new WtlsClientEndpoint({
      crypto: nodeWtlsCrypto,
      clock: options.clock ?? systemClock(),
      retransmitMs: options.retransmitMs,
      tries: options.tries,
      keyRefresh: options.keyRefresh,
      ...boundsOf(options),
      anonymous,
      secrets: (peer) => fixed ?? this.#secretsFor(peer),
      sourceOf: (peer) => sourceOf(readPeer(peer).address),
      transmit: (peer, datagram) => {
        this.#udp?.send(datagram, readPeer(peer)).catch((error) => this.#intake.report(error));
      },
      onEvent: (peer, event) => this.#onEvent(peer, event),
    });
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, or the address is not one of this machine
   */
  async start(): Promise<number> {
    if (this.#started) throw new ConfigError('this listener has been started before');
    this.#started = true;
    const { address } = this.#options;
    try {
      this.#udp = await UdpSocket.open({
        port: this.#port,
        address,
        onDatagram: (from, datagram) => this.#take(showPeer(from), datagram),
        onError: (error) => this.#intake.report(error),
      });
    } catch (error) {
      throw bindError('UDP', error, this.#port, address);
    }
    return this.#udp.bound.port;
  }

  counters(): WapsCounters {
    return { ...this.#intake.counters(), established: this.#established, failed: this.#failed };
  }

  /** Servers with a session are told that it ends. */
  async close(): Promise<void> {
    this.#endpoint.close();
    await this.#udp?.close();
  }

  #take(from: string, datagram: Uint8Array): void {
    try {
      this.#endpoint.receive(from, datagram);
    } catch (error) {
      // A fault of ours, or secrets that cannot be used; neither may stop the listener.
      this.#intake.report(error);
    }
  }

  #secretsFor(peer: string): readonly WtlsSecret[] {
    const { secrets, anonymous = false } = this.#options;
    if (typeof secrets !== 'function') return [];
    const given = wtlsSecrets(secrets(readPeer(peer).address));
    requireOffers(given, anonymous);
    return given;
  }

  #onEvent(from: string, event: WtlsEvent): void {
    if (event.type === 'data') this.#takePush(from, event.data, event.identity);
    else if (event.type === 'dropped') this.#intake.drop(event.reason, event.detail, from, event.octets);
    else if (event.type === 'established') {
      this.#established += 1;
      this.#note(from, 'established', event.keyExchange);
    } else if (event.type === 'doubted') {
      this.#note(from, 'warning', `${event.detail}: a handshake will tell whether the session is lost`);
    } else if (event.type !== 'hello-requested') {
      if (event.type === 'failed') this.#failed += 1;
      const reason = event.type === 'failed' ? `${event.reason}: ` : '';
      this.#note(from, event.type, reason + event.detail);
    }
  }

  #takePush(from: string, pdu: Uint8Array, identity: Uint8Array | undefined): void {
    const read = readWapPush(pdu, (error) => this.#intake.report(error));
    const full = this.#intake.full(from);
    if ('reason' in read) this.#intake.drop(read.reason, read.detail, from, pdu.length);
    else if (full !== undefined) this.#intake.drop('busy', full, from, pdu.length);
    else void this.#intake.hand({ binding: this.name, from, ...read, identity });
  }

  #note(peer: string, what: 'established' | 'failed' | 'closed' | 'warning', detail: string): void {
    this.#intake.tell(() => this.#options.onNotice?.({ peer, what, detail }));
  }
}

/** The bounds of handshakes and sessions. */
function boundsOf(
  options: WapsListenerOptions,
): Pick<
  WtlsClientEndpointOptions,
  'maxHandshakes' | 'maxHandshakesPerSource' | 'maxSessions' | 'maxSessionsPerSource' | 'sessionMs' | 'idleMs'
> {
  const defaults = wapsListenerDefaults;
  const { maxHandshakes = defaults.maxHandshakes, maxSessions = defaults.maxSessions } = options;
  const { sessionMs = defaults.sessionMs } = options;
  return {
    maxHandshakes,
    maxHandshakesPerSource:
      options.maxHandshakesPerSource ?? Math.min(defaults.maxHandshakesPerSource, maxHandshakes),
    maxSessions,
    maxSessionsPerSource:
      options.maxSessionsPerSource ?? Math.min(defaults.maxSessionsPerSource, maxSessions),
    sessionMs,
    idleMs: options.idleMs ?? Math.min(defaults.idleMs, sessionMs),
  };
}
