// The requests that an end point answers (RFC 3261 §17.2.3, §18.2).

import {
  branchCookie,
  type CoreFields,
  createResponse,
  encodeSipMessage,
  hostPortText,
  listOf,
  parameter,
  type ResponseParts,
  readVia,
  responseTarget,
  type SipRequest,
  stampVia,
} from '../../codec/sip/index.ts';
import { type Clock, DecodeError, Places, sourceOf } from '../../core/index.ts';
import { type InboundEnd, showPeer } from '../index.ts';
import { boundedKey } from './duplicate-memory.ts';
import type { SipFlow } from './flow.ts';
import { ServerTransaction } from './server-transaction.ts';
import type { SipTimers } from './timers.ts';
import type { SipTransports } from './transports.ts';

/** A request that came in for the first time. */
export interface IncomingRequest {
  readonly request: SipRequest;
  readonly core: CoreFields;
  /** Octets of the whole message. */
  readonly octets: number;
  readonly from: string;
  /** It was valid: the connection that it came over may stay. */
  served(): void;
  /** Answers. Only the first final answer counts; over UDP without `headers` where they would make it too long. */
  respond(status: number, parts?: Omit<ResponseParts, 'topVia'>): void;
}

/** Why something that arrived was not handed on. */
export type EndpointDrop = 'malformed' | 'retransmission' | 'stray-response' | InboundEnd;

/** Takes what an end point does not settle itself. */
export interface EndpointEvents {
  request(incoming: IncomingRequest): void;
  dropped(reason: EndpointDrop, detail: string, from: string, octets: number): void;
  error(error: unknown): void;
}

/** What the server's side needs. */
export interface ServerSideSettings {
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** Answers that are remembered at a time, at most; beyond it the oldest is forgotten. */
  readonly maxServerTransactions: number;
  /** A fresh tag. */
  readonly tag: () => string;
}

/** Of the answers that are remembered one source has a quarter. */
const sources = 4;

/**
 * Octets of an answer that goes to whoever a datagram of so many names as its source, which may be forged: with the 28
 * octets of the headers of IP and UDP on both sides no more than three times what came.
 */
export function longestAnswer(octets: number): number {
  return 3 * (octets + 28) - 28;
}

/** Holds server transactions. */
export class ServerSide {
  readonly #settings: ServerSideSettings;
  readonly #transports: SipTransports;
  readonly #events: EndpointEvents;
  readonly #transactions = new Map<string, ServerTransaction>();
  /** What the answers of the transactions take: anybody can ask for one. */
  readonly #places: Places;

  constructor(settings: ServerSideSettings, transports: SipTransports, events: EndpointEvents) {
    this.#settings = settings;
    this.#transports = transports;
    this.#events = events;
    const total = settings.maxServerTransactions;
    this.#places = new Places({ total, perSource: Math.ceil(total / sources) });
  }

  /** Takes a request whose core fields could be read: one that came before gets its answer again. */
  take(request: SipRequest, core: CoreFields, octets: number, flow: SipFlow): void {
    const from = showPeer(flow.remote);
    const key = serverKey(request, core, flow);
    const known = this.#transactions.get(key);
    if (known !== undefined) {
      this.#events.dropped('retransmission', `${request.method} came again`, from, octets);
      known.receiveAgain(octets);
      return;
    }
    // An ACK is never answered; without an INVITE of ours it belongs to nothing (§17.2.1).
    if (request.method === 'ACK') {
      this.#events.dropped('stray-response', 'ACK to no answer of ours', from, octets);
      return;
    }
    const topVia = stampVia(core.vias[0], flow.remote.address, flow.remote.port);
    const toTag = this.#settings.tag();
    const transaction = this.#begin(key, responseTarget(topVia).port, octets, flow);
    const respond: IncomingRequest['respond'] = (status, parts = {}) => {
      const tagged = status > 100 ? { toTag } : {};
      const full = encodeSipMessage(createResponse(request, status, { ...tagged, ...parts, topVia }));
      const fits = flow.reliable || full.length <= longestAnswer(octets);
      const short = (): Uint8Array =>
        encodeSipMessage(createResponse(request, status, { ...tagged, topVia }));
      transaction.respond(fits ? full : short(), status >= 200);
    };
    try {
      this.#events.request({ request, core, octets, from, respond, served: () => flow.served() });
    } catch (error) {
      // A fault of ours; the peer must not wait for it.
      this.#events.error(error);
      respond(500);
    }
  }

  /** Remembers an answer to come. What is made here must not hold on to the request, which may be large. */
  #begin(key: string, port: number, octets: number, flow: SipFlow): ServerTransaction {
    const { clock, timers } = this.#settings;
    const place = this.#places.take(sourceOf(flow.remote.address), () => transaction.abandon());
    const transaction = new ServerTransaction({
      clock,
      timers,
      octets,
      reliable: flow.reliable,
      send: (response, came) => this.#send(response, port, flow, came),
      terminated: () => {
        this.#transactions.delete(key);
        place?.release();
      },
    });
    this.#transactions.set(key, transaction);
    return transaction;
  }

  /** 400 for a request that cannot be read, as far as its answer can be addressed (§18.3, §21.4.1). */
  answerBadRequest(request: SipRequest, problem: DecodeError, flow: SipFlow, octets: number): void {
    if (request.method === 'ACK') return;
    try {
      const [first] = listOf(request, 'Via');
      if (first === undefined) return;
      const topVia = stampVia(readVia(first), flow.remote.address, flow.remote.port);
      const status = problem.code === 'LIMIT' ? 413 : 400;
      const response = createResponse(request, status, { topVia, toTag: this.#settings.tag() });
      this.#send(encodeSipMessage(response), responseTarget(topVia).port, flow, octets);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }

  /** Gives all of them up. */
  close(): void {
    for (const transaction of this.#transactions.values()) transaction.abandon();
  }

  /**
   * Over UDP to the packet's address, at the port of the Via; over a connection back through it (§18.2.2). What would be
   * too much for the datagram that asks for it, which has `octets`, is not sent.
   */
  #send(response: Uint8Array, port: number, flow: SipFlow, octets: number): void {
    if (!flow.reliable && response.length > longestAnswer(octets)) return;
    const { address } = flow.remote;
    const failed = (error: unknown): void => this.#events.error(error);
    if (flow.reliable || port === flow.remote.port) {
      flow.send(response, failed);
      return;
    }
    this.#transports
      .flowTo({ protocol: 'UDP', host: address, address, port })
      .then((other) => other.send(response, failed))
      .catch(failed);
  }
}

/** Branch, sent-by and method (§17.2.3); for a peer of the old kind everything that its requests share. */
function serverKey(request: SipRequest, core: CoreFields, flow: SipFlow): string {
  const [via] = core.vias;
  const branch = parameter(via.parameters, 'branch');
  if (branch?.startsWith(branchCookie) === true) {
    return boundedKey(JSON.stringify([branch, hostPortText(via), request.method]));
  }
  const all = JSON.stringify([
    request.requestUri,
    parameter(core.from.parameters, 'tag'),
    parameter(core.to.parameters, 'tag'),
    core.callId,
    core.cseq,
    hostPortText(via),
    branch,
    showPeer(flow.remote),
  ]);
  return boundedKey(all);
}
