// Short messages by several roads: routes by number, fall-over, and the listener for what carriers report over HTTP.
export {
  CallbackListener,
  type CallbackListenerOptions,
  callbackDefaults,
  callbackPath,
} from './callback-listener.ts';
export { routeFaults, type SmsRoute } from './route-table.ts';
export {
  carrierOfRoad,
  createSmsRoutes,
  type FallOver,
  reportOfRoad,
  requireRoadName,
  type SmsRoutesOptions,
} from './sms-routes.ts';
