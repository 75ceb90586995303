// The device's end of OTA-HTTP without sockets: what a request is answered, what goes to the handler, what is counted
// (DM-NOTI-1.3 §7.4, DM-PUSH §5.3).
import { mimeHeader } from '../../codec/pap/index.ts';
import { bytesToBase64, sha256, utf8ToBytes } from '../../core/index.ts';
import { addressIn, PushIntake, pushMimeTypes } from '../index.ts';
import { dmApplicationId, fieldNames, otaVersion, pushStatuses } from './header-names.ts';
import { HttpAuthenticator, type HttpProof } from './http-authenticator.ts';
import { type HttpPushRequest, type RequestReading, readRequest } from './read-request.ts';
import {
  type HttpDropReason,
  type HttpPushCounters,
  type HttpPushReceiverOptions,
  httpDropReasons,
  type ReceivedHttpPush,
  type ReceiverSettings,
  receiverSettings,
} from './receiver-options.ts';

/** What a request is answered. */
export interface HttpPushAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** For people; empty with 204. */
  readonly text: string;
  /** True when the connection ends with it. */
  readonly close: boolean;
  /** Whether the request was valid, and its peer even proved who it is. Default neither. */
  readonly served?: 'valid' | 'proved';
  /** Hands the push over; to be called once the answer is on its way. */
  readonly handOver?: () => void;
}

type Push = RequestReading & { readonly kind: 'push' };

/** Decides about requests. */
export class HttpPushReceiver {
  readonly name = 'http';
  readonly #intake: PushIntake<HttpDropReason, ReceivedHttpPush>;
  readonly #settings: ReceiverSettings;
  readonly #authenticator: HttpAuthenticator;
  readonly #capabilities: Readonly<Record<string, string>>;
  readonly #cpiTag: string;
  #challenges = 0;
  #registrations = 0;

