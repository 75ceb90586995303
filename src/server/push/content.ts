// What an attempt sends and over which addresses it may: octets as they are stored. Those of a notification are composed
// (`notification-content.ts`).
import { type AddressScheme, type Push, parseAddress } from '../../push/index.ts';
import type { DeviceRecord, MessagePush } from '../../store/index.ts';

/** What goes out. */
export interface Content {
  readonly push: Push;
  /** That it may go over, in order of preference. */
  readonly addresses: readonly string[];
  /** The push as addresses of a scheme take it; absent: as it is. */
  readonly pushOver?: (scheme: AddressScheme) => Push;
  /** When it was made, milliseconds since the POSIX epoch. */
  readonly madeAt: number;
}

/** The octets of a message, over its own addresses or those that its device has now. */
export function messageContent(
  { id, contentType, body, expiresAt, deviceId, addresses, schemes }: MessagePush,
  device: DeviceRecord | undefined,
  now: number,
): Content {
  const all = (deviceId === undefined ? addresses : device?.addresses) ?? [];
  const allowed = all.filter(
    (address) => schemes === undefined || schemes.includes(parseAddress(address).scheme),
  );
  return { push: { id, contentType, body, expiresAt }, addresses: allowed, madeAt: now };
}
