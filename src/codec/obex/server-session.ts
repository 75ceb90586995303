// The server's end of an OBEX session without its stream: requests in, responses out (IrOBEX §3.3, §3.5).
import { DecodeError, equalConstantTime } from '../../core/index.ts';
import {
  answerChallenge,
  decodeChallenges,
  decodeResponsesTo,
  encodeChallenge,
  NonceMemory,
  nonceLength,
  type ObexCredentials,
  verifyResponses,
} from './authentication.ts';
import { headerIds, isSuccess, opcodeName, opcodes, responseCodes, responseName } from './code-points.ts';
import { numberHeader, type ObexHeader, octetsHeader, typeText } from './headers.ts';
import { decodeRequest, encodeResponse, minimumPacketLength, type ObexRequest } from './packet.ts';
import { type ObexObject, type ObexObjectHead, ObjectAssembler } from './put.ts';

/** Bounds tries of passwords. Each is told the octets of the user identifier, where the client gave one. */
export interface ObexAttempts {
  /** Whether one more may be made. */
  allowed(userId: Uint8Array | undefined): boolean;
  /** What came of it: whose password was proved, or none. */
  made(userId: Uint8Array | undefined, proved: ObexCredentials | undefined): void;
}

/** Responses of one header that are looked at: each is a try. A challenge of ours asks for one. */
const maxResponses = 4;

/** How a server treats its sessions. */
export interface ObexServerOptions {
  /** Service that this is, as the octets of Target. */
  readonly target: Uint8Array;
  /** True when a CONNECT without Target is refused too. Default false: general OBEX clients send none. */
  readonly targetRequired?: boolean | undefined;
  /** Connection Id for clients that name the target, 0–4294967295. */
  readonly connectionId: number;
  /** Longest packet that this end can receive, 255–65535; told to the client. */
  readonly maxPacketLength: number;
  /** Octets of an object. */
  readonly maxObjectLength: number;
  /** Who may prove itself, and whose password is proved in return. Default none: nobody is challenged. */
  readonly accounts?: readonly ObexCredentials[] | undefined;
  /** True when every CONNECT has to prove a password. Default false: `admit` decides for each object. */
  readonly authenticateConnect?: boolean | undefined;
  /** What the password is for, shown by the client to a person. Default none. */
  readonly realm?: string | undefined;
  /** Wrong proofs after which the session ends. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** Bounds of tries over all sessions. Default: none but `maxAttempts`. */
  readonly attempts?: ObexAttempts | undefined;
  /** Nonces of all sessions of this server. Default: of this session only. */
  readonly nonces?: NonceMemory | undefined;
  /** Secure random octets, for nonces. */
  readonly random: (length: number) => Uint8Array;
  /**
   * Response code for an object whose headers are known: Success lets it come, Unauthorized asks for credentials, any
   * other refuses it. Called once for each object, before its end and without its body.
   */
  readonly admit: (head: ObexObjectHead, account: ObexCredentials | undefined) => number;
  /** Response code for a GET of this media type. Default Not Implemented. */
  readonly get?: ((type: string | undefined) => number) | undefined;
}

/** Why something was refused, for counters. */
export type ObexServerRefusal =
  /** Octets that cannot be read, or a request that makes no sense at this place. */
  | 'protocol'
  /** A service that this is not. */
  | 'target'
  /** Credentials are wanted and did not come yet: no failure, the client may answer. */
  | 'challenge'
  /** A wrong proof. */
  | 'credentials'
  /** A proof that was not looked at, after too many wrong ones. */
  | 'limited'
  /** A connection that this is not. */
  | 'connection'
  /** An object beyond the limit. */
  | 'too-large'
  /** An object that `admit` refused. */
  | 'not-admitted'
  /** An operation that there is not. */
  | 'operation';

/** Something that the host acts on or writes down. */
export type ObexServerEvent =
  | { readonly kind: 'connected'; readonly account: ObexCredentials | undefined }
  /** An object is complete. The client waits for `answer`. */
  | { readonly kind: 'object'; readonly object: ObexObject; readonly account: ObexCredentials | undefined }
  | {
      readonly kind: 'refused';
      readonly reason: ObexServerRefusal;
      /** Code that was answered. */
      readonly code: number;
      /** In words, for a log. */
      readonly detail: string;
    }
  /** The client gave an object up. */
  | { readonly kind: 'aborted' }
  | { readonly kind: 'disconnected' };

/** What follows from a request. */
export interface ObexServerStep {
  /** Response to send; absent only when an object is complete. */
  readonly packet?: Uint8Array;
  readonly event?: ObexServerEvent;
  /** True when the stream must be closed after the response. */
  readonly end: boolean;
}

/** One session: on every packet of the client `receive`, after a complete object `answer` before anything else. */
export class ObexServerSession {
  readonly #options: ObexServerOptions;
  readonly #nonces: NonceMemory;
  #connected = false;
  /** The Connection Id that we gave. */
  #connectionId: number | undefined;
  #account: ObexCredentials | undefined;
  /** Nonce of the challenge that the client has to answer. */
  #nonce: Uint8Array | undefined;
  #failures = 0;
  #assembler: ObjectAssembler | undefined;
  #admitted = false;
  #deciding = false;

