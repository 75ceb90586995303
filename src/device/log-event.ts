// Events as log lines.

import type { Logger } from '../core/index.ts';
import type { DeviceEvent } from './events.ts';

/** What a line says beside its event: that it stands for `count` like it within `withinMs` milliseconds. */
export interface EventSum {
  readonly count: number;
  readonly withinMs: number;
}

/** Writes one line for one event, or for several of which it is the last. */
export function logEvent(logger: Logger, event: DeviceEvent, sum?: EventSum): void {
  const { event: name, ...rest } = event;
  const fields = { ...rest, ...sum };
  switch (name) {
    case 'notification-received':
      logger.debug(fields, 'push received');
      break;
    case 'dropped':
      logger.info(fields, 'push dropped');
      break;
    case 'ignored':
      logger.warn(
        fields,
        event.event === 'ignored' && /^(message|bootstrap)-/.test(event.reason)
          ? 'message refused'
          : 'notification ignored',
      );
      break;
    case 'notification-verified':
      logger.info(shortened(fields), 'notification verified');
      break;
    case 'waiting':
      logger.info(fields, 'session waits');
      break;
    case 'session-started':
      logger.info(fields, 'session started');
      break;
    case 'session-ended':
      if (event.event === 'session-ended' && event.outcome === 'completed')
        logger.info(fields, 'session completed');
      else logger.warn(fields, 'session ended without being completed');
      break;
    case 'message-processed':
      logger.info(fields, 'message processed');
      break;
    case 'bootstrapped':
      logger.info(fields, 'account made by a bootstrap');
      break;
    case 'firmware':
      if (event.event === 'firmware' && event.stage === 'broken') logger.error(fields, 'firmware update');
      else logger.info(fields, 'firmware update');
      break;
  }
}

/** Characters of a text of the server's in a line of the log. */
const longestLogged = 512;

/** Reason and vendor information may have tens of thousands of octets. */
function shortened(fields: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' && value.length > longestLogged ? `${value.slice(0, longestLogged)}…` : value,
    ]),
  );
}
