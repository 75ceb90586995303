// Shapes of pushes and of what happened to them: notifications and messages under their own paths, and all of them under
// one.
import { Type } from 'typebox';
import {
  messageStates,
  notificationStates,
  type PushEventName,
  type PushState,
  pushPurposes,
  pushRemarks,
  pushStates,
} from '../../store/index.ts';
import { next, time, warnings } from './basic-shapes.ts';
import { format } from './notification-fields.ts';

/** States of each kind. */
export const notificationState = oneOf<PushState>(notificationStates);
export const messageState = oneOf<PushState>(messageStates);
export const pushState = oneOf<PushState>(pushStates);

/** Remarks on a push that another initiator asked the result of; a notification has none of them. */
const resultRemarks: readonly string[] = ['result-told', 'result-lost'];
const notificationRemarks = pushRemarks.filter((remark) => !resultRemarks.includes(remark));
const notificationEvent = oneOf<PushEventName>([...notificationStates, ...notificationRemarks]);

/** What any push has. */
const progress = {
  attempts: Type.Integer({ description: 'Times that it was tried' }),
  sends: Type.Integer({ description: 'Attempts that a binding took' }),
  reason: Type.Optional(Type.String({ description: 'Why it failed, or what the last attempt met' })),
  dueAt: Type.Optional(time('When the server looks at it next')),
  held: Type.Optional(
    Type.Boolean({
      description: 'True: nothing is sent of it until it is released, for it came out of a copy',
    }),
  ),
  expiresAt: time('When it ends at the latest'),
  createdAt: time('When it was accepted'),
  updatedAt: time('When it changed last'),
};

const sessionIdText = Type.String({ description: 'As the SessionID of DM messages has it' });
const fields = Type.Record(Type.String(), Type.Unknown());
const job = Type.String({ description: 'Job that was created with it; not in lists' });
/** Who handed in what is relayed. */
export const initiator = Type.Object({
  name: Type.String(),
  pushId: Type.String(),
  recipient: Type.String(),
});

/** A notification, under `/v1/notifications`. */
export const NotificationShape = Type.Object({
  id: Type.String(),
  device: Type.String(),
  serverId: Type.String(),
  sessionId: Type.Integer(),
  sessionIdText,
  format,
  message: fields,
  state: notificationState,
  job: Type.Optional(job),
  ...progress,
  warnings,
});

const messageFields = {
  id: Type.String(),
  device: Type.Optional(Type.String()),
  addresses: Type.Optional(Type.Array(Type.String())),
  serverId: Type.Optional(Type.String()),
  contentType: Type.String(),
  octets: Type.Integer(),
  summary: fields,
  state: messageState,
  initiator: Type.Optional(initiator),
  ...progress,
  dueAt: Type.Optional(time('When it is looked at next')),
  expiresAt: time('Not sent from then on'),
  createdAt: time('When it was created'),
  updatedAt: time('When it was changed last'),
};

/** A message of ours or of another initiator, under `/v1/messages`. */
export const MessageShape = Type.Object(messageFields);
/** The answer to what creates one. */
export const CreatedMessageShape = Type.Object({
  ...messageFields,
  pinForUser: Type.Optional(Type.String({ description: 'Tell the user in another way; shown once' })),
  warnings,
});

/** A push, whatever it is for: what all have, and the fields of its kind under the names that they have there. */
export const PushShape = Type.Object({
  id: Type.String(),
  purpose: Type.Enum([...pushPurposes], {
    description:
      '`notification`: a Package #0, answered by a session; `message`: a DM message or bootstrap of this server; ' +
      '`relayed`: handed in by another push initiator',
  }),
  device: Type.Optional(Type.String()),
  addresses: Type.Optional(
    Type.Array(Type.String(), { description: 'For a receiver that is no device here' }),
  ),
  serverId: Type.Optional(Type.String()),
  state: pushState,
  ...progress,
  endedAt: Type.Optional(time('When it was over')),
  sessionId: Type.Optional(Type.Integer({ description: 'notification' })),
  sessionIdText: Type.Optional(sessionIdText),
  format: Type.Optional(format),
  message: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'notification: its fields' }),
  ),
  job: Type.Optional(job),
  contentType: Type.Optional(Type.String({ description: 'message, relayed: MIME type of what is pushed' })),
  octets: Type.Optional(Type.Integer({ description: 'message, relayed: length of what is pushed' })),
  summary: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'message, relayed: what it is' }),
  ),
  initiator: Type.Optional(initiator),
});

/** Pages of lists. */
export const NotificationPage = Type.Object({ items: Type.Array(NotificationShape), next });
export const MessagePage = Type.Object({ items: Type.Array(MessageShape), next });
export const PushPage = Type.Object({ items: Type.Array(PushShape), next });

/** How an attempt went, in an event. */
const attempt = {
  node: Type.Optional(Type.String()),
  attempt: Type.Optional(Type.Integer()),
  binding: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  reference: Type.Optional(Type.String()),
  actor: Type.Optional(
    Type.String({
      description:
        'Whose doing it is: owner and name of a token (`alice/console`), `operator`, `anonymous`, `device` or `server`; absent where nobody knows',
    }),
  ),
};

/** What happened to a notification, on its timeline and in the feed. */
export const NotificationEventShape = Type.Object({
  sequence: Type.Integer(),
  notification: Type.String(),
  device: Type.String(),
  sessionId: Type.Integer(),
  at: time('When it happened'),
  event: notificationEvent,
  state: notificationState,
  ...attempt,
});

/** What happened to a message, on its timeline. */
export const MessageEventShape = Type.Object({
  sequence: Type.Integer(),
  message: Type.String(),
  at: time('When'),
  event: Type.String(),
  state: messageState,
  ...attempt,
});

/** What happened to a push, on its timeline under `/v1/pushes`; of messages, in the feed too. */
export const PushEventShape = Type.Object({
  sequence: Type.Integer({ description: 'One count for events of all kinds' }),
  kind: Type.Enum([...pushPurposes]),
  push: Type.String(),
  device: Type.Optional(Type.String()),
  sessionId: Type.Optional(Type.Integer({ description: 'notification' })),
  at: time('When it happened'),
  event: oneOf<PushEventName>([...pushStates, ...pushRemarks]),
  state: pushState,
  ...attempt,
});

/** Timelines. */
export const NotificationTimeline = Type.Object({ items: Type.Array(NotificationEventShape) });
export const MessageTimeline = Type.Object({ items: Type.Array(MessageEventShape) });
export const PushTimeline = Type.Object({ items: Type.Array(PushEventShape) });

/** One of these texts, whose type may be that of more. */
function oneOf<Text extends string>(texts: readonly Text[]) {
  return Type.Enum([...texts]);
}
