// The DM endpoint: a device's messages to its session, what the session changes to disk, then the answer.
import { type MessageForm, messageForm, readMessage } from '../../codec/syncml/index.ts';
import { OctetPlaces, Turns } from '../../core/index.ts';
import {
  type ClientReport,
  messagesBefore,
  ServerSession,
  type SessionEnd,
  type SessionStep,
} from '../../session/index.ts';
import { storeRetryAfterSeconds, storeTroubleOf } from '../../store/index.ts';
import { updateOf } from '../session/session-record.ts';
import { type PastEntry, type SessionEntry, SessionTable } from '../session/session-table.ts';
import { noWork, type SessionWork } from '../work/session-work.ts';
import { TroubleLog } from '../work/trouble-log.ts';
import { type Admitted, type Arrival, DmAdmission, hasCredentials } from './dm-admission.ts';
import { incomingOf, keyOf, readArrival, unreadableReason } from './dm-arrival.ts';
import { type CheckedSettings, checkedSettings, type DmEndpointOptions } from './dm-endpoint-options.ts';
import { answerOf, type DmRequest, type DmResponse, refusal } from './dm-exchange.ts';
import { withToken } from './server-faces.ts';
import { SessionEndLog } from './session-end-log.ts';
import { UnreadableLog } from './unreadable-log.ts';

/** Without room for so many octets no session begins. */
const roomForSession = 65_536;
/** Serves DM sessions. `handle` is all that a listener needs. */
export class DmEndpoint {
  readonly #options: DmEndpointOptions;
  readonly #settings: CheckedSettings;
  readonly #admission: DmAdmission;
  readonly #table: SessionTable;
  /** What sessions hold for their devices: objects and answers that are not whole yet, commands under way, last answers. */
  readonly #memory: OctetPlaces;
  readonly #work: SessionWork;
  readonly #unreadable: UnreadableLog;
  readonly #ends: SessionEndLog;
  readonly #trouble: TroubleLog;
  #stopped = false;
  #draining = false;

  /**
   * @throws {ValueError} OUT_OF_RANGE: a number of the settings is not a whole one above 0
   * @throws {ConfigError} a limit of attempts that is none, or `challenge` is no type of credentials
   */
  constructor(options: DmEndpointOptions) {
    this.#options = options;
    this.#trouble = new TroubleLog(options.clock, options.logger);
    this.#settings = checkedSettings(options.settings);
    this.#admission = new DmAdmission(options, this.#settings);
    this.#work = options.work ?? noWork;
    const { maxUnfinished: total, maxUnfinishedOfDevice: perHolder } = this.#settings;
    this.#memory = new OctetPlaces({ total, perHolder });
    this.#ends = new SessionEndLog(options.logger, options.clock);
    this.#unreadable = new UnreadableLog(options.logger, options.clock);
    this.#table = new SessionTable(options.clock, this.#settings, (entry) => {
      void entry.turns.run(() => this.#finish(entry, entry.session.timeout()));
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

  /** Octets that sessions hold for their devices. */
  get held(): number {
    return this.#memory.held;
  }

  /** The device in whose session a request to the address with that token comes; `undefined` when none runs there. */
  deviceOf(token: string | undefined): string | undefined {
    return token === undefined ? undefined : this.#table.at(token)?.deviceId;
  }

  /** Answers one request. Never rejects. */
  async handle(request: DmRequest): Promise<DmResponse> {
    try {
      return await this.#handle(request);
    } catch (error) {
      return this.#failure('a DM message could not be served', { peer: request.peer }, error);
    }
  }

  /** Begins no session any more: 503 with Retry-After. Those that run go on; resolves when none does. */
  drain(): Promise<void> {
    this.#draining = true;
    return this.#table.idle();
  }

  /** Ends the sessions under way; their notifications are pushed again. Later requests are refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.#table.running();
    await Promise.all(
      running.map((entry) =>
        entry.turns.run(() => this.#finish(entry, entry.session.fail('the server was stopped'))),
      ),
    );
    this.#table.clear();
    this.#admission.stop();
    this.#unreadable.flush();
    this.#ends.flush();
    this.#trouble.end();
  }

  async #handle(request: DmRequest): Promise<DmResponse> {
    if (request.method !== 'POST') {
      return refusal(405, 'DM messages come by POST', { allow: 'POST' });
    }
    const form = messageForm(request.contentType, request.body);
    if (form === undefined) return refusal(415, 'send application/vnd.syncml.dm+xml or +wbxml');
    if (request.body.length > this.#settings.maxBody) {
      return refusal(413, `at most ${this.#settings.maxBody} octets`);
    }
    if (this.#stopped) return stopping();
    const arrival = await this.#arrival(request, form);
    if ('status' in arrival) return arrival;
    const entry = this.#find(arrival, false) ?? (await this.#enter(arrival));
    if ('status' in entry) return entry;
    if (entry.stage === 'ended') return this.#repeat(entry);
    return entry.turns.run(() => this.#exchange(entry, arrival));
  }

  /** The beginning of a message, or why it is refused unread. */
  async #arrival(request: DmRequest, form: MessageForm): Promise<Arrival | DmResponse> {
    try {
      return readArrival(request, form);
    } catch (error) {
      const why = unreadableReason(error);
      const entry = this.#table.at(request.token ?? '');
      const isOurs = entry?.certificate === undefined || entry.certificate === request.certificate;
      if (entry === undefined || !isOurs) this.#unreadable.ofStranger(request, why);
      else await entry.turns.run(() => this.#breakOff(entry, why, request));
      return refusal(400, `the message ${why}`);
    }
  }

  /**
   * What a client says in its session cannot be read: the session is over, so that its commands are known to have no answer
   * and the device is woken again.
   */
  async #breakOff(entry: SessionEntry, why: string, request: DmRequest): Promise<void> {
    const { session, deviceId } = entry;
    this.#unreadable.ofDevice(deviceId, session.options.sessionId, request, why);
    if (session.ended === undefined && session.authenticated) {
      await this.#finish(entry, session.fail(`its message ${why}`));
    }
  }

  /**
   * The session that a message belongs to: one that runs, or one that is over and whose answer was missed. Its address
   * tells; `byProof`, for clients that ignore RespURI, its credentials do, when they hold in that session.
   */
  #find(arrival: Arrival, byProof: boolean): SessionEntry | PastEntry | undefined {
    const { request, incoming } = arrival;
    const { sessionTokens } = this.#settings;
    for (const key of arrival.keys) {
      for (const stage of ['running', 'ended'] as const) {
        const entry = this.#table.get(stage, key);
        if (entry === undefined) continue;
        if (entry.certificate !== undefined && entry.certificate !== request.certificate) continue;
        const { session, token } = entry;
        const order = session.order(incoming);
        const atHome = sessionTokens ? request.token === token : session.trustsSession;
        if (order === 'repeat' && (!sessionTokens || atHome || !entry.lastHadToken)) return entry;
        if (order !== 'next' || entry.stage === 'ended') continue;
        // The same message a second time, before it was taken in.
        if (entry.first !== undefined && Buffer.compare(entry.first, request.body) === 0) return entry;
        if (atHome || (byProof && entry.session.proves(incoming))) return entry;
      }
    }
    return undefined;
  }

