// What a road through Kannel's sendsms is made with, with every default filled in and every bound checked.
import { type Clock, longestMs, systemClock, ValueError, wholeNumber } from '../../core/index.ts';
import type { HttpClientOptions } from '../http/index.ts';
import type { DeliveryReportHandler, Pace } from '../index.ts';
import { longestValiditySeconds, type SegmentOptions, type TrackerOptions } from '../short-message/index.ts';

/** Settings of a road. Times in milliseconds unless the name says otherwise. */
export interface KannelRoadOptions
  extends SegmentOptions,
    TrackerOptions,
    Pace,
    Pick<HttpClientOptions, 'tls' | 'connectMs' | 'maxConnections'> {
  /** Names the account in references, logs and errors. It must stay the same while reports are expected. */
  readonly name: string;
  /** Name of its carrier. Default `sms:NAME`. */
  readonly carrier?: string | undefined;
  /** Where its smsbox takes requests, such as `http://127.0.0.1:13013/cgi-bin/sendsms`. Without a query. */
  readonly url: string;
  /** Of a group sendsms-user. They leave in the query, as Kannel wants them, and are shown nowhere. */
  readonly username: string;
  readonly password: string;
  /** Address that the pushes come from. Default: Kannel's. */
  readonly from?: string | undefined;
  /** smsc-id of the centre to use. Default: Kannel's choice. */
  readonly smsc?: string | undefined;
  /** For Kannel's accounting, up to 64 characters. */
  readonly account?: string | undefined;
  /** Message class, 0–3, or `none`: with 1 the data coding is 0xF5, without 0x04. Default 1. */
  readonly messageClass?: 0 | 1 | 2 | 3 | 'none' | undefined;
  /** alt-dcs: how Kannel writes the class, where a centre wants the other form. Default: its own. */
  readonly alternativeCoding?: boolean | undefined;
  /** 0–3. Default: Kannel's. */
  readonly priority?: number | undefined;
  /** How long the centre tries at most, in seconds up to 2 592 000; a push whose own life is shorter says that. */
  readonly validitySeconds?: number | undefined;
  /**
   * Where Kannel reaches us with delivery reports, without a slash at its end; asked before each push, `undefined` asks for
   * none. Kannel takes percent signs for its own, so it has none.
   */
  readonly callbackUrl?: (() => string | undefined) | undefined;
  /** Called once for a push when its reports say what became of it. Default: none are asked for. */
  readonly onReport?: DeliveryReportHandler | undefined;
  /** How often a message whose answer was lost is sent again, as it was. Default 5. */
  readonly maxResends?: number | undefined;
  /** Pause before that, and twice as long each time after. Default 500. */
  readonly backOffMs?: number | undefined;
  /** How long an answer is waited for. Default 10 000: with it and the pauses, all sendings of a message go into an attempt of 90 s. */
  readonly responseMs?: number | undefined;
  /** For how long it counts as down after it could not be reached, gave no answer, or refused the account. Default 5000. */
  readonly downMs?: number | undefined;
  /** Called for what Kannel does otherwise than asked, once for each kind. Must not throw. */
  readonly onWarning?: ((detail: string) => void) | undefined;
  readonly clock?: Clock | undefined;
  /** From 0 up to 1: references begin anywhere. Default: Math.random. */
  readonly random?: (() => number) | undefined;
}

/** Defaults of `KannelRoadOptions`. Places are more than connections, so that one push follows the other. */
export const kannelDefaults = Object.freeze({
  messageClass: 1,
  maxConnections: 32,
  responseMs: 10_000,
  maxResends: 5,
  backOffMs: 500,
  downMs: 5000,
} as const);

/** What does not depend on the push. */
export interface KannelSettings {
  readonly url: URL;
  /** Everything of the query but recipient, octets, validity and report. */
  readonly query: string;
  readonly longestSeconds: number | undefined;
  readonly maxResends: number;
  readonly backOffMs: number;
  readonly downMs: number;
  readonly clock: Clock;
}

/** Fills in and checks. @throws {ValueError} */
export function kannelSettings(options: KannelRoadOptions): KannelSettings {
  const d = kannelDefaults;
  const { username, password, from, smsc, account, validitySeconds, priority, alternativeCoding } = options;
  const messageClass = options.messageClass ?? d.messageClass;
  if (messageClass !== 'none') wholeNumber(messageClass, 0, 3, 'messageClass');
  if (priority !== undefined) wholeNumber(priority, 0, 3, 'priority');
  requireText(username, 'username', 255);
  requireText(password, 'password', 255);
  if (from !== undefined) requireText(from, 'from', 20);
  if (smsc !== undefined) requireText(smsc, 'smsc', 255);
  if (account !== undefined) requireText(account, 'account', 64);
  if (account !== undefined && /[[\]]/.test(account)) {
    throw new ValueError('BAD_FORMAT', 'must have no brackets', 'account');
  }
  const fields: Readonly<Record<string, string | undefined>> = {
    username,
    password,
    from,
    smsc,
    account,
    coding: '1',
    mclass: messageClass === 'none' ? undefined : String(messageClass),
    'alt-dcs': alternativeCoding === undefined ? undefined : alternativeCoding ? '1' : '0',
    priority: priority === undefined ? undefined : String(priority),
  };
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return {
    url: requireUrl(options.url),
    query: given.join('&'),
    longestSeconds:
      validitySeconds === undefined
        ? undefined
        : wholeNumber(validitySeconds, 1, longestValiditySeconds, 'validitySeconds'),
    maxResends: wholeNumber(options.maxResends ?? d.maxResends, 0, 1000, 'maxResends'),
    backOffMs: wholeNumber(options.backOffMs ?? d.backOffMs, 1, longestMs, 'backOffMs'),
    downMs: wholeNumber(options.downMs ?? d.downMs, 1, longestMs, 'downMs'),
    clock: options.clock ?? systemClock(),
  };
}

/** Says nothing of what it is, for it may be a password. */
function requireText(text: string, path: string, longest: number): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (text.length === 0 || text.length > longest || /[\x00-\x1f\x7f]/.test(text)) {
    throw new ValueError('BAD_FORMAT', `must be 1 to ${longest} characters of one line`, path);
  }
}

function requireUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ValueError('BAD_FORMAT', 'is not the http: or https: URL of a sendsms service', 'url');
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    const why = 'must have no query and no account: `username` and `password` say that';
    throw new ValueError('BAD_FORMAT', why, 'url');
  }
  return url;
}
