// Which of two secrets counts while one is replaced by the other (DM-NOTI-1.2 §5.1, step 6; spec-notes ruling 27).
import type { SessionCredentials } from '../../session/index.ts';
import {
  type DeviceRecord,
  type NotificationPush,
  openRotation,
  type RotatedSide,
  type StoredCredentials,
} from '../../store/index.ts';

/** True for the pushes that are signed with the new secret while it is not known to be the device's: every second one. */
function isSignedWithNew(sends: number): boolean {
  return sends % 2 === 1;
}

/**
 * The device as a push is signed for it that follows `sends` others of its notification: with the old secret, and the
 * retry with the new one, and so on in turn, until the device has said which one it holds.
 */
export function deviceToSignFor(device: DeviceRecord, sends: number): DeviceRecord {
  const open = openRotation(device.rotations, 'server');
  if (open === undefined || !isSignedWithNew(sends)) return device;
  return { ...device, serverCredentials: { ...device.serverCredentials, secret: open.secret } };
}

/**
 * How many pushes count for the choice of the nonce: while there are two secrets, each is tried under the stored nonce before
 * either is under the default one.
 */
export function sendsForNonce(device: DeviceRecord, sends: number): number {
  return openRotation(device.rotations, 'server') === undefined ? sends : Math.floor(sends / 2);
}

/**
 * The credentials of a side as a session takes them: with both secrets while one is being replaced, the likelier one first.
 * `notification` is what the session answers.
 */
export function sessionCredentials(
  device: DeviceRecord,
  side: RotatedSide,
  { scheme, name, secret, nonce }: StoredCredentials,
  notification?: NotificationPush,
): SessionCredentials {
  const credentials = { scheme, name, nonce: nonce ?? new Uint8Array(0) };
  const open = openRotation(device.rotations, side);
  if (open === undefined) return { ...credentials, secret };
  return side === 'server' && holdsNewLikely(device, open.state, notification)
    ? { ...credentials, secret: open.secret, otherSecret: secret }
    : { ...credentials, secret, otherSecret: open.secret };
}

/** The device has checked the digest of what it answers; otherwise, a Replace that went out was carried out more often than not. */
function holdsNewLikely(
  { notificationSecret }: DeviceRecord,
  state: string,
  notification: NotificationPush | undefined,
): boolean {
  const ofAnother = notification?.format === 'dm1.3' && notificationSecret !== undefined;
  if (notification !== undefined && notification.sends > 0 && !ofAnother) {
    return isSignedWithNew(notification.sends - 1);
  }
  return state === 'sent';
}
