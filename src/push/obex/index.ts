// Push over OBEX: the server's sender and the device's listener, over TCP or over any stream.

export type { ObexCredentials } from '../../codec/obex/index.ts';
export { ObexListener, type ObexListenerOptions, obexPort } from './obex-listener.ts';
export { ObexReceiver, serveObexStream } from './obex-receiver.ts';
export {
  createObexSender,
  type ObexSenderOptions,
  type ObexTarget,
  type SendOverStreamOptions,
  sendOverStream,
} from './obex-sender.ts';
export {
  type ObexCounters,
  type ObexDropReason,
  type ObexHandlerRefusal,
  type ObexPushHandler,
  type ObexReceiverOptions,
  type ObexVerdict,
  obexReceiverDefaults,
  type ReceivedObexPush,
} from './receiver-options.ts';
export { type ObexPushOptions, type ObexSendSettings, obexSenderDefaults } from './sender-options.ts';
