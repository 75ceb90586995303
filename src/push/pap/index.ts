// Push Access Protocol: as push initiator to gateways, and as an endpoint for push initiators.
export { type PapGateway, papGatewayDefaults } from './gateway.ts';
export { type PapGatewayKind, papGatewayKinds } from './gateway-kind.ts';
export type { PapHttpRequest, PapHttpResponse } from './http-form.ts';
export type { PapInitiator } from './initiators.ts';
export {
  PapEndpoint,
  type PapEndpointOptions,
  papEndpointDefaults,
  type RefusedPapRequest,
} from './pap-endpoint.ts';
export type {
  PapCancellation,
  PapHost,
  PapOutcome,
  PapRecipient,
  PapReference,
  PapReplacement,
  PapState,
  PapSubmission,
} from './pap-host.ts';
export { PapListener, type PapListenerOptions, type PapRoute, papListenerDefaults } from './pap-listener.ts';
export { type NotificationTarget, PapNotifier, type ResultNotification } from './pap-notifier.ts';
export { createPapSender, papTarget } from './pap-sender.ts';
export type { ClientCapabilities, PapSender, PapSenderOptions, PapTarget } from './sender-contract.ts';
