// Push over short messages, through message centres that speak SMPP 3.4: the server's sender and the device's receiver. What
// other roads of short messages share with it stands in `push/short-message`.

export {
  type LinkTimingOptions,
  linkDefaults,
  type ReceiverLinkOptions,
  type SmsCentreOptions,
  type SmscOptions,
  type WarningHandler,
} from './link/link-options.ts';
export {
  type ConnectionEvents,
  type ConnectionSettings,
  type RequestOutcome,
  SmppConnection,
} from './link/smpp-connection.ts';
export type { LinkState } from './link/smpp-link.ts';
export type { ReceiptIdRule } from './receipt/receipt-id.ts';
export type { ReceiptCounters, UnknownReceiptState } from './receipt/receipt-tracker.ts';
export {
  type MessageDropReason,
  messageDropReasons,
  type ReceivedSmsPush,
  type SmsCounters,
  type SmsDropReason,
  type SmsPushHandler,
  type SmsReceiverOptions,
  smsReceiverDefaults,
} from './receiver-options.ts';
export { type SmsSenderOptions, smsSenderDefaults } from './sender-options.ts';
export { SmsReceiver } from './sms-receiver.ts';
export { createSmsSender, type SmsSender } from './sms-sender.ts';
export type { SmsForm } from './submit/compose.ts';
export type { LinkRole, LinkStatus } from './submit/lanes.ts';
export type { ValidityForm } from './submit/validity-period.ts';
