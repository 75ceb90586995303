// Push over short messages, through message centres that speak SMPP 3.4: the server's sender and the device's receiver.
export type { SmsForm } from './compose.ts';
export type { UnmatchedReceipt } from './early-receipts.ts';
export type { LinkRole, LinkStatus } from './lanes.ts';
export {
  type LinkTimingOptions,
  linkDefaults,
  type ReceiverLinkOptions,
  type SmsCentreOptions,
  type SmscOptions,
  type WarningHandler,
} from './link-options.ts';
export type { ReceiptIdRule } from './receipt-id.ts';
export {
  type ReceivedSmsPush,
  type SmsCounters,
  type SmsDropReason,
  type SmsPushHandler,
  type SmsReceiverOptions,
  smsReceiverDefaults,
} from './receiver-options.ts';
export {
  longestValiditySeconds,
  type NumberOptions,
  type SmsSenderOptions,
  smsSenderDefaults,
} from './sender-options.ts';
export {
  type ConnectionEvents,
  type ConnectionSettings,
  type RequestOutcome,
  SmppConnection,
} from './smpp-connection.ts';
export type { LinkState } from './smpp-link.ts';
export { SmsReceiver } from './sms-receiver.ts';
export { createSmsSender, type SmsSender, type SmsTarget } from './sms-sender.ts';
export type { ReceiptCounters, UnknownReceiptState } from './tracker-settings.ts';
export type { ValidityForm } from './validity.ts';
