// The links to message centres as one carrier.
import type { CarrierStatus } from '../index.ts';
import type { LinkStatus } from './submit/lanes.ts';

/** Up while one link that sends is; what went wrong last is that of the first that is not. */
export function statusOfLinks(name: string, links: readonly LinkStatus[]): CarrierStatus {
  const senders = links.filter(({ role }) => role !== 'receiver');
  const up = senders.some(({ state }) => state === 'bound');
  const lastError = links.find((link) => link.state !== 'bound' && link.lastError !== undefined)?.lastError;
  return {
    name,
    state: up ? 'up' : lastError === undefined ? 'unknown' : 'down',
    ...(lastError === undefined ? {} : { lastError: lastError.message }),
  };
}
