// The way into a session: who may speak is found out from the beginning of a message, with nothing kept of who may not.
import { randomBytes } from 'node:crypto';
import { type MessageForm, type MessageHead, messageContentType } from '../../codec/syncml/index.ts';
import { type Attempt, type AttemptGuard, bytesToHex, sourceOf } from '../../core/index.ts';
import { writeChallenge } from '../../security/index.ts';
import { type Admission, admit, type Incoming, refusalMessage, type Verifier } from '../../session/index.ts';
import { openingOf, type SessionOpening, triggerOf } from '../session/session-opening.ts';
import { noWork } from '../work/session-work.ts';
import { deviceGuard } from './attempt-guard.ts';
import { AttemptLog } from './attempt-log.ts';
import { Challenges } from './dm-challenges.ts';
import type { CheckedSettings, DmEndpointOptions } from './dm-endpoint-options.ts';
import { type DmRequest, type DmResponse, refusal } from './dm-exchange.ts';
import { ServerFaces, withToken } from './server-faces.ts';
import { TurnsOfSources } from './turns-of-sources.ts';

/** Octets by which an answer to who has not proved itself may be larger than what was sent. */
const roomBeyondRequest = 1024;

/** A message on its way in. */
export interface Arrival {
  readonly request: DmRequest;
  readonly form: MessageForm;
  readonly head: MessageHead;
  /** What was tolerated in it. */
  readonly deviations: readonly string[];
  /** The head as a session takes it. */
  readonly incoming: Incoming;
  /** Readings of the SessionID, the likeliest first. */
  readonly candidates: readonly number[];
  /** Where its session may stand (`keyOf`), the likeliest first. */
  readonly keys: readonly string[];
}

/** What a session may begin with. */
export interface Admitted {
  readonly opening: SessionOpening;
  /** What has judged the first message. */
  readonly verifier: Verifier;
  /** For the address of the session. */
  readonly token: string;
}

/** Lets clients in, and answers those who may not enter. */
export class DmAdmission {
  readonly #options: DmEndpointOptions;
  readonly #settings: CheckedSettings;
  readonly #guard: AttemptGuard;
  readonly #challenges: Challenges;
  readonly #faces: ServerFaces;
  readonly #turns: TurnsOfSources;
  readonly #log: AttemptLog;

  /** @throws {ConfigError} a limit of attempts that is none */
  constructor(options: DmEndpointOptions, settings: CheckedSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#guard = deviceGuard(options.settings?.attempts);
    this.#challenges = new Challenges(options.clock, settings.challengeMs);
    this.#faces = new ServerFaces(options.store, options.clock);
    this.#turns = new TurnsOfSources(settings.maxPending);
    this.#log = new AttemptLog(options.logger, options.clock);
  }

  /** Writes what is still to be told of failed attempts. */
  stop(): void {
    this.#log.flush();
  }

  /**
   * Begins to judge a message; who failed too often is refused. Credentials count as wrong until they are found to hold.
   */
  begin({ request, incoming }: Arrival): Attempt | DmResponse {
    const deviceId = incoming.message.header.source.uri;
    const now = this.#options.clock.monotonic();
    // Who gives none tries nothing, and is answered alike whatever others did: else the refusal would tell who is known here.
    if (!hasCredentials(incoming)) return noAttempt;
    const attempt = this.#guard.begin(deviceId, request.peer, now);
    const { refusal: refused } = attempt;
    if (refused === undefined) return { withdraw: attempt.withdraw, succeeded: attempt.succeeded };
    this.#log.note(`closed for the failures of the ${refused.because}`, request.peer, deviceId);
    const seconds = Math.ceil(refused.retryAfterMs / 1000);
    return refusal(429, 'too many attempts failed', { 'retry-after': String(seconds) });
  }

  /** What the session of a message may begin with, or the answer to one that may not begin any. */
  async admit(arrival: Arrival, attempt: Attempt): Promise<Admitted | DmResponse> {
    const turn = this.#turns.take(sourceOf(arrival.request.peer));
    if (turn === undefined) {
      attempt.withdraw();
      return refusal(503, 'too many messages at once', { 'retry-after': '1' });
    }
    try {
      return await this.#admit(arrival, attempt);
    } finally {
      turn();
    }
  }

