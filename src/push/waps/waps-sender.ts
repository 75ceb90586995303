// Package #0 and DM messages as secure connectionless push: a WSP push as one WTLS record (DM-PUSH §5.1.2). The device
// is asked for a handshake when there is no session with it.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import {
  dmContentKind,
  encodePush,
  isProvisioningKind,
  type PushInput,
  package0HeaderBudget,
} from '../../codec/wsp/index.ts';
import {
  maximumFragmentIn,
  type WtlsEvent,
  type WtlsSecret,
  WtlsServerEndpoint,
} from '../../codec/wtls/index.ts';
import { messageOf, PushError, systemClock, ValueError, wholeNumber } from '../../core/index.ts';
import {
  abortable,
  abortError,
  addressOfHost,
  type Binding,
  type Delivery,
  type Push,
  type SendResult,
  showPeer,
  socketPushError,
  tracked,
  UdpSockets,
} from '../index.ts';
import { Handshakes } from './handshakes.ts';
import { nodeRsaKey, nodeWtlsCrypto, requireWtlsCrypto } from './node-crypto.ts';
import { canonicalAddress, readPeer } from './peer.ts';
import { handshakePushError } from './push-error.ts';
import { type WapsSecret, wtlsSecrets } from './secret.ts';
import { type WapsSenderOptions, type WapsTarget, wapsSenderDefaults } from './sender-options.ts';

/**
 * Makes a sender. A receipt says *sent*: the device has proved its secret, but does not say that it got the push. One
 * socket for each version of IP serves all devices, and their sessions end with it.
 * @throws {ValueError} OUT_OF_RANGE for a limit, or a header or a key that cannot be used
 * @throws {ConfigError} when this Node's OpenSSL does not have the algorithms
 */
export function createWapsSender(options: WapsSenderOptions): Binding<WapsTarget> {
  return tracked(new WapsSender(options));
}

class WapsSender implements Delivery<WapsTarget> {
  readonly name = 'waps';
  readonly maxPayload: number;
  readonly #options: WapsSenderOptions;
  readonly #maxPdu: number;
  readonly #endpoint: WtlsServerEndpoint;
  readonly #handshakes: Handshakes;
  readonly #udp: UdpSockets;
  #transactionId = 0;

