// Settings of the sender, with every default filled in and every bound checked.
import { registeredDelivery } from '../../codec/smpp/index.ts';
import { dataCodings, isEightBitData } from '../../codec/sms/index.ts';
import { longestMs, type PushError, ValueError, wholeNumber } from '../../core/index.ts';
import { type DeliveryReportHandler, paceDefaults } from '../index.ts';
import {
  longestValiditySeconds,
  type NumberOptions,
  type SegmentOptions,
  segmentDefaults,
  segmentSettings,
  smsAddress,
  type TrackerOptions,
  trackerDefaults,
  type UnmatchedReceipt,
} from '../short-message/index.ts';
import {
  centreSettings,
  type LinkTimingOptions,
  linkTiming,
  type SmsCentreOptions,
  type WarningHandler,
} from './link/link-options.ts';
import { type ReceiptIdRule, receiptIdRules } from './receipt/receipt-id.ts';
import type { UnknownReceiptState } from './receipt/receipt-tracker.ts';
import type { ComposeSettings, SmsForm } from './submit/compose.ts';
import type { DispatcherSettings } from './submit/dispatcher.ts';
import type { LinkRole } from './submit/lanes.ts';
import { type ValidityForm, validityForms } from './submit/validity-period.ts';

/** Settings of a sender. Times in milliseconds unless the name says otherwise. */
export interface SmsSenderOptions extends LinkTimingOptions, SegmentOptions, TrackerOptions {
  /** Message centres, in order of preference. At least one. */
  readonly smscs: readonly SmsCentreOptions[];
  /** Name of its carrier: `sms:NAME` of one road of several. Default `sms`. */
  readonly carrier?: string | undefined;
  /** False leaves its links down for good, for whoever only asks whether the settings are right. Default true. */
  readonly connect?: boolean | undefined;
  /**
   * `in-order` uses the first centre that is up, so the others are for when it is not; `spread` uses all that are up.
   * Default `in-order`.
   */
  readonly distribution?: 'in-order' | 'spread' | undefined;
  /** Links to each centre, 1–64. Default 1. */
  readonly connections?: number | undefined;
  /** Messages without an answer on one link, 1–10 000. Default 10. */
  readonly window?: number | undefined;
  /** Messages a second on one link, more than 0. Default: no limit of ours. */
  readonly throughput?: number | undefined;
  /** Address that the pushes come from: `+` and digits, a short code, or a name. Default: the centre's. */
  readonly source?: (NumberOptions & { readonly address: string }) | undefined;
  /** TON and NPI of devices. Default: international telephone numbers with `+`, else of unknown type. */
  readonly destination?: NumberOptions | undefined;
  /** How ports and parts are said. Default `udh`. */
  readonly form?: SmsForm | undefined;
  /** data_coding: an 8-bit one. Default 0xF5, class 1; 0x04 has no class. */
  readonly dataCoding?: number | undefined;
  /** service_type, up to 5 characters; some centres want `WAP`. Default none. */
  readonly serviceType?: string | undefined;
  /** priority_flag, 0–3. Default 0. */
  readonly priority?: number | undefined;
  /** Asks the centre for store and forward; default: as it does by itself. */
  readonly storeAndForward?: boolean | undefined;
  /**
   * How long the centre tries at most, in seconds up to 2 592 000; a push whose own life is shorter says that. Default: only
   * the push says.
   */
  readonly validitySeconds?: number | undefined;
  /**
   * How validity_period is written (SMPP 3.4 §7.1.1): `relative`, a duration; `absolute`, a moment in UTC; `none`, not at
   * all, for centres that refuse it. Default `relative`.
   */
  readonly validityForm?: ValidityForm | undefined;
  /**
   * Which receipts are asked for. With `failures` nothing is ever reported delivered. Default `all` when there is
   * `onReceipt`, else `none`.
   */
  readonly receipts?: 'all' | 'failures' | 'none' | undefined;
  /**
   * Which messages of a push have a receipt. `each`: it is delivered when all are. `last`, for carriers that report a
   * concatenated message once: the receipt is asked for with the last message alone, and whichever comes counts for the
   * push. Default `each`.
   */
  readonly receiptParts?: 'each' | 'last' | undefined;
  /**
   * Called once for a push when the centre says what became of it; and, as `unclear`, when it said something that may be
   * about this push or about another one.
   */
  readonly onReceipt?: DeliveryReportHandler | undefined;
  /** Called for a final receipt that belongs to no push that is waited for. Must not throw. */
  readonly onUnmatchedReceipt?: ((receipt: UnmatchedReceipt) => void) | undefined;
  /**
   * Called for each receipt whose state is none that we know, so that nothing can be made of it. Must not throw. Default:
   * it is counted.
   */
  readonly onUnknownState?: ((receipt: UnknownReceiptState) => void) | undefined;
  /**
   * How ids in receipts relate to those in responses, for the text and for receipted_message_id. Default `any`; a centre
   * that writes hexadecimal here and decimal there, and numbers of devices in its own way, needs the rule.
   */
  readonly receiptIds?: { readonly text?: ReceiptIdRule; readonly parameter?: ReceiptIdRule } | undefined;
  /** How long pushes wait when no link is up any more; once that is over, only for `backOffMs`. Default 15 000. */
  readonly linkWaitMs?: number | undefined;
  /** How long a push may take in all. Default 300 000. */
  readonly pushMs?: number | undefined;
  /** How long `close` waits for pushes that have begun. Default 30 000. */
  readonly closeMs?: number | undefined;
  /** How often a message that was left without an answer is sent again. Default 5. */
  readonly maxResends?: number | undefined;
  /** Messages that may wait for a link. Default 100 000. */
  readonly maxQueued?: number | undefined;
  /** Pushes under way at once that whoever asks first is let hand over, 1–1 000 000. Default 256. */
  readonly places?: number | undefined;
  /** Called when a link came up (without an error), went down or could not be made. Must not throw. */
  readonly onLink?: ((smsc: string, error: PushError | undefined, role: LinkRole) => void) | undefined;
  /**
   * Called, while the sender is made, for each setting that is odd and works all the same; later once for each way in which
   * a centre answers otherwise than SMPP has it. Must not throw.
   */
  readonly onWarning?: WarningHandler | undefined;
}

