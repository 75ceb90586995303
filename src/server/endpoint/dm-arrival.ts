// The beginning of a DM message as the endpoint reads it, and where its session may stand.
import { parseSessionIdText } from '../../codec/notification/index.ts';
import { type DmMessage, type MessageForm, readMessageHead } from '../../codec/syncml/index.ts';
import { DecodeError } from '../../core/index.ts';
import { detached, type Incoming } from '../../session/index.ts';
import type { Arrival } from './dm-admission.ts';
import { type DmRequest, type DmResponse, refusal } from './dm-exchange.ts';

/** Longest LocURI and LocName of a device, in characters; no device can be created with a longer one. */
const maxIdentifier = 255;
/** Longest LocURI of a target, in characters. */
const maxTargetUri = 2048;
/** Longest SessionID, in characters: that of a session which a client begins is any text. */
const maxSessionId = 64;
/** Longest MsgID, in characters. */
const maxMsgId = 64;
/** How much of a message is read before its sender is believed. Each command within gets a Status of its own. */
const headLimits = Object.freeze({ maxCommands: 16, maxOctets: 65_536 });

/** The beginning of a message, or why it is refused. @throws {DecodeError} when it cannot be read */
export function readArrival(request: DmRequest, form: MessageForm): Arrival | DmResponse {
  const deviations: string[] = [];
  const onDeviation = (deviation: string): void => void deviations.push(deviation);
  const read = readMessageHead(request.body, request.contentType, { ...headLimits, onDeviation });
  // Names in it become keys: they must not keep the whole message in memory.
  const head = { ...read, message: { ...read.message, header: detached(read.message.header) } };
  const { sessionId, msgId, source, target } = head.message.header;
  // They are kept for as long as a session lasts, or are sent back, and anybody can send them.
  if (source.uri.length > maxIdentifier || (source.name?.length ?? 0) > maxIdentifier) {
    return refusal(400, `Source is longer than ${maxIdentifier} characters`);
  }
  if (target.uri.length > maxTargetUri) {
    return refusal(400, `Target is longer than ${maxTargetUri} characters`);
  }
  if (msgId.length > maxMsgId) return refusal(400, `MsgID is longer than ${maxMsgId} characters`);
  if (sessionId === '' || sessionId.length > maxSessionId) {
    return refusal(400, `SessionID is empty or longer than ${maxSessionId} characters`);
  }
  const candidates = parseSessionIdText(sessionId);
  // Where its session may stand, the likeliest first.
  const keys = [...candidates, sessionId].map((each) => keyOf(source.uri, each));
  return { request, form, head, deviations, incoming: incomingOf(head.message, request), candidates, keys };
}

/** A message as a session takes it. */
export function incomingOf(message: DmMessage, { body, hmac }: DmRequest): Incoming {
  return { message, body, ...(hmac !== undefined && { hmac }) };
}

/** A session under the Session-ID of a notification is not the one under the same digits that the client made up. */
export function keyOf(deviceId: string, sessionId: number | string): string {
  return `${typeof sessionId === 'number' ? sessionId : JSON.stringify(sessionId)} ${deviceId}`;
}

/** What is wrong with a message, to go on with, in one line. @throws what is no error of reading */
export function unreadableReason(error: unknown): string {
  if (!(error instanceof DecodeError)) throw error;
  return `cannot be read: ${error.message.replace(/[\r\n]+/g, ' ').slice(0, 300)}`;
}
