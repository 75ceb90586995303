// Push messages and keys of messages as the API shows them: no bodies, no secrets.
import { createHash, createPublicKey } from 'node:crypto';
import type { Static } from 'typebox';
import type {
  PushMessageEvent,
  PushMessageRecord,
  StoredMessageKeys,
  StoredMessageSigning,
} from '../store/index.ts';
import { isoTime } from './iso-time.ts';
import type { MessageShape, MessageTimelineShape } from './message-shapes.ts';
import type { MessageKeysShape, MessageSigningShape } from './shapes.ts';

export function messageView(message: PushMessageRecord): Static<typeof MessageShape> {
  const { contentType, initiator } = message;
  return {
    id: message.id,
    ...(message.deviceId !== undefined && { device: message.deviceId }),
    ...(message.addresses !== undefined && { addresses: [...message.addresses] }),
    ...(message.serverId !== undefined && { serverId: message.serverId }),
    contentType: contentType.mime,
    octets: message.octets,
    summary: { ...message.summary },
    state: message.state,
    attempts: message.attempts,
    sends: message.sends,
    ...(message.reason !== undefined && { reason: message.reason }),
    ...(initiator !== undefined && {
      initiator: { name: initiator.initiator, pushId: initiator.pushId, recipient: initiator.recipient },
    }),
    ...(message.dueAt !== undefined && { dueAt: isoTime(message.dueAt) }),
    expiresAt: isoTime(message.expiresAt),
    createdAt: isoTime(message.createdAt),
    updatedAt: isoTime(message.updatedAt),
  };
}

export function messageEventView(
  event: PushMessageEvent,
): Static<typeof MessageTimelineShape>['items'][number] {
  const { messageId, at, ...rest } = event;
  return { ...rest, message: messageId, at: isoTime(at) };
}

export function messageSigningView(signing: StoredMessageSigning): Static<typeof MessageSigningShape> {
  const { algorithm, keyName, privateKey } = signing;
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    algorithm,
    ...(keyName !== undefined && { keyName }),
    publicKeySha256: createHash('sha256').update(spki).digest('hex'),
  };
}

export function messageKeysView({
  hmacSecret,
  encryption,
  wrapping,
}: StoredMessageKeys): Static<typeof MessageKeysShape> {
  const named = encryption?.keyName === undefined ? {} : { keyName: encryption.keyName };
  return {
    hmacSecretSet: hmacSecret !== undefined,
    ...(encryption !== undefined && { encryption: { transport: encryption.transport, ...named } }),
    ...(wrapping !== undefined && {
      wrapping: wrapping.keyName === undefined ? {} : { keyName: wrapping.keyName },
    }),
  };
}
