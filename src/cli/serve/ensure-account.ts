// The account of `--server-id`: there before the REST API answers.
import { ConfigError, StoreError } from '../../core/index.ts';
import { faultLine } from '../config/fault.ts';
import { UsageError } from '../io/io.ts';
import { otherUrlFault } from '../set-up/other-url.ts';
import type { ReadSettings } from '../settings/read-settings.ts';
import type { RunningServer } from './running-server.ts';

/**
 * Makes it where it is not there; its URL is that of the DM endpoint unless another one is given.
 * @throws {UsageError} {ConfigError} when it is there with another URL than an option or variable, or the file, gives
 */
export async function ensureAccount(
  { server, dmUrl }: Pick<RunningServer, 'server' | 'dmUrl'>,
  read: ReadSettings,
): Promise<void> {
  const { serverId, url } = read.values;
  if (serverId === undefined) return;
  try {
    await server.accounts.create({ serverId, url: url ?? dmUrl });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'ALREADY_EXISTS')) throw error;
    const account = await server.accounts.get(serverId);
    if (url !== undefined && account?.url !== url) {
      const fault = otherUrlFault(read, String(account?.url));
      throw fault.usage === true ? new UsageError(faultLine(fault)) : new ConfigError(faultLine(fault));
    }
  }
}
