// What a simulated message centre is made with, what it tells and what it counts.
import type { TlsOptions } from 'node:tls';
import type { MessageState } from '../../codec/smpp/index.ts';
import type { Clock } from '../../core/index.ts';

/** An account that may bind. */
export interface SmscAccount {
  readonly systemId: string;
  readonly password: string;
  /**
   * system_id of the account that gets the receipts of what this one submits, where an operator gives a transmitter and a
   * receiver account. Default: this one.
   */
  readonly receiptsTo?: string | undefined;
}

/** How receipts are written: as text, as optional parameters, or both. */
export type ReceiptForm = 'text' | 'parameters' | 'both';

/** Something that happened, for a log. */
export type SmscEvent =
  | {
      readonly type: 'bound';
      readonly systemId: string;
      /** The one number of a handset, or the expression for many. */
      readonly number: string | undefined;
    }
  | { readonly type: 'refused-bind'; readonly systemId: string; readonly status: number }
  | { readonly type: 'unbound'; readonly systemId: string; readonly detail: string }
  | {
      readonly type: 'submitted';
      readonly systemId: string;
      readonly messageId: string;
      readonly to: string;
      /** Octets of user data, header included. */
      readonly octets: number;
    }
  | { readonly type: 'refused'; readonly systemId: string; readonly to: string; readonly status: number }
  | { readonly type: 'final'; readonly messageId: string; readonly to: string; readonly state: MessageState }
  /** A delivery that was left without an answer went out once more: its handset may have the message twice. */
  | { readonly type: 'repeated'; readonly messageId: string; readonly to: string }
  /** A receipt for which its account has no session that receives: it waits until one binds. */
  | { readonly type: 'receipt-waits'; readonly systemId: string; readonly messageId: string };

/** Settings of a simulated centre. Times in milliseconds. */
export interface SmscSimulatorOptions {
  /** IP address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** TCP port; 0, the default, takes any free one. */
  readonly port?: number | undefined;
  /** TLS with these certificates and keys. Default none. */
  readonly tls?: TlsOptions | undefined;
  /** Who may bind. Default: anybody. */
  readonly accounts?: readonly SmscAccount[] | undefined;
  /** Whether bind_transceiver is known; older centres answer ESME_RINVCMDID. Default true. */
  readonly transceivers?: boolean | undefined;
  /** How message ids are written in answers. Default `decimal`. */
  readonly messageIds?: 'decimal' | 'hex' | undefined;
  /** How they are written in the text of receipts. Default as in answers. */
  readonly receiptIds?: 'decimal' | 'hex' | undefined;
  /** Default `both`. */
  readonly receiptForm?: ReceiptForm | undefined;
  /** Number of the first message, from which ids count up: a centre that was started again goes on. Default 1000001. */
  readonly firstMessage?: number | undefined;
  /** Messages a second that one session may submit; more are refused with ESME_RTHROTTLED. Default: no limit. */
  readonly throughput?: number | undefined;
  /** Messages that wait for one handset; more are refused with ESME_RMSGQFUL. Default 1000. */
  readonly maxQueuedPerNumber?: number | undefined;
  /** Messages and receipts that wait in all. Default 100 000. */
  readonly maxQueued?: number | undefined;
  /** Sessions at one time. Default 100. */
  readonly maxSessions?: number | undefined;
  /** Deliveries without an answer on one session. Default 10. */
  readonly window?: number | undefined;
  /** Pause before a delivery that failed for now is tried again. Default 1000. */
  readonly retryMs?: number | undefined;
  /** How long a message is tried that names no end of its own. Default 86 400 000. */
  readonly validityMs?: number | undefined;
  /** Wait for a response, and for a bind. Default 10 000. */
  readonly responseMs?: number | undefined;
  /** Silence after which enquire_link asks; 0: never. Default 60 000. */
  readonly enquireMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Called for everything that happens. Must not throw. */
  readonly onEvent?: ((event: SmscEvent) => void) | undefined;
}

/** Defaults of `SmscSimulatorOptions`. */
export const smscDefaults = Object.freeze({
  host: '127.0.0.1',
  port: 0,
  messageIds: 'decimal',
  firstMessage: 1_000_001,
  receiptForm: 'both',
  maxQueuedPerNumber: 1000,
  maxQueued: 100_000,
  maxSessions: 100,
  window: 10,
  retryMs: 1000,
  validityMs: 86_400_000,
  responseMs: 10_000,
  enquireMs: 60_000,
});

/** What a centre has done. */
export interface SmscCounters {
  /** submit_sm that arrived. */
  readonly submits: number;
  /** Of these, refused with a status. */
  readonly refused: number;
  /** deliver_sm sent to handsets, repeated ones included. */
  readonly deliveries: number;
  /** Messages by how they ended. */
  readonly finals: Readonly<Partial<Record<MessageState, number>>>;
  /** Receipts that clients have answered. */
  readonly receipts: number;
  /** Sessions that are bound. */
  readonly sessions: number;
  /** Messages and receipts that wait. */
  readonly waiting: number;
}
