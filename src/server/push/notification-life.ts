// How long a notification lives and what its TIMEOUT says, by one rule: what stands there is kept (DM-NOTI-1.3 §6.4.7,
// DM-NOTI-1.3-2010 §6.2.12, spec-notes ruling 25).
import { type SpecReference, ValueError } from '../../core/index.ts';
import type { NotificationPush, StoredFormat } from '../../store/index.ts';

/** Format and fields of a notification, complete or as stored. */
export interface TimedFields {
  readonly format: StoredFormat;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The same of one that ends. */
type Living = Pick<NotificationPush, 'format' | 'fields' | 'expiresAt'>;

/** The TIMEOUT that a notification asks for. */
export interface Timeout {
  readonly field: 'timeoutMinutes' | 'timeoutDays';
  /** 1 or more. */
  readonly count: number;
  /** Milliseconds of one minute or day. */
  readonly unitMs: number;
  /** The whole of it, in milliseconds. */
  readonly lengthMs: number;
  readonly spec: SpecReference;
}

const minutes = {
  field: 'timeoutMinutes',
  unitMs: 60_000,
  spec: { doc: 'DM-NOTI-1.3', section: '6.4.7' },
} as const;
const days = {
  field: 'timeoutDays',
  unitMs: 86_400_000,
  spec: { doc: 'DM-NOTI-1.3-2010', section: '6.2.12' },
} as const;

/** What a notification asks for; `undefined` when it asks for none, which is written as 0, or has no such field. */
export function timeoutOf({ format, fields }: TimedFields): Timeout | undefined {
  const unit = format === 'dm1.3' ? minutes : format === 'dm1.3-2010' ? days : undefined;
  const count = unit === undefined ? undefined : fields[unit.field];
  if (unit === undefined || typeof count !== 'number' || count <= 0) return undefined;
  return { ...unit, count, lengthMs: count * unit.unitMs };
}

/**
 * From when the TIMEOUT of a notification counts that goes out at `sentAt`: TIMESTAMP in dm1.3, else the sending. Milliseconds
 * since the POSIX epoch, as all times here.
 */
export function timeoutStart({ format, fields }: TimedFields, sentAt: number): number {
  if (format !== 'dm1.3') return sentAt;
  const { timestamp } = fields;
  return (typeof timestamp === 'number' ? timestamp : Math.floor(sentAt / 1000)) * 1000;
}

/** Ends that others name for a notification. */
export interface LifeBounds {
  /** When it goes out first. */
  readonly sentAt: number;
  /** What its creator says. */
  readonly expiresAt?: number | undefined;
  /** Its end when nobody says anything. */
  readonly otherwise: number;
}

/**
 * When a notification ends. Without a TIMEOUT as asked, or else as usual. With one, neither earlier nor later than it says:
 * a shorter life is raised to it, a longer one ends with it, for nothing is left to say to a device then.
 * @throws {ValueError} OUT_OF_RANGE when the creator's `expiresAt` is earlier, with both values
 */
export function endOfLife(timed: TimedFields, { sentAt, expiresAt, otherwise }: LifeBounds): number {
  const timeout = timeoutOf(timed);
  if (timeout === undefined) return expiresAt ?? otherwise;
  const promised = timeoutStart(timed, sentAt) + timeout.lengthMs;
  if (expiresAt !== undefined && expiresAt < promised) throw tooEarly(timeout, expiresAt, promised);
  return promised;
}

/** Says that an end is earlier than a TIMEOUT promises. `path`: the field that names the end. */
export function tooEarly(
  { field, count, spec }: Timeout,
  endsAt: number,
  promised: number,
  path = 'expiresAt',
): ValueError {
  const detail =
    `${isoTime(endsAt)} is earlier than ${field} ${count} promises the device, whose Session-ID it keeps valid until ` +
    `${isoTime(promised)}: leave ${path} out, or ask for less`;
  return new ValueError('OUT_OF_RANGE', detail, path, spec);
}

/**
 * The fields of a notification as they go out at `now`: its TIMEOUT is what is left of its life, rounded up and never 0.
 * A TIMESTAMP that the creator gave stays, and so does the TIMEOUT that counts from it.
 */
export function fieldsAt(
  { format, fields, expiresAt }: Living,
  now: number,
): Readonly<Record<string, unknown>> {
  const timeout = timeoutOf({ format, fields });
  if (timeout === undefined) return fields;
  const left = Math.ceil((expiresAt - timeoutStart({ format, fields }, now)) / timeout.unitMs);
  // A clock that was set back cannot promise more than was asked for.
  return { ...fields, [timeout.field]: Math.min(timeout.count, Math.max(1, left)) };
}

/**
 * Until when the Session-ID of a notification that went out at `now` is kept: `expiresAt`, or where its TIMEOUT was rounded
 * up, what the device was told. `undefined` without a TIMEOUT.
 */
export function keptUntil(notification: Living, now: number): number | undefined {
  const { format, expiresAt } = notification;
  const sent = { format, fields: fieldsAt(notification, now) };
  const timeout = timeoutOf(sent);
  return timeout && Math.max(expiresAt, timeoutStart(sent, now) + timeout.lengthMs);
}

/** When what waits for the session of a notification may end: a TIMEOUT may be told rounded up by a whole unit. */
export function neededUntil(notification: Living): number {
  return notification.expiresAt + (timeoutOf(notification)?.unitMs ?? 0);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
