// Campaigns: kept, fed into the queue of pushes, and their devices' outcomes.
import type { JobRequest } from '../job/job.ts';
import type { IdempotencyMark, MessageRequest, NotificationRequest } from '../push/push.ts';
import type { CreatedBetween, Page, PageRequest } from '../record/page.ts';
import type {
  CampaignApproval,
  CampaignCount,
  CampaignDevice,
  CampaignDeviceState,
  CampaignDeviceStep,
  CampaignForgiven,
  CampaignPlan,
  CampaignRecord,
  CampaignState,
  CampaignStep,
} from './campaign.ts';

/** A new campaign. */
export interface CampaignCreation {
  readonly plan: CampaignPlan;
  readonly state: 'awaiting-approval' | 'scheduled' | 'running';
  readonly accounts?: readonly string[];
  readonly actor?: string;
  readonly owner?: string;
  /** As counted. */
  readonly devices: number;
  /** Names it among the campaigns of its owner. */
  readonly idempotency?: IdempotencyMark;
  /** Its devices, where its target is a list: ids, each once. */
  readonly list?: readonly string[];
}

/** What may change of one. `null` takes away. */
export interface CampaignChange {
  readonly plan?: CampaignPlan;
  readonly state?: CampaignState;
  readonly step?: CampaignStep;
  readonly approval?: CampaignApproval | null;
  readonly canaryDevices?: number;
  readonly canaryAt?: number;
  readonly devices?: number;
  readonly forgiven?: CampaignForgiven | null;
  readonly reason?: string | null;
  readonly startedAt?: number;
  readonly endedAt?: number | null;
  /** Whose token asks for it, for the notice of another state. */
  readonly actor?: string;
}

/** A device that was found for a campaign. */
export interface FoundDevice {
  readonly deviceId: string;
  readonly carrier?: string;
  /** Absent: it is pending. */
  readonly leftOut?: { readonly reason: string; readonly detail?: string };
}

/** Asks for devices to begin. */
export interface PendingRequest {
  readonly campaign: string;
  /** `null`: those of no known carrier. */
  readonly carrier: string | null;
  readonly step: CampaignDeviceStep;
  readonly limit: number;
}

/** What a device gets when it is begun. */
export type FeedItem =
  | { readonly deviceId: string; readonly do: 'wake'; readonly request: NotificationRequest }
  | { readonly deviceId: string; readonly do: 'job'; readonly request: JobRequest }
  | { readonly deviceId: string; readonly do: 'message'; readonly request: MessageRequest }
  /** Left out, or later: nothing is pushed. */
  | { readonly deviceId: string; readonly do: 'leave-out'; readonly reason: string; readonly detail?: string }
  | { readonly deviceId: string; readonly do: 'defer'; readonly dueAt: number }
  /** Its carrier is another by now. */
  | { readonly deviceId: string; readonly do: 'place'; readonly carrier: string | null };

/** How a device was begun. */
export interface FedDevice {
  readonly deviceId: string;
  /**
   * `begun`: with a push or a job of its own; `joined`: on an open wake of the device; `settled`: left out, deferred, placed or
   * refused; `skipped`: it was not pending any more.
   */
  readonly outcome: 'begun' | 'joined' | 'settled' | 'skipped';
  readonly pushId?: string;
  /** Other campaigns whose pending wake of this device was begun with the same push. */
  readonly alsoFor?: readonly string[];
}

/** How devices of campaigns ended. */
export interface CampaignOutcome {
  /** The push that they were begun with. Where a job is named, that counts. */
  readonly pushId?: string;
  readonly jobId?: string;
  readonly state: Exclude<CampaignDeviceState, 'pending' | 'under-way'>;
  readonly reason: string;
  readonly detail?: string;
}

/** What ending devices changed in one campaign. */
export interface SettledCampaign {
  readonly campaign: string;
  /** All counts of it, as they are then. */
  readonly counts: readonly CampaignCount[];
  /** Jobs of devices that were ended by their push: they may still be open. */
  readonly jobs?: readonly string[];
}

/** Which campaigns a list shows. */
export interface CampaignFilter extends CreatedBetween {
  /** One of these; absent: all. */
  readonly states?: readonly CampaignState[];
  /** Those that are of these accounts alone; absent: all. */
  readonly accounts?: readonly string[];
}

/** How far devices have been looked for, when some of them are added. */
export interface CampaignLook {
  /** Id of the last that was looked at. */
  readonly cursor?: string;
  /** True: that was the last one. */
  readonly lookedUp?: boolean;
  /** So many devices are the canary: the first that are not left out. */
  readonly canaryDevices: number;
}

/** Which carriers a campaign has devices for that may begin. */
export interface PendingCarriers {
  /** `null`: of no known carrier. */
  readonly carriers: readonly (string | null)[];
  /** When the next one is due that is not yet. */
  readonly nextDueAt?: number;
}

/** With what devices are begun. */
export interface FeedOptions {
  /** Campaigns that may begin attempts now: a wake joins a push of theirs. */
  readonly joinable: readonly string[];
  /** Campaigns whose devices may be begun with a push of this one. */
  readonly alongside: readonly string[];
  /** For the timeline. */
  readonly actor?: string;
}

/** Wakes that a device has had. */
export interface WakeCount {
  readonly count: number;
  /** When the first of them was asked for, milliseconds since the POSIX epoch. */
  readonly oldestAt: number;
}

