// The names that shapes have in the description, and so in the client that is generated from it. The first of a name is what it
// stands for; those behind it are cut off where the first goes on.
import type { TSchema } from 'typebox';
import { jobBounds } from '../../server/index.ts';
import {
  AuditPage,
  AuditShape,
  IssuedTokenShape,
  RotationOfTokenBody,
  TokenBody,
  TokenPage,
  TokenShape,
  WhoAmIShape,
} from '../access/token-shapes.ts';
import { BulkLineShape, ChangeManyBody, DeleteManyBody } from '../bulk/bulk-shapes.ts';
import { HeldBody, HeldShape } from '../bulk/held-shapes.ts';
import { CampaignEventShape, JobEventShape, LinkEventShape } from '../feed/notice-shapes.ts';
import { CarrierShape, PushCountShape, QueueShape, StatusShape } from '../metrics/status-shapes.ts';
import { CarrierPage, LogLevelBody, LogLevelShape, SuspendBody } from '../running/running-shapes.ts';
import {
  AccountBody,
  AccountChangeBody,
  AccountPage,
  AccountShape,
  MessageSigningBody,
  MessageSigningShape,
} from '../shapes/account-shapes.ts';
import { HealthShape, ProblemShape } from '../shapes/basic-shapes.ts';
import { LineAnswerShape, lineOf } from '../shapes/batch-shapes.ts';
import {
  ClientCredentialsBody,
  CountShape,
  CredentialsShape,
  DeviceBody,
  DeviceChangeBody,
  DevicePage,
  DeviceShape,
  MessageKeysBody,
  MessageKeysShape,
  PutDeviceBody,
  ServerCredentialsBody,
} from '../shapes/device-shapes.ts';
import {
  CommandBody,
  CreatedJobShape,
  commandShape,
  ItemShape,
  JobBody,
  JobPage,
  JobShape,
  JobSummaryShape,
  ReportShape,
} from '../shapes/job-shapes.ts';
import { format, WakeBody } from '../shapes/notification-fields.ts';
import { BootstrapBody, MessageBody, NotificationBody } from '../shapes/push-bodies.ts';
import {
  CreatedMessageShape,
  initiator,
  MessageEventShape,
  MessagePage,
  MessageShape,
  MessageTimeline,
  messageState,
  NotificationEventShape,
  NotificationPage,
  NotificationShape,
  NotificationTimeline,
  notificationState,
  PushEventShape,
  PushPage,
  PushShape,
  PushTimeline,
  pushState,
} from '../shapes/push-shapes.ts';
import { RotationBody, RotationShape } from '../shapes/rotation-shapes.ts';
import {
  DeadDeliveryShape,
  DeadPage,
  DeadSelectionBody,
  IssuedWebhookShape,
  ReplayBody,
  WebhookBody,
  WebhookChangeBody,
  WebhookPage,
  WebhookRotationBody,
  WebhookShape,
  WebhookTestShape,
} from '../webhook/webhook-shapes.ts';

const lineWords = 'What the single route takes';

/** Shapes by name. */
export const namedShapes: Readonly<Record<string, readonly [TSchema, ...TSchema[]]>> = {
  Account: [AccountShape],
  AccountChange: [AccountChangeBody],
  AccountPage: [AccountPage],
  AuditEntry: [AuditShape],
  AuditPage: [AuditPage],
  Bootstrap: [BootstrapBody],
  Caller: [WhoAmIShape],
  CampaignEvent: [CampaignEventShape],
  Carrier: [CarrierShape],
  CarrierList: [CarrierPage],
  Command: [CommandBody],
  CommandItem: [ItemShape],
  CommandReport: [ReportShape],
  CommandResult: commandResults(),
  CreatedJob: [CreatedJobShape],
  CreatedMessage: [CreatedMessageShape],
  Credentials: [CredentialsShape],
  Device: [DeviceShape],
  DeviceChange: [DeviceChangeBody],
  DeviceCount: [CountShape],
  DeviceLine: [BulkLineShape],
  DevicePage: [DevicePage],
  DeviceReplacement: [PutDeviceBody],
  DevicesToChange: [ChangeManyBody],
  DevicesToDelete: [DeleteManyBody],
  Health: [HealthShape],
  HeldCounts: [HeldShape],
  HeldSelection: [HeldBody],
  Initiator: [initiator],
  IssuedToken: [IssuedTokenShape],
  IssuedWebhook: [IssuedWebhookShape],
  Job: [JobShape],
  JobEvent: [JobEventShape],
  JobLine: [lineOf(JobBody, lineWords)],
  JobPage: [JobPage],
  JobSummary: [JobSummaryShape],
  LineAnswer: [LineAnswerShape],
  LinkEvent: [LinkEventShape],
  LogLevel: [LogLevelShape],
  Message: [MessageShape],
  MessageEvent: [MessageEventShape],
  MessageKeys: [MessageKeysShape],
  MessageLine: [lineOf(MessageBody, lineWords)],
  MessagePage: [MessagePage],
  MessageSigning: [MessageSigningShape],
  MessageState: [messageState],
  MessageTimeline: [MessageTimeline],
  NewAccount: [AccountBody],
  NewClientCredentials: [ClientCredentialsBody],
  NewDevice: [DeviceBody],
  NewJob: [JobBody],
  NewMessage: [MessageBody],
  NewMessageKeys: [MessageKeysBody],
  NewMessageSigning: [MessageSigningBody],
  NewNotification: [NotificationBody],
  NewSecretRotation: [RotationBody],
  NewServerCredentials: [ServerCredentialsBody],
  NewLogLevel: [LogLevelBody],
  NewToken: [TokenBody],
  NewWebhook: [WebhookBody],
  Notification: [NotificationShape],
  NotificationEvent: [NotificationEventShape],
  NotificationFormat: [format],
  NotificationLine: [lineOf(NotificationBody, lineWords)],
  NotificationPage: [NotificationPage],
  NotificationState: [notificationState],
  NotificationTimeline: [NotificationTimeline],
  Problem: [ProblemShape],
  Push: [PushShape],
  PushCount: [PushCountShape],
  PushEvent: [PushEventShape],
  PushPage: [PushPage],
  PushState: [pushState],
  PushTimeline: [PushTimeline],
  Queue: [QueueShape],
  SecretRotation: [RotationShape],
  Status: [StatusShape],
  Suspension: [SuspendBody],
  Token: [TokenShape],
  TokenPage: [TokenPage],
  TokenRotation: [RotationOfTokenBody],
  Wake: [WakeBody],
  Webhook: [WebhookShape],
  WebhookChange: [WebhookChangeBody],
  WebhookDelivery: [DeadDeliveryShape],
  WebhookDeliveryPage: [DeadPage],
  WebhookDeliverySelection: [DeadSelectionBody],
  WebhookPage: [WebhookPage],
  WebhookReplay: [ReplayBody],
  WebhookRotation: [WebhookRotationBody],
  WebhookTest: [WebhookTestShape],
};

/** Commands with their answers hold commands, as deep as a job can have them: one name stands for all depths. */
function commandResults(): readonly [TSchema, ...TSchema[]] {
  const shapes = [];
  for (let depth = jobBounds.depth - 1; depth >= 1; depth -= 1) shapes.push(commandShape(depth));
  return [commandShape(jobBounds.depth), ...shapes];
}
