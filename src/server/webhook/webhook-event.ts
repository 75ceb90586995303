// An event as a webhook tells it: its id, its lane, its body, and whether a webhook wants it.
import { type FedEvent, isNotice, maySeeEvent, type WebhookRecord } from '../../store/index.ts';

/** Makes what readers of the feed see of an event. */
export type EventView = (event: FedEvent) => object;

/** An event as it is, without the accounts that it is of. */
export const plainView: EventView = (event) => {
  if (!isNotice(event)) {
    const { serverId: _, ...rest } = event;
    return rest;
  }
  const { accounts: _, ...rest } = event;
  return rest;
};

/** What is sent of an event. */
export interface OutgoingEvent {
  /** `webhook-id`: the same for each attempt, and for each webhook. */
  readonly eventId: string;
  /** What comes after it under the same name waits for it. */
  readonly lane: string;
  readonly type: string;
  readonly at: number;
  readonly payload: string;
}

/** Makes what is sent of an event. */
export function outgoingEvent(event: FedEvent, view: EventView): OutgoingEvent {
  const type = `${event.kind}.${event.event}`;
  const subject = isNotice(event) ? event.subject : event.pushId;
  return {
    eventId: eventIdOf(event),
    lane: event.deviceId === undefined ? `${event.kind} ${subject}` : `device ${event.deviceId}`,
    type,
    at: event.at,
    payload: payloadOf(type, event.at, view(event)),
  };
}

/** The body of a request. */
export function payloadOf(type: string, at: number, data: object): string {
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data });
}

/**
 * Its number alone would come again for another event where a server goes on from a copy of its store, and receivers would take that
 * for a repetition: the moment goes with it.
 */
function eventIdOf(event: FedEvent): string {
  return `evt_${isNotice(event) ? 'n' : 'e'}${event.sequence}_${event.at.toString(36)}`;
}

/** What an id says of its event; `undefined` for what is none. */
export function readEventId(
  text: string,
): { readonly of: 'event' | 'notice'; readonly sequence: number; readonly at: number } | undefined {
  const [, of, sequence, at] = /^evt_([en])(\d{1,15})_([0-9a-z]{1,11})$/.exec(text) ?? [];
  if (of === undefined || at === undefined) return undefined;
  return {
    of: of === 'n' ? 'notice' : 'event',
    sequence: Number(sequence),
    at: Number.parseInt(at, 36),
  };
}

/** True where a webhook is to be told of an event. */
export function isWanted(webhook: WebhookRecord, event: FedEvent): boolean {
  const { kinds, devices, accounts = 'all' } = webhook;
  if (!kinds.includes(event.kind) || !maySeeEvent(accounts, event)) return false;
  return devices === undefined || (event.deviceId !== undefined && devices.includes(event.deviceId));
}
