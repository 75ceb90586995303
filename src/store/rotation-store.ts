// Replacements of secrets: begun by callers, taken on by sessions.

import type { NotificationPush, NotificationRequest } from './push/push.ts';
import type { DeviceRecord } from './record/device.ts';
import type { RecordVersion } from './record/record-version.ts';
import type { RotatedSide, RotationStep } from './record/rotation.ts';

/** What is asked for. */
export interface RotationRequest {
  readonly deviceId: string;
  readonly side: RotatedSide;
  readonly secret: string;
  readonly uri?: string;
  /** The notification that wakes the device for it; queued in the same transaction. */
  readonly wake?: NotificationRequest;
  /** It begins only while the device has one of these versions; absent: whatever it has. */
  readonly expected?: readonly RecordVersion[];
}

/** What `beginRotation` gives. */
export interface BegunRotation {
  readonly device: DeviceRecord;
  readonly notification?: NotificationPush;
}

/** Keeps replacements of secrets. What a call wrote is on disk when its promise resolves. */
export interface RotationStore {
  /**
   * Begins a replacement.
   * @throws {StoreError} UNKNOWN_DEVICE; VERSION_MISMATCH; ROTATION_UNDER_WAY while one of that side is not over;
   *   SESSION_IDS_EXHAUSTED
   */
  beginRotation(request: RotationRequest): Promise<BegunRotation>;
  /**
   * Takes a replacement a step on; `completed` makes the new secret the one of the credentials, in the same transaction.
   * Gives the device as it is then, `undefined` when that replacement is not the device's current one, or is over.
   */
  advanceRotation(
    deviceId: string,
    side: RotatedSide,
    id: string,
    step: RotationStep,
  ): Promise<DeviceRecord | undefined>;
}
