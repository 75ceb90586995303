// A notification to signed octets.
import type { DigestKey } from './digest.ts';
import { formatCodecs } from './formats.ts';
import type { NotificationInput } from './message.ts';
import { unknownFormat } from './unknown-format.ts';

/**
 * Package #0 of the message, with its digest under `key`. Fields that have a default may be left out (see
 * `NotificationInput`); lengths, counts, presence bits and the digest are always computed. Properties that the format does
 * not have are not looked at here: `parseNotification` refuses them.
 * @throws {ValueError} for a value that is missing, out of range or too long, with its path and section
 */
export function encodeNotification(message: NotificationInput, key: DigestKey): Uint8Array {
  if (!Object.hasOwn(formatCodecs, message.format)) throw unknownFormat(message.format);
  return formatCodecs[message.format].encode(message, key);
}
