// The client's end of an OBEX session without its stream: responses in, requests out (IrOBEX §3.3, §3.5).
import { equalConstantTime } from '../../core/index.ts';
import {
  type AuthenticationChallenge,
  answerChallenge,
  decodeChallenges,
  decodeResponsesTo,
  encodeChallenge,
  NonceMemory,
  nonceLength,
  type ObexCredentials,
  verifyResponses,
} from './authentication.ts';
import { headerIds, isSuccess, opcodes, responseCodes, responseName } from './code-points.ts';
import { numberHeader, type ObexHeader, octetsHeader, typeOctets } from './headers.ts';
import { decodeResponse, encodeRequest, minimumPacketLength, type ObexResponse } from './packet.ts';
import { putPackets } from './put.ts';

/** How a client opens its sessions. */
export interface ObexClientOptions {
  /** Service that is wanted, as the octets of Target; absent for the default service. */
  readonly target?: Uint8Array | undefined;
  /** Longest packet that this end can receive, 255–65535; told to the server. */
  readonly maxPacketLength: number;
  /** What the server is answered with when it asks. Without them a challenge ends the session. */
  readonly credentials?: ObexCredentials | undefined;
  /** True when the server has to prove the password of `credentials` too. Default false. */
  readonly mutual?: boolean | undefined;
  /** Nonces of all sessions of this client, so that none is answered back to itself. Default: of this session only. */
  readonly nonces?: NonceMemory | undefined;
  /** Secure random octets, for nonces. */
  readonly random: (length: number) => Uint8Array;
}

/** An object to be put. */
export interface ObexPut {
  /** Media type, ASCII. */
  readonly type: string;
  readonly body: Uint8Array;
  /** Name of the object; default none. */
  readonly name?: string | undefined;
  /** Value of an HTTP header; default none. */
  readonly http?: Uint8Array | undefined;
}

/** Why a request was not carried out. */
export type ObexRefusal =
  /** The server answered with this code. */
  | 'response'
  /** The server wants to be shown credentials, and there are none. */
  | 'credentials-missing'
  /** The server does not take the credentials. */
  | 'credentials-refused'
  /** The server did not prove that it knows the password. */
  | 'server-not-authenticated'
  /** The server answers for another service than the one that was wanted. */
  | 'wrong-service'
  /** The response makes no sense at this place. */
  | 'protocol';

/** What follows from a response. */
export type ObexClientStep =
  /** Send this. */
  | { readonly kind: 'send'; readonly packet: Uint8Array }
  /** CONNECT was carried out; `put` or `disconnect` may follow. */
  | {
      readonly kind: 'connected';
      /** Longest packet that the server takes. */
      readonly maxPacketLength: number;
      /** True when the server proved that it knows the password. */
      readonly serverAuthenticated: boolean;
    }
  /** The object is with the server. */
  | { readonly kind: 'accepted'; readonly code: number }
  | {
      readonly kind: 'refused';
      readonly operation: 'connect' | 'put';
      readonly reason: ObexRefusal;
      /** Code of the response. */
      readonly code: number;
      /** In words, for a log. */
      readonly detail: string;
    }
  /** The server answered to ABORT; the object is forgotten. */
  | { readonly kind: 'aborted' }
  /** The server answered to DISCONNECT, with whatever code. */
  | { readonly kind: 'disconnected' };

type Refused = Extract<ObexClientStep, { readonly kind: 'refused' }>;
type Waiting = 'nothing' | 'connect' | 'put' | 'put-end' | 'disconnect' | 'abort';

/**
 * One session. Strictly one request, then one response: after `connect`, `put`, `disconnect` or a step of kind `send`,
 * the next packet of the server goes to `receive`. Only `abort` may be sent while a response is due.
 */
export class ObexClientSession {
  readonly #options: ObexClientOptions;
  readonly #nonces: NonceMemory;
  #waiting: Waiting = 'nothing';
  /** Responses that come before that to ABORT: every request has one, also the one that ABORT overtook. */
  #dueBeforeAbort = 0;
  /** Nonce of our last challenge. */
  #ownNonce: Uint8Array | undefined;
  /** Each operation answers one challenge; a second one means that the credentials were not taken. */
  #answered = false;
  #connectionId: number | undefined;
  #serverMaxPacketLength = minimumPacketLength;
  #put: ObexPut | undefined;
  #packets: Iterator<Uint8Array, undefined> | undefined;
  /** The packet after the one that was sent last; `undefined` when that was the final one. */
  #nextPacket: Uint8Array | undefined;

