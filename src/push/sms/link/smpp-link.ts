// A lasting link to a message centre, as its client: connects, binds, and comes back when it is lost (SMPP 3.4 §2,
// §4.1).
import {
  type BindCommand,
  commandStatuses,
  encodePdu,
  type SmppPdu,
  type SmppPduInput,
  statusName,
} from '../../../codec/smpp/index.ts';
import { PushError, type Timer } from '../../../core/index.ts';
import { openTcp } from '../../index.ts';
import { connectionError, linkLost } from './link-error.ts';
import type { LinkTiming, SmscSettings } from './link-options.ts';
import { type RequestOutcome, SmppConnection } from './smpp-connection.ts';

/** Where a link stands. */
export type LinkState =
  /** Not bound: connecting, or waiting before it connects again. */
  | 'down'
  | 'bound'
  /** Bound, but the centre wants to end it: no further requests. */
  | 'draining'
  | 'closed';

/** What a link tells its owner. None of these may throw. */
export interface LinkEvents {
  /** It is bound. */
  onUp(): void;
  /** It is bound no longer, or an attempt to bind has failed. */
  onDown(error: PushError): void;
  /** A request of the centre: a message, or something to refuse. */
  onRequest(request: SmppPdu): void;
  /** The centre takes octets again. */
  onDrain(): void;
  /** The centre answers otherwise than SMPP has it, and is understood all the same. Told once of each thing. */
  onDeviation(detail: string): void;
}

/** The identity under which a link binds. */
export interface BindFields {
  readonly command: BindCommand;
  readonly addressTon?: number | undefined;
  readonly addressNpi?: number | undefined;
  readonly addressRange?: string | undefined;
  /** Names the link in errors. Default: the name of the centre. */
  readonly label?: string | undefined;
  /** What to do about a centre that does not know the command, for its error. */
  readonly advice?: string | undefined;
}

/** Refusals that do not pass by themselves: the next attempt comes after the longest pause. */
const lastingRefusals: ReadonlySet<number> = new Set([
  commandStatuses.ESME_RINVCMDID,
  commandStatuses.ESME_RBINDFAIL,
  commandStatuses.ESME_RINVPASWD,
  commandStatuses.ESME_RINVSYSID,
  commandStatuses.ESME_RINVSYSTYP,
]);

/** Refusals by which a centre may say that it does not know the command. */
const unknownCommand: ReadonlySet<number> = new Set([
  commandStatuses.ESME_RINVCMDID,
  commandStatuses.ESME_RINVBNDSTS,
  commandStatuses.ESME_RBINDFAIL,
]);

/** Kinds of deviations that are told; a centre could go on for ever. */
const maxDeviations = 32;

/** One link. */
export class SmppLink {
  /** Name of the centre. */
  readonly name: string;
  readonly #peer: string;
  readonly #smsc: SmscSettings;
  readonly #timing: LinkTiming;
  readonly #events: LinkEvents;
  readonly #bind: BindFields;
  #state: LinkState = 'down';
  #connection: SmppConnection | undefined;
  #connecting: AbortController | undefined;
  #retryTimer: Timer | undefined;
  #drainTimer: Timer | undefined;
  #failures = 0;
  #tried = false;
  #lastError: PushError | undefined;
  /** Those that were told. */
  readonly #deviations = new Set<string>();
  /** Resolves what waits in `close` for answers in flight. */
  #idle: () => void = () => {};
  /** Resolves when the connection is gone. */
  #gone: Promise<void> = Promise.resolve();

