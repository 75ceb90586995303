// Bindings by the scheme of an address, for commands that send one push by themselves.
import type { DeviceAddress, Push, Receipt } from '../push/index.ts';
import { openSender, sectionOf } from './bindings/open-senders.ts';
import type { SenderSections } from './bindings/sender-shapes.ts';

/**
 * Sends one push to an address and closes the binding again.
 * @throws {ConfigError} when the binding of the scheme needs settings that `sections` does not have
 * @throws {ValueError} when the push is too long for the carrier
 * @throws {PushError} when the carrier does not take it
 */
export async function sendOnce(
  push: Push,
  to: DeviceAddress,
  sections: SenderSections,
  signal: AbortSignal,
): Promise<Receipt> {
  const { binding } = openSender(sectionOf(to.scheme), sections);
  try {
    return await binding.send(push, to, signal);
  } finally {
    await binding.close();
  }
}
