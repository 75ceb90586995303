// A notification as data: the same names in TypeScript, JSON, REST and on the command line.
import type { AuthType, Initiator, PreferredBearer, Transport, Transport2010, UiMode } from './names.ts';

/**
 * The three forms of Package #0: `dm1.2` (DM-NOTI-1.2, 2007, version field 11), `dm1.3-2010` (DM-NOTI-1.3-2010, version
 * field 12), `dm1.3` (DM-NOTI-1.3, 2012, options as TLV).
 */
export const notificationFormats = ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const;
export type NotificationFormat = (typeof notificationFormats)[number];

/** What every form carries. */
interface Common {
  /** Identifier of the server as in the device's DMAcc, 1–255 octets of UTF-8. A dm1.3 one that was read may have 256. */
  readonly serverId: string;
  /** 1–65535. The device opens its session under it; `sessionIdText` gives its spelling there. */
  readonly sessionId: number;
  /** Default when encoding: `not-specified`. */
  readonly uiMode: UiMode;
  /** Default when encoding: `server`. */
  readonly initiator: Initiator;
}

/** Package #0 of DM 1.2 (DM-NOTI-1.2 §6). */
export interface Dm12Notification extends Common {
  readonly format: 'dm1.2';
  /** Lower-case hex of everything after the server identifier (§6.2.13); absent when nothing follows. */
  readonly vendorData?: string;
}

/** Package #0 of the 2010 candidate of DM 1.3 (DM-NOTI-1.3-2010 §6). Its body parts may be present and empty. */
export interface Dm13Draft2010Notification extends Common {
  readonly format: 'dm1.3-2010';
  /** Default when encoding: `not-specified`. */
  readonly transport: Transport2010;
  /** Default when encoding: `not-specified`. */
  readonly authType: AuthType;
  /** Asks the device to send DevDetail in the session. Default when encoding: false. */
  readonly sendDevDetail: boolean;
  /** Days that the server keeps the Session-ID valid, 0–7; 0 (the default when encoding) means no limit. */
  readonly timeoutDays: number;
  /** Lower-case hex, up to 65535 octets (§6.2.19). */
  readonly vendorData?: string;
  /** The management object to be managed, up to 255 octets of UTF-8 (§6.2.21). */
  readonly moIdentifier?: string;
  /** For the user, up to 65535 octets of UTF-8 (§6.2.23). */
  readonly reason?: string;
}

/**
 * Package #0 of DM 1.3 (DM-NOTI-1.3 §6). It carries at most 7 options in all: one for `serverId`, one for each entry of
 * the three lists, one each for `reason` and `vendorInfo`. Its texts are Net-Unicode (RFC 5198): written without control
 * characters other than CR LF, and not normalised; what was read may have them (spec-notes ruling 14).
 */
export interface Dm13Notification extends Common {
  readonly format: 'dm1.3';
  /** Default when encoding: `not-specified`. */
  readonly transport: Transport;
  /** Minutes that the server keeps the Session-ID valid, 0–65535; 0 (the default when encoding) means no limit. */
  readonly timeoutMinutes: number;
  /** Time of the server in POSIX seconds, 0–4294967295. It is the digest's nonce, so it must be given. */
  readonly timestamp: number;
  /** Indexes of the objects to be managed, each 0–65535; absent or at least one. */
  readonly targetedMo?: readonly number[];
  /** Indexes of the objects that package #1 shall carry, each 0–65535; at least one (§6.5.4). */
  readonly requestedMo: readonly number[];
  /** Bearers for the session, the one with the highest priority first; absent or at least one. */
  readonly preferredBearer?: readonly PreferredBearer[];
  /** Connect-Reason, for the user: 1–4095 octets of UTF-8. */
  readonly reason?: string;
  /** 1–4095 octets of UTF-8. */
  readonly vendorInfo?: string;
}

/** A complete notification, as decoders and `parseNotification` give it. An absent optional field is absent. */
export type Notification = Dm12Notification | Dm13Draft2010Notification | Dm13Notification;

type WithDefaults<M, Names extends keyof M> = Omit<M, Names> & Partial<Pick<M, Names>>;

/** A notification to encode: what has a default may be left out. Every `Notification` is one. */
export type NotificationInput =
  | WithDefaults<Dm12Notification, 'uiMode' | 'initiator'>
  | WithDefaults<
      Dm13Draft2010Notification,
      'uiMode' | 'initiator' | 'transport' | 'authType' | 'sendDevDetail' | 'timeoutDays'
    >
  | WithDefaults<Dm13Notification, 'uiMode' | 'initiator' | 'transport' | 'timeoutMinutes'>;