/** Defaults of `SmsSenderOptions`; those of times of links are `linkDefaults`. */
export const smsSenderDefaults = Object.freeze({
  distribution: 'in-order',
  connections: 1,
  window: 10,
  form: 'udh',
  ...segmentDefaults,
  ...trackerDefaults,
  dataCoding: dataCodings.classOne,
  validityForm: 'relative',
  linkWaitMs: 15_000,
  pushMs: 300_000,
  closeMs: 30_000,
  maxResends: 5,
  maxQueued: 100_000,
});

/** What composes the messages. @throws {ValueError} */
export function composeSettings(options: SmsSenderOptions): ComposeSettings {
  const d = smsSenderDefaults;
  const { source, validitySeconds } = options;
  const from = source === undefined ? undefined : smsAddress(source.address, source, 'source');
  const form = oneOf(options.form ?? d.form, ['udh', 'payload', 'sar'] as const, 'form');
  const delivery = { all: registeredDelivery.final, failures: registeredDelivery.failure, none: 0 };
  return {
    form,
    ...segmentSettings(options),
    validity: {
      form: oneOf(options.validityForm ?? d.validityForm, validityForms, 'validityForm'),
      longestSeconds:
        validitySeconds === undefined
          ? undefined
          : wholeNumber(validitySeconds, 1, longestValiditySeconds, 'validitySeconds'),
    },
    esmClass: options.storeAndForward === true ? 3 : 0,
    fields: {
      serviceType: options.serviceType ?? '',
      ...(from === undefined
        ? {}
        : { sourceTon: from.ton, sourceNpi: from.npi, sourceAddress: from.address }),
      priorityFlag: wholeNumber(options.priority ?? 0, 0, 3, 'priority'),
      registeredDelivery: delivery[receiptsOf(options)],
      dataCoding: eightBit(options.dataCoding ?? d.dataCoding),
    },
  };
}

