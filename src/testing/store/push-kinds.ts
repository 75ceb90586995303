// What pushes of each purpose have apart, for the cases of the contract that hold for all of them.
import { randomUUID } from 'node:crypto';
import type {
  MessageRequest,
  NotificationRequest,
  PushEventName,
  PushPurpose,
  PushState,
} from '../../store/index.ts';
import { samplePushMark, samplePushMessage, sampleRequest } from './store-samples.ts';

/** What a case may ask for, whatever the purpose. */
export type KindChanges = Partial<
  Pick<NotificationRequest, 'deviceId' | 'notBefore' | 'expiresAt' | 'endCounted' | 'idempotency'>
>;

/** Pushes of one purpose. */
export interface PushKind {
  readonly purpose: PushPurpose;
  /** A request for the sample device, with what the test changes. */
  readonly request: (changes?: KindChanges) => NotificationRequest | MessageRequest;
  /** States from `sending` on to a good end, without those that not every carrier can report. */
  readonly course: readonly [...PushState[], PushState, PushState];
  /** What happens to a push that a carrier took when it is to be sent again. */
  readonly again: PushEventName;
  /** Changes of a queued push that lead to each state that occurs; the last one is that state. */
  readonly ways: readonly (readonly PushState[])[];
}

const early = [[], ['failed'], ['expired'], ['cancelled']] as const;

/** A Package #0. */
export const notificationKind: PushKind = {
  purpose: 'notification',
  request: sampleRequest,
  course: ['sent', 'answered', 'completed'],
  again: 'note',
  ways: [
    ...early,
    ['sending'],
    ['sending', 'sent'],
    ['sending', 'accepted'],
    ['sending', 'delivered'],
    ['sending', 'answered'],
    ['sending', 'answered', 'completed'],
  ],
};

/** Octets of ours. */
export const messageKind: PushKind = {
  purpose: 'message',
  request: samplePushMessage,
  course: ['accepted', 'delivered'],
  again: 'queued',
  ways: [
    ...early,
    ['sending'],
    ['sending', 'accepted'],
    ['sending', 'sent'],
    ['sending', 'delivered'],
    ['sending', 'accepted', 'unreported'],
  ],
};

/** Octets of another push initiator, each under a push-id of its own. */
export const relayedKind: PushKind = {
  ...messageKind,
  purpose: 'relayed',
  request: (changes = {}) =>
    samplePushMessage({ ...changes, initiator: samplePushMark({ pushId: randomUUID() }) }),
};

/** One with a session, one without. */
export const pushKinds = [notificationKind, messageKind] as const;

/** Every purpose. */
export const allPushKinds = [...pushKinds, relayedKind] as const;