  /** Does nothing before `start`. */
  constructor(smsc: SmscSettings, bind: BindFields, timing: LinkTiming, events: LinkEvents) {
    this.name = smsc.name;
    this.#peer = bind.label ?? smsc.name;
    this.#smsc = smsc;
    this.#bind = bind;
    this.#timing = timing;
    this.#events = events;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Why it is down, or was last. */
  get lastError(): PushError | undefined {
    return this.#lastError;
  }

  /** False before the first attempt has ended. */
  get tried(): boolean {
    return this.#tried;
  }

  /** Requests that wait for their response. */
  get inFlight(): number {
    return this.#connection?.inFlight ?? 0;
  }

  /** True when requests may be sent. */
  get ready(): boolean {
    const connection = this.#connection;
    return this.#state === 'bound' && connection?.open === true && !connection.congested;
  }

  /** Connects now. */
  start(): void {
    if (this.#state === 'down' && this.#connecting === undefined) void this.#connect();
  }

  /** Sends a request; `done` is called exactly once, before this returns when the link is not bound. */
  request(pdu: Uint8Array, done: (outcome: RequestOutcome) => void): void {
    if (this.#connection === undefined) {
      done(this.#lastError ?? linkLost(this.#peer, 'is not bound'));
      return;
    }
    this.#connection.request(pdu, (outcome) => {
      done(outcome);
      if (this.inFlight === 0) this.#idle();
    });
  }

  /** Sends a response, if the link still stands. */
  respond(response: SmppPduInput): void {
    this.#connection?.respond(response);
  }

  /** Gives the session up and binds again: what is in flight is lost. */
  rebind(detail: string): void {
    this.#connection?.destroy(linkLost(this.#peer, detail));
  }

  /** Waits for answers in flight, unbinds, and closes. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    const before = this.#state;
    this.#state = 'closed';
    this.#retryTimer?.cancel();
    this.#connecting?.abort();
    const connection = this.#connection;
    if (connection === undefined) return;
    if (before === 'down') {
      connection.destroy(linkLost(this.#peer, 'the link is being closed'));
      return;
    }
    if (connection.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    // The connection may have been lost while waiting.
    if (before === 'bound' && this.#connection === connection) {
      await new Promise<void>((resolve) => {
        connection.request(encodePdu({ command: 'unbind' }), () => resolve());
      });
    }
    this.#drainTimer?.cancel();
    connection.end();
    await this.#gone;
  }

  async #connect(): Promise<void> {
    const { host, port, tls } = this.#smsc;
    const { clock, connectMs, responseMs, enquireMs } = this.#timing;
    this.#connecting = new AbortController();
    try {
      const { signal } = this.#connecting;
      const peer = this.#peer;
      const opening = openTcp({ host, port, tls, connectMs, clock, signal }, (opened) => opened);
      const socket = await opening.catch((error: unknown) => {
        throw signal.aborted ? linkLost(peer, 'the link is being closed') : connectionError(error, peer);
      });
      let over: () => void = () => {};
      this.#gone = new Promise((resolve) => {
        over = resolve;
      });
      this.#connection = new SmppConnection(
        socket,
        { clock, responseMs, enquireMs, peer },
        {
          onRequest: (request) => this.#request(request),
          onClose: (error) => {
            over();
            this.#down(error);
          },
          onDrain: () => this.#events.onDrain(),
          onDeviation: (detail) => this.#noteDeviation(detail),
        },
      );
      this.#sendBind(this.#connection);
    } catch (error) {
      this.#down(error instanceof PushError ? error : linkLost(this.#peer, String(error), error));
    }
  }

  #sendBind(connection: SmppConnection): void {
    const { systemId, password, systemType } = this.#smsc;
    const { command, addressTon = 0, addressNpi = 0, addressRange = '', advice } = this.#bind;
    const address = { addressTon, addressNpi, addressRange };
    // What is too long was let pass, and warned of, when the settings were read.
    const lenient = { onDeviation: () => {} };
    const pdu = encodePdu({ command, systemId, password, systemType, ...address }, lenient);
    connection.request(pdu, (outcome) => {
      if (this.#connection !== connection) return;
      if (outcome instanceof PushError) {
        connection.destroy(outcome);
      } else if (outcome.status !== 0) {
        const status = statusName(outcome.status);
        if (lastingRefusals.has(outcome.status)) this.#failures = Number.POSITIVE_INFINITY;
        const what = advice !== undefined && unknownCommand.has(outcome.status) ? ` (${advice})` : '';
        const text = `${this.#peer}: refused to bind: ${status}${what}`;
        connection.destroy(new PushError('BIND_REFUSED', text, true));
      } else if (this.#state === 'closed') {
        connection.end();
      } else {
        this.#state = 'bound';
        this.#connecting = undefined;
        this.#tried = true;
        this.#failures = 0;
        connection.keepAlive();
        this.#events.onUp();
      }
    });
  }

  #noteDeviation(detail: string): void {
    if (this.#deviations.has(detail) || this.#deviations.size >= maxDeviations) return;
    this.#deviations.add(detail);
    this.#events.onDeviation(`${this.#peer}: ${detail}`);
  }

  #request(request: SmppPdu): void {
    if (request.command === 'unbind') {
      this.respond({ command: 'unbind_resp', sequence: request.sequence });
      this.#drain();
    } else this.#events.onRequest(request);
  }

  /** The centre ends the session: it may still answer what is in flight. */
  #drain(): void {
    if (this.#state !== 'bound') return;
    this.#state = 'draining';
    const { clock, responseMs } = this.#timing;
    const connection = this.#connection;
    const finish = (): void => connection?.destroy(linkLost(this.#peer, 'the centre ended the session'));
    if (this.inFlight === 0) finish();
    else {
      this.#idle = finish;
      this.#drainTimer = clock.after(responseMs, finish);
    }
  }

  #down(error: PushError): void {
    const idle = this.#idle;
    this.#connection = undefined;
    this.#connecting = undefined;
    this.#drainTimer?.cancel();
    this.#idle = () => {};
    this.#lastError = error;
    this.#tried = true;
    if (this.#state !== 'closed') {
      this.#state = 'down';
      const { clock, random, backOffMs, maxBackOffMs } = this.#timing;
      const bound = Math.min(maxBackOffMs, backOffMs * 2 ** Math.min(this.#failures, 30));
      this.#failures += 1;
      // Between half of it and all of it, so that many clients do not come back together.
      this.#retryTimer = clock.after(Math.ceil(bound * (0.5 + random() / 2)), () => void this.#connect());
      this.#events.onDown(error);
    }
    idle();
  }
}
