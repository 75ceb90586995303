// A PAP endpoint for push initiators: requests in, answers out, with a host behind it. No sockets: whoever serves HTTP
// brings requests here (PAP 2.0).
import { randomBytes } from 'node:crypto';
import {
  type CancelMessage,
  type CcqMessage,
  type MimePart,
  type PapMessage,
  type PapVersion,
  type PushMessage,
  papCodeMeaning,
  papCodes,
  type ReadPapEntities,
  readPapEntities,
  type StatusQueryMessage,
  writePapEntities,
} from '../../codec/pap/index.ts';
import {
  type AttemptGuardOptions,
  type Clock,
  DecodeError,
  systemClock,
  wholeNumber,
} from '../../core/index.ts';
import { badMessage } from './bad-message.ts';
import {
  documentOf,
  type PapHttpRequest,
  type PapHttpResponse,
  papResponse,
  plainResponse,
} from './http-form.ts';
import { Initiators, type PapInitiator } from './initiators.ts';
import { cancelResponse, failureResponse, resultOf, statusQueryResponse } from './pap-answers.ts';
import type { PapHost, PapOutcome, PapReference } from './pap-host.ts';
import { readRecipient, readSubmission } from './read-submission.ts';

/** Settings of an endpoint. */
export interface PapEndpointOptions {
  readonly host: PapHost;
  /** Who may use it. */
  readonly initiators: readonly PapInitiator[];
  /** Names that addresses may have behind the "@". Case does not matter. Default: any. */
  readonly gatewayNames?: readonly string[] | undefined;
  /** Name that answers give as sender. Default: none. */
  readonly senderName?: string | undefined;
  /** URL of the endpoint, as answers give it. Default: none. */
  readonly senderAddress?: string | undefined;
  /** Bounds of wrong passwords, for each source and user name; beyond them 429. Default `attemptGuardDefaults`. */
  readonly attempts?: AttemptGuardOptions | undefined;
  /** Told with a challenge. Default `pap`. */
  readonly realm?: string | undefined;
  /** True takes Basic credentials over plain HTTP too. Default false. */
  readonly allowPlainBasic?: boolean | undefined;
  /** Addresses of one push, at most. Default 100. */
  readonly maxAddresses?: number | undefined;
  /** Octets of the content, at most. Default 262 144. */
  readonly maxPayload?: number | undefined;
  /** Takes result notifications, where one URL serves both: the `receiveResult` of a sender. */
  readonly receiveResult?: ((request: PapHttpRequest) => Promise<PapHttpResponse>) | undefined;
  /** Told what was refused, for a log. */
  readonly onRefused?: ((refused: RefusedPapRequest) => void) | undefined;
  /** Called when the host fails. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Defaults of `PapEndpointOptions`. */
export const papEndpointDefaults = Object.freeze({ maxAddresses: 100, maxPayload: 262_144 });

/** A request that was not carried out. */
export interface RefusedPapRequest {
  readonly peer: string;
  /** Name of the initiator, where it is known. */
  readonly initiator: string | undefined;
  /** HTTP status, or PAP code. */
  readonly code: number;
  readonly detail: string;
}

/** Octets that a body may have beyond its content: documents, capabilities, MIME. */
const envelopeOctets = 131_072;

/** Answers push initiators. */
export class PapEndpoint {
  /** Octets of a request's body, at most: whoever reads it should read no further. */
  readonly maxBody: number;
  readonly #options: PapEndpointOptions;
  readonly #initiators: Initiators;
  readonly #clock: Clock;
  readonly #gatewayNames: readonly string[] | undefined;
  readonly #maxAddresses: number;
  readonly #maxPayload: number;

