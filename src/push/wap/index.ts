// Connectionless WAP push over UDP: the server's sender and the device's listener.

export { readWapPush, type WapPushReading } from './read-push.ts';
export {
  type WapCounters,
  type WapDropReason,
  WapListener,
  type WapListenerOptions,
  wapPushPort,
} from './wap-listener.ts';
export { createWapSender, type WapSenderOptions, type WapTarget, wapSenderDefaults } from './wap-sender.ts';
