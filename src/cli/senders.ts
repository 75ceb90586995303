// Bindings by the scheme of an address, for commands that send one push by themselves.
import { ConfigError } from '../core/index.ts';
import type { DeviceAddress, Push, Receipt } from '../push/index.ts';
import { createWapSender } from '../push/wap/index.ts';

/**
 * Sends one push to an address and closes the binding again.
 * @throws {ConfigError} when this command has no binding for the scheme
 * @throws {ValueError} when the push is too long for the carrier
 * @throws {PushError} when the carrier does not take it
 */
export async function sendOnce(push: Push, to: DeviceAddress, signal: AbortSignal): Promise<Receipt> {
  if (to.scheme !== 'wap' || to.host === undefined || to.port === undefined) {
    throw new ConfigError(`no binding for ${to.scheme}: in this command; it sends to wap:HOST[:PORT]`);
  }
  const binding = createWapSender();
  try {
    return await binding.send(push, { host: to.host, port: to.port }, signal);
  } finally {
    await binding.close();
  }
}
