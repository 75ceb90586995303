// Webhooks: who is told of events over HTTP, how far each of them has been told, and what waits or could not be told.
import type { Page, PageRequest } from '../record/page.ts';
import type { RecordVersion } from '../record/record-version.ts';
import type { FeedPosition } from './notice.ts';

/** Secrets that sign: `whsec_` and Base64. */
export interface WebhookSecrets {
  readonly current: string;
  /** The one before, which signs too until then; milliseconds since the POSIX epoch. */
  readonly previous?: { readonly secret: string; readonly until: number };
}

/** A new one. */
export interface WebhookInput {
  readonly url: string;
  /** For people. */
  readonly name?: string;
  /** Kinds of events that it is told of. */
  readonly kinds: readonly string[];
  /** Devices that it is told of; absent: all, and what is of no device. */
  readonly devices?: readonly string[];
  /** Accounts that it is told of: those of who made it. Absent: all. */
  readonly accounts?: readonly string[];
  /** Owner of the token that made it, and how the audit log names that. */
  readonly owner?: string;
  readonly actor?: string;
  readonly secrets: WebhookSecrets;
}

/** How deliveries have gone. */
export interface WebhookHealth {
  /** Attempts in a row that failed, since the last that did not. */
  readonly failures: number;
  /** Since when they do; milliseconds since the POSIX epoch, as all times here. */
  readonly failingSince?: number;
  readonly lastSuccessAt?: number;
  readonly lastErrorAt?: number;
  /** In words; of what the receiver says, its status alone. */
  readonly lastError?: string;
  /** Events that were delivered. */
  readonly delivered: number;
  /** Dead ones that were dropped, for there were too many of them. */
  readonly dropped: number;
}

/** A webhook as stored. */
export interface WebhookRecord extends WebhookInput {
  /** UUID, version 7. */
  readonly id: string;
  readonly state: 'active' | 'suspended';
  /** Why it is suspended, and since when. */
  readonly reason?: string;
  readonly suspendedAt?: number;
  /** All before it was delivered, stands among what is held, or is none of its business. */
  readonly position: FeedPosition;
  readonly health: WebhookHealth;
  /** Deliveries that wait, and dead ones. */
  readonly waiting: number;
  readonly dead: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** How often its owner changed it. */
  readonly revision: number;
}

/** What may change of one; `null` takes away. */
export interface WebhookChange {
  readonly url?: string;
  readonly name?: string | null;
  readonly kinds?: readonly string[];
  readonly devices?: readonly string[] | null;
  readonly secrets?: WebhookSecrets;
  readonly state?: WebhookRecord['state'];
  /** Of `suspended`. */
  readonly reason?: string;
  readonly position?: FeedPosition;
  /** Failures are forgotten. */
  readonly fresh?: true;
}

/** An event whose delivery is to wait. */
export interface NewDelivery {
  /** `webhook-id` of the request: the same for each attempt. */
  readonly eventId: string;
  /** What comes after it under the same name waits for it: the device, or what the event is about. */
  readonly lane: string;
  /** `notification.failed` and the like. */
  readonly type: string;
  /** When it happened. */
  readonly at: number;
  /** Body of the request. */
  readonly payload: string;
  readonly attempts: number;
  /** When it may be tried; 0: as soon as nothing of its lane is before it. */
  readonly dueAt: number;
  readonly error?: string;
}

/** The same as kept. */
export interface HeldDelivery extends NewDelivery {
  /** In the order of their lane. */
  readonly number: number;
  readonly state: 'waiting' | 'dead';
  readonly updatedAt: number;
}

/** What came of an attempt that is to be made again, or not any more. */
export interface FailedDelivery {
  readonly number: number;
  readonly attempts: number;
  readonly error: string;
}

/** What a while of deliveries came to. */
export interface WebhookStep {
  readonly position: FeedPosition;
  readonly hold?: readonly NewDelivery[];
  /** Numbers of those that were delivered. */
  readonly done?: readonly number[];
  readonly again?: readonly (FailedDelivery & { readonly dueAt: number })[];
  readonly dead?: readonly FailedDelivery[];
  readonly health: Omit<WebhookHealth, 'dropped'>;
  /** It is suspended for this reason. */
  readonly suspend?: string;
}

/** Bounds of what is kept. */
export const webhookLimits = Object.freeze({
  /** Webhooks of a store. */
  webhooks: 100,
  /** Deliveries of one that wait. While there are so many, the feed is not read on for it. */
  waiting: 2000,
  /** Dead ones of it; the oldest are dropped, and counted. */
  dead: 1000,
});

/** Keeps webhooks. What a call wrote is on disk when its promise resolves. */
export interface WebhookStore {
  /** Its feed begins now. @throws {StoreError} TOO_MANY_WEBHOOKS beyond `webhookLimits.webhooks` */
  createWebhook(input: WebhookInput): Promise<WebhookRecord>;
  webhook(id: string): Promise<WebhookRecord | undefined>;
  /** In order of creation. */
  listWebhooks(page: PageRequest): Promise<Page<WebhookRecord>>;
  /** `undefined`: there is none. @throws {StoreError} VERSION_MISMATCH */
  changeWebhook(
    id: string,
    change: WebhookChange,
    expected?: readonly RecordVersion[],
  ): Promise<WebhookRecord | undefined>;
  /** Removes it with all that is held. False: there is none. @throws {StoreError} VERSION_MISMATCH */
  deleteWebhook(id: string, expected?: readonly RecordVersion[]): Promise<boolean>;
  /** Writes what deliveries came to, in one transaction. Of a webhook that is gone, nothing. What is held already stays as it is. */
  settleWebhook(id: string, step: WebhookStep): Promise<void>;
  /** What is held of it, without bodies: at most what `webhookLimits` says. */
  heldOfWebhook(id: string): Promise<readonly Pick<HeldDelivery, 'number' | 'eventId' | 'lane' | 'state'>[]>;
  /** Deliveries that may be tried: the first of each lane, where it is due; those due longest first. */
  dueDeliveries(id: string, limit: number): Promise<readonly HeldDelivery[]>;
  /** When the next may be tried that is the first of its lane; `undefined` when none waits. May be in the past. */
  nextDeliveryAt(id: string): Promise<number | undefined>;
  /** Dead ones, oldest first; `after` is a number of one. */
  deadDeliveries(id: string, page: PageRequest): Promise<Page<HeldDelivery>>;
  /** Dead ones wait again, as if they had never been tried: those with these ids, or all. Gives how many. */
  retryDead(id: string, eventIds?: readonly string[]): Promise<number>;
  /** Dead ones go: those with these ids, or all. Gives how many. */
  dropDead(id: string, eventIds?: readonly string[]): Promise<number>;
}
