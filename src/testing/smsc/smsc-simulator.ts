// A message centre for tests and trials: takes messages over SMPP 3.4, delivers them to handsets that are bound to it by
// their number, sends receipts, and misbehaves on request. Everything is in memory and bounded.
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { commandStatuses, type PduOf } from '../../codec/smpp/index.ts';
import { type Clock, ConfigError, systemClock } from '../../core/index.ts';
import { digitsOf, MessageStore } from './message-store.ts';
import { SmscFaults } from './smsc-faults.ts';
import {
  type SmscCounters,
  type SmscEvent,
  type SmscSimulatorOptions,
  smscDefaults,
} from './smsc-options.ts';
import { SmscSession } from './smsc-session.ts';

/** A simulated message centre. */
export class SmscSimulator {
  /** What it does wrong. */
  readonly faults = new SmscFaults();
  readonly #options: SmscSimulatorOptions;
  readonly #clock: Clock;
  readonly #messages: MessageStore;
  readonly #sessions = new Set<SmscSession>();
  /** Messages that each session submitted in this second. */
  readonly #rates = new WeakMap<SmscSession, { second: number; count: number }>();
  #server: Server | undefined;
  #submits = 0;
  #refused = 0;

  /** Does nothing before `start`. */
  constructor(options: SmscSimulatorOptions = {}) {
    const d = smscDefaults;
    const { messageIds = d.messageIds, receiptIds = messageIds, receiptForm = d.receiptForm } = options;
    const { window = d.window, retryMs = d.retryMs, validityMs = d.validityMs } = options;
    const { firstMessage = d.firstMessage } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    const onEvent = (event: SmscEvent): void => this.#tell(event);
    const receiptsTo = (systemId: string): string =>
      options.accounts?.find((account) => account.systemId === systemId)?.receiptsTo ?? systemId;
    const kinds = { messageIds, receiptIds, receiptForm, receiptsTo };
    this.#messages = new MessageStore(
      { clock: this.#clock, ...kinds, firstMessage, window, retryMs, validityMs, onEvent },
      this.faults,
    );
  }