  /** @throws {ValueError} for a setting */
  constructor(options: HttpPushReceiverOptions) {
    this.#settings = receiverSettings(options);
    const { accounts, clock, maxPayload, maxPending } = this.#settings;
    this.#intake = new PushIntake({ ...options, binding: this.name, reasons: httpDropReasons });
    const { realm, allowPlainBasic, attempts, random, terminalId, bearerIndication } = options;
    this.#authenticator = new HttpAuthenticator({
      accounts,
      realm,
      allowPlainBasic,
      attempts,
      clock,
      random,
    });
    this.#capabilities = {
      'X-Wap-Push-Accept': pushMimeTypes.join(', '),
      'X-Wap-Push-Accept-AppID': dmApplicationId,
      'X-Wap-Push-MaxMsgSize': String(maxPayload),
      'X-Wap-Push-Accept-MaxPushReq': String(maxPending),
      ...(terminalId === undefined ? {} : { 'X-Wap-Terminal-Id': terminalId }),
      ...(bearerIndication === undefined ? {} : { 'X-Wap-Bearer-Indication': String(bearerIndication) }),
    };
    this.#cpiTag = bytesToBase64(sha256(utf8ToBytes(JSON.stringify(this.#capabilities))).subarray(0, 4));
  }

  /** Octets of a body, at most. */
  get maxPayload(): number {
    return this.#settings.maxPayload;
  }

  counters(): HttpPushCounters {
    return {
      ...this.#intake.counters(),
      challenges: this.#challenges,
      registrations: this.#registrations,
    };
  }

  /** What a request is answered before its body is there: `undefined` when the body is wanted. */
  answerHead(request: Omit<HttpPushRequest, 'body'>): HttpPushAnswer | undefined {
    const { method, target, from } = request;
    const path = target.split('?', 1)[0] ?? '';
    if (path !== this.#settings.path && !(method === 'OPTIONS' && target === '*')) {
      this.drop('path', `${method} of another path`, from, 0);
      return refusal(404, 'there is no push service under this path');
    }
    if (method !== 'POST' && method !== 'OPTIONS') {
      this.drop('method', `method ${method.slice(0, 20)}`, from, 0);
      return refusal(405, 'pushes come by POST', { Allow: 'POST, OPTIONS' });
    }
    const length = Number(mimeHeader(request.headers, 'content-length') ?? 0);
    return length > this.maxPayload ? this.tooLarge(length, from) : undefined;
  }

  /** The answer to a body beyond the limit. */
  tooLarge(octets: number, from: string): HttpPushAnswer {
    const detail = `more than ${this.maxPayload} octets`;
    this.drop('too-large', detail, from, octets);
    return { ...refusal(413, detail), close: true };
  }

  /** What a request is answered that `answerHead` had nothing to say to. */
  answer(request: HttpPushRequest): HttpPushAnswer {
    const { method, target, headers, tls, from, body } = request;
    const authorization = mimeHeader(headers, 'authorization');
    const peer = addressIn(from);
    const proof = this.#authenticator.check({ method, target, authorization, tls, peer });
    if (proof.kind === 'limited') {
      this.drop('credentials', 'not looked at after too many wrong ones', from, body.length);
      return { ...tooMany(proof.retryAfterMs), close: true };
    }
    if (proof.kind === 'refused') {
      if (proof.stale) return this.#challenge(tls, true);
      this.drop('credentials', 'wrong credentials', from, body.length);
      return { ...this.#challenge(tls, false), close: true };
    }
    const proved = proof.kind === 'proved' || request.clientCertificate !== undefined;
    const answer = this.#answerTo(request, proof, proved);
    return proved ? { ...answer, served: 'proved' } : answer;
  }

  #answerTo(request: HttpPushRequest, proof: HttpProof, proved: boolean): HttpPushAnswer {
    const { accounts, authenticate } = this.#settings;
    const { method, tls } = request;
    if (authenticate === 'always' && this.#canProve && !proved) return this.#proofWanted(request);
    if (method === 'OPTIONS') return this.#register(request);
    const reading = readRequest(request, this.#settings.applicationIdRequired);
    // Clients that expect a challenge send no body with the first request.
    if (reading.kind === 'empty-envelope' && accounts.length > 0 && !proved)
      return this.#challenge(tls, false);
    const refused = this.#check(request, reading, proof);
    if (refused !== undefined) return refused;
    if (reading.kind !== 'push') return this.#refuse(request, 'malformed', 'the envelope is empty');
    return this.#accept(request, reading, proof);
  }

  /** Counts something dropped and tells the log. */
  drop(reason: HttpDropReason, detail: string, from: string, octets: number): void {
    this.#intake.drop(reason, detail, from, octets);
  }

  /** Tells the log of an error. */
  report(error: unknown): void {
    this.#intake.report(error);
  }

  get #canProve(): boolean {
    return this.#settings.accounts.length > 0 || this.#settings.clientCertificates;
  }

  /** The answer to a push that is not taken, `undefined` for one that is. */
  #check(request: HttpPushRequest, reading: RequestReading, proof: HttpProof): HttpPushAnswer | undefined {
    const { headers, tls, clientCertificate } = request;
    if (reading.kind === 'refused') return this.#refuse(request, reading.reason, reading.detail);
    if (reading.kind === 'push' && reading.type.kind === 'message') {
      const { messages, accounts } = this.#settings;
      const password = proof.kind === 'proved';
      if (messages === 'tls' && !tls) return this.#refuse(request, 'insecure', 'a DM message without TLS');
      if (messages === 'authenticated' && !tls && !password) {
        if (accounts.length > 0) return this.#challenge(tls, false);
        return this.#refuse(request, 'insecure', 'a DM message without TLS and without a proof');
      }
      if (this.#canProve && !password && clientCertificate === undefined) return this.#proofWanted(request);
    }
    const tag = mimeHeader(headers, fieldNames.cpiTag);
    if (tag !== undefined && tag.trim() !== this.#cpiTag) {
      return this.#refuse(request, 'capabilities', 'the sender counts on other capabilities');
    }
    const full = this.#intake.full(request.from);
    return reading.kind === 'push' && full !== undefined ? this.#refuse(request, 'busy', full) : undefined;
  }

  #accept(request: HttpPushRequest, reading: Push, proof: HttpProof): HttpPushAnswer {
    const { from, tls, clientCertificate } = request;
    const { form, type, headers, body } = reading;
    const handOver = this.#intake.accept({
      binding: this.name,
      from,
      contentType: { mime: type.mime, code: undefined },
      parameters: type.parameters,
      body,
      form,
      tls,
      clientCertificate,
      account: proof.kind === 'proved' ? proof.username : undefined,
      httpHeaders: publicHeaders(headers),
    });
    const answer = pushAnswer(pushStatuses.accepted, 'Accepted');
    return { ...answer, served: 'valid', handOver: () => void handOver() };
  }

  #refuse(request: HttpPushRequest, reason: keyof typeof refusals, detail: string): HttpPushAnswer {
    this.drop(reason, detail, request.from, request.body.length);
    const answer = refusals[reason];
    return reason === 'capabilities'
      ? { ...answer, headers: { ...answer.headers, 'X-Wap-CPITag': this.#cpiTag } }
      : answer;
  }

  /** Asks for a password; where there are none, only a client certificate would have done. */
  #proofWanted(request: HttpPushRequest): HttpPushAnswer {
    if (this.#settings.accounts.length > 0) return this.#challenge(request.tls, false);
    return this.#refuse(request, 'insecure', 'no client certificate');
  }

  #challenge(tls: boolean, stale: boolean): HttpPushAnswer {
    this.#challenges += 1;
    return refusal(401, 'credentials are needed', {
      'WWW-Authenticate': this.#authenticator.challenges(tls, stale),
    });
  }

  #register({ headers }: HttpPushRequest): HttpPushAnswer {
    this.#registrations += 1;
    const known = mimeHeader(headers, fieldNames.cpiTag)?.trim() === this.#cpiTag;
    const { unchanged, changed } = pushStatuses;
    const answer = known ? pushAnswer(unchanged, 'Unchanged') : pushAnswer(changed, 'Changed');
    return {
      ...answer,
      served: 'valid',
      headers: {
        ...answer.headers,
        'Cache-Control': 'no-cache',
        'X-Wap-CPITag': this.#cpiTag,
        ...(known ? {} : this.#capabilities),
      },
    };
  }
}

