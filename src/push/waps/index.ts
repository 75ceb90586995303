// Secure connectionless WAP push over UDP: the server's sender and the device's listener (docs/secure-push.md).
export {
  type ReceivedWapsPush,
  type WapsCounters,
  type WapsDropReason,
  type WapsListenerOptions,
  type WapsPushHandler,
  wapsListenerDefaults,
  wapsPushPort,
} from './listener-options.ts';
export { nodeRsaKey, nodeWtlsCrypto } from './node-crypto.ts';
export { checkWapsOffers, checkWapsSecrets, type WapsSecret } from './secret.ts';
export {
  type WapsNotice,
  type WapsSenderOptions,
  type WapsTarget,
  wapsSenderDefaults,
} from './sender-options.ts';
export { WapsListener } from './waps-listener.ts';
export { createWapsSender } from './waps-sender.ts';
