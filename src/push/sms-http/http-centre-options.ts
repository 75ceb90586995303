// What a road over HTTP is made with: which company, its template and rules, and how much it is given.
import type { Clock } from '../../core/index.ts';
import type { HttpClientOptions, HttpCredentials } from '../http/index.ts';
import type { DeliveryReportHandler, Pace } from '../index.ts';
import {
  roadDownMs,
  type SegmentOptions,
  type TrackerOptions,
  type UnmatchedReceipt,
} from '../short-message/index.ts';
import type { AnswerRules } from './answer/answer-rules.ts';
import type { CentrePresetName } from './preset/presets.ts';
import type { ReceiptOptions } from './receipt/receipt-rules.ts';
import type { RequestTemplate } from './request/request-template.ts';

/** Settings of a road. */
export interface HttpCentreOptions
  extends SegmentOptions,
    TrackerOptions,
    Pace,
    Omit<HttpClientOptions, 'random' | 'preemptiveBasic'> {
  /** Names the road, in references and errors: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** A company whose template and rules are known. Without it `request` and `answer` have to say everything. */
  readonly preset?: CentrePresetName | undefined;
  /** What the company knows us by; slots `{account.NAME}`. None of them is ever shown, but what a preset says is no secret. */
  readonly account?: Readonly<Record<string, string>> | undefined;
  /** Our own number, short code or name, as the company knows it. Default none. */
  readonly from?: string | undefined;
  /** The request; beside a preset, fields that are added to its own or stand instead of them. */
  readonly request?: Partial<RequestTemplate> | undefined;
  /** How answers are read; beside a preset, what is otherwise. */
  readonly answer?: AnswerRules | undefined;
  /** How receipts are asked for and read. Default: none are asked for, and a push is *accepted* and no more. */
  readonly receipts?: ReceiptOptions | undefined;
  /** User name and password (Basic), sent with every request. Default none. */
  readonly credentials?: HttpCredentials | undefined;
  /** Data coding scheme of 8-bit data, 0–255. Default 4; 245 is the same with message class 1. */
  readonly dataCoding?: number | undefined;
  /** How long the company is to try at most, in seconds; a push whose own life is shorter says that. Default: only the push. */
  readonly validitySeconds?: number | undefined;
  /**
   * Messages that leave in a second, more than 0: what an operator pays for is bounded here. Pushes are whole one after the other, five
   * at most are under way for each message in a second (with 90 s for an attempt), and one that would need more than an attempt has (`attemptMs`) is refused.
   * Default: no limit of ours.
   */
  readonly throughput?: number | undefined;
  /** How often a message of which no answer came is sent again within its attempt, 0–20. Default 1. */
  readonly maxResends?: number | undefined;
  /** First pause before a message is sent again, doubled from time to time, in milliseconds. Default 1000. */
  readonly backOffMs?: number | undefined;
  /**
   * For how long the road counts as down, in milliseconds, after the company could not be reached, did not answer or did not take the
   * account. Default 5000.
   */
  readonly downMs?: number | undefined;
  /**
   * How long whoever sends gives an attempt, in milliseconds: the policy of the server says so (`sendTimeoutOf` with `sms`). Default
   * 90 000, as its defaults have it.
   */
  readonly attemptMs?: number | undefined;
  /** Told what the company says about accepted pushes later. */
  readonly onReceipt?: DeliveryReportHandler | undefined;
  /** Called for a final receipt that belongs to no push that is waited for. Must not throw. */
  readonly onUnmatchedReceipt?: ((receipt: UnmatchedReceipt) => void) | undefined;
  /** Called for a receipt whose state no rule knows. Must not throw. */
  readonly onUnknownState?:
    | ((receipt: { readonly smsc: string; readonly state: string }) => void)
    | undefined;
  /**
   * Called for so many receipts of a request that were about no message of ours: without a state, without what ties them to a message, or
   * with a token that nobody waits for. Must not throw.
   */
  readonly onForeignReceipts?: ((count: number) => void) | undefined;
  /** Told, when the road is made, what is unwise about its settings. Must not throw. */
  readonly onWarning?: ((detail: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** A number from 0 up to 1. Default: the runtime's. */
  readonly random?: (() => number) | undefined;
}

/** Defaults of `HttpCentreOptions`, those of the parts that it is made of aside. */
export const httpCentreDefaults = Object.freeze({
  dataCoding: 4,
  maxResends: 1,
  backOffMs: 1000,
  downMs: roadDownMs,
  attemptMs: 90_000,
});