  /**
   * Starts listening, on `port` instead of the one of the options; resolves with the port.
   * @throws {ConfigError} when the port or the address cannot be used
   */
  start(port: number = this.#options.port ?? smscDefaults.port): Promise<number> {
    const { tls, host = smscDefaults.host } = this.#options;
    const serve = (socket: Socket): void => this.#serve(socket);
    const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', (cause) => {
        reject(new ConfigError(`the centre cannot listen on ${host}:${port}: ${cause.message}`, { cause }));
      });
      server.listen(port, host, () => {
        server.removeAllListeners('error');
        server.on('error', () => {});
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** A snapshot. */
  counters(): SmscCounters {
    const sessions = [...this.#sessions].filter(({ bound }) => bound).length;
    const waiting = this.#messages.waiting;
    return {
      submits: this.#submits,
      refused: this.#refused,
      ...this.#messages.counters(),
      sessions,
      waiting,
    };
  }

  /** Breaks the connections of an account, or all, without a word: what is in flight is in doubt. */
  disconnect(systemId?: string): void {
    for (const session of [...this.#sessions]) {
      if (systemId === undefined || session.systemId === systemId) {
        session.disconnect('disconnected on request');
      }
    }
  }

  /** Ends the sessions of an account, or all, as SMPP does. */
  async unbind(systemId?: string): Promise<void> {
    const sessions = [...this.#sessions].filter(
      (session) => session.bound && (systemId === undefined || session.systemId === systemId),
    );
    await Promise.all(sessions.map((session) => session.unbind()));
  }

  /** Goes away: stops listening and breaks all connections. What waits is kept for the next `start`. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
    this.disconnect();
    await closed;
  }

  /** Ends everything and forgets what waits. */
  async close(): Promise<void> {
    this.#messages.close();
    await this.stop();
  }

  #serve(socket: Socket): void {
    socket.setNoDelay(true);
    const {
      clock = this.#clock,
      accounts,
      responseMs,
      enquireMs,
      maxSessions,
      transceivers = true,
    } = this.#options;
    if (this.#sessions.size >= (maxSessions ?? smscDefaults.maxSessions)) {
      socket.on('error', () => {});
      socket.destroy();
      return;
    }
    const times = {
      responseMs: responseMs ?? smscDefaults.responseMs,
      enquireMs: enquireMs ?? smscDefaults.enquireMs,
    };
    const session = new SmscSession(
      socket,
      { clock, accounts, transceivers, ...times },
      {
        onBound: (bound) => {
          const { systemId, number, range } = bound;
          this.#tell({ type: 'bound', systemId, number: number ?? range?.text });
          if (bound.receives) this.#messages.join(bound);
        },
        onRefusedBind: (systemId, status) => this.#tell({ type: 'refused-bind', systemId, status }),
        onRoom: (bound) => this.#messages.resume(bound),
        onSubmit: (from, submit) => this.#submit(from, submit),
        onClosed: (closed, detail) => this.#leave(closed, detail),
      },
    );
    this.#sessions.add(session);
  }

  #leave(session: SmscSession, detail: string): void {
    this.#sessions.delete(session);
    this.#messages.leave(session);
    if (session.bound) this.#tell({ type: 'unbound', systemId: session.systemId, detail });
  }

  #submit(session: SmscSession, submit: PduOf<'submit_sm'>): void {
    this.#submits += 1;
    const fault = this.faults.nextSubmit();
    if (fault?.kind === 'lose') return;
    const { systemId } = session;
    const { sequence, destinationAddress: to, shortMessage, parameters } = submit;
    const status = fault?.kind === 'refuse' ? fault.status : this.#judge(session, to);
    if (status !== 0) {
      this.#refused += 1;
      this.#tell({ type: 'refused', systemId, to, status });
      this.#answer(() => session.connection.respond({ command: 'submit_sm_resp', status, sequence }));
      return;
    }
    const { messageId, deliver } = this.#messages.accept(systemId, submit);
    const octets = shortMessage.length + (parameters.messagePayload?.length ?? 0);
    this.#tell({ type: 'submitted', systemId, messageId, to, octets });
    if (fault?.kind === 'disconnect') session.disconnect('disconnected on request');
    else if (fault === undefined) {
      this.#answer(() => session.connection.respond({ command: 'submit_sm_resp', sequence, messageId }));
    }
    deliver();
  }

  #answer(respond: () => void): void {
    const { answerDelayMs } = this.faults;
    if (answerDelayMs === 0) respond();
    else this.#clock.after(answerDelayMs, respond);
  }

  /** Status for a message, by the rules of the centre. */
  #judge(session: SmscSession, to: string): number {
    const { throughput, maxQueued, maxQueuedPerNumber } = this.#options;
    if (throughput !== undefined && this.#countInSecond(session) > throughput) {
      return commandStatuses.ESME_RTHROTTLED;
    }
    const number = digitsOf(to);
    if (number === undefined) return commandStatuses.ESME_RINVDSTADR;
    const full =
      this.#messages.waitingFor(number) >= (maxQueuedPerNumber ?? smscDefaults.maxQueuedPerNumber) ||
      this.#messages.waiting >= (maxQueued ?? smscDefaults.maxQueued);
    return full ? commandStatuses.ESME_RMSGQFUL : 0;
  }

  #countInSecond(session: SmscSession): number {
    const second = Math.floor(this.#clock.monotonic() / 1000);
    const known = this.#rates.get(session);
    const rate = known?.second === second ? known : { second, count: 0 };
    rate.count += 1;
    this.#rates.set(session, rate);
    return rate.count;
  }

  #tell(event: SmscEvent): void {
    this.#options.onEvent?.(event);
  }
}
