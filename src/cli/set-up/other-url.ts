// An account that has another URL than the one that a server is started with.
import type { ConfigFault } from '../config/fault.ts';
import type { ReadSettings } from '../settings/read-settings.ts';

/** `there` is the URL that it has. Devices know it, so it is not changed by the way. */
export function otherUrlFault(read: ReadSettings, there: string): ConfigFault {
  const usage = read.origins.url !== 'file';
  return {
    where: read.nameOf('url'),
    what: `the account ${read.values.serverId} exists with ${there}`,
    remedy: 'give that one; or leave it out, and change the account (PATCH /v1/accounts/ID)',
    ...(usage && { usage }),
  };
}