  #runs(arrival: Arrival): boolean {
    return arrival.keys.some((key) => this.#table.get('running', key) !== undefined);
  }

  /** The session of a message that does not come to the address of any. */
  async #enter(arrival: Arrival): Promise<SessionEntry | PastEntry | DmResponse> {
    const begun = this.#admission.begin(arrival);
    if ('status' in begun) return begun;
    const running = hasCredentials(arrival.incoming) ? this.#find(arrival, true) : undefined;
    if (running !== undefined) {
      begun.succeeded(this.#options.clock.monotonic());
      return running;
    }
    // Where its credentials were held against those of a session, the attempt was made, whatever comes of the message.
    const attempt = this.#runs(arrival) ? { ...begun, withdraw: () => undefined } : begun;
    if (this.#draining) {
      attempt.withdraw();
      return stopping();
    }
    if (!this.#table.hasRoom || this.#memory.room < roomForSession) {
      attempt.withdraw();
      return refusal(503, 'too many sessions, or too much in them', { 'retry-after': '30' });
    }
    const admitted = await this.#admission.admit(arrival, attempt);
    if ('status' in admitted) return admitted;
    // While the store was read, the same message may have come a second time.
    const same = this.#find(arrival, false);
    if (same !== undefined) return same;
    return this.#draining ? stopping() : this.#begin(arrival, admitted);
  }

