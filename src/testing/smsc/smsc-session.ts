// One connection to a simulated message centre: who is bound on it, and as what.
import type { Socket } from 'node:net';
import {
  type BindCommand,
  commandStatuses,
  encodePdu,
  type PduOf,
  type SmppPdu,
} from '../../codec/smpp/index.ts';
import { type Clock, equalConstantTime, PushError, type Timer, utf8ToBytes } from '../../core/index.ts';
import { SmppConnection } from '../../push/sms/index.ts';
import { type NumberRange, readNumberRange } from './number-range.ts';
import type { SmscAccount } from './smsc-options.ts';

/** Settings of a session. */
export interface SessionSettings {
  readonly clock: Clock;
  readonly responseMs: number;
  readonly enquireMs: number;
  readonly accounts: readonly SmscAccount[] | undefined;
  readonly transceivers: boolean;
}

/** What a session asks of its centre. */
export interface SessionEvents {
  onBound(session: SmscSession): void;
  onRefusedBind(systemId: string, status: number): void;
  /** It takes octets again. */
  onRoom(session: SmscSession): void;
  onSubmit(session: SmscSession, submit: PduOf<'submit_sm'>): void;
  onClosed(session: SmscSession, detail: string): void;
}

/** One session. */
export class SmscSession {
  readonly connection: SmppConnection;
  readonly #settings: SessionSettings;
  readonly #events: SessionEvents;
  readonly #bindTimer: Timer;
  #bound: BindCommand | undefined;
  /** system_id, once it is bound. */
  systemId = '';
  /** Digits of address_range, when a handset has bound. */
  number: string | undefined;
  /** Numbers of address_range, when it names many. */
  range: NumberRange | undefined;

  constructor(socket: Socket, settings: SessionSettings, events: SessionEvents) {
    this.#settings = settings;
    this.#events = events;
    const { clock, responseMs, enquireMs } = settings;
    const peer = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    this.connection = new SmppConnection(
      socket,
      { clock, responseMs, enquireMs, peer },
      {
        onRequest: (request) => this.#request(request),
        onClose: (error) => {
          this.#bindTimer.cancel();
          events.onClosed(this, error.message);
        },
        onDrain: () => events.onRoom(this),
      },
    );
    this.#bindTimer = clock.after(responseMs, () => this.disconnect('did not bind'));
  }

  get bound(): boolean {
    return this.#bound !== undefined;
  }

  /** True when messages and receipts may be delivered over it. */
  get receives(): boolean {
    return this.#bound === 'bind_receiver' || this.#bound === 'bind_transceiver';
  }

  /** Breaks the connection, without a word. */
  disconnect(detail: string): void {
    this.connection.destroy(new PushError('LINK_LOST', detail, true));
  }

  /** Ends the session as SMPP does; resolves when the peer has answered, or not in time. */
  unbind(): Promise<void> {
    return new Promise((resolve) => {
      this.connection.request(encodePdu({ command: 'unbind' }), () => {
        this.connection.end();
        resolve();
      });
    });
  }

  #request(request: SmppPdu): void {
    const { sequence } = request;
    switch (request.command) {
      case 'bind_receiver':
      case 'bind_transmitter':
      case 'bind_transceiver':
        this.#bind(request);
        break;
      case 'unbind':
        this.connection.respond({ command: 'unbind_resp', sequence });
        this.connection.end();
        break;
      case 'submit_sm':
        if (this.#bound === 'bind_transmitter' || this.#bound === 'bind_transceiver') {
          this.#events.onSubmit(this, request);
        } else {
          const status = commandStatuses.ESME_RINVBNDSTS;
          this.connection.respond({ command: 'submit_sm_resp', status, sequence });
        }
        break;
      default:
        this.connection.respond({
          command: 'generic_nack',
          status: commandStatuses.ESME_RINVCMDID,
          sequence,
        });
    }
  }

  #bind(request: PduOf<BindCommand>): void {
    const { command, systemId, sequence } = request;
    const status = this.#judge(request);
    this.connection.respond({
      command: `${command}_resp`,
      status,
      sequence,
      systemId: 'reveille-smsc',
      parameters: { scInterfaceVersion: 0x34 },
    });
    if (status !== 0) {
      this.#events.onRefusedBind(systemId, status);
      if (!this.bound) this.connection.end();
      return;
    }
    this.#bindTimer.cancel();
    this.#bound = command;
    this.connection.keepAlive();
    this.systemId = systemId;
    const digits = request.addressRange.replace(/^\+/, '');
    this.number = /^[0-9]+$/.test(digits) ? digits : undefined;
    this.range = readNumberRange(request.addressRange);
    this.#events.onBound(this);
  }

  #judge({ command, systemId, password }: PduOf<BindCommand>): number {
    if (this.bound) return commandStatuses.ESME_RALYBND;
    const { accounts, transceivers } = this.#settings;
    if (command === 'bind_transceiver' && !transceivers) return commandStatuses.ESME_RINVCMDID;
    if (accounts === undefined) return 0;
    const account = accounts.find((one) => one.systemId === systemId);
    if (account === undefined) return commandStatuses.ESME_RINVSYSID;
    const same = equalConstantTime(utf8ToBytes(account.password), utf8ToBytes(password));
    return same ? 0 : commandStatuses.ESME_RINVPASWD;
  }
}