/** What sends them. @throws {ValueError} */
export function dispatcherSettings(
  options: SmsSenderOptions,
  { onRequest, onRoom }: Pick<DispatcherSettings, 'onRequest' | 'onRoom'>,
): DispatcherSettings {
  const d = smsSenderDefaults;
  const { throughput } = options;
  if (options.smscs.length === 0) throw new ValueError('MISSING', 'needs at least one centre', 'smscs');
  if (throughput !== undefined && !(throughput > 0 && throughput < Number.POSITIVE_INFINITY)) {
    throw new ValueError('OUT_OF_RANGE', `${throughput} is not more than 0`, 'throughput');
  }
  const ms = (name: 'linkWaitMs' | 'pushMs' | 'closeMs'): number =>
    wholeNumber(options[name] ?? d[name], 1, longestMs, name);
  return {
    smscs: options.smscs.map((smsc, index) => centreSettings(smsc, `smscs[${index}]`, options.onWarning)),
    receiving: receiptsOf(options) !== 'none',
    connect: options.connect ?? true,
    connections: wholeNumber(options.connections ?? d.connections, 1, 64, 'connections'),
    distribution: oneOf(
      options.distribution ?? d.distribution,
      ['in-order', 'spread'] as const,
      'distribution',
    ),
    timing: linkTiming(options),
    window: wholeNumber(options.window ?? d.window, 1, 10_000, 'window'),
    throughput,
    linkWaitMs: ms('linkWaitMs'),
    pushMs: ms('pushMs'),
    closeMs: ms('closeMs'),
    maxResends: wholeNumber(options.maxResends ?? d.maxResends, 0, 1000, 'maxResends'),
    maxQueued: wholeNumber(options.maxQueued ?? d.maxQueued, 1, 10_000_000, 'maxQueued'),
    places: wholeNumber(options.places ?? paceDefaults.places, 1, 1_000_000, 'places'),
    onRequest,
    onRoom,
    onLink: options.onLink ?? (() => {}),
    onWarning: options.onWarning ?? (() => {}),
  };
}

/** Which receipts are asked for. @throws {ValueError} */
function receiptsOf({ receipts, onReceipt }: SmsSenderOptions): 'all' | 'failures' | 'none' {
  const otherwise = onReceipt === undefined ? 'none' : 'all';
  return oneOf(receipts ?? otherwise, ['all', 'failures', 'none'] as const, 'receipts');
}

/** A rule for ids in receipts. @throws {ValueError} */
export function receiptIdRule(rule: ReceiptIdRule | undefined, path: string): ReceiptIdRule {
  return oneOf(rule ?? 'any', receiptIdRules, path);
}

/** Which messages of a push have receipts. @throws {ValueError} */
export function receiptParts({ receiptParts: parts = 'each' }: SmsSenderOptions): 'each' | 'last' {
  return oneOf(parts, ['each', 'last'] as const, 'receiptParts');
}

function oneOf<const T>(value: T, allowed: readonly T[], path: string): T {
  if (allowed.includes(value)) return value;
  throw new ValueError('OUT_OF_RANGE', `${String(value)} is not one of ${allowed.join(', ')}`, path);
}

function eightBit(dataCoding: number): number {
  const octet = wholeNumber(dataCoding, 0, 255, 'dataCoding');
  if (isEightBitData(octet)) return octet;
  throw new ValueError(
    'OUT_OF_RANGE',
    `${dataCoding} is not a coding of 8-bit data, such as 4 or 245`,
    'dataCoding',
  );
}