  constructor(options: ObexServerOptions) {
    this.#options = options;
    this.#nonces = options.nonces ?? new NonceMemory();
  }

  /** True while an object is on its way or waits for its answer. */
  get busy(): boolean {
    return this.#assembler !== undefined || this.#deciding;
  }

  /** Takes a packet of the client. What cannot be read is answered Bad Request and ends the session. */
  receive(packet: Uint8Array): ObexServerStep {
    if (this.#deciding) throw new TypeError('the last object is not answered yet');
    try {
      return this.#request(decodeRequest(packet));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#assembler = undefined;
      return { ...refuse('protocol', responseCodes.badRequest, error.message), end: true };
    }
  }

  /** Response to the last packet of the object that was complete. */
  answer(code: number): Uint8Array {
    this.#deciding = false;
    return encodeResponse({ code, headers: [] });
  }

  #request(request: ObexRequest): ObexServerStep {
    const { opcode, headers } = request;
    if (opcode === opcodes.connect) return this.#connect(request);
    if (opcode === opcodes.abort) {
      const aborted = this.#assembler !== undefined;
      this.#assembler = undefined;
      return { ...respond(responseCodes.success), ...(aborted ? { event: { kind: 'aborted' } } : {}) };
    }
    if (!this.#connected) {
      if (opcode === opcodes.disconnect) return respond(responseCodes.success);
      return refuse('protocol', responseCodes.forbidden, `${opcodeName(opcode)} without a connection`);
    }
    const connectionId = numberHeader(headers, headerIds.connectionId);
    if (connectionId !== undefined && connectionId !== this.#connectionId) {
      this.#assembler = undefined;
      const detail = `Connection Id ${connectionId} was not given`;
      return refuse('connection', responseCodes.serviceUnavailable, detail);
    }
    if (opcode === opcodes.put) return this.#put(request);
    if (this.#assembler !== undefined) {
      this.#assembler = undefined;
      return refuse('protocol', responseCodes.badRequest, `${opcodeName(opcode)} in the middle of a PUT`);
    }
    if (opcode === opcodes.disconnect) {
      this.#forget();
      return { ...respond(responseCodes.success), event: { kind: 'disconnected' } };
    }
    const type = octetsHeader(headers, headerIds.type);
    const code =
      opcode === opcodes.get
        ? (this.#options.get?.(type === undefined ? undefined : typeText(type)) ??
          responseCodes.notImplemented)
        : responseCodes.notImplemented;
    return refuse('operation', code, `${opcodeName(opcode)} is answered ${responseName(code)}`);
  }

