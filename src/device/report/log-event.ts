// Events as log lines.

import type { Logger } from '../../core/index.ts';
import type { DeviceEvent } from './events.ts';

type IgnoredEvent = Extract<DeviceEvent, { event: 'ignored' }>;

/** What a line says beside its event: that it stands for `count` like it within `withinMs` milliseconds. */
export interface EventSum {
  readonly count: number;
  readonly withinMs: number;
}

/** Writes one line for one event, or for several of which it is the last. */
export function logEvent(logger: Logger, event: DeviceEvent, sum?: EventSum): void {
  const { event: _, ...rest } = event;
  const fields = { ...rest, ...sum };
  switch (event.event) {
    case 'notification-received':
      logger.debug(fields, 'push received');
      break;
    case 'dropped':
      logger.info(fields, 'push dropped');
      break;
    case 'ignored':
      logIgnored(logger, fields, event);
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
      if (event.outcome === 'completed') logger.info(fields, 'session completed');
      else logger.warn(fields, 'session ended without being completed');
      break;
    case 'message-processed':
      logger.info(fields, 'message processed');
      break;
    case 'message-remark':
      // At the level of errors, which every default shows: the server is never told.
      logger.error(fields, 'not carried out, and nobody is answered');
      break;
    case 'bootstrapped':
      logger.info(fields, 'account made by a bootstrap');
      break;
    case 'firmware':
      if (event.stage === 'broken') logger.error(fields, 'firmware update');
      else logger.info(fields, 'firmware update');
      break;
  }
}

function logIgnored(
  logger: Logger,
  fields: Readonly<Record<string, unknown>>,
  { reason, remedy }: IgnoredEvent,
): void {
  const text = /^(message|bootstrap)-/.test(reason) ? 'message refused' : 'notification ignored';
  // What only whoever runs the device can change is told at a level that every default shows.
  if (remedy === undefined) logger.warn(fields, text);
  else logger.error(fields, text);
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