function pushAnswer(code: number, text: string): HttpPushAnswer {
  const headers = { 'X-Wap-Push-OTA-Version': otaVersion, 'X-Wap-Push-Status': `${code} ${text}` };
  return { status: 204, headers, text: '', close: false };
}

function refusal(
  status: number,
  text: string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): HttpPushAnswer {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers }, text, close: false };
}

function tooMany(retryAfterMs: number): HttpPushAnswer {
  return refusal(429, 'too many wrong passwords', { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) });
}

/** Answers by reason: the peer is told no more. */
const refusals = {
  malformed: refusal(400, 'the envelope cannot be read'),
  'content-type': pushAnswer(pushStatuses.unsupportedType, 'Unsupported content type'),
  'application-id': pushAnswer(pushStatuses.undeliverable, 'No such application'),
  insecure: refusal(403, 'a DM message needs a protected connection'),
  capabilities: pushAnswer(pushStatuses.capabilitiesChanged, 'Capabilities changed'),
  busy: pushAnswer(pushStatuses.discarded, 'Busy'),
} as const satisfies Partial<Record<HttpDropReason, HttpPushAnswer>>;

/** Names in lower case, without what proves who sent it; of several fields of one name the first. */
function publicHeaders(headers: HttpPushRequest['headers']): Readonly<Record<string, string>> {
  const fields = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (!/^(?:proxy-)?authorization$|^cookie$/.test(key) && !fields.has(key)) fields.set(key, value);
  }
  return Object.fromEntries(fields);
}
