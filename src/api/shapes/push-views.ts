// Pushes and their events as the API shows them: no bodies, no secrets.
import type { Static } from 'typebox';
import type {
  EventKind,
  MessagePush,
  NotificationPush,
  PushEvent,
  PushEventName,
  PushRecord,
} from '../../store/index.ts';
import { isoTime } from './iso-time.ts';
import type {
  MessageEventShape,
  MessageShape,
  NotificationEventShape,
  NotificationShape,
  PushEventShape,
  PushShape,
} from './push-shapes.ts';

/** A notification, with the job that was created with it where that is known. */
export function notificationView(push: NotificationPush, job?: string): Static<typeof NotificationShape> {
  const view: Partial<Static<typeof NotificationShape>> = {
    id: push.id,
    device: push.deviceId,
    serverId: push.serverId,
    sessionId: push.sessionId,
    sessionIdText: push.sessionId.toString(16).toUpperCase(),
    format: push.format,
    message: push.fields,
    state: push.state,
  };
  if (job !== undefined) view.job = job;
  return withProgress(view, push) as Static<typeof NotificationShape>;
}

/** A message, whoever handed it in. */
export function messageView(push: MessagePush): Static<typeof MessageShape> {
  const { initiator } = push;
  return {
    id: push.id,
    ...(push.deviceId !== undefined && { device: push.deviceId }),
    ...(push.addresses !== undefined && { addresses: [...push.addresses] }),
    ...(push.serverId !== undefined && { serverId: push.serverId }),
    contentType: push.contentType.mime,
    octets: push.octets,
    summary: { ...push.summary },
    state: push.state,
    ...(initiator !== undefined && {
      initiator: { name: initiator.initiator, pushId: initiator.pushId, recipient: initiator.recipient },
    }),
    ...progressOf(push),
  };
}

/** Any push: what its kind shows, and what it is for. */
export function pushView(push: PushRecord, job?: string): Static<typeof PushShape> {
  const { purpose, endedAt } = push;
  const shown = push.purpose === 'notification' ? notificationView(push, job) : messageView(push);
  return { ...shown, purpose, ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }) };
}

/** An event of a notification, under the name that its readers know. */
export function notificationEventView(event: PushEvent): Static<typeof NotificationEventShape> {
  const { kind: _, serverId: _account, pushId, deviceId, sessionId, at, ...rest } = event;
  if (deviceId === undefined || sessionId === undefined) {
    throw new TypeError('a notification has a device and a Session-ID');
  }
  return { ...rest, sessionId, notification: pushId, device: deviceId, at: isoTime(at), ...actorView(event) };
}

/** An event of a message, as its timeline shows it. */
export function messageEventView(event: PushEvent): Static<typeof MessageEventShape> {
  const { kind: _, serverId: _account, pushId, deviceId: _device, sessionId: _session, at, ...rest } = event;
  return { ...rest, message: pushId, at: isoTime(at), ...actorView(event) };
}

/** An event of any push. */
export function pushEventView(event: PushEvent): Static<typeof PushEventShape> {
  const { serverId: _account, pushId, deviceId, at, ...rest } = event;
  return {
    ...rest,
    push: pushId,
    ...(deviceId !== undefined && { device: deviceId }),
    at: isoTime(at),
    ...actorView(event),
  };
}

/** What only a device brings about. */
const ofDevice: ReadonlySet<PushEventName> = new Set([
  'answered',
  'completed',
  'resynchronised',
  'session-failed',
]);

/** Whose doing an event is. What is asked for names who asked; where it does not, an earlier release or another program did. */
function actorView({ actor, event, attempt }: PushEvent): { readonly actor?: string } {
  if (actor !== undefined) return { actor };
  if ((event === 'queued' && attempt === undefined) || event === 'cancelled') return {};
  return { actor: ofDevice.has(event) ? 'device' : 'server' };
}

/** Events as the feed tells them: those of notifications as readers have always known them. */
export const feedViews: Readonly<Record<EventKind, (event: PushEvent) => object>> = {
  notification: notificationEventView,
  message: pushEventView,
  relayed: pushEventView,
};

/** How far a push has come. */
interface Progress {
  attempts: number;
  sends: number;
  reason?: string;
  dueAt?: string;
  held?: boolean;
  expiresAt: string;
  createdAt: string;
  updatedAt: string;
}

function progressOf(push: PushRecord): Progress {
  return withProgress({}, push) as Progress;
}

/** Adds to a view how far its push has come. */
function withProgress<View extends Partial<Progress>>(view: View, push: PushRecord): View {
  const { reason, dueAt } = push;
  view.attempts = push.attempts;
  view.sends = push.sends;
  if (reason !== undefined) view.reason = reason;
  if (dueAt !== undefined) view.dueAt = isoTime(dueAt);
  if (push.heldDueAt !== undefined || ('heldResultAt' in push && push.heldResultAt !== undefined))
    view.held = true;
  view.expiresAt = isoTime(push.expiresAt);
  view.createdAt = isoTime(push.createdAt);
  view.updatedAt = isoTime(push.updatedAt);
  return view;
}
