// What the devices of a campaign get: its content made into requests, by the readers of the single calls.
import { ConfigError, ReveilleError, ValueError } from '../../core/index.ts';
import { contentTypes, type PushContentType } from '../../push/index.ts';
import {
  type AccountRecord,
  type AccountStore,
  type Asker,
  type CampaignContent,
  type CampaignRecord,
  type DeviceRecord,
  type FeedItem,
  type FoundDevice,
  maySee,
  type PushQueue,
} from '../../store/index.ts';
import { openJob, readJob } from '../job/job-request.ts';
import { openMessage, readMessage, secureSchemes } from '../message/message-request.ts';
import { type NotificationReading, openNotification, readOpened } from '../push/notification-request.ts';
import { firstCarrier } from '../push/routes.ts';
import { loopTurn } from '../work/loop-turns.ts';

/** What contents are read with. */
export interface ContentReading extends Omit<NotificationReading, 'suspensions'> {
  readonly store: Pick<AccountStore, 'account'> & Pick<PushQueue, 'allocateMessageSessionId'>;
}

/** A device of a campaign, as it is now; without a record where it is gone. */
export interface ContentDevice {
  readonly deviceId: string;
  readonly device: DeviceRecord | undefined;
}

/** Devices that are read between two turns of the event loop, and messages, which are signed. */
const inOneTurn = { read: 64, signed: 8 };

/** Most octets of a detail that is kept with a device. */
const longestDetail = 500;

/** On whose behalf devices of a campaign are asked for. */
export function askerOf({ actor, accounts }: Pick<CampaignRecord, 'actor' | 'accounts'>): Asker {
  return { accounts: accounts ?? 'all', ...(actor !== undefined && { actor }) };
}

/** True for a content of which each device gets a wake. */
export function wakes({ kind, body }: CampaignContent): boolean {
  return kind === 'wake' || (kind === 'job' && body.wake !== false);
}

/**
 * Reads a content for one of the devices, for trial.
 * @throws {ValueError} for the first thing wrong with the content; its path begins with `content.body`
 */
export function tryContent(
  content: CampaignContent,
  device: DeviceRecord,
  account: AccountRecord,
  reading: ContentReading,
): void {
  try {
    if (content.kind === 'message') {
      const asked = readMessage(
        openMessage({ value: bodyOf(content, device.id) }),
        { device, account },
        reading,
      );
      if (asked.complete(1).pinForUser === undefined) return;
      const detail = 'gives each device a PIN of which its user has to be told: not in a campaign';
      throw new ValueError('OUT_OF_RANGE', detail, 'bootstrap.sec');
    } else requestOf(content, device, undefined, reading);
  } catch (error) {
    // That a device has no route is its own affair.
    if (error instanceof ConfigError) return;
    if (!(error instanceof ValueError) || error.path === 'device' || error.path === 'requireSecureTransport')
      throw error;
    const path = error.path === '' ? 'content.body' : `content.body.${error.path}`;
    throw new ValueError(error.code, error.detail, path, error.spec, { cause: error });
  }
}

/** What a content says without a device. @throws {ValueError} */
export function checkContent(content: CampaignContent, reading: ContentReading): void {
  try {
    const value = bodyOf(content, 'any');
    if (content.kind === 'wake') openNotification({ value });
    else if (content.kind === 'job') openJob({ value }, reading);
    else openMessage({ value });
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(error.code, error.detail, `content.body.${error.path}`, error.spec, {
      cause: error,
    });
  }
}

/** A device that was found for a campaign: with the carrier that it begins with, or why it is left out. */
export function found(content: CampaignContent, device: DeviceRecord, reading: ContentReading): FoundDevice {
  const { id: deviceId, suspendedAt, addresses } = device;
  if (suspendedAt !== undefined) return { deviceId, leftOut: { reason: 'suspended' } };
  const schemes =
    content.kind === 'message' && content.body.requireSecureTransport === true ? secureSchemes : undefined;
  const carrier = firstCarrier(reading, typeOf(content, device), addresses, schemes);
  if (carrier !== undefined) return { deviceId, carrier };
  return content.kind === 'job' && !wakes(content)
    ? { deviceId }
    : { deviceId, leftOut: { reason: 'no-route' } };
}