  #connect(request: ObexRequest): ObexServerStep {
    const { headers } = request;
    this.#forget();
    const maxPacketLength = request.connect?.maxPacketLength ?? 0;
    if (!request.final || maxPacketLength < minimumPacketLength) {
      const detail = request.final ? `announces packets of ${maxPacketLength} octets` : 'is not one packet';
      return this.#refuseConnect('protocol', responseCodes.badRequest, `CONNECT ${detail}`);
    }
    const target = octetsHeader(headers, headerIds.target);
    const named = target !== undefined && equalConstantTime(target, this.#options.target);
    if (!named && (target !== undefined || this.#options.targetRequired === true)) {
      const detail = target === undefined ? 'CONNECT without Target' : 'Target is another service';
      return this.#refuseConnect('target', responseCodes.notFound, detail);
    }
    const wrong = this.#checkProof(headers);
    if (wrong === 'limited') return { ...this.#refuseConnect(...limited), end: true };
    if (wrong !== undefined) return this.#challengeConnect(wrong);
    const wanted = octetsHeader(headers, headerIds.authenticationChallenge);
    const accounts = this.#options.accounts ?? [];
    // A client that wants our proof has to show its own first: else anybody could collect digests to guess from.
    const unproved = this.#account === undefined && accounts.length > 0;
    if (unproved && (this.#options.authenticateConnect === true || wanted !== undefined)) {
      return this.#challengeConnect(undefined);
    }
    const answer: ObexHeader[] = [];
    if (named) {
      this.#connectionId = this.#options.connectionId;
      answer.push({ id: headerIds.connectionId, value: this.#connectionId });
      answer.push({ id: headerIds.who, value: this.#options.target });
    }
    const challenge =
      wanted === undefined
        ? undefined
        : decodeChallenges(wanted).find(({ nonce }) => !this.#nonces.has(nonce));
    if (challenge !== undefined && this.#account !== undefined) {
      const value = answerChallenge(challenge, this.#account);
      answer.push({ id: headerIds.authenticationResponse, value });
    }
    this.#connected = true;
    return {
      ...this.#connectResponse(responseCodes.success, answer),
      event: { kind: 'connected', account: this.#account },
    };
  }

  #put(request: ObexRequest): ObexServerStep {
    const { headers } = request;
    if (this.#assembler === undefined) {
      this.#assembler = new ObjectAssembler(this.#options.maxObjectLength);
      this.#admitted = false;
      const wrong = this.#checkProof(headers);
      if (wrong === 'limited') return { ...this.#refusePut(...limited), end: true };
      if (wrong !== undefined) return this.#challengePut(wrong);
    }
    const assembler = this.#assembler;
    const state = assembler.add(headers, request.final);
    const head = assembler.head();
    if (!this.#admitted && (request.final || assembler.bodyStarted || head.type !== undefined)) {
      const code = this.#options.admit(head, this.#account);
      if (code === responseCodes.unauthorized) return this.#challengePut(undefined);
      if (!isSuccess(code)) {
        const type = head.type === undefined ? 'no type' : `type ${JSON.stringify(head.type.slice(0, 80))}`;
        return this.#refusePut('not-admitted', code, `object of ${type} is answered ${responseName(code)}`);
      }
      this.#admitted = true;
    }
    if (state === 'too-large') {
      const detail = `object of more than ${this.#options.maxObjectLength} octets`;
      return this.#refusePut('too-large', responseCodes.entityTooLarge, detail);
    }
    if (state === 'no-body') {
      return this.#refusePut('operation', responseCodes.notImplemented, 'PUT without a body, which deletes');
    }
    if (state === 'more') return respond(responseCodes.continue);
    this.#assembler = undefined;
    this.#deciding = true;
    return { event: { kind: 'object', object: assembler.finish(), account: this.#account }, end: false };
  }

  /** Takes a proof, if there is one; returns what is wrong with it, or `limited` when it may not be tried. */
  #checkProof(headers: readonly ObexHeader[]): string | undefined {
    const value = octetsHeader(headers, headerIds.authenticationResponse);
    const nonce = this.#nonce;
    if (value === undefined || nonce === undefined) return undefined;
    // A nonce is good for one try.
    this.#nonce = undefined;
    const { attempts, accounts = [] } = this.#options;
    for (const response of decodeResponsesTo(value).slice(0, maxResponses)) {
      const { userId } = response;
      if (attempts?.allowed(userId) === false) return 'limited';
      this.#account = verifyResponses([response], nonce, accounts);
      attempts?.made(userId, this.#account);
      if (this.#account !== undefined) return undefined;
    }
    this.#failures += 1;
    return 'the password is not proved';
  }

  /** Header that asks for a proof, or none when no proof could be right. */
  #challenge(): readonly ObexHeader[] {
    const accounts = this.#options.accounts ?? [];
    if (accounts.length === 0) return [];
    const nonce = this.#options.random(nonceLength);
    this.#nonce = nonce;
    this.#nonces.add(nonce);
    const { realm } = this.#options;
    const userIdWanted = accounts.some(({ userId }) => userId !== undefined);
    const value = encodeChallenge({ nonce, userIdWanted, ...(realm === undefined ? {} : { realm }) });
    return [{ id: headerIds.authenticationChallenge, value }];
  }

  #challengeConnect(wrong: string | undefined): ObexServerStep {
    const code = responseCodes.unauthorized;
    return { ...this.#connectResponse(code, this.#challenge()), ...this.#unauthorized('CONNECT', wrong) };
  }

  #challengePut(wrong: string | undefined): ObexServerStep {
    this.#assembler = undefined;
    const packet = encodeResponse({ code: responseCodes.unauthorized, headers: this.#challenge() });
    return { packet, ...this.#unauthorized('PUT', wrong) };
  }

  #unauthorized(what: string, wrong: string | undefined): Pick<ObexServerStep, 'event' | 'end'> {
    const reason = wrong === undefined ? 'challenge' : 'credentials';
    const detail = `${what}: ${wrong ?? 'a proof of the password is wanted'}`;
    return {
      event: { kind: 'refused', reason, code: responseCodes.unauthorized, detail },
      end: this.#failures >= (this.#options.maxAttempts ?? 3),
    };
  }

  #refuseConnect(reason: ObexServerRefusal, code: number, detail: string): ObexServerStep {
    return { ...this.#connectResponse(code, []), event: { kind: 'refused', reason, code, detail } };
  }

  #refusePut(reason: ObexServerRefusal, code: number, detail: string): ObexServerStep {
    this.#assembler = undefined;
    return refuse(reason, code, detail);
  }

  // The fields of CONNECT stand in every response to it, refusals included (IrOBEX §3.3.1).
  #connectResponse(code: number, headers: readonly ObexHeader[]): ObexServerStep {
    const { maxPacketLength } = this.#options;
    return { packet: encodeResponse({ code, connect: { maxPacketLength }, headers }), end: false };
  }

  /** A new CONNECT, and a DISCONNECT, leave nothing of the connection before; a challenge stays open. */
  #forget(): void {
    this.#connected = false;
    this.#connectionId = undefined;
    this.#account = undefined;
    this.#assembler = undefined;
  }
}

/** How a proof is refused that was not looked at. */
const limited = ['limited', responseCodes.serviceUnavailable, 'too many wrong proofs'] as const;

function respond(code: number): ObexServerStep {
  return { packet: encodeResponse({ code, headers: [] }), end: false };
}

function refuse(reason: ObexServerRefusal, code: number, detail: string): ObexServerStep {
  return { ...respond(code), event: { kind: 'refused', reason, code, detail } };
}
