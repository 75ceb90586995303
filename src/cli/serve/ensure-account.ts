// The account of `--server-id`: there once the server runs.
import { StoreError } from '../../core/index.ts';
import { UsageError } from '../io/io.ts';
import type { RunningServer } from './running-server.ts';

/**
 * Makes it where it is not there; its URL is that of the DM endpoint unless another one is given.
 * @throws {UsageError} when it is there with another URL than that
 */
export async function ensureAccount(
  { server, dmUrl }: Pick<RunningServer, 'server' | 'dmUrl'>,
  serverId: string,
  url: string | undefined,
): Promise<void> {
  try {
    await server.accounts.create({ serverId, url: url ?? dmUrl });
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'ALREADY_EXISTS')) throw error;
    const account = await server.accounts.get(serverId);
    if (url !== undefined && account?.url !== url) {
      throw new UsageError(`--url ${url}: the account ${serverId} exists with ${account?.url}`);
    }
  }
}