/**
 * What is to be done with devices, in their order. `waits`: by id, until when one has to wait.
 * Rejects as the store does.
 */
export async function itemsOf(
  campaign: Pick<CampaignRecord, 'plan' | 'actor' | 'accounts'>,
  devices: readonly ContentDevice[],
  waits: ReadonlyMap<string, number>,
  reading: ContentReading,
): Promise<readonly FeedItem[]> {
  const { content } = campaign.plan;
  const by = askerOf(campaign);
  const accounts = content.kind === 'message' ? await accountsOf(devices, reading) : none;
  const slice = content.kind === 'message' ? inOneTurn.signed : inOneTurn.read;
  const items: FeedItem[] = [];
  for (const [index, { deviceId, device }] of devices.entries()) {
    if (index > 0 && index % slice === 0) await loopTurn();
    if (device === undefined || !maySee(by, device.serverId)) {
      items.push({ deviceId, do: 'leave-out', reason: 'deleted' });
      continue;
    }
    const dueAt = waits.get(deviceId);
    if (device.suspendedAt !== undefined) items.push({ deviceId, do: 'leave-out', reason: 'suspended' });
    else if (dueAt !== undefined) items.push({ deviceId, do: 'defer', dueAt });
    else items.push(await itemOf(content, device, accounts.get(device.serverId), by, reading));
  }
  return items;
}

async function itemOf(
  content: CampaignContent,
  device: DeviceRecord,
  account: AccountRecord | undefined,
  by: Asker,
  reading: ContentReading,
): Promise<FeedItem> {
  try {
    if (content.kind !== 'message') return requestOf(content, device, by, reading);
    if (account === undefined) throw new TypeError('a device has an account');
    const asked = readMessage(
      openMessage({ value: bodyOf(content, device.id), by }),
      { device, account },
      reading,
    );
    const sessionId = asked.needsSessionId
      ? await reading.store.allocateMessageSessionId(device.id)
      : undefined;
    return { deviceId: device.id, do: 'message', request: asked.complete(sessionId).request };
  } catch (error) {
    return leftOut(device.id, error);
  }
}

function requestOf(
  content: CampaignContent,
  device: DeviceRecord,
  by: Asker | undefined,
  reading: ContentReading,
): FeedItem {
  const value = bodyOf(content, device.id);
  const deviceId = device.id;
  if (content.kind === 'wake') {
    const opened = openNotification({ value, by });
    const { request } = readOpened(opened, device, reading, reading.clock.now());
    return { deviceId, do: 'wake', request };
  }
  const opened = openJob({ value, by }, reading);
  return { deviceId, do: 'job', request: readJob(opened, device, reading).request };
}

/** What keeps one device from getting anything, and none of the others. What is not about it is thrown. */
function leftOut(deviceId: string, error: unknown): FeedItem {
  if (!(error instanceof ReveilleError)) throw error;
  const reason = error instanceof ConfigError ? 'no-route' : 'refused';
  return { deviceId, do: 'leave-out', reason, detail: error.message.slice(0, longestDetail) };
}

async function accountsOf(
  devices: readonly ContentDevice[],
  { store }: ContentReading,
): Promise<ReadonlyMap<string, AccountRecord>> {
  const accounts = new Map<string, AccountRecord>();
  for (const serverId of new Set(devices.flatMap(({ device }) => device?.serverId ?? []))) {
    const account = await store.account(serverId);
    if (account !== undefined) accounts.set(serverId, account);
  }
  return accounts;
}

function bodyOf({ body }: CampaignContent, device: string): Readonly<Record<string, unknown>> {
  return { ...body, device };
}

function typeOf({ kind, body }: CampaignContent, { format }: DeviceRecord): PushContentType {
  if (kind === 'message') return contentTypes['dm+wbxml'];
  const fields = kind === 'wake' ? body : body.notification;
  const named =
    typeof fields === 'object' && fields !== null && 'format' in fields ? fields.format : undefined;
  return named === 'dm1.2' || named === 'dm1.3-2010' || named === 'dm1.3'
    ? contentTypes[named]
    : contentTypes[format];
}

const none: ReadonlyMap<string, AccountRecord> = new Map();