  async #admit(arrival: Arrival, attempt: Attempt): Promise<Admitted | DmResponse> {
    const { request, incoming, candidates } = arrival;
    const { store, clock, work = noWork } = this.#options;
    const { header } = incoming.message;
    const subject = { deviceId: header.source.uri, sessionId: header.sessionId };
    const memo = this.#challenges.memo(subject, request.token);
    const trigger = triggerOf(incoming) ?? memo?.trigger;
    // A client whose session was lost in a restart of the server has to begin anew.
    if (trigger === undefined) {
      return refusal(409, 'no such session here, it is over or was lost: begin with package #1');
    }
    const context = { now: clock.now(), certificate: request.certificate };
    const opening = await openingOf(incoming, candidates, trigger, store, work, context);
    const { challenge } = this.#settings;
    const stored = opening.options.client?.nonce;
    const failed = hasCredentials(incoming);
    let challengeNonces: readonly Uint8Array[] = [];
    let admission = admit(incoming, { ...opening.options, challenge });
    // Only who holds the secret is spared the second look: for all others it takes as long.
    if (!admission.admitted && failed) {
      challengeNonces = this.#challenges.nonces(subject, stored);
      admission = admit(incoming, { ...opening.options, challengeNonces, challenge });
    }
    if (admission.admitted) {
      attempt.succeeded(clock.monotonic(), memo?.failed === true ? 1 : 0);
      // What was given for this session is kept: some clients take the first address for all of it.
      const given = memo === undefined ? undefined : request.token;
      const { verifier } = admission;
      return { opening, verifier, token: given ?? bytesToHex(randomBytes(16)) };
    }
    const serverUri = await this.#faces.of(header.target.uri);
    const [nonce] = failed ? challengeNonces : this.#challenges.nonces(subject, stored);
    if (failed && !admission.proven) this.#failed(request, subject.deviceId);
    // Who has met a challenge in vain is not asked again, unless only the type of the credentials was not taken.
    const isLast = memo !== undefined && !admission.proven;
    if (isLast || admission.challenge === undefined) this.#record(opening, admission.reason);
    const memoOfThis = { trigger, failed: failed && !admission.proven };
    return this.#answer(arrival, isLast ? { ...admission, challenge: undefined } : admission, {
      serverUri,
      token: this.#challenges.token(subject, memoOfThis),
      nonce,
    });
  }

  #failed({ peer }: DmRequest, deviceId: string): void {
    this.#options.metrics?.listeners.dropped('dm', 'credentials');
    this.#log.note('credentials do not hold', peer, deviceId);
  }

  #answer(
    { request, form, head }: Arrival,
    {
      status,
      challenge,
    }: Pick<Extract<Admission, { admitted: false }>, 'status'> & {
      readonly challenge?: Extract<Admission, { admitted: false }>['challenge'] | undefined;
    },
    { serverUri, token, nonce }: { serverUri: string; token: string; nonce: Uint8Array | undefined },
  ): DmResponse {
    const { sessionTokens, maxMsgSize, maxObjSize } = this.#settings;
    const chal = challenge && nonce && writeChallenge({ scheme: challenge, nextNonce: nonce });
    const body = refusalMessage({
      ...head,
      header: { status, ...(chal !== undefined && { chal }) },
      serverUri,
      ...(sessionTokens && { respUri: withToken(serverUri, token) }),
      form,
      room: request.body.length + roomBeyondRequest,
      maxMsgSize,
      maxObjSize,
    });
    if (body === undefined) {
      return refusal(400, 'an answer fits neither into MaxMsgSize nor into a little more than what came');
    }
    const type = messageContentType(form, request.contentType);
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store, private' }, body };
  }

  /** Notes on the timeline that a session with its SessionID did not come about. The answer does not wait for it. */
  #record({ notification, known }: SessionOpening, reason: string): void {
    if (!known || notification === undefined) return;
    const { store, node, logger } = this.#options;
    const change = {
      event: 'session-failed',
      node,
      detail: `a session did not authenticate: ${reason}`,
    } as const;
    const update = { deviceId: notification.deviceId, pushId: notification.id, changes: [change] };
    store.recordSession(update).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      logger.warn(
        { device: notification.deviceId, error: why },
        'a session that failed could not be recorded',
      );
    });
  }
}

const nothing = (): void => undefined;
const noAttempt: Attempt = { withdraw: nothing, succeeded: nothing };

/** True when a message comes with credentials, good or bad. */
export function hasCredentials({ message, hmac }: Incoming): boolean {
  return message.header.cred !== undefined || hmac !== undefined;
}
