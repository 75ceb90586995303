// What a push initiator can do, and its settings.
import type { CancelResult, MimePart, StatusQueryResult } from '../../codec/pap/index.ts';
import type { Clock } from '../../core/index.ts';
import type { DeliveryReportHandler, Push, ReportingBinding, SendResult } from '../index.ts';
import type { PapGateway } from './gateway.ts';
import type { PapHttpRequest, PapHttpResponse } from './http-form.ts';

/** Where a push goes. */
export interface PapTarget {
  /** `WAPPUSH=<value>/TYPE=<type>@<gateway>`. */
  readonly address: string;
  /** Name of a configured gateway. */
  readonly gateway: string;
}

/** Settings of a sender. */
export interface PapSenderOptions {
  readonly gateways: readonly PapGateway[];
  /** Host name that push-ids end with: it makes them ours alone. Default `reveille.invalid`. */
  readonly initiator?: string | undefined;
  /** Told what gateways say about accepted pushes later. */
  readonly onReport?: DeliveryReportHandler | undefined;
  /** Pushes whose result notifications are waited for, at most. Default 100 000. */
  readonly maxAwaited?: number | undefined;
  /**
   * Told, once for each gateway and thing, what the gateway does otherwise than asked but without harm (`PapGateway.kind`), and
   * what `force` sends all the same; and once, until that is over, that its clock is ahead.
   */
  readonly onWarning?: ((detail: string) => void) | undefined;
  /** Called when `onReport` fails. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Capabilities of a client, as a gateway told. */
export interface ClientCapabilities {
  readonly code: number;
  readonly desc: string | undefined;
  /** The capabilities themselves, where it has them. */
  readonly content: MimePart | undefined;
}

/** A push initiator. References of receipts are push-ids. */
export interface PapSender extends ReportingBinding<PapTarget> {
  /**
   * Submits a push that takes the place of an earlier one: for devices that have not got that yet, or for all.
   * @throws {PushError} as `send` does; gateways need not be able to do this
   */
  replace(
    push: Push,
    to: PapTarget,
    replaced: { readonly reference: string; readonly method: 'pending-only' | 'all' },
    signal: AbortSignal,
  ): Promise<SendResult>;
  /**
   * Cancels a push for some addresses, or for all when there are none; gives what the gateway says about each.
   * @throws {PushError} when it does not say so
   */
  cancel(
    gateway: string,
    reference: string,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly CancelResult[]>;
  /** Asks what became of a push. @throws {PushError} when the gateway does not say */
  queryStatus(
    gateway: string,
    reference: string,
    addresses: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly StatusQueryResult[]>;
  /** Asks for the capabilities of a client. @throws {PushError} when the gateway does not answer */
  queryCapabilities(
    to: PapTarget,
    question: { readonly queryId?: string; readonly appId?: string },
    signal: AbortSignal,
  ): Promise<ClientCapabilities>;
  /** Takes what a gateway POSTs to `notifyTo`. Never rejects. */
  receiveResult(request: PapHttpRequest): Promise<PapHttpResponse>;
  /** Takes a delivery report of Kannel: a GET of `kannelReportsTo`. Never rejects. */
  receiveKannelReport(request: Pick<PapHttpRequest, 'method' | 'target'>): Promise<PapHttpResponse>;
  /** Pushes whose result is waited for. */
  readonly awaited: number;
}