  /** @throws {ValueError} for a setting */
  constructor(options: PapEndpointOptions) {
    const { maxAddresses = papEndpointDefaults.maxAddresses, maxPayload = papEndpointDefaults.maxPayload } =
      options;
    wholeNumber(maxAddresses, 1, 2 ** 30, 'maxAddresses');
    wholeNumber(maxPayload, 1, 2 ** 30, 'maxPayload');
    const { realm = 'pap', allowPlainBasic = false, clock = systemClock(), random = randomBytes } = options;
    const { attempts } = options;
    this.#options = options;
    this.#clock = clock;
    this.#initiators = new Initiators(options.initiators, {
      realm,
      allowPlainBasic,
      attempts,
      clock,
      random,
    });
    this.#gatewayNames = options.gatewayNames?.map((name) => name.toLowerCase());
    this.#maxAddresses = maxAddresses;
    this.#maxPayload = maxPayload;
    this.maxBody = maxPayload + envelopeOctets;
  }

  /** Answers a request. Never rejects. */
  async handle(request: PapHttpRequest): Promise<PapHttpResponse> {
    const { method, body } = request;
    if (method !== 'POST') {
      return this.#refuse(
        request,
        undefined,
        plainResponse(405, 'PAP is POST only', { Allow: 'POST' }),
        method,
      );
    }
    if (body.length > this.maxBody) {
      const text = `at most ${this.maxBody} octets`;
      return this.#refuse(request, undefined, plainResponse(413, text), text);
    }
    let entities: ReadPapEntities | DecodeError;
    try {
      entities = readPapEntities(request.contentType, body, { maxElements: this.#maxAddresses + 256 });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      entities = error;
    }
    if (!(entities instanceof DecodeError)) {
      const { receiveResult } = this.#options;
      // A gateway proves itself by the push-id, which nobody else knows.
      if (entities.document.message.element === 'resultnotification-message' && receiveResult !== undefined) {
        return receiveResult(request);
      }
    }
    const who = this.#initiators.identify(request);
    if (who.kind === 'challenge') {
      const headers = { 'WWW-Authenticate': who.challenges };
      return this.#refuse(
        request,
        undefined,
        plainResponse(401, 'credentials are needed', headers),
        'credentials',
      );
    }
    if (who.kind === 'limited') {
      const headers = { 'Retry-After': String(Math.ceil(who.retryAfterMs / 1000)) };
      const answer = plainResponse(429, 'too many wrong passwords', headers);
      return this.#refuse(request, undefined, answer, 'credentials, not looked at after too many wrong ones');
    }
    if (who.kind === 'forbidden') {
      return this.#refuse(request, undefined, plainResponse(403, 'not allowed'), who.detail);
    }
    return { ...(await this.#answer(request, entities, who.initiator)), proved: true };
  }

  async #answer(
    request: PapHttpRequest,
    entities: ReadPapEntities | DecodeError,
    initiator: PapInitiator,
  ): Promise<PapHttpResponse> {
    if (entities instanceof DecodeError) return this.#notUnderstood(request, initiator, entities);
    try {
      return await this.#carryOut(request, entities, initiator);
    } catch (error) {
      this.#report(error);
      return failureResponse(entities.document.message, request.body);
    }
  }

  async #carryOut(
    request: PapHttpRequest,
    { document, content }: ReadPapEntities,
    initiator: PapInitiator,
  ): Promise<PapHttpResponse> {
    const { message } = document;
    const { host } = this.#options;
    const version = versionOf(document.version);
    switch (message.element) {
      case 'push-message':
        return this.#push(request, message, content, initiator, version);
      case 'cancel-message':
        return papResponse(
          cancelResponse(message, await host.cancel(referenceOf(message, initiator))),
          version,
        );
      case 'statusquery-message':
        return papResponse(
          statusQueryResponse(message, await host.query(referenceOf(message, initiator))),
          version,
        );
      case 'ccq-message':
        return this.#capabilities(message, initiator, version);
      default: {
        const detail = `a ${message.element} is no request`;
        const answer = badMessage(papCodes.badRequest, detail, request.body);
        return this.#refuse(request, initiator, answer, detail, papCodes.badRequest);
      }
    }
  }

  async #push(
    request: PapHttpRequest,
    message: PushMessage,
    content: MimePart | undefined,
    initiator: PapInitiator,
    version: PapVersion,
  ): Promise<PapHttpResponse> {
    const submission = readSubmission(message, content, initiator, {
      gatewayNames: this.#gatewayNames,
      maxAddresses: this.#maxAddresses,
      maxPayload: this.#maxPayload,
      now: this.#clock.now(),
    });
    const outcome: PapOutcome = 'code' in submission ? submission : await this.#submit(message, submission);
    const code = papCodes[outcome.code];
    const { senderName, senderAddress } = this.#options;
    const { progressNotes = [] } = outcome;
    const answer = papResponse(
      {
        element: 'push-response',
        pushId: message.pushId,
        ...(senderAddress === undefined ? {} : { senderAddress }),
        ...(senderName === undefined ? {} : { senderName }),
        replyTime: this.#clock.now(),
        progressNotes: message.progressNotesRequested === true ? progressNotes : [],
        responseResult: resultOf(outcome),
      },
      version,
    );
    if (code < 2000) return answer;
    return this.#refuse(request, initiator, answer, outcome.desc ?? papCodeMeaning(code), code);
  }

  async #submit(
    { replacePushId, replaceMethod = 'all' }: PushMessage,
    submission: Parameters<PapHost['submit']>[0],
  ): Promise<PapOutcome> {
    const { host } = this.#options;
    if (replacePushId === undefined) return host.submit(submission);
    if (host.replace === undefined) return { code: 'replacementNotSupported' };
    return host.replace({ ...submission, replaces: { pushId: replacePushId, method: replaceMethod } });
  }

  async #capabilities(
    { address, appId, queryId }: CcqMessage,
    initiator: PapInitiator,
    version: PapVersion,
  ): Promise<PapHttpResponse> {
    const { host } = this.#options;
    const recipient = readRecipient(address, initiator, { gatewayNames: this.#gatewayNames });
    const told =
      'code' in recipient
        ? { code: recipient.code, desc: recipient.desc }
        : host.capabilities === undefined
          ? ({ code: 'notImplemented' } as const)
          : await host.capabilities({ initiator: initiator.name, recipient, appId });
    const message: PapMessage = {
      element: 'ccq-response',
      ...(queryId === undefined ? {} : { queryId }),
      ...resultOf(told),
      address,
    };
    const capabilities = 'capabilities' in told ? told.capabilities : undefined;
    if (capabilities === undefined) return papResponse(message, version);
    const { contentType, body } = writePapEntities(
      { document: documentOf(message), content: capabilities },
      version,
    );
    return { status: 202, headers: { 'Content-Type': contentType }, body };
  }

  #notUnderstood(request: PapHttpRequest, initiator: PapInitiator, error: DecodeError): PapHttpResponse {
    const version = error.code === 'UNSUPPORTED' && error.at.path === 'DOCTYPE';
    const code = version ? papCodes.versionNotSupported : papCodes.badRequest;
    const answer = badMessage(code, error.message, request.body);
    return this.#refuse(request, initiator, answer, error.message, code);
  }

  #refuse(
    { peer }: PapHttpRequest,
    initiator: PapInitiator | undefined,
    answer: PapHttpResponse,
    detail: string,
    code = answer.status,
  ): PapHttpResponse {
    try {
      this.#options.onRefused?.({ peer, initiator: initiator?.name, code, detail });
    } catch (error) {
      this.#report(error);
    }
    return answer;
  }

  #report(error: unknown): void {
    try {
      this.#options.onError?.(error);
    } catch {
      // A log that fails must not stop the endpoint.
    }
  }
}

function referenceOf(
  { pushId, addresses }: CancelMessage | StatusQueryMessage,
  initiator: PapInitiator,
): PapReference {
  return { initiator: initiator.name, pushId, addresses };
}

/** Answers go in the version of the request, as far as we write it. */
function versionOf(version: string | undefined): PapVersion {
  return version?.startsWith('1.') === true ? '1.0' : '2.0';
}