  constructor(options: ObexClientOptions) {
    this.#options = options;
    this.#nonces = options.nonces ?? new NonceMemory();
  }

  /** The CONNECT request. */
  connect(): Uint8Array {
    this.#answered = false;
    return this.#connectRequest(undefined);
  }

  /** First packet of the PUT of `object`. @throws {ValueError} when a header does not fit the server's packets */
  put(object: ObexPut): Uint8Array {
    this.#put = object;
    this.#answered = false;
    return this.#putRequest(undefined);
  }

  /** The DISCONNECT request. */
  disconnect(): Uint8Array {
    this.#waiting = 'disconnect';
    return encodeRequest({ opcode: opcodes.disconnect, final: true, headers: this.#connectionHeader() });
  }

  /** The ABORT request. Only its own response counts; one that is due for the request before it still comes first. */
  abort(): Uint8Array {
    this.#dueBeforeAbort = this.#waiting === 'nothing' ? 0 : 1;
    this.#waiting = 'abort';
    return encodeRequest({ opcode: opcodes.abort, final: true, headers: this.#connectionHeader() });
  }

  /**
   * Takes the server's packet; gives nothing when another is to be waited for.
   * @throws {DecodeError} when it cannot be read
   */
  receive(packet: Uint8Array): ObexClientStep | undefined {
    const waiting = this.#waiting;
    const response = decodeResponse(packet, { toConnect: waiting === 'connect' });
    if (waiting === 'connect') return this.#connectResponse(response);
    if (waiting === 'put' || waiting === 'put-end') return this.#putResponse(response, waiting === 'put-end');
    if (waiting === 'abort') {
      this.#dueBeforeAbort -= 1;
      if (this.#dueBeforeAbort >= 0) return undefined;
      this.#waiting = 'nothing';
      return { kind: 'aborted' };
    }
    this.#waiting = 'nothing';
    if (waiting === 'disconnect') return { kind: 'disconnected' };
    return refused('connect', 'protocol', response.code, 'a response that nothing asked for');
  }

  #connectResponse(response: ObexResponse): ObexClientStep {
    const { code, connect, headers } = response;
    this.#waiting = 'nothing';
    if (code === responseCodes.unauthorized) {
      const proof = this.#answerTo('connect', headers);
      if (!(proof instanceof Uint8Array)) return proof;
      return { kind: 'send', packet: this.#connectRequest(proof) };
    }
    if (!isSuccess(code)) return refusedBy('connect', code);
    const maxPacketLength = connect?.maxPacketLength ?? 0;
    if (maxPacketLength < minimumPacketLength) {
      const detail = `announces packets of ${maxPacketLength} octets, below ${minimumPacketLength}`;
      return refused('connect', 'protocol', code, detail);
    }
    const { target } = this.#options;
    const who = octetsHeader(headers, headerIds.who);
    if (target !== undefined && who !== undefined && !equalConstantTime(who, target)) {
      return refused('connect', 'wrong-service', code, 'another service answers');
    }
    const serverAuthenticated = this.#serverProved(headers);
    if (this.#options.mutual === true && !serverAuthenticated) {
      return refused('connect', 'server-not-authenticated', code, 'did not prove that it knows the password');
    }
    this.#connectionId = numberHeader(headers, headerIds.connectionId);
    this.#serverMaxPacketLength = maxPacketLength;
    return { kind: 'connected', maxPacketLength, serverAuthenticated };
  }

  #putResponse(response: ObexResponse, ended: boolean): ObexClientStep {
    const { code, headers } = response;
    this.#waiting = 'nothing';
    if (code === responseCodes.unauthorized) {
      const proof = this.#answerTo('put', headers);
      if (!(proof instanceof Uint8Array)) return proof;
      return { kind: 'send', packet: this.#putRequest(proof) };
    }
    if (!ended) {
      // Some servers say Success to every packet; only the last response counts.
      if (code !== responseCodes.continue && !isSuccess(code)) return refusedBy('put', code);
      return { kind: 'send', packet: this.#nextPutRequest() };
    }
    if (isSuccess(code)) return { kind: 'accepted', code };
    if (code !== responseCodes.continue) return refusedBy('put', code);
    return refused('put', 'protocol', code, 'wants more after the final packet');
  }

  /** Authentication response for the server's challenge, or why there is none. */
  #answerTo(operation: Refused['operation'], headers: readonly ObexHeader[]): Uint8Array | Refused {
    const code = responseCodes.unauthorized;
    const value = octetsHeader(headers, headerIds.authenticationChallenge);
    if (value === undefined) return refusedBy(operation, code);
    const { credentials } = this.#options;
    if (credentials === undefined) {
      return refused(operation, 'credentials-missing', code, 'asks for credentials, and there are none');
    }
    if (this.#answered) {
      return refused(operation, 'credentials-refused', code, 'does not take the credentials');
    }
    const challenge = decodeChallenges(value).find(({ nonce }) => !this.#nonces.has(nonce));
    if (challenge === undefined) {
      return refused(operation, 'protocol', code, 'sends our own challenge back to us');
    }
    if (challenge.userIdWanted === true && credentials.userId === undefined) {
      return refused(operation, 'credentials-missing', code, 'asks for a user identifier, and there is none');
    }
    this.#answered = true;
    return answerChallenge(challenge, credentials);
  }

  #serverProved(headers: readonly ObexHeader[]): boolean {
    const value = octetsHeader(headers, headerIds.authenticationResponse);
    const { credentials } = this.#options;
    if (value === undefined || credentials === undefined || this.#ownNonce === undefined) return false;
    // A server need not name itself by our identifier.
    const account = { password: credentials.password };
    return verifyResponses(decodeResponsesTo(value), this.#ownNonce, [account]) !== undefined;
  }

  #connectRequest(proof: Uint8Array | undefined): Uint8Array {
    const { target, maxPacketLength, mutual } = this.#options;
    const headers: ObexHeader[] = [];
    if (target !== undefined) headers.push({ id: headerIds.target, value: target });
    if (proof !== undefined) headers.push({ id: headerIds.authenticationResponse, value: proof });
    if (mutual === true) {
      const challenge: AuthenticationChallenge = { nonce: this.#options.random(nonceLength) };
      this.#ownNonce = challenge.nonce;
      this.#nonces.add(challenge.nonce);
      headers.push({ id: headerIds.authenticationChallenge, value: encodeChallenge(challenge) });
    }
    this.#waiting = 'connect';
    return encodeRequest({ opcode: opcodes.connect, final: true, connect: { maxPacketLength }, headers });
  }

  #putRequest(proof: Uint8Array | undefined): Uint8Array {
    const put = this.#put;
    if (put === undefined) throw new TypeError('no object to put');
    const headers = [...this.#connectionHeader()];
    if (proof !== undefined) headers.push({ id: headerIds.authenticationResponse, value: proof });
    if (put.name !== undefined) headers.push({ id: headerIds.name, value: put.name });
    headers.push({ id: headerIds.type, value: typeOctets(put.type) });
    headers.push({ id: headerIds.length, value: put.body.length });
    if (put.http !== undefined) headers.push({ id: headerIds.http, value: put.http });
    this.#packets = putPackets(headers, put.body, this.#serverMaxPacketLength);
    this.#nextPacket = this.#packets.next().value;
    return this.#nextPutRequest();
  }

  /** The packet that is due; looks one ahead to know whether it is the final one. */
  #nextPutRequest(): Uint8Array {
    const packet = this.#nextPacket;
    if (packet === undefined || this.#packets === undefined) throw new TypeError('no packet is left');
    this.#nextPacket = this.#packets.next().value;
    this.#waiting = this.#nextPacket === undefined ? 'put-end' : 'put';
    return packet;
  }

  // The first header of every request, if the server gave one (IrOBEX §2.2.11); a PUT in several packets is one request.
  #connectionHeader(): readonly ObexHeader[] {
    return this.#connectionId === undefined
      ? []
      : [{ id: headerIds.connectionId, value: this.#connectionId }];
  }
}

function refused(
  operation: Refused['operation'],
  reason: ObexRefusal,
  code: number,
  detail: string,
): Refused {
  return { kind: 'refused', operation, reason, code, detail };
}

function refusedBy(operation: Refused['operation'], code: number): Refused {
  return refused(operation, 'response', code, `answers ${responseName(code)}`);
}