  #begin({ request, form, incoming }: Arrival, { opening, verifier, token }: Admitted): SessionEntry {
    const { sessionId, options, notification, device, subject } = opening;
    if (device === undefined) throw new Error('nobody holds credentials of a device that does not exist');
    const deviceId = incoming.message.header.source.uri;
    const { sessionTokens, maxMsgSize, maxObjSize } = this.#settings;
    const held = this.#memory.open(deviceId);
    const entry: SessionEntry = {
      key: keyOf(deviceId, sessionId),
      deviceId,
      session: new ServerSession({
        ...options,
        sessionId,
        deviceId,
        verifier,
        messagesBefore: messagesBefore(incoming.message),
        encoding: form,
        maxMsgSize,
        maxObjSize,
        memory: held,
        ...(sessionTokens && { respUri: withToken(options.serverUri, token) }),
      }),
      notification,
      subject: { ...subject, device },
      marked: new Set(),
      certificate: options.transportTrusted === true ? request.certificate : undefined,
      token,
      held,
      begunAt: this.#options.clock.monotonic(),
      stage: 'running',
      first: request.body,
      lastHadToken: false,
      lastAnswer: undefined,
      lostAt: Number.NEGATIVE_INFINITY,
      turns: new Turns(),
      timer: undefined,
    };
    this.#putRunning(entry);
    return entry;
  }

  async #exchange(entry: SessionEntry, arrival: Arrival): Promise<DmResponse> {
    const { request, form, head, incoming, deviations } = arrival;
    const { session } = entry;
    for (const note of deviations) {
      const about = { device: entry.deviceId, session: session.options.sessionId };
      this.#options.logger.debug({ ...about, note: `tolerated: ${note}` }, 'DM session');
    }
    // Its last message was taken in while this one waited for its turn.
    if (session.ended !== undefined) return this.#afterEnd(entry, arrival);
    let whole = incoming;
    if (!head.complete && session.order(incoming) !== 'repeat') {
      try {
        whole = incomingOf(readMessage(request.body, request.contentType), request);
      } catch (error) {
        const why = unreadableReason(error);
        await this.#breakOff(entry, why, request);
        if (!session.authenticated) this.#table.delete(entry);
        return refusal(400, `the message ${why}`);
      }
    }
    const step = await session.receive(whole);
    entry.first = undefined;
    entry.lastHadToken = request.token === entry.token;
    const answer = step.send === undefined ? undefined : answerOf(step.send, form, request.contentType);
    if (answer !== undefined) {
      entry.held.charge(answer.body.length - (entry.lastAnswer?.body.length ?? 0));
      entry.lastAnswer = answer;
    }
    const failure = await this.#finish(entry, step);
    if (failure !== undefined) return failure;
    return answer ?? refusal(409, step.end === undefined ? 'the message was ignored' : 'the session is over');
  }

  #afterEnd({ key }: SessionEntry, { incoming }: Arrival): DmResponse {
    const past = this.#table.get('ended', key);
    if (past?.stage !== 'ended' || past.session.order(incoming) !== 'repeat') {
      return refusal(409, 'the session is over');
    }
    return this.#repeat(past);
  }

  /** The last message of a session that is over came again: its answer did not arrive. */
  #repeat({ deviceId, session: { sessionId }, lastAnswer }: PastEntry): DmResponse {
    const note = 'the client repeated its message; the same answer goes out';
    this.#options.logger.debug({ device: deviceId, session: sessionId, note }, 'DM session');
    return lastAnswer ?? refusal(409, 'the session is over');
  }

  /** Writes what a step changed and puts the session where it belongs now; gives the answer when it could not be written. */
  async #finish(entry: SessionEntry, step: SessionStep): Promise<DmResponse | undefined> {
    const { logger, clock, node, store } = this.#options;
    const about = { device: entry.deviceId, session: entry.session.options.sessionId };
    for (const effect of step.effects) {
      if (effect.effect === 'note') logger.debug({ ...about, note: effect.text }, 'DM session');
    }
    // It was over before this step.
    if (step.end === undefined && entry.session.ended !== undefined) return undefined;
    const { idleMs, retryAfterMs } = this.#settings;
    const now = { now: clock.now(), monotonic: clock.monotonic() };
    const update = updateOf(entry, step, { node, ...now, idleMs, retryAfterMs });
    try {
      if (update !== undefined && (await store.recordSession(update)) === 'refused') {
        return this.#drop(entry, 'the default nonce was not on offer, or the device is gone');
      }
      await this.#tellWork(entry, step);
    } catch (error) {
      return this.#drop(entry, error);
    }
    if (step.end !== undefined) {
      this.#tellEnd(entry, step.end);
      this.#table.end(entry);
    } else if (!this.#stopped) this.#putRunning(entry);
    return undefined;
  }

  /** Lets a session run on. One that had its place is over: its client began anew. */
  #putRunning(entry: SessionEntry): void {
    for (const other of this.#table.run(entry)) {
      if (other.key === entry.key) {
        other.session.fail('the client began anew');
        this.#table.delete(other);
      } else {
        const why = `the device has more than ${this.#settings.maxOfDevice} sessions`;
        void other.turns.run(() => this.#finish(other, other.session.fail(why)));
      }
    }
  }

  #tellEnd(entry: SessionEntry, end: SessionEnd): void {
    const { clock, metrics } = this.#options;
    const outcome = end.outcome === 'aborted' && end.by === 'client' ? 'broken-off' : end.outcome;
    const ms = Math.round(clock.monotonic() - entry.begunAt);
    metrics?.sessions.over(outcome, ms);
    const reason = 'reason' in end ? end.reason : undefined;
    const { sessionId } = entry.session.options;
    this.#ends.note({ device: entry.deviceId, session: sessionId, outcome, reason, ms });
  }

  async #tellWork(entry: SessionEntry, step: SessionStep): Promise<void> {
    const reports = step.effects.filter(
      (effect): effect is ClientReport => effect.effect === 'answered' || effect.effect === 'received',
    );
    if (reports.length === 0) return;
    await this.#work.reported(entry.subject, reports, step.end);
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
    const headers = { 'retry-after': String(storeRetryAfterSeconds) };
    return refusal(503, 'the server can store nothing now: begin anew later', headers, 'store');
  }
}

function stopping(): DmResponse {
  return refusal(503, 'the server is stopping', { 'retry-after': '10' }, 'stopping');
}