/** Which devices of a campaign a report shows, in order of `ordinal`. */
export interface CampaignDevicePage {
  /** Only those behind it. */
  readonly afterOrdinal?: number;
  /** Largest number of them, 1 or more. */
  readonly limit: number;
  readonly states?: readonly CampaignDeviceState[];
  readonly reason?: string;
  readonly deviceId?: string;
}

/** A push, or a job, that nobody but one campaign asked for. */
export interface CancellablePush {
  readonly ordinal: number;
  readonly pushId?: string;
  /** It is not over. */
  readonly jobId?: string;
}

/** Pushes of a campaign that wait for a carrier. */
export interface QueuedOfCampaign {
  readonly campaign: string;
  /** `null`: none has been found yet. */
  readonly carrier: string | null;
  readonly count: number;
}

/**
 * Keeps campaigns and their devices. What a call wrote is on disk when its promise resolves; each call is one transaction, so that
 * whoever dies amid one leaves nothing half done. Counts go with the devices in it.
 */
export interface CampaignStore {
  /**
   * Makes a campaign, with the devices of its list.
   * @throws {StoreError} IDEMPOTENCY_CONFLICT when its owner used the key for another one; UNKNOWN_DEVICE, naming the first id of a
   *   list that is not there, or is of an account that `accounts` does not have
   */
  createCampaign(
    creation: CampaignCreation,
  ): Promise<{ readonly campaign: CampaignRecord; readonly created: boolean }>;
  campaign(id: string): Promise<CampaignRecord | undefined>;
  /** Campaigns, newest first. */
  listCampaigns(page: PageRequest & CampaignFilter): Promise<Page<CampaignRecord>>;
  /** All without `endedAt`, oldest first: what a server that starts goes on with. */
  openCampaigns(): Promise<readonly CampaignRecord[]>;
  /**
   * Changes a campaign; `undefined`: there is none.
   * @param version that it has to have; absent: any
   * @throws {StoreError} VERSION_MISMATCH
   */
  changeCampaign(id: string, change: CampaignChange, version?: number): Promise<CampaignRecord | undefined>;
  /**
   * Adds what was found, each once, in order, and notes how far was looked. Nothing is added to one that is over.
   * @throws {StoreError} UNKNOWN_CAMPAIGN
   */
  addCampaignDevices(id: string, found: readonly FoundDevice[], look: CampaignLook): Promise<CampaignRecord>;
  /** Carriers of devices that are pending and due. */
  pendingCarriers(id: string, step: CampaignDeviceStep): Promise<PendingCarriers>;
  /** Devices that are pending and due: those that had to wait first, then in order of `ordinal`. */
  pendingDevices(request: PendingRequest): Promise<readonly CampaignDevice[]>;
  /**
   * Begins devices, together with the pushes and jobs that they get. A `wake` whose device has an open notification of the same
   * account that may still be answered joins it, where that is nobody's campaign or that of one in `joinable`; a `job` then is made
   * without a wake. What is begun with a push begins devices of campaigns `alongside` too: the same device, where it is pending
   * and due there, of a campaign of wakes that is running and has come to its step. What the queue refuses (suspended, too many
   * open jobs …) is left out with its reason. Of a campaign that is not running, all are skipped. The outcomes are in the
   * order of the items.
   */
  feedCampaign(id: string, items: readonly FeedItem[], options: FeedOptions): Promise<readonly FedDevice[]>;
  /** Notifications that were asked for since a moment, of each device that has any. Those that ended before they left us do not count. */
  wakesSince(deviceIds: readonly string[], since: number): Promise<ReadonlyMap<string, WakeCount>>;
  /**
   * Ends devices under way by their push or job, in all campaigns that share it; those that ended before stay. A push that was
   * `completed` ends none that has a job.
   */
  settleCampaignDevices(outcomes: readonly CampaignOutcome[]): Promise<readonly SettledCampaign[]>;
  /**
   * Up to `limit` outcomes of devices under way whose push or job is over or gone: for starts, and for whoever missed an event.
   * Codes are not kept: `reason` is empty, and `detail` says it in words.
   */
  unsettledDevices(id: string, limit: number): Promise<readonly CampaignOutcome[]>;
  /** Ends up to `limit` devices that are pending; gives how many. */
  endPendingDevices(
    id: string,
    as: { readonly state: 'cancelled' | 'left-out' | 'expired'; readonly reason: string },
    limit: number,
  ): Promise<number>;
  /**
   * Up to `limit` pushes and open jobs of devices under way, in order of `ordinal`, that no other open campaign shares and nobody
   * else asked for: to be cancelled.
   */
  cancellablePushes(id: string, limit: number, afterOrdinal?: number): Promise<readonly CancellablePush[]>;
  /** Up to `limit` devices that failed or expired are pending again, in the step that the campaign has come to; gives how many. */
  retryCampaignDevices(id: string, limit: number): Promise<number>;
  /** Counts by step, state and reason; what there are none of is left out. */
  campaignCounts(id: string): Promise<readonly CampaignCount[]>;
  /** Devices of a campaign, in order of `ordinal`. */
  campaignDevices(id: string, page: CampaignDevicePage): Promise<readonly CampaignDevice[]>;
  /** Up to `limit` pushes of a campaign that were kept back (`gated`) are due now; gives how many. */
  ungatePushes(campaign: string, limit: number): Promise<number>;
  /** Pushes that open campaigns made and that are queued, not kept back: for a feeder that starts. */
  queuedOfCampaigns(): Promise<readonly QueuedOfCampaign[]>;
  /** Removes what is over since before a moment, up to `limit` rows; gives how many went. Whoever gets as many asks again. */
  dropCampaigns(before: number, limit: number): Promise<number>;
}
