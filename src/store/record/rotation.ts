// Secrets that are being replaced (DM-NOTI-1.2 §5.1 and DM-NOTI-1.3-2010 §5.1, step 6): what is known of each on disk, as pure
// functions. Until the device has said that it holds the new one, either of the two may be the one it holds.

/** Whose secret: SRVCRED (`server`: of sessions and of the MD5 digest) or CLCRED (`client`). */
export type RotatedSide = 'server' | 'client';

/**
 * How far a replacement has come. `pending`: asked for, and no session has sent it; `sent`: one has, and the device has not
 * said yet what became of it; `completed`: it said 200, and the new secret is the one; `failed`: the old one stays.
 */
export type RotationState = 'pending' | 'sent' | 'completed' | 'failed';

/** The replacement of one secret, the last one that was asked for. */
export interface StoredRotation {
  /** UUID: a session that comes late settles no other. */
  readonly id: string;
  readonly state: RotationState;
  /** The new secret while it is `pending` or `sent`. Never leaves the server, but to the device. */
  readonly secret?: string;
  /** Node that holds the secret on the device, where the caller has named it. */
  readonly uri?: string;
  /** Sessions in a row that began with it and got no word of the device. */
  readonly tries: number;
  /** Why it failed, or what the last session met. */
  readonly reason?: string;
  /** Milliseconds since the POSIX epoch, as all times here. */
  readonly requestedAt: number;
  readonly sentAt?: number;
  readonly endedAt?: number;
}

/** The replacements of a device's secrets. */
export type StoredRotations = { readonly [Side in RotatedSide]?: StoredRotation };

/** What a session or a caller makes of a replacement. */
export type RotationStep =
  /** A session begins with it. */
  | { readonly step: 'tried' }
  /** The device said something to what that session asked for it. */
  | { readonly step: 'heard' }
  /** Its Replace goes out with the message that waits for this. */
  | { readonly step: 'sent' }
  | { readonly step: 'completed' }
  | { readonly step: 'failed'; readonly reason: string }
  /** It goes on; only the reason changes. `heard`: the device gave it. */
  | { readonly step: 'noted'; readonly reason: string; readonly heard: boolean };

/** The replacement of a side that is not over, with the secret that it brings. */
export function openRotation(
  rotations: StoredRotations | undefined,
  side: RotatedSide,
): (StoredRotation & { readonly secret: string }) | undefined {
  const rotation = rotations?.[side];
  const { state, secret } = rotation ?? {};
  return rotation !== undefined && secret !== undefined && (state === 'pending' || state === 'sent')
    ? { ...rotation, secret }
    : undefined;
}

/** A replacement after a step that was taken while it was open. */
export function steppedRotation(rotation: StoredRotation, step: RotationStep, now: number): StoredRotation {
  const { secret: _, reason: __, ...ended } = rotation;
  switch (step.step) {
    case 'tried':
      return { ...rotation, tries: rotation.tries + 1 };
    case 'heard':
      return { ...rotation, tries: 0 };
    case 'sent':
      return { ...rotation, state: 'sent', sentAt: now };
    case 'noted':
      return { ...rotation, reason: step.reason, tries: step.heard ? 0 : rotation.tries };
    case 'completed':
      return { ...ended, state: 'completed', endedAt: now };
    case 'failed':
      return { ...ended, state: 'failed', reason: step.reason, endedAt: now };
  }
}
