// Several notifications taken in together, each of which stands for itself.
import { ValueError } from '../../core/index.ts';
import type { DeviceStore, PushQueue } from '../../store/index.ts';
import { type EachOutcome, type EachRequest, takeEach } from '../input/each.ts';
import { devicesById } from '../input/known-devices.ts';
import {
  type CreatedNotification,
  type NotificationReading,
  openNotification,
  readOpened,
} from './notification-request.ts';

/** What they are taken in with. */
export interface NotificationTaking extends NotificationReading {
  readonly store: Pick<DeviceStore, 'devices'> & Pick<PushQueue, 'enqueueEach'>;
}

/** Takes notifications in: `PushService.createNotifications`. */
export function takeNotifications(
  requests: readonly EachRequest[],
  taking: NotificationTaking,
): Promise<readonly EachOutcome<CreatedNotification>[]> {
  const { store } = taking;
  return takeEach(requests, {
    open: (request) => {
      const opened = openNotification(request);
      if (opened.job === undefined) return opened;
      throw new ValueError('UNKNOWN_FIELD', 'is made together with its job', 'job');
    },
    know: (ids) => devicesById(store, ids),
    read: (opened, device) => readOpened(opened, device, taking, taking.clock.now()),
    keep: (asked) => store.enqueueEach(asked.map(({ request }) => request)),
    taken: (kept, { warnings }) => {
      if (kept.outcome === 'refused') return kept;
      if (kept.outcome === 'not-replaced') throw new TypeError('a notification replaces nothing');
      return {
        outcome: 'taken',
        taken: { push: kept.push, created: kept.outcome === 'queued', warnings },
      };
    },
  });
}