  constructor(options: WapsSenderOptions) {
    requireWtlsCrypto();
    this.#options = options;
    const { maxDatagram = wapsSenderDefaults.maxDatagram, localPort = 0, rsaKey } = options;
    const { sessionMs = wapsSenderDefaults.sessionMs } = options;
    wholeNumber(maxDatagram, wapsSenderDefaults.minimum, wapsSenderDefaults.maximum, 'maxDatagram');
    wholeNumber(localPort, 0, 65535, 'localPort');
    this.#maxPdu = maximumFragmentIn(maxDatagram);
    this.maxPayload = this.#maxPdu - encodePush({ ...plainPush, headers: options.headers }).length;
    this.#endpoint = new WtlsServerEndpoint({
      crypto: nodeWtlsCrypto,
      clock: options.clock ?? systemClock(),
      retransmitMs: options.retransmitMs,
      tries: options.tries,
      keyRefresh: options.keyRefresh,
      flow: options.flow,
      maxHandshakes: options.maxHandshakes ?? wapsSenderDefaults.maxHandshakes,
      maxSessions: options.maxSessions ?? wapsSenderDefaults.maxSessions,
      sessionMs,
      idleMs: options.idleMs ?? Math.min(wapsSenderDefaults.idleMs, sessionMs),
      rsaKey: rsaKey === undefined ? undefined : nodeRsaKey(rsaKey),
      transmit: (peer, datagram) => void this.#transmit(peer, datagram),
      onEvent: (peer, event) => this.#onEvent(peer, event),
    });
    this.#udp = new UdpSockets({
      port: localPort,
      onDatagram: (from, datagram) => this.#endpoint.receive(showPeer(from), datagram),
      onError: (error) => this.#note('socket', 'warning', messageOf(error)),
    });
    this.#handshakes = new Handshakes((peer) => this.#endpoint.cancel(peer));
  }

  async close(): Promise<void> {
    this.#endpoint.close();
    await this.#udp.close();
  }

  async deliver(push: Push, to: WapsTarget, signal: AbortSignal): Promise<SendResult> {
    const pdu = this.#encode(push);
    if (to.host === '') throw new ValueError('MISSING', 'needs a host', 'host');
    const port = wholeNumber(to.port ?? wapsSenderDefaults.port, 1, 65535, 'port');
    if (signal.aborted) throw abortError(signal);
    const given = this.#options.secrets(to, push);
    const secrets = this.#checked('then' in given ? await abortable(given, signal) : given, to);
    const { resolve = lookup } = this.#options;
    const host = isIP(to.host) === 0 ? await addressOfHost(to.host, resolve, signal) : to.host;
    const peer = { address: canonicalAddress(host), port };
    const name = showPeer(peer);
    if (!this.#udp.isOpenFor(peer.address)) {
      // A local port that is in use is known before the device is asked for anything.
      const socket = this.#udp.socketFor(peer.address).catch((error: unknown) => {
        throw socketPushError(error, name);
      });
      await abortable(socket, signal);
    }
    // A second round: the handshake that was waited for may have been for other secrets.
    for (let round = 0; round < 3; round += 1) {
      const datagram = this.#endpoint.protect(name, secrets, pdu);
      if (datagram !== undefined) {
        await this.#udp.send(datagram, peer).catch((error: unknown) => {
          throw socketPushError(error, name);
        });
        return { outcome: 'sent' };
      }
      await this.#shakeHands(name, secrets, signal);
    }
    throw new PushError('BUSY', `${name}: other pushes to it use other secrets`, true);
  }

  /** The WSP push. @throws {ValueError} TOO_LONG */
  #encode(push: Push): Uint8Array {
    this.#transactionId = (this.#transactionId + 1) & 0xff;
    const { contentType, body } = push;
    const { headers } = this.#options;
    const kind = dmContentKind(contentType);
    const input: PushInput = {
      transactionId: this.#transactionId,
      contentType,
      headers,
      body,
      ...(isProvisioningKind(kind) && { applicationId: null }),
    };
    const pdu = encodePush(
      kind === 'notification' ? { ...input, headerBudget: package0HeaderBudget() } : input,
    );
    const room = this.#maxPdu - (pdu.length - body.length);
    if (body.length <= room) return pdu;
    const { maxDatagram = wapsSenderDefaults.maxDatagram } = this.#options;
    const detail = `${body.length} octets, ${room} fit a protected datagram of ${maxDatagram}`;
    throw new ValueError('TOO_LONG', detail, 'body');
  }

  #checked(given: readonly WapsSecret[], to: WapsTarget): readonly WtlsSecret[] {
    const secrets = wtlsSecrets(given);
    if (secrets.length > 0 || this.#options.rsaKey !== undefined) return secrets;
    throw new PushError('NO_SECRET', `${to.host}: no secret is configured for it`, false);
  }

  async #shakeHands(peer: string, secrets: readonly WtlsSecret[], signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    // It waits before the first datagram goes out, so that no outcome is missed.
    const done = this.#handshakes.wait(peer, signal);
    if (!this.#endpoint.connect(peer, secrets)) {
      const busy = new PushError('BUSY', `${peer}: too many handshakes are going on`, true);
      this.#handshakes.failed(peer, busy);
    }
    await done;
  }

  async #transmit(name: string, datagram: Uint8Array): Promise<void> {
    try {
      await this.#udp.send(datagram, readPeer(name));
    } catch (error) {
      const reason = socketPushError(error, name);
      this.#handshakes.failed(name, reason);
      this.#endpoint.cancel(name);
      this.#note(name, 'warning', reason.message);
    }
  }

  #onEvent(peer: string, event: WtlsEvent): void {
    if (event.type === 'established') {
      this.#note(peer, 'established', event.keyExchange);
      this.#handshakes.done(peer);
    } else if (event.type === 'failed') {
      const { localPort = 0 } = this.#options;
      const error = handshakePushError(event.reason, event.detail, peer, localPort);
      this.#note(peer, 'failed', error.message);
      this.#handshakes.failed(peer, error);
    } else if (event.type === 'data') {
      this.#note(peer, 'dropped', `application data of ${event.data.length} octets, which no push asks for`);
    } else if (event.type === 'hello-requested') {
      this.#note(peer, 'dropped', 'a HelloRequest, which only servers send');
    } else if (event.type === 'doubted') {
      this.#note(peer, 'warning', `${event.detail}: a handshake will tell whether the session is lost`);
    } else {
      const reason = event.type === 'dropped' ? `${event.reason}: ` : '';
      this.#note(peer, event.type, reason + event.detail);
    }
  }

  #note(
    peer: string,
    what: 'established' | 'failed' | 'closed' | 'warning' | 'dropped',
    detail: string,
  ): void {
    try {
      this.#options.onNotice?.({ peer, what, detail });
    } catch {
      // A log that fails must not stop the sender.
    }
  }
}

const plainPush: PushInput = { transactionId: 0, contentType: { code: 0x44 }, body: new Uint8Array() };
