// The device's end of secure connectionless push (DM-PUSH §5.1.2): WTLS on UDP port 2949, inside it the pushes of
// DM-NOTI §7.1.1. What came over a session goes to the handler; everything else is dropped and counted.
import { isIP } from 'node:net';
import { classifyPush, decodePush } from '../../codec/wsp/index.ts';
import { WtlsClientEndpoint, type WtlsEvent, type WtlsSecret } from '../../codec/wtls/index.ts';
import { ConfigError, codeOf, DecodeError, systemClock, wholeNumber } from '../../core/index.ts';
import { type PushReceiver, pushParameters } from '../index.ts';
import {
  noDrops,
  type ReceivedWapsPush,
  type WapsCounters,
  type WapsDropReason,
  type WapsListenerOptions,
  wapsListenerDefaults,
} from './listener-options.ts';
import { nodeWtlsCrypto, requireWtlsCrypto } from './node-crypto.ts';
import { peerName, peerOf } from './peer.ts';
import { wtlsSecrets } from './secret.ts';
import { UdpPort } from './udp-port.ts';

/** Listens for secure pushes. */
export class WapsListener implements PushReceiver {
  readonly name = 'waps';
  readonly #options: WapsListenerOptions;
  readonly #endpoint: WtlsClientEndpoint;
  readonly #maxPending: number;
  readonly #dropped = noDrops();
  #accepted = 0;
  #established = 0;
  #failed = 0;
  #handlerErrors = 0;
  #pending = 0;
  #started = false;
  #udp: UdpPort | undefined;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE for a setting, or a secret that is too short
   * @throws {ConfigError} when there is no secret, or this Node's OpenSSL does not have the algorithms
   */
  constructor(options: WapsListenerOptions) {
    requireWtlsCrypto();
    this.#options = options;
    const { maxPending = wapsListenerDefaults.maxPending, secrets, anonymous = false } = options;
    this.#maxPending = wholeNumber(maxPending, 1, 65_536, 'maxPending');
    const fixed = typeof secrets === 'function' ? undefined : wtlsSecrets(secrets);
    if (fixed?.length === 0 && !anonymous) {
      throw new ConfigError('secure WAP push is off: it needs a secret that the server shares');
    }
    this.#endpoint = new WtlsClientEndpoint({
      crypto: nodeWtlsCrypto,
      clock: options.clock ?? systemClock(),
      retransmitMs: options.retransmitMs,
      tries: options.tries,
      keyRefresh: options.keyRefresh,
      maxHandshakes: options.maxHandshakes ?? wapsListenerDefaults.maxHandshakes,
      maxSessions: options.maxSessions ?? wapsListenerDefaults.maxSessions,
      sessionMs: options.sessionMs ?? wapsListenerDefaults.sessionMs,
      anonymous,
      secrets: (peer) => fixed ?? this.#secretsFor(peer),
      transmit: (peer, datagram) => {
        this.#udp?.send(datagram, peerOf(peer)).catch((error) => this.#report(error));
      },
      onEvent: (peer, event) => this.#onEvent(peer, event),
    });
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, or the address is not one of this machine
   */
  async start(): Promise<number> {
    const { port = wapsListenerDefaults.port, address } = this.#options;
    if (this.#started) throw new ConfigError('this listener has been started before');
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      throw new ConfigError(`UDP port ${port} is not between 0 and 65535`);
    }
    if (address !== undefined && isIP(address) === 0) {
      throw new ConfigError(`"${address}" is not an IP address to listen on`);
    }
    this.#started = true;
    try {
      this.#udp = await UdpPort.open({
        port,
        address,
        onDatagram: (from, datagram) => this.#take(peerName(from), datagram),
        onError: (error) => this.#report(error),
      });
    } catch (error) {
      throw new ConfigError(bindMessage(codeOf(error), port, address), { cause: error });
    }
    return this.#udp.port;
  }

  counters(): WapsCounters {
    const dropped = { ...this.#dropped };
    const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    return {
      received: this.#accepted + drops,
      accepted: this.#accepted,
      dropped,
      handlerErrors: this.#handlerErrors,
      established: this.#established,
      failed: this.#failed,
    };
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
      this.#report(error);
    }
  }

  #secretsFor(peer: string): readonly WtlsSecret[] {
    const { secrets } = this.#options;
    return typeof secrets === 'function' ? wtlsSecrets(secrets(peerOf(peer).address)) : [];
  }

  #onEvent(from: string, event: WtlsEvent): void {
    if (event.type === 'data') this.#takePush(from, event.data, event.identity);
    else if (event.type === 'dropped') this.#drop(from, event.reason, event.detail, event.octets);
    else if (event.type === 'established') {
      this.#established += 1;
      this.#note(from, 'established', event.keyExchange);
    } else if (event.type !== 'hello-requested') {
      if (event.type === 'failed') this.#failed += 1;
      const reason = event.type === 'failed' ? `${event.reason}: ` : '';
      this.#note(from, event.type, reason + event.detail);
    }
  }

  #takePush(from: string, pdu: Uint8Array, identity: Uint8Array | undefined): void {
    let push: ReceivedWapsPush;
    try {
      const decoded = decodePush(pdu);
      const verdict = classifyPush(decoded);
      if (!verdict.accepted) {
        this.#drop(from, verdict.reason, verdict.detail, pdu.length);
        return;
      }
      const { contentType, parameters } = verdict;
      push = {
        binding: this.name,
        from,
        contentType,
        parameters: pushParameters(parameters),
        body: decoded.body,
        identity,
      };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#drop(from, 'malformed', error.message, pdu.length);
      return;
    }
    if (this.#pending >= this.#maxPending) {
      this.#drop(from, 'busy', `${this.#pending} pushes are being handled`, pdu.length);
      return;
    }
    this.#accepted += 1;
    void this.#handle(push);
  }

  /** Never rejects. */
  async #handle(push: ReceivedWapsPush): Promise<void> {
    this.#pending += 1;
    try {
      await this.#options.handler(push);
    } catch (error) {
      this.#handlerErrors += 1;
      this.#report(error);
    } finally {
      this.#pending -= 1;
    }
  }

  #drop(from: string, reason: WapsDropReason, detail: string, octets: number): void {
    this.#dropped[reason] += 1;
    try {
      this.#options.onDrop?.({ binding: this.name, from, reason, detail, octets });
    } catch (error) {
      this.#report(error);
    }
  }

  #note(peer: string, what: 'established' | 'failed' | 'closed' | 'warning', detail: string): void {
    try {
      this.#options.onNotice?.({ peer, what, detail });
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // A log that fails must not stop the listener.
    }
  }
}

function bindMessage(code: string, port: number, address: string | undefined): string {
  const where = address === undefined ? `UDP port ${port}` : `UDP port ${port} on ${address}`;
  if (code === 'EADDRINUSE') {
    return `${where} is in use: stop the program that holds it, or choose another port`;
  }
  if (code === 'EACCES') return `${where} is not allowed for this user: choose a port above 1023`;
  if (code === 'EADDRNOTAVAIL') return `${address} is not an address of this machine: choose one that is`;
  return `${where} cannot be used (${code})`;
}
