// What a device is made with.
import type { MoIndexRegistry } from '../codec/notification/index.ts';
import type { MessageForm } from '../codec/syncml/index.ts';
import type { Clock, Logger } from '../core/index.ts';
import type { BootstrapGate } from './bootstrap/bootstrap-gate.ts';
import { type FirmwareInstaller, simulatedInstaller } from './firmware/firmware-installer.ts';
import type { DigestCompatibility } from './notification/authenticate.ts';
import type { SessionPurpose } from './notification/session-purpose.ts';
import type { DeviceEvent } from './report/events.ts';
import type { ReplayOptions } from './state/replay-memory.ts';
import type { StateStorage } from './state/state-storage.ts';
import type { BackOffOptions } from './transport/back-off.ts';
import type { Bearer } from './transport/bearers.ts';
import type { DmHttpClient, DmHttpOptions } from './transport/dm-http-client.ts';
import type { AcceptPolicy, UserInterface } from './user/user-interface.ts';

/** How firmware is updated. */
export interface FirmwareOptions {
  /** Default: a simulation, which takes the version from the head of the package. */
  readonly install?: FirmwareInstaller;
  /** Octets of a package that is downloaded. Default 4194304. */
  readonly maxPackageSize?: number;
  /** Until a package is there, in milliseconds. Default 10 minutes. */
  readonly downloadTimeoutMs?: number;
}

/** Options of a device. Times are in milliseconds. */
export interface DeviceOptions {
  /** Where its state is: `openStateFile` or `memoryState`. The device closes it when it stops. */
  readonly storage: StateStorage;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: says nothing. Pushes that are received, dropped or not acted on are summed up (`EventSummary`). */
  readonly logger?: Logger;
  /**
   * Called with everything that happens, in order, and with each drop of a flood: who writes lines sums them up by
   * `EventSummary`. What it throws is logged.
   */
  readonly onEvent?: (event: DeviceEvent) => void;
  /** Without one, nobody is told, and who would have to be asked counts as not answering. */
  readonly user?: UserInterface;
  /**
   * Whether Package #0 may come by secure connectionless push (`waps`) too. All three documents have it sent by the
   * non-secure one (§7.1; spec-notes ruling 26). Default false.
   */
  readonly secureNotifications?: boolean;
  /** What answers a server that recommends to ask the user. Default `ask`. */
  readonly accept?: AcceptPolicy;
  /**
   * How long a question is shown to the user: consent, alerts of servers (whose MAXDT may shorten it), PINs. It waits for its
   * turn twice as long at most. 1 ms to 24.8 days, default 2 minutes.
   */
  readonly confirmTimeoutMs?: number;
  /** Questions of servers that are shown or wait for it. Default 16. */
  readonly maxQuestions?: number;
  /** Of one server. Default 4. */
  readonly maxQuestionsPerServer?: number;
  /** False, or a function that tells, where the clock may be wrong; then age is not judged. Default true. */
  readonly trustworthyClock?: boolean | (() => boolean);
  /** How far the clocks of server and device may lie apart. Default 5 minutes. */
  readonly clockSkewMs?: number;
  /** Bearers that are available at first. Default: the device does not tell bearers apart. */
  readonly bearers?: readonly (Bearer | string)[];
  /** How long a session waits for one of its preferred bearers. Default 1 hour. */
  readonly bearerWaitMs?: number;
  /** Whether the device can be managed now: `true`, or why not ("battery at 12 %"). Default: always. */
  readonly mayStart?: (purpose: SessionPurpose) => true | string | Promise<true | string>;
  /** Numbers of management objects. Default: the project's table. */
  readonly moIndexes?: MoIndexRegistry;
  /** Memory of notifications and of resynchronisations. */
  readonly replay?: ReplayOptions;
  /** Spellings of peers that break the rules. Default: none. */
  readonly compatibility?: DigestCompatibility;
  /**
   * Notifications that may wait for their session or be in it; as many sessionless messages may be processed or wait for
   * it, which take no place of a notification. Default 32.
   */
  readonly maxPending?: number;
  /** Of one server. Default 8. */
  readonly maxPendingPerServer?: number;
  /** Bootstraps that may be looked at or wait for the user: two of one sender, a quarter of one host. Default 256. */
  readonly maxBootstraps?: number;
  /** Encoding of the device's messages. Default `wbxml`. */
  readonly form?: MessageForm;
  /** `DM/1.2` or `DM/1.3`. Default: that of the notification's format; DM/1.2 for a session of the device's own. */
  readonly verProto?: string;
  /** Connections to servers; not used when `httpClient` is given. */
  readonly http?: DmHttpOptions;
  /** One that several devices share; it is not closed with the device. Default: one of its own, made with `http`. */
  readonly httpClient?: DmHttpClient;
  /** Octets of an object that the device takes from a server, as transmitted. Default 4194304. */
  readonly maxObjSize?: number;
  /** How the firmware update object works (FUMO); see `ProvisioningInput.firmwareUpdate`. */
  readonly firmware?: FirmwareOptions;
  /** What decides about bootstraps. Default: each is refused. */
  readonly bootstrap?: BootstrapGate;
  /** Pauses between sessions that do not reach their server. */
  readonly backOff?: BackOffOptions;
  /** Fresh nonces, 16 octets. Default: the system's secure generator. */
  readonly randomNonce?: () => Uint8Array;
  /** 0 to below 1, for pauses and for Session-IDs of the device's own. Default `Math.random`. */
  readonly random?: () => number;
}

/** What counts when an option is absent. */
export const deviceDefaults = Object.freeze({
  secureNotifications: false,
  accept: 'ask',
  confirmTimeoutMs: 120_000,
  clockSkewMs: 300_000,
  bearerWaitMs: 3_600_000,
  maxQuestions: 16,
  maxQuestionsPerServer: 4,
  maxPending: 32,
  maxPendingPerServer: 8,
  maxBootstraps: 256,
  form: 'wbxml',
  maxObjSize: 4_194_304,
} as const);

/** What counts when an option of firmware is absent. */
export const firmwareDefaults: Required<FirmwareOptions> = Object.freeze({
  install: simulatedInstaller,
  maxPackageSize: 4_194_304,
  downloadTimeoutMs: 600_000,
});
