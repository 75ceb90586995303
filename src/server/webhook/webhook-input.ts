// Webhooks as callers ask for them.
import { isIP } from 'node:net';
import { ValueError } from '../../core/index.ts';
import { feedKinds, readFeedCursor, type WebhookChange } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';
import { type AllowedNetworks, isOwnAddress } from './own-addresses.ts';
import { readEventId } from './webhook-event.ts';

/** Bounds of what is asked for. */
export const webhookBounds = Object.freeze({
  /** Octets of a URL. */
  url: 2048,
  /** Octets of a name, and of a reason. */
  name: 128,
  /** Devices that one may name. */
  devices: 100,
  /** Octets of the id of one. */
  deviceId: 256,
  /** Ids that one request about dead deliveries may name. */
  eventIds: 1000,
  /** For how long the secret before signs beside a new one, in seconds: a day unless somebody says, seven days at most. */
  overlapSeconds: 86_400,
  mostOverlapSeconds: 7 * 86_400,
});

/** What is asked for. */
export interface AskedWebhook {
  readonly url: string;
  readonly name?: string;
  readonly kinds: readonly string[];
  readonly devices?: readonly string[];
}

/** Reads `{ url, kinds, name?, devices? }`. @throws {ValueError} for the first thing wrong */
export function readWebhook(value: unknown, allowed: AllowedNetworks): AskedWebhook {
  const input = new InputReader(value, 'a webhook');
  const url = readUrl(input.text('url', { max: webhookBounds.url }), allowed);
  const kinds = readKinds(input.take('kinds'));
  const name = input.optionalText('name', { max: webhookBounds.name });
  const devices = input.take('devices');
  input.end();
  return {
    url,
    kinds,
    ...(name !== undefined && { name }),
    ...(devices !== undefined && { devices: readDevices(devices) }),
  };
}

/**
 * Reads `{ url?, kinds?, name?, devices?, state?, reason? }`; `null` takes a name or the devices away.
 * @throws {ValueError} for the first thing wrong
 */
export function readWebhookChange(value: unknown, allowed: AllowedNetworks): WebhookChange {
  const input = new InputReader(value, 'a change of a webhook');
  const url = input.optionalText('url', { max: webhookBounds.url });
  const kinds = input.take('kinds');
  const name = nullable(input, 'name', () => input.optionalText('name', { max: webhookBounds.name }));
  const devices = input.take('devices');
  const state = input.optionalChoice('state', ['active', 'suspended']);
  const reason = input.optionalText('reason', { max: webhookBounds.name });
  input.end();
  if (reason !== undefined && state !== 'suspended')
    throw new ValueError('OUT_OF_RANGE', 'goes with the state suspended', 'reason');
  return {
    ...(url !== undefined && { url: readUrl(url, allowed) }),
    ...(kinds !== undefined && { kinds: readKinds(kinds) }),
    ...(name !== undefined && { name }),
    ...(devices !== undefined && { devices: devices === null ? null : readDevices(devices) }),
    ...(state !== undefined && { state }),
    ...(state === 'active' && { fresh: true as const }),
    ...(reason !== undefined && { reason }),
  };
}

/** Reads `{ overlapSeconds? }`, and gives milliseconds. @throws {ValueError} for the first thing wrong */
export function readWebhookOverlap(value: unknown): number {
  const input = new InputReader(value ?? {}, 'the rotation of a secret');
  const { overlapSeconds, mostOverlapSeconds } = webhookBounds;
  const seconds = input.optionalInteger('overlapSeconds', 0, mostOverlapSeconds) ?? overlapSeconds;
  input.end();
  return seconds * 1000;
}

/** From where everything is told again. */
export type ReplayFrom =
  | { readonly since: number }
  | { readonly after: { readonly event: number; readonly notice: number | undefined } }
  | { readonly event: { readonly of: 'event' | 'notice'; readonly sequence: number; readonly at: number } };

