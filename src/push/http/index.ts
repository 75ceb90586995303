// OTA-HTTP: the server's sender and the device's listener, and the HTTP of both sides that PAP uses too.
export type { HttpCredentials } from './challenge-memory.ts';
export { httpPushPath, httpPushPort, httpsPushPort } from './header-names.ts';
export {
  type AuthenticatedRequest,
  HttpAuthenticator,
  type HttpAuthenticatorOptions,
  type HttpProof,
} from './http-authenticator.ts';
export {
  HttpClient,
  type HttpClientOptions,
  type HttpClientTls,
  type HttpRequest,
  type HttpResponse,
  httpClientDefaults,
} from './http-client.ts';
export { HttpPushListener } from './http-listener.ts';
export { type HttpPushAnswer, HttpPushReceiver } from './http-receiver.ts';
export { createHttpPushSender } from './http-sender.ts';
export {
  type HttpListenerTls,
  HttpServer,
  type HttpServerAnswer,
  type HttpServerBounds,
  type HttpServerDrop,
  type HttpServerEvents,
  type HttpServerHead,
  type HttpServerOptions,
  httpServerDefaults,
} from './http-server.ts';
export { connectorPastInterim } from './interim-answers.ts';
export { peerOf, statusPushError } from './push-error.ts';
export type { HttpPushRequest } from './read-request.ts';
export {
  type HttpDropReason,
  type HttpPushCounters,
  type HttpPushHandler,
  type HttpPushListenerOptions,
  type HttpPushReceiverOptions,
  httpPushListenerDefaults,
  type ReceivedHttpPush,
} from './receiver-options.ts';
export {
  type HttpPushForm,
  type HttpPushOptions,
  type HttpPushSenderOptions,
  type HttpTarget,
  httpPushSenderDefaults,
} from './sender-options.ts';
