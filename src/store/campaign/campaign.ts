// A campaign as stored: what goes to which devices, when, how fast, and where it stands.

/** What each device gets. `body` is the body of the single call without `device`, checked when the campaign was made. */
export interface CampaignContent {
  /** `wake`: a notification; `job`: a job with what wakes for it; `message`: a message that needs no session. */
  readonly kind: 'wake' | 'job' | 'message';
  /** As `POST /v1/notifications`, `/v1/jobs` or `/v1/messages` takes it, without the device. May hold secrets: sealed. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Which devices it is for. */
export type CampaignTarget =
  /** `fixed`: those that match when it starts; `live`: those too that come to match until it ends. `filter` is the text. */
  | { readonly by: 'filter'; readonly filter: string; readonly mode: 'fixed' | 'live' }
  /** A list of ids, which lies in `campaign_devices` from the beginning. */
  | { readonly by: 'list' };

/** A time of the week in which attempts may begin. */
export interface DailyWindow {
  /** Days on which it begins: 1 is Monday, 7 Sunday. Absent: all. */
  readonly days?: readonly number[];
  /** Local wall time, minutes since midnight, 0–1439. */
  readonly from: number;
  /** The same, 1–1440; not after `from`: it ends on the day after. */
  readonly to: number;
}

/** How fast it begins devices. */
export interface CampaignPace {
  /** Devices a second in all, above 0, may be below 1. Absent: as fast as its carriers take them. */
  readonly perSecond?: number;
  /** The same by name of a carrier. */
  readonly carriers?: Readonly<Record<string, number>>;
}

/** The first devices of a campaign, looked at before the rest. */
export interface CampaignCanary {
  readonly devices?: number;
  /** Above 0 up to 100; exactly one of the two is there. */
  readonly percent?: number;
  /** How long the outcomes of the last of them are waited for, in milliseconds. */
  readonly waitMs: number;
}

/** When it stops by itself. */
export interface CampaignStop {
  /** Largest part of the ended devices of a step that may have failed, above 0 up to 1. */
  readonly failureRate?: number;
  /** So many of a step must have ended before the rate counts; of a smaller canary all. Default 50. */
  readonly rateFrom?: number;
  /** Largest number of failed devices of the whole campaign. */
  readonly failures?: number;
}

/** What may be changed while it runs. */
export interface CampaignRules {
  readonly pace?: CampaignPace;
  /** IANA name; with `windows`. */
  readonly timeZone?: string;
  /** Attempts, retries too, begin in one of these alone. Absent: at any time. */
  readonly windows?: readonly DailyWindow[];
  readonly stop?: CampaignStop;
  /** -10 to 10, default 0: where carriers have room for one only, the higher goes first. */
  readonly priority?: number;
  /** Wakes of a device within 24 hours, whoever asked for them; who has had so many waits. */
  readonly wakesPerDay?: number;
  /** When it is over whatever is left, milliseconds since the POSIX epoch. */
  readonly expiresAt: number;
}

/** All that is asked for. */
export interface CampaignPlan extends CampaignRules {
  /** For people; unique among those that are not over is not asked for. */
  readonly name: string;
  readonly content: CampaignContent;
  readonly target: CampaignTarget;
  readonly canary?: CampaignCanary;
  /** Not before, milliseconds since the POSIX epoch; absent: at once. */
  readonly startAt?: number;
}

/**
 * `awaiting-approval`: larger than one owner may start; `scheduled`: its start is to come; `running`; `paused`: by somebody;
 * `stopped`: by itself, `reason` says why; may be resumed, as `paused`. The last three are its end.
 */
export const campaignStates = [
  'awaiting-approval',
  'scheduled',
  'running',
  'paused',
  'stopped',
  'completed',
  'cancelled',
  'expired',
] as const;
export type CampaignState = (typeof campaignStates)[number];

/** Where a running one is: the canary goes out, its outcomes are waited for, the rest goes out. Without a canary: `rest`. */
export type CampaignStep = 'canary' | 'canary-wait' | 'rest';

/** Which part of a campaign a device belongs to. */
export type CampaignDeviceStep = 'canary' | 'rest';

/** Where the device of a campaign stands; all but the first two are its end. */
export const campaignDeviceStates = [
  'pending',
  'under-way',
  'completed',
  'failed',
  'expired',
  'cancelled',
  'left-out',
] as const;
export type CampaignDeviceState = (typeof campaignDeviceStates)[number];

/** Why a device is left out. */
export type LeftOutReason = 'suspended' | 'no-route' | 'deleted' | 'refused' | 'campaign-over';

/** Devices in one state, of one step, for one reason. */
export interface CampaignCount {
  readonly step: CampaignDeviceStep;
  readonly state: CampaignDeviceState;
  /** A `FailureReason`, a `LeftOutReason`, or empty. */
  readonly reason: string;
  readonly count: number;
}

/** What is left out of the rules that stop a campaign. */
export interface CampaignForgiven {
  readonly step: CampaignDeviceStep;
  /** Devices of the step that had ended, and those of them that had failed. */
  readonly ended: number;
  readonly failed: number;
  /** Devices of the whole campaign that had failed. */
  readonly failures: number;
}

/** Who let a campaign start that is larger than one owner may start. */
export interface CampaignApproval {
  readonly owner: string;
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
  /** How many devices it had then. */
  readonly devices: number;
}

/** A campaign as stored. */
export interface CampaignRecord {
  /** UUID, version 7. */
  readonly id: string;
  /** Whole plan; its rules are those of now. */
  readonly plan: CampaignPlan;
  readonly state: CampaignState;
  readonly step: CampaignStep;
  /** Accounts that its maker may see: devices of others are not its own. Absent: all. */
  readonly accounts?: readonly string[];
  /** Owner and name of the token that made it, for the timeline, and the owner alone, for approval. */
  readonly actor?: string;
  readonly owner?: string;
  readonly approval?: CampaignApproval;
  /** How far devices have been looked for: id of the last; `lookedUp` when all have (of a live one: a first time). */
  readonly cursor?: string;
  readonly lookedUp: boolean;
  /** Devices that it has, those left out too. Before it was looked up: as counted when it was made, or started. */
  readonly devices: number;
  /** How many of them are the canary, once that is known. */
  readonly canaryDevices: number;
  /** When the last of the canary began. */
  readonly canaryAt?: number;
  /** What does not count any more, for somebody resumed it after it had stopped. */
  readonly forgiven?: CampaignForgiven;
  /** Why it stopped, was paused or is over, in words. */
  readonly reason?: string;
  /** How often `changeCampaign` wrote it, for that and for ETags: devices that move leave it alone. */
  readonly version: number;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly updatedAt: number;
}

/** One device of a campaign. */
export interface CampaignDevice {
  readonly deviceId: string;
  /** From 0, in the order in which it was found: the canary are the first that are not left out. */
  readonly ordinal: number;
  readonly step: CampaignDeviceStep;
  readonly state: CampaignDeviceState;
  /** Name of the carrier that its first attempt is expected to begin with; a hint. */
  readonly carrier?: string;
  /** Not before; of `pending`. */
  readonly dueAt?: number;
  /** How often it was begun: more than once after a retry of what failed. */
  readonly tries: number;
  readonly pushId?: string;
  readonly jobId?: string;
  /** True when the push was another's: a wake that was open already, or one that two campaigns share. */
  readonly shared: boolean;
  readonly reason?: string;
  readonly detail?: string;
  readonly beganAt?: number;
  readonly endedAt?: number;
}

/** Percents of whole numbers are whole numbers too, whatever floating point makes of them. */
const roundingError = 1e-9;

/** How many of so many devices are the canary: at least one, where there are any. */
export function canarySize(canary: CampaignCanary | undefined, devices: number): number {
  if (canary === undefined) return 0;
  const wanted = canary.devices ?? Math.ceil((devices * (canary.percent ?? 0)) / 100 - roundingError);
  return Math.min(devices, Math.max(1, wanted));
}

/** True for a device of a campaign that came to its end. */
export function isCampaignEnd(state: CampaignDeviceState): boolean {
  return state !== 'pending' && state !== 'under-way';
}