/** Reads `{ since }`, `{ after }` or `{ event }`. @throws {ValueError} for the first thing wrong */
export function readReplay(value: unknown): ReplayFrom {
  const input = new InputReader(value, 'a replay');
  const since = input.optionalTime('since');
  const after = input.optionalText('after', { max: 31 });
  const event = input.optionalText('event', { max: 64 });
  input.end();
  if ([since, after, event].filter((each) => each !== undefined).length !== 1)
    throw new ValueError('MISSING', 'one of since, after and event must be given', 'since');
  if (since !== undefined) return { since };
  if (after !== undefined) {
    const place = readFeedCursor(after);
    if (place === undefined)
      throw new ValueError('BAD_FORMAT', 'must be the id of an event of the feed', 'after');
    return { after: place };
  }
  const named = readEventId(event ?? '');
  if (named === undefined)
    throw new ValueError('BAD_FORMAT', 'must be the webhook-id of a delivery', 'event');
  return { event: named };
}

/** Reads `{ all: true }` or `{ events: […] }`; all is `undefined`. @throws {ValueError} for the first thing wrong */
export function readDeadSelection(value: unknown): readonly string[] | undefined {
  const input = new InputReader(value, 'a selection of dead deliveries');
  const all = input.optionalBoolean('all');
  const events = input.take('events');
  input.end();
  if (events === undefined) {
    if (all === true) return undefined;
    throw new ValueError('MISSING', 'all: true, or events, must be given', 'events');
  }
  if (all !== undefined) throw new ValueError('OUT_OF_RANGE', 'either all or events, not both', 'all');
  return readTexts(events, 'events', { most: webhookBounds.eventIds, length: 64 });
}

function nullable<Value>(input: InputReader, name: string, read: () => Value): Value | null {
  const other = input.fork();
  if (other.take(name) !== null) return read();
  input.take(name);
  return null;
}

/** @throws {ValueError} for what is no URL of a receiver */
function readUrl(text: string, allowed: AllowedNetworks): string {
  const fail = (code: 'BAD_FORMAT' | 'OUT_OF_RANGE', detail: string): never => {
    throw new ValueError(code, detail, 'url');
  };
  if (!URL.canParse(text)) return fail('BAD_FORMAT', 'must be a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return fail('OUT_OF_RANGE', 'must begin with https://');
  if (url.username !== '' || url.password !== '')
    return fail('OUT_OF_RANGE', 'must hold no user and no password: the signature proves who sends');
  if (url.hash !== '') return fail('OUT_OF_RANGE', 'must have no fragment');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isNamed = isIP(host) === 0;
  if (url.protocol === 'http:' && (allowed.isEmpty || (!isNamed && !allowed.has(host))))
    return fail(
      'OUT_OF_RANGE',
      'must begin with https://: plain HTTP is for networks that --webhook-allow names',
    );
  if (!isNamed && !allowed.has(host) && isOwnAddress(host))
    return fail(
      'OUT_OF_RANGE',
      'is of an own network: webhooks go there only where --webhook-allow names it',
    );
  return url.href;
}

function readKinds(value: unknown): readonly string[] {
  if (value === undefined) throw new ValueError('MISSING', 'must be given', 'kinds');
  const asked = readTexts(value, 'kinds', { most: feedKinds.length, length: 32 });
  const unknown = asked.findIndex((each) => !(feedKinds as readonly string[]).includes(each));
  if (unknown >= 0)
    throw new ValueError('OUT_OF_RANGE', `must be one of ${feedKinds.join(', ')}`, `kinds[${unknown}]`);
  return feedKinds.filter((kind) => asked.includes(kind));
}

function readDevices(value: unknown): readonly string[] {
  const { devices: most, deviceId: length } = webhookBounds;
  return [...new Set(readTexts(value, 'devices', { most, length }))];
}

function readTexts(
  value: unknown,
  path: string,
  { most, length }: { readonly most: number; readonly length: number },
): readonly string[] {
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be an array of strings', path);
  if (value.length === 0 || value.length > most)
    throw new ValueError('OUT_OF_RANGE', `must have 1 to ${most} entries`, path);
  for (const [index, each] of value.entries()) {
    if (typeof each !== 'string') throw new ValueError('WRONG_TYPE', 'must be a string', `${path}[${index}]`);
    if (each === '' || each.length > length)
      throw new ValueError('OUT_OF_RANGE', `must have 1 to ${length} characters`, `${path}[${index}]`);
  }
  return value as readonly string[];
}
