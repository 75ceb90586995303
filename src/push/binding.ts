// What every push binding is: a name, its limits, and `send`.
import type { CarrierStatus } from './carrier-status.ts';

/** The type of what is pushed, in both spellings that carriers need. */
export interface PushContentType {
  /** MIME type as text, without parameters. */
  readonly mime: string;
  /** Assigned WSP content type number, 0–127. */
  readonly code: number;
  /** Parameters: `SEC` by its name (`USERPIN`) and `MAC` of bootstrap messages (OMA ProvBoot 1.1). Default: none. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * The content types of DM, by use (DM-NOTI-1.2 §6, DM-NOTI-1.3-2010 §6, DM-NOTI-1.3 §6, DM-PUSH §5.1), and those of
 * Client Provisioning, which bootstraps it (OMA ProvBoot 1.1).
 */
export const contentTypes = {
  'dm1.2': { mime: 'application/vnd.syncml.notification', code: 0x44 },
  'dm1.3-2010': { mime: 'application/vnd.syncml.dm.notification', code: 0x44 },
  'dm1.3': { mime: 'application/vnd.syncml.dm.notification', code: 0x58 },
  'dm+wbxml': { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 },
  'dm+xml': { mime: 'application/vnd.syncml.dm+xml', code: 0x43 },
  'connectivity+xml': { mime: 'text/vnd.wap.connectivity-xml', code: 0x35 },
  'connectivity+wbxml': { mime: 'application/vnd.wap.connectivity-wbxml', code: 0x36 },
} as const satisfies Record<string, PushContentType>;

/** What a push carries, by its content type. */
export type PushContent = 'notification' | 'dm+wbxml' | 'dm+xml' | 'connectivity+wbxml' | 'connectivity+xml';

/** One push: opaque octets and what they are. */
export interface Push {
  /** Names the push in logs and, where a carrier has one, in its push identifier. */
  readonly id: string;
  readonly contentType: PushContentType;
  readonly body: Uint8Array;
  /**
   * Moment from which it is worth nothing, milliseconds since the POSIX epoch: carriers that keep pushes are told. Absent:
   * the carrier's own limit.
   */
  readonly expiresAt?: number;
  /**
   * The carrier that may have it from an earlier attempt of which nobody can tell (`Carriers.heldBy`): the push goes that way
   * alone. Absent: whichever way is best.
   */
  readonly heldBy?: string;
}

/** What the carrier told us, never what we hope. */
export type SendResult =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'accepted'; readonly reference: string }
  | { readonly outcome: 'delivered'; readonly reference?: string };

/**
 * The carriers of a binding: its accounts, gateways or hosts, each with places and a pace of its own. Whoever sends asks first,
 * so that what a carrier cannot take now waits where it can be claimed by somebody else, and not in the binding.
 */
export interface Carriers<To> {
  /** Names of all, such as `sms` or `pap:gw1`. */
  readonly names: readonly string[];
  /**
   * Name of the carrier that a push to this address goes to. `heldBy` is the one that the push waited for last: where it is one of
   * `held`, and still leads to this address, the push goes there.
   */
  of(to: To, heldBy?: string): string;
  /** How many more pushes it takes now without their waiting for a place or for our own pace: 0 or more. */
  free(carrier: string): number;
  /** Calls back, once, when a carrier may be freer than `free` said last. Gives what ends that. The listener must not throw. */
  onFree(listener: (carrier: string) => void): () => void;
  /**
   * Those of `names` that only pushes wait for which a carrier may have taken already, and which no other may get. Absent: there are
   * none.
   */
  readonly held?: readonly string[];
  /**
   * The one of `held` that a push has to wait for now: it was handed over, and nobody can tell whether it was taken. Whoever keeps
   * pushes keeps that with them, and gives it back as `Push.heldBy`, so that it holds after a restart too.
   */
  heldBy?(pushId: string): string | undefined;
  /**
   * Names of those, as `status` and `names` have them, that get no pushes from now on: where several stand behind one name, the
   * others get them, and what waits here for one of those leaves it. Absent: `names` are all there is, and who sends leaves
   * those out by itself.
   */
  suspend?(names: ReadonlySet<string>): void;
  /** True for one of `names` behind which nothing is left that gets pushes. */
  isSuspended?(carrier: string): boolean;
}

/** Code of a `PushError` of a push that was not handed over, for its carrier is suspended. */
export const carrierSuspendedCode = 'CARRIER_SUSPENDED';

/** One way to reach a device. It moves opaque octets; it does not know Package #0. */
export interface Binding<To> {
  readonly name: string;
  /** Largest body in octets. */
  readonly maxPayload: number;
  /** Absent: one carrier with the name of the binding, which takes whatever comes. */
  readonly carriers?: Carriers<To>;
  /**
   * Hands the push to the carrier.
   * @throws {ValueError} TOO_LONG when the body is beyond `maxPayload`, before anything is sent
   * @throws {PushError} when the carrier refuses or cannot be reached; `retryable` says whether to try again
   */
  send(push: Push, to: To, signal: AbortSignal): Promise<SendResult>;
  /** How its carriers stand. Absent for a binding that holds no links. */
  status?(): readonly CarrierStatus[];
  /** Ends links; pushes in flight are waited for. */
  close(): Promise<void>;
}

/** Something that a device received and that is meant for its DM client. */
export interface ReceivedPush {
  /** Name of the binding. */
  readonly binding: string;
  /** Where it came from, for logs; never trusted. */
  readonly from: string;
  /** Who sent it, where the carrier names more than `from` does (the URI in From of SIP); a claim. */
  readonly sender?: string;
  readonly contentType: { readonly mime: string | undefined; readonly code: number | undefined };
  /** What it carries by its content type, found once, when it came in (`PushIntake`); see `contentOfPush`. */
  readonly content?: PushContent;
  /** Parameters of the content type: `SEC` by the name of its value, `MAC`, others in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
