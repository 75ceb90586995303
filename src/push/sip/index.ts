// Push over SIP: the server's sender, and the device's registration and listener.
export type { Inadmissible, ReceivedSipPush } from './admission.ts';
export type { SipCredentials } from './authenticator.ts';
export {
  ClientTransaction,
  type ClientTransactionOptions,
  type TransactionEnd,
} from './client-transaction.ts';
export type { SipProtocol } from './flow.ts';
export { hopOf, type SipHop } from './hop.ts';
export { maxUdpRequest } from './outgoing-request.ts';
export { SipPushError } from './push-error.ts';
export {
  type SipRegistrationOptions,
  type SipRegistrationStatus,
  sipRegistrationDefaults,
} from './registration-options.ts';
export { type SipSenderOptions, type SipTarget, sipSenderDefaults } from './sender-options.ts';
export type { EndpointDrop } from './server-side.ts';
export { ServerTransaction, type ServerTransactionOptions } from './server-transaction.ts';
export {
  type SipCounters,
  type SipDropReason,
  SipListener,
  type SipListenerOptions,
  type SipPushHandler,
  sipPort,
  sipsPort,
} from './sip-listener.ts';
export type { SipRegistration } from './sip-registration.ts';
export { createSipSender } from './sip-sender.ts';
export { type SipTimers, sipTimers, transactionMs } from './timers.ts';
