// The DM endpoint: a device's messages to its session, what the session changes to disk, then the answer.
import { randomBytes } from 'node:crypto';
import { parseSessionIdText } from '../codec/notification/index.ts';
import {
  type MessageForm,
  messageContentType,
  messageForm,
  readMessage,
  writeMessage,
} from '../codec/syncml/index.ts';
import { type AttemptGuard, bytesToHex, DecodeError } from '../core/index.ts';
import {
  type ClientReport,
  type Incoming,
  type Outgoing,
  ServerSession,
  type SessionStep,
} from '../session/index.ts';
import { storeRetryAfterSeconds, storeTroubleOf } from '../store/index.ts';
import { deviceGuard } from './attempt-guard.ts';
import {
  type DmEndpointOptions,
  type DmEndpointSettings,
  dmEndpointDefaults,
  noWork,
  type SessionWork,
} from './dm-endpoint-options.ts';
import { type DmRequest, type DmResponse, refusal } from './dm-exchange.ts';
import { openingOf, triggerOf } from './session-opening.ts';
import { updateOf } from './session-record.ts';
import { type SessionEntry, SessionTable } from './session-table.ts';
import { TroubleLog } from './trouble-log.ts';

/** Longest LocURI and LocName of a device, in characters; no device can be created with a longer one. */
const maxIdentifier = 255;
/** Longest LocURI of a target, in characters. */
const maxTargetUri = 2048;

/** Serves DM sessions. `handle` is all that a listener needs. */
export class DmEndpoint {
  readonly #options: DmEndpointOptions;
  readonly #settings: Required<Omit<DmEndpointSettings, 'attempts'>>;
  readonly #guard: AttemptGuard;
  readonly #table: SessionTable;
  readonly #work: SessionWork;
  readonly #trouble: TroubleLog;
  #stopped = false;

