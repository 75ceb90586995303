// What a new session begins with: who the device is, which notification it answers, what both sides hold.
import { randomUUID } from 'node:crypto';
import { alertCodes } from '../../codec/syncml/index.ts';
import { familyOf, sessionIdReadings } from '../../families/index.ts';
import type { Incoming, ServerSessionOptions } from '../../session/index.ts';
import {
  type DeviceRecord,
  isOpenPush,
  type NotificationPush,
  type SessionFacts,
  type SessionJournal,
} from '../../store/index.ts';
import { sessionCredentials } from '../compose/rotated-secret.ts';
import { noCommands, type SessionSubject, type SessionWork } from '../work/session-work.ts';
import { decoyCredentials } from './decoy.ts';

/** What is found out about a session before it begins. */
export interface SessionOpening {
  /** A number where it is that of a notification, or may be; the text of the client where the client began. */
  readonly sessionId: number | string;
  /** False for a device that does not exist: no credentials hold. */
  readonly known: boolean;
  readonly notification: NotificationPush | undefined;
  /** As it was read; `undefined` as `known` is false. */
  readonly device: DeviceRecord | undefined;
  readonly subject: Omit<SessionSubject, 'device'>;
  readonly options: Omit<ServerSessionOptions, 'sessionId' | 'deviceId'>;
}

/** When package #1 came, and with what. */
export interface OpeningContext {
  /** Milliseconds since the POSIX epoch. */
  readonly now: number;
  /** Fingerprint of the client certificate that the transport verified. */
  readonly certificate?: string | undefined;
}

/** Who began the session, by the alert of package #1; `undefined` when the message is none. */
export function triggerOf(incoming: Incoming): 'server' | 'client' | undefined {
  for (const command of incoming.message.commands) {
    if (command.name !== 'Alert') continue;
    const code = Number(command.data);
    if (code === alertCodes.serverInitiated) return 'server';
    if (code === alertCodes.clientInitiated) return 'client';
  }
  return undefined;
}

/**
 * Looks up what the session of package #1 needs. `candidates` are the readings of its SessionID, the likeliest first. Of a device that does not exist as
 * much is read as of one that does, so that the time tells nothing (spec-notes ruling 22).
 */
export async function openingOf(
  incoming: Incoming,
  candidates: readonly number[],
  trigger: 'server' | 'client',
  store: Pick<SessionJournal, 'sessionFacts'>,
  work: SessionWork,
  { now, certificate }: OpeningContext,
): Promise<SessionOpening> {
  const { header } = incoming.message;
  const deviceId = header.source.uri;
  const asked = trigger === 'server' ? lookedUpFor(candidates) : [];
  const { device, account, notifications } = await store.sessionFacts(deviceId, asked);
  const readings = sessionIdReadings(familyOf(device ?? {}), header.sessionId, candidates);
  const notification =
    trigger === 'server' ? answeredBy(candidates, readings, notifications, now) : undefined;
  const number = notification?.sessionId ?? readings[0];
  // A session that the client begins has an identifier of its own making, which is no notification's (rulings 10 and 23).
  const spelled = trigger === 'server' && number !== undefined && candidates.includes(number);
  const sessionId = spelled ? number : header.sessionId;
  const subject = {
    ...(number !== undefined && { sessionId: number }),
    ...(notification !== undefined && { notification }),
    holder: randomUUID(),
    alsoAnswers: new Set<string>(),
  };
  if (device === undefined) {
    const options = { serverId: '', serverUri: '', client: decoyCredentials(deviceId), commands: noCommands };
    return { sessionId, known: false, notification: undefined, device, subject, options };
  }
  const transportTrusted = certificate !== undefined && device.tlsCertificate?.sha256 === certificate;
  return {
    sessionId,
    known: true,
    notification,
    device,
    subject,
    options: {
      serverId: device.serverId,
      serverUri: account?.url ?? device.serverId,
      ...clientOptions(device, transportTrusted),
      server: sessionCredentials(device, 'server', device.serverCredentials, notification),
      ...(device.serverSchemes !== undefined && { serverSchemes: device.serverSchemes }),
      // Ruling 12: only for the Session-ID of a push that went out under the default nonce.
      acceptDefaultNonce:
        notification !== undefined && isOpenPush(notification) && notification.defaultNonce === 'offered',
      commands: work.commands({ ...subject, device }),
    },
  };
}

/** A device without CLCRED that its certificate does not vouch for is refused as one that does not exist. */
function clientOptions(
  device: DeviceRecord,
  transportTrusted: boolean,
): Pick<ServerSessionOptions, 'client' | 'clientSchemes' | 'transportTrusted'> {
  const { id, clientCredentials, clientSchemes } = device;
  const decoy = transportTrusted ? undefined : decoyCredentials(id);
  const client =
    clientCredentials === undefined ? decoy : sessionCredentials(device, 'client', clientCredentials);
  return {
    transportTrusted,
    ...(client !== undefined && { client }),
    ...(clientSchemes !== undefined && { clientSchemes }),
  };
}

/**
 * For so long, in milliseconds, a client may still begin the session of a notification that is over: one that another session
 * answered, or whose last answer never reached it.
 */
const belatedMs = 3_600_000;

/** The likeliest reading with its two octets swapped. */
function swappedOf([first = 0]: readonly number[]): number {
  return ((first & 0xff) << 8) | (first >> 8);
}

/** The Session-IDs of the notifications that a session may answer. */
function lookedUpFor(candidates: readonly number[]): readonly number[] {
  const swapped = swappedOf(candidates);
  return swapped === 0 || candidates.includes(swapped) ? candidates : [...candidates, swapped];
}

/**
 * The notification that the session answers (spec-notes ruling 10): an open one that went out, else one given up. A less likely
 * reading counts only where no likelier one is a notification that has just ended: a session that comes for that one is not
 * for another, whose number in decimal has the same digits. One deployed client swaps the two octets of the Session-ID: what it means is an open one that went out, where nothing has the digits as
 * they stand. All readings are looked up, whatever the first ones find. `readings` has them in the order of the device's family.
 */
function answeredBy(
  candidates: readonly number[],
  readings: readonly number[],
  lookedUp: SessionFacts['notifications'],
  now: number,
): NotificationPush | undefined {
  const known = readings.flatMap((sessionId) => lookedUp.get(sessionId) ?? []);
  const other = lookedUp.get(swappedOf(candidates));
  const found = (known.length === 0 && other !== undefined ? [other] : known).filter(
    ({ attempts }) => attempts > 0,
  );
  const isRecent = ({ endedAt }: NotificationPush): boolean =>
    endedAt !== undefined && now - endedAt < belatedMs;
  const meant = found.find((push) => isOpenPush(push) || isRecent(push));
  if (meant !== undefined && isOpenPush(meant)) return meant;
  if (known.length === 0) return undefined;
  if (meant !== undefined) return isGivenUp(meant) ? meant : undefined;
  return found.find(isGivenUp);
}

function isGivenUp({ state }: NotificationPush): boolean {
  return state === 'failed' || state === 'expired';
}
