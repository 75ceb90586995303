// A SIP end point: sockets below, transactions above; what arrives is matched, what is asked for is carried out (RFC 3261
// §8, §17, §18).

import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { branchCookie, decodeSipHead, readCoreFields, type SipMessage } from '../../codec/sip/index.ts';
import { type Clock, DecodeError, ValueError } from '../../core/index.ts';
import { type ResolveHost, showPeer } from '../index.ts';
import { ClientSide, type ExchangeEnd, keyOf } from './client-side.ts';
import type { SipFlow, SipIntake, SipProtocol } from './flow.ts';
import { addressOf, type SipHop } from './hop.ts';
import {
  branchOctets,
  encodeRequest,
  maxUdpRequest,
  type OutgoingRequest,
  tooLong,
} from './outgoing-request.ts';
import { type EndpointEvents, ServerSide } from './server-side.ts';
import type { SipTimers } from './timers.ts';
import { TokenSource } from './token-source.ts';
import {
  type ListenOptions,
  type SipDestination,
  SipTransports,
  type TransportSettings,
} from './transports.ts';

/** What a request met. */
export type RequestEnd = ExchangeEnd & {
  /** The way that it took; `undefined` when there was none. */
  readonly flow: SipFlow | undefined;
};

/** Settings of an end point. */
export interface EndpointSettings extends TransportSettings {
  readonly timers: SipTimers;
  readonly resolve: ResolveHost;
  /** Secure random octets. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
  /** Answers that are remembered at a time, at most; beyond it the oldest is forgotten. */
  readonly maxServerTransactions: number;
}

/** One end point. */
export class SipEndpoint {
  readonly #settings: EndpointSettings;
  readonly #events: EndpointEvents;
  readonly #transports: SipTransports;
  readonly #client: ClientSide;
  readonly #server: ServerSide;
  readonly #tokens: TokenSource;

  constructor(settings: EndpointSettings, events: EndpointEvents) {
    const { clock, timers, maxServerTransactions, random = randomBytes } = settings;
    this.#settings = settings;
    this.#events = events;
    this.#tokens = new TokenSource(random);
    const intake: SipIntake = {
      message: (message, octets, flow) => this.#take(message, octets, flow),
      malformed: (error, size, flow, octets) => this.#malformed(error, size, flow, octets),
      ended: (reason, detail, from, octets) => events.dropped(reason, detail, from, octets),
      error: (error) => events.error(error),
    };
    this.#transports = new SipTransports(settings, intake);
    this.#client = new ClientSide(clock, timers);
    const tag = (): string => this.token(6);
    this.#server = new ServerSide({ clock, timers, maxServerTransactions, tag }, this.#transports, events);
  }

  get clock(): Clock {
    return this.#settings.clock;
  }

  get timers(): SipTimers {
    return this.#settings.timers;
  }

  /** Ports that we listen on. */
  get ports(): { readonly udp?: number; readonly tcp?: number; readonly tls?: number } {
    return this.#transports.ports;
  }

  /** Hex digits of `octets` random octets: for branches, tags, Call-IDs and cnonces. */
  token(octets: number): string {
    return this.#tokens.next(octets);
  }

  /** Starts listening. @throws {ConfigError} as `SipTransports.listen` */
  listen(options: ListenOptions): Promise<void> {
    return this.#transports.listen(options);
  }

  /** Our address towards a hop at this moment. Rejects with the system's error. */
  async localAddressFor(hop: SipHop): Promise<string> {
    return this.#transports.localAddressFor(await this.#destination(hop, hop.protocol ?? 'UDP'));
  }

  /**
   * Carries out a request and resolves with what it met. A function as request is given the way, once it is known.
   * @throws {ValueError} TOO_LONG when it is beyond 1300 octets and the hop is UDP only; BAD_FORMAT when it cannot be
   *   written
   */
  async request(
    given: OutgoingRequest | ((flow: SipFlow) => OutgoingRequest),
    hop: SipHop,
    signal: AbortSignal,
  ): Promise<RequestEnd> {
    const branch = this.token(branchOctets);
    let flow: SipFlow | undefined;
    try {
      if (signal.aborted) return { kind: 'aborted', flow };
      for (let protocol = hop.protocol ?? 'UDP'; ; protocol = 'TCP') {
        // A way that is known already needs no wait.
        flow = this.#knownFlow(hop, protocol);
        if (flow === undefined) {
          const found = await abortable(this.#flow(hop, protocol), signal);
          if (found === 'aborted') return { kind: 'aborted', flow };
          flow = found;
        }
        const request = typeof given === 'function' ? given(flow) : given;
        const octets = encodeRequest(request, flow, branch);
        if (flow.protocol === 'UDP' && octets.length > maxUdpRequest) {
          if (hop.protocol === 'UDP') throw tooLong(octets.length);
          continue;
        }
        const key = keyOf(branchCookie + branch, request.method);
        const end = await this.#client.transact({ key, octets, flow, signal });
        return { ...end, flow };
      }
    } catch (error) {
      if (error instanceof ValueError) throw error;
      return { kind: 'failed', error, flow };
    }
  }

  /** Ends all transactions and closes all sockets. */
  async close(): Promise<void> {
    this.#client.close();
    this.#server.close();
    await this.#transports.close();
  }

  #knownFlow({ host, port }: SipHop, protocol: SipProtocol): SipFlow | undefined {
    return isIP(host) === 0 ? undefined : this.#transports.knownFlow({ protocol, host, port, address: host });
  }

  async #flow(hop: SipHop, protocol: SipProtocol): Promise<SipFlow> {
    return this.#transports.flowTo(await this.#destination(hop, protocol));
  }

  async #destination({ host, port }: SipHop, protocol: SipProtocol): Promise<SipDestination> {
    return { protocol, host, port, address: await addressOf(host, this.#settings.resolve) };
  }

  #take(message: SipMessage, octets: number, flow: SipFlow): void {
    try {
      if (message.kind === 'request') {
        this.#server.take(message, readCoreFields(message), octets, flow);
      } else if (!this.#client.take(message)) {
        const detail = `${message.status} to no request of ours`;
        this.#events.dropped('stray-response', detail, showPeer(flow.remote), octets);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#events.dropped('malformed', error.message, showPeer(flow.remote), octets);
      if (message.kind === 'request') this.#server.answerBadRequest(message, error, flow, octets);
    }
  }

  #malformed(error: DecodeError, size: number, flow: SipFlow, octets: Uint8Array | undefined): void {
    this.#events.dropped('malformed', error.message, showPeer(flow.remote), size);
    if (octets === undefined) return;
    try {
      const { message } = decodeSipHead(octets, this.#settings.limits);
      if (message.kind === 'request') this.#server.answerBadRequest(message, error, flow, size);
    } catch (secondError) {
      // Without a head nobody can be answered.
      if (!(secondError instanceof DecodeError)) throw secondError;
    }
  }
}

/** What `work` gives, or `aborted` as soon as the signal says so. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    stop = () => resolve('aborted');
    // It may have aborted while the work was begun.
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  // Left alone, it may still fail.
  work.catch(() => {});
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