  constructor(options: DmEndpointOptions) {
    const { attempts, ...settings } = options.settings ?? {};
    this.#options = options;
    this.#trouble = new TroubleLog(options.clock, options.logger);
    this.#settings = { ...dmEndpointDefaults, ...settings };
    this.#guard = deviceGuard(attempts);
    this.#work = options.work ?? noWork;
    this.#table = new SessionTable(options.clock, this.#settings, (entry) => {
      void this.#serially(entry, () => this.#finish(entry, entry.session.timeout()));
    });
  }

  /** Largest body that `handle` takes, in octets. */
  get maxBody(): number {
    return this.#settings.maxBody;
  }

  /** Sessions whose client has proved itself and that are not over. */
  get sessions(): number {
    return this.#table.count('running');
  }

  /** Answers one request. Never rejects. */
  async handle(request: DmRequest): Promise<DmResponse> {
    try {
      return await this.#handle(request);
    } catch (error) {
      return this.#failure('a DM message could not be served', { peer: request.peer }, error);
    }
  }

  /** Ends the sessions under way; their notifications are pushed again. Later requests are refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.#table.running();
    await Promise.all(
      running.map((entry) =>
        this.#serially(entry, () => this.#finish(entry, entry.session.fail('the server was stopped'))),
      ),
    );
    this.#table.clear();
    this.#trouble.end();
  }

  async #handle(request: DmRequest): Promise<DmResponse> {
    const { clock, logger } = this.#options;
    if (request.method !== 'POST') {
      return refusal(405, 'DM messages come by POST', { allow: 'POST' });
    }
    const form = messageForm(request.contentType ?? '');
    if (form === undefined) return refusal(415, 'send application/vnd.syncml.dm+xml or +wbxml');
    if (request.body.length > this.#settings.maxBody) {
      return refusal(413, `at most ${this.#settings.maxBody} octets`);
    }
    if (this.#stopped) return refusal(503, 'the server is stopping', { 'retry-after': '10' });
    let incoming: Incoming;
    try {
      incoming = {
        message: readMessage(request.body, request.contentType ?? form),
        body: request.body,
        ...(request.hmac !== undefined && { hmac: request.hmac }),
      };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      logger.debug({ peer: request.peer, error: error.message }, 'unreadable DM message');
      return refusal(400, `the message cannot be read: ${oneLine(error.message)}`);
    }
    const { source, target } = incoming.message.header;
    // They are kept for as long as the message is remembered, and anybody can send them.
    if (source.uri.length > maxIdentifier || (source.name?.length ?? 0) > maxIdentifier) {
      return refusal(400, `Source is longer than ${maxIdentifier} characters`);
    }
    if (target.uri.length > maxTargetUri) {
      return refusal(400, `Target is longer than ${maxTargetUri} characters`);
    }
    const deviceId = source.uri;
    const refused = this.#guard.refusal(deviceId, request.peer, clock.now());
    if (refused !== undefined) {
      const seconds = Math.ceil(refused.retryAfterMs / 1000);
      return refusal(429, 'too many attempts failed', { 'retry-after': String(seconds) });
    }
    const candidates = parseSessionIdText(incoming.message.header.sessionId);
    if (candidates.length === 0) return refusal(400, 'SessionID is not 1 to FFFF in hex digits');
    const entry =
      this.#find(incoming, candidates, request) ?? (await this.#begin(incoming, candidates, form, request));
    if ('status' in entry) return entry;
    return this.#serially(entry, () => this.#exchange(entry, incoming, form, request));
  }

  /** The session that a message belongs to: one that runs, one that is over and whose answer was missed, one that began. */
  #find(
    incoming: Incoming,
    candidates: readonly number[],
    { token, certificate }: DmRequest,
  ): SessionEntry | undefined {
    const deviceId = incoming.message.header.source.uri;
    for (const sessionId of candidates) {
      const key = keyOf(deviceId, sessionId);
      for (const stage of ['running', 'ended', 'pending'] as const) {
        const entry = this.#table.get(stage, key);
        if (entry === undefined) continue;
        if (entry.certificate !== undefined && entry.certificate !== certificate) continue;
        const order = entry.session.order(incoming);
        const atHome = !this.#settings.sessionTokens || token === entry.token || stage === 'pending';
        if (order === 'repeat' && (atHome || !entry.lastHadToken)) return entry;
        if (order === 'next' && atHome && stage !== 'ended') return entry;
      }
    }
    return undefined;
  }

  /** A new session, when the message begins one. */
  async #begin(
    incoming: Incoming,
    candidates: readonly number[],
    form: MessageForm,
    request: DmRequest,
  ): Promise<SessionEntry | DmResponse> {
    const { store } = this.#options;
    const trigger = triggerOf(incoming);
    // A client whose session was lost in a restart of the server has to begin anew.
    if (trigger === undefined) {
      return refusal(409, 'no such session here, it is over or was lost: begin with package #1');
    }
    if (!this.#table.hasRoom) return refusal(503, 'too many sessions', { 'retry-after': '30' });
    const deviceId = incoming.message.header.source.uri;
    const opening = await openingOf(incoming, candidates, trigger, store, this.#work, request.certificate);
    // While the store was read, the same message may have come a second time.
    const meanwhile = this.#find(incoming, candidates, request);
    if (meanwhile !== undefined) return meanwhile;
    const { sessionId, options, notification } = opening;
    const token = bytesToHex(randomBytes(16));
    const entry: SessionEntry = {
      key: keyOf(deviceId, sessionId),
      deviceId,
      session: new ServerSession({
        ...options,
        sessionId,
        deviceId,
        encoding: form,
        maxMsgSize: this.#settings.maxMsgSize,
        maxObjSize: this.#settings.maxObjSize,
        ...(this.#settings.sessionTokens && { respUri: withToken(options.serverUri, token) }),
      }),
      known: opening.known,
      notification,
      certificate: options.transportTrusted === true ? request.certificate : undefined,
      token,
      stage: 'pending',
      lastHadToken: false,
      lostAt: 0,
      queue: Promise.resolve(),
      timer: undefined,
    };
    this.#table.put(entry, 'pending');
    return entry;
  }

  async #exchange(
    entry: SessionEntry,
    incoming: Incoming,
    form: MessageForm,
    request: DmRequest,
  ): Promise<DmResponse> {
    const { clock } = this.#options;
    const wasAuthenticated = entry.session.authenticated;
    const step = await entry.session.receive(incoming);
    const failure = await this.#finish(entry, step);
    if (failure !== undefined) return failure;
    entry.lastHadToken = request.token === entry.token;
    const { authenticated } = entry.session;
    if (!wasAuthenticated && authenticated) this.#guard.succeeded(entry.deviceId, request.peer, clock.now());
    const gaveCredentials = incoming.message.header.cred !== undefined || incoming.hmac !== undefined;
    if (!authenticated && gaveCredentials) this.#guard.failed(entry.deviceId, request.peer, clock.now());
    if (step.send !== undefined) return answer(step.send, form);
    return refusal(409, step.end === undefined ? 'the message was ignored' : 'the session is over');
  }

  /** Writes what a step changed and puts the session where it belongs now; gives the answer when it could not be written. */
  async #finish(entry: SessionEntry, step: SessionStep): Promise<DmResponse | undefined> {
    const { logger, clock, node, store } = this.#options;
    const about = { device: entry.deviceId, session: entry.session.options.sessionId };
    for (const effect of step.effects) {
      if (effect.effect === 'note') logger.debug({ ...about, note: effect.text }, 'DM session');
    }
    // A repeated message of a session that is over changes nothing any more.
    if (entry.known && entry.stage !== 'ended') {
      const { idleMs, retryAfterMs } = this.#settings;
      const update = updateOf(entry, step, { node, now: clock.now(), idleMs, retryAfterMs });
      try {
        if (update !== undefined && (await store.recordSession(update)) === 'refused') {
          return this.#drop(entry, 'the default nonce was not on offer, or the device is gone');
        }
        await this.#tellWork(entry, step);
      } catch (error) {
        return this.#drop(entry, error);
      }
    }
    if (step.end !== undefined || entry.session.ended !== undefined) {
      if (step.end !== undefined && entry.stage !== 'ended') {
        logger.info({ ...about, ...step.end, known: entry.known }, 'DM session over');
      }
      this.#table.put(entry, 'ended');
    } else if (!this.#stopped) {
      const before = this.#table.put(entry, entry.session.authenticated ? 'running' : 'pending');
      before?.session.fail('the client began anew');
    }
    return undefined;
  }

  async #tellWork(entry: SessionEntry, step: SessionStep): Promise<void> {
    const reports = step.effects.filter(
      (effect): effect is ClientReport => effect.effect === 'answered' || effect.effect === 'received',
    );
    if (reports.length === 0) return;
    const device = await this.#options.store.device(entry.deviceId);
    if (device === undefined) return;
    const { sessionId } = entry.session.options;
    const { notification } = entry;
    const subject = { device, sessionId, ...(notification !== undefined && { notification }) };
    await this.#work.reported(subject, reports, step.end);
  }

  /** A session whose changes are not on disk must not go on: a repeated message would get an answer that never held. */
  #drop(entry: SessionEntry, why: unknown): DmResponse {
    entry.session.fail('what it changed could not be stored');
    this.#table.delete(entry);
    return this.#failure('a DM session could not be recorded', { device: entry.deviceId }, why);
  }

  /** What a client is told of our own trouble: while the store takes no writes, when to come back. */
  #failure(what: string, about: Readonly<Record<string, string>>, error: unknown): DmResponse {
    if (storeTroubleOf(error) === undefined) {
      const message = error instanceof Error ? error.message : String(error);
      this.#options.logger.error({ ...about, error: message }, what);
      return refusal(500, 'the server could not do it: begin anew');
    }
    this.#trouble.note(what, error);
    return refusal(503, 'the server can store nothing now: begin anew later', {
      'retry-after': String(storeRetryAfterSeconds),
    });
  }

  /** Runs work on a session after what is under way on it. */
  #serially<Result>(entry: SessionEntry, work: () => Promise<Result>): Promise<Result> {
    const result = entry.queue.then(work);
    entry.queue = result.catch(() => undefined);
    return result;
  }
}

function answer({ message, hmac }: Outgoing, form: MessageForm): DmResponse {
  const body = writeMessage(message, form);
  return {
    status: 200,
    headers: {
      'content-type': messageContentType(form),
      'cache-control': 'no-store, private',
      ...(hmac !== undefined && { 'x-syncml-hmac': hmac(body) }),
    },
    body,
  };
}

function keyOf(deviceId: string, sessionId: number): string {
  return `${sessionId} ${deviceId}`;
}

function withToken(uri: string, token: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}s=${token}`;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').slice(0, 300);
}
