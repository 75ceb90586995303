// Settings of a sender through a modem.
import { dataCodings, isEightBitData } from '../../codec/sms/index.ts';
import { longestMs, oneOfWords, ValueError, wholeNumber } from '../../core/index.ts';
import type { DeliveryReportHandler, Pace } from '../index.ts';
import {
  longestValiditySeconds,
  type SegmentOptions,
  type TrackerOptions,
  type UnmatchedReceipt,
} from '../short-message/index.ts';
import type { AtModem } from './modem/at-modem.ts';

/** Settings of a sender. Times in milliseconds unless the name says otherwise. */
export interface ModemSenderOptions extends SegmentOptions, TrackerOptions, Pace {
  /** The modem; whoever made it starts and closes it. */
  readonly modem: AtModem;
  /** Name of the carrier, and of its part of references: letters, digits, `.`, `_`, `-`. Default `modem`. */
  readonly name?: string | undefined;
  /** Number of the service centre: `+` and digits. Default: the one that is set in the modem. */
  readonly serviceCentre?: string | undefined;
  /** TP-DCS: an 8-bit one. Default 0xF5, class 1; 0x04 has no class. */
  readonly dataCoding?: number | undefined;
  /** How long the centre tries at most, in seconds up to 2 592 000; a push whose own life is shorter says that. */
  readonly validitySeconds?: number | undefined;
  /**
   * How the validity period is written (3GPP TS 23.040 §9.2.3.12): `relative`, for which no clocks need to agree, in steps of
   * five minutes and more; `absolute`, a moment; `none`, the centre's own. Default `relative`.
   */
  readonly validityForm?: 'relative' | 'absolute' | 'none' | undefined;
  /** Whether status reports are asked for. Default: when there is `onReceipt`. */
  readonly receipts?: 'all' | 'none' | undefined;
  /** Called once for a push when the centre says what became of it; as `unclear` when it may be about another one. */
  readonly onReceipt?: DeliveryReportHandler | undefined;
  /** Called for a final report that belongs to no push that is waited for. Must not throw. */
  readonly onUnmatchedReceipt?: ((receipt: UnmatchedReceipt) => void) | undefined;
  /** How long a push waits for a modem that is not ready. Default 15 000. */
  readonly linkWaitMs?: number | undefined;
  /**
   * How often a message is sent again, the same octets, that had gone out when the modem was reset or fell silent, 0–10: a
   * handset knows a part of several that it has, and a device a Session-ID. Default 1.
   */
  readonly maxResends?: number | undefined;
}

/** Defaults of `ModemSenderOptions`. A modem takes one message at a time. */
export const modemSenderDefaults = Object.freeze({
  name: 'modem',
  dataCoding: dataCodings.classOne,
  validityForm: 'relative',
  places: 1,
  linkWaitMs: 15_000,
  maxResends: 1,
});

/** What remains of them for sending, complete. */
export interface ModemSenderSettings {
  readonly name: string;
  readonly serviceCentre: string;
  readonly dataCoding: number;
  readonly validitySeconds: number | undefined;
  readonly validityForm: 'relative' | 'absolute' | 'none';
  readonly reporting: boolean;
  readonly linkWaitMs: number;
  readonly maxResends: number;
}

/** Fills in and checks. @throws {ValueError} */
export function modemSenderSettings(options: ModemSenderOptions): ModemSenderSettings {
  const d = modemSenderDefaults;
  const { name = d.name, serviceCentre = '', dataCoding = d.dataCoding, validitySeconds } = options;
  if (!/^[0-9A-Za-z._-]{1,64}$/.test(name)) {
    throw new ValueError('BAD_FORMAT', 'must be 1 to 64 letters, digits, ".", "_" or "-"', 'name');
  }
  if (serviceCentre !== '' && !/^\+?[0-9]{3,20}$/.test(serviceCentre)) {
    throw new ValueError('BAD_FORMAT', 'is not a number such as +491720000000', 'serviceCentre');
  }
  wholeNumber(dataCoding, 0, 255, 'dataCoding');
  if (!isEightBitData(dataCoding))
    throw new ValueError('OUT_OF_RANGE', 'is no coding of octets', 'dataCoding');
  if (validitySeconds !== undefined)
    wholeNumber(validitySeconds, 1, longestValiditySeconds, 'validitySeconds');
  const form = options.validityForm ?? d.validityForm;
  return {
    name,
    serviceCentre,
    dataCoding,
    validitySeconds,
    validityForm: oneOfWords(form, ['relative', 'absolute', 'none'], 'validityForm'),
    reporting: (options.receipts ?? 'all') === 'all' && options.onReceipt !== undefined,
    linkWaitMs: wholeNumber(options.linkWaitMs ?? d.linkWaitMs, 0, longestMs, 'linkWaitMs'),
    maxResends: wholeNumber(options.maxResends ?? d.maxResends, 0, 10, 'maxResends'),
  };
}
