// The faces of pushes: under which path which of them are shown, by which name, and how each looks there.
import type { TSchema } from 'typebox';
import {
  type MessagePush,
  messageStates,
  type NotificationPush,
  notificationStates,
  type PushEvent,
  type PushPurpose,
  type PushRecord,
  type PushState,
  pushPurposes,
  pushStates,
} from '../../store/index.ts';
import {
  MessagePage,
  MessageShape,
  MessageTimeline,
  NotificationPage,
  NotificationShape,
  NotificationTimeline,
  PushPage,
  PushShape,
  PushTimeline,
} from '../shapes/push-shapes.ts';
import {
  messageEventView,
  messageView,
  notificationEventView,
  notificationView,
  pushEventView,
  pushView,
} from '../shapes/push-views.ts';

/** One face. What it does not show, it does not know: such a push is 404 under its path. */
export interface PushFace<Push extends PushRecord = PushRecord> {
  /** Last part of the path, and tag in the description. */
  readonly tag: string;
  /** What one of its pushes is called. */
  readonly name: string;
  readonly purposes: readonly PushPurpose[];
  /** True for a push that it shows. */
  readonly shows: (push: PushRecord) => push is Push;
  readonly states: readonly PushState[];
  readonly shape: TSchema;
  readonly page: TSchema;
  readonly timeline: TSchema;
  readonly view: (push: Push, job?: string) => object;
  readonly eventView: (event: PushEvent) => object;
  /** Names of its routes in the description. */
  readonly operationIds: Readonly<Record<'list' | 'read' | 'timeline' | 'cancel', string>>;
  /** What the description says of its routes. */
  readonly summaries: Readonly<Record<'list' | 'read' | 'timeline' | 'cancel', string>>;
}

/** `/v1/notifications` */
export const notificationFace: PushFace<NotificationPush> = {
  tag: 'notifications',
  name: 'notification',
  purposes: ['notification'],
  shows: (push) => push.purpose === 'notification',
  states: notificationStates,
  shape: NotificationShape,
  page: NotificationPage,
  timeline: NotificationTimeline,
  view: notificationView,
  eventView: notificationEventView,
  operationIds: {
    list: 'listNotifications',
    read: 'getNotification',
    timeline: 'getNotificationTimeline',
    cancel: 'cancelNotification',
  },
  summaries: {
    list: 'List notifications, newest first',
    read: 'Read a notification',
    timeline: 'Read everything that happened to a notification, in order',
    cancel: 'Cancel a notification that is not over and whose session has not begun',
  },
};

/** `/v1/messages`: ours, and those of other initiators. */
export const messageFace: PushFace<MessagePush> = {
  tag: 'messages',
  name: 'message',
  purposes: ['message', 'relayed'],
  shows: (push) => push.purpose !== 'notification',
  states: messageStates,
  shape: MessageShape,
  page: MessagePage,
  timeline: MessageTimeline,
  view: messageView,
  eventView: messageEventView,
  operationIds: {
    list: 'listMessages',
    read: 'getMessage',
    timeline: 'getMessageTimeline',
    cancel: 'cancelMessage',
  },
  summaries: {
    list: 'List push messages, newest first',
    read: 'Read a push message; what it carries is not shown',
    timeline: 'Read everything that happened to a push message, in order',
    cancel: 'Cancel a push message that waits',
  },
};

/** `/v1/pushes`: all of them. */
export const allFace: PushFace = {
  tag: 'pushes',
  name: 'push',
  purposes: pushPurposes,
  shows: (push): push is PushRecord => pushPurposes.includes(push.purpose),
  states: pushStates,
  shape: PushShape,
  page: PushPage,
  timeline: PushTimeline,
  view: pushView,
  eventView: pushEventView,
  operationIds: {
    list: 'listPushes',
    read: 'getPush',
    timeline: 'getPushTimeline',
    cancel: 'cancelPush',
  },
  summaries: {
    list: 'List pushes of any purpose, newest first',
    read: 'Read a push, whatever it is for; what a message carries is not shown',
    timeline: 'Read everything that happened to a push, in order',
    cancel: 'Cancel a push: a notification whose session has not begun, a message that waits',
  },
};
