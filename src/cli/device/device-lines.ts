// What happens on a device, one line an event, for a person.
import { sessionIdText } from '../../codec/notification/index.ts';
import { printable } from '../../core/index.ts';
import { type DeviceEvent, type NonceVerdict, vendorText } from '../../device/index.ts';

const nonceWords: Readonly<Record<NonceVerdict, string>> = {
  stored: 'digest holds under the stored nonce',
  default: 'digest holds under the default nonce: resynchronising',
  timestamp: 'digest holds',
  none: 'started by the device',
};

/** The line for one event at `time`. */
export function describeDeviceEvent(event: DeviceEvent, time: Date): string {
  return `${time.toISOString()}  ${textOf(printableEvent(withVendorText(event)))}`;
}

/** The line for `count` events within `withinMs` milliseconds, of which `latest` is the last. */
export function describeDeviceEvents(
  latest: DeviceEvent,
  count: number,
  withinMs: number,
  time: Date,
): string {
  const seconds = Math.round(withinMs / 1000);
  return `${describeDeviceEvent(latest, time)} (the last of ${count} like it within ${seconds} s)`;
}

function textOf(event: DeviceEvent): string {
  switch (event.event) {
    case 'notification-received':
      return `received   ${event.octets} octets over ${event.binding}${sender(event.from)}`;
    case 'dropped':
      return `dropped    ${event.octets} octets over ${event.binding}${sender(event.from)}: ${event.reason}: ${event.detail}`;
    case 'ignored': {
      const about = [
        ...(event.sessionId === undefined ? [] : [`session ${sessionIdText(event.sessionId)}`]),
        ...(event.serverId === undefined ? [] : [`of ${event.serverId}`]),
      ].join(' ');
      const remedy = event.remedy === undefined ? '' : `; ${event.remedy}`;
      return `ignored    ${about === '' ? '' : `${about}: `}${event.reason}: ${event.detail}${remedy}`;
    }
    case 'notification-verified': {
      const { sessionId, serverId, uiMode, initiator, reason } = event;
      const told = [
        `user interaction ${uiMode}`,
        initiator === 'user' ? 'caused by the user' : 'caused by the server',
        ...(reason === undefined ? [] : [`reason ${JSON.stringify(reason)}`]),
        ...(event.vendorInfo === undefined ? [] : [`vendor information ${JSON.stringify(event.vendorInfo)}`]),
      ];
      return `verified   session ${sessionIdText(sessionId)} of ${serverId}: ${told.join(', ')}`;
    }
    case 'waiting':
      return `waiting    session ${sessionIdText(event.sessionId)} of ${event.serverId}: for ${waitWords[event.for]}, at most ${Math.ceil(event.delayMs / 1000)} s`;
    case 'session-started': {
      const attempt = event.attempt > 1 ? `, attempt ${event.attempt}` : '';
      return `session    ${sessionIdText(event.sessionId)} with ${event.serverId} at ${event.address} (${nonceWords[event.nonce]}${attempt})`;
    }
    case 'session-ended': {
      const why = event.reason === undefined ? '' : `: ${event.reason}${remedy(event.reason)}`;
      const nonces = event.resynchronised ? ', both sides hold fresh nonces' : '';
      const again = event.retrying ? '; trying again' : '';
      return `${event.outcome.padEnd(10)} session ${sessionIdText(event.sessionId)} with ${event.serverId} after ${Math.round(event.durationMs)} ms${nonces}${why}${again}`;
    }
    case 'message-processed':
      return `processed  message of ${event.serverId}: ${event.succeeded} done, ${event.failed} failed, ${event.ignored} left out`;
    case 'message-remark':
      return `not done   message ${event.messageId} of ${event.serverId}: ${event.detail}`;
    case 'bootstrapped':
      return `account    of ${event.serverId} made by a bootstrap: ${event.uri}`;
    case 'firmware': {
      const what = `firmware   ${event.operation} of ${event.object}`;
      if (event.stage === 'started') return `${what} started`;
      const why = event.reason === undefined ? '' : `: ${event.reason}`;
      if (event.stage === 'broken') return `${what} broke off${why}`;
      const version = event.version === undefined ? '' : `, firmware is ${event.version}`;
      return `${what} ended with result ${event.result}${version}${why}`;
    }
  }
}

/** Where a push claims to come from; carriers may name nobody. */
function sender(from: string): string {
  return from === '' ? '' : ` from ${from}`;
}

const waitWords = { user: 'the user', bearer: 'a preferred bearer', retry: 'another try' } as const;

/** What to do about a server certificate that is not trusted. */
function remedy(reason: string): string {
  return /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER/.test(reason)
    ? '; give --ca FILE with its authority'
    : '';
}

/** The event with vendor specific octets as text, while they are whole. */
function withVendorText(event: DeviceEvent): DeviceEvent {
  if (event.event !== 'notification-verified' || event.vendorData === undefined) return event;
  const { vendorData: _, ...rest } = event;
  return { ...rest, vendorInfo: vendorText(event) ?? '' };
}

/** The event with every text made safe to print: peers choose parts of it, and none may end the line or steer a terminal. */
function printableEvent(event: DeviceEvent): DeviceEvent {
  const fields = Object.entries(event).map(([name, value]) => [
    name,
    typeof value === 'string' ? printable(value) : value,
  ]);
  return Object.fromEntries(fields) as DeviceEvent;
}
