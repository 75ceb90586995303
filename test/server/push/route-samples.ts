// Addresses, bindings and pushes for which a route is looked for; nothing is ever sent.
import assert from 'node:assert/strict';
import { type Binding, contentTypes, type DeviceAddress, parseAddress } from '../../../src/push/index.ts';
import type { BindingTable } from '../../../src/server/push/bindings.ts';
import { pushPolicyDefaults } from '../../../src/server/push/push-policy.ts';
import type { Route } from '../../../src/server/push/routes.ts';
import type { DeviceRecord, MessagePush, NotificationPush, PushRecord } from '../../../src/store/index.ts';

/** A binding that nothing is sent over; `of` names the carrier of an address. */
export function bindingOf(name: string, of?: (to: DeviceAddress) => string): Binding<DeviceAddress> {
  const carriers = { names: [], free: () => 1, onFree: () => () => undefined };
  return {
    name,
    maxPayload: 1400,
    ...(of !== undefined && { carriers: { ...carriers, of } }),
    send: () => Promise.reject(new Error('nothing is sent here')),
    close: () => Promise.resolve(),
  };
}

export const [wap, sms, http] = [
  bindingOf('wap'),
  bindingOf('sms', () => 'centre'),
  bindingOf('http', () => 'host'),
];
export const bindings: BindingTable = { wap, sms, http };
export const context = { bindings, policy: pushPolicyDefaults };
export const fresh: Pick<PushRecord, 'sends' | 'refusedAddresses'> = { sends: 0, refusedAddresses: [] };
export const one = 'wap:127.0.0.1';
export const two = 'sms:+491701234567';
export const three = 'http://127.0.0.1/';
export const addresses = [one, two, three];
export const type = contentTypes['dm1.2'];

/** The route to one of the three addresses. */
export function to(address: string, turn: number): Route {
  const routes: Readonly<Record<string, Pick<Route, 'binding' | 'carrier'>>> = {
    [one]: { binding: wap, carrier: 'wap' },
    [two]: { binding: sms, carrier: 'centre' },
    [three]: { binding: http, carrier: 'host' },
  };
  const { binding, carrier } = routes[address] ?? assert.fail(address);
  return { address, to: parseAddress(address), binding, carrier, turn };
}

const common = {
  id: 'p',
  state: 'queued',
  attempts: 0,
  sends: 0,
  failures: 0,
  refusedAddresses: [],
  lease: 0,
  version: 0,
  expiresAt: 1,
  createdAt: 0,
  updatedAt: 0,
} as const;
export const notification: NotificationPush = {
  ...common,
  purpose: 'notification',
  deviceId: 'd',
  serverId: 's',
  sessionId: 1,
  format: 'dm1.2',
  fields: {},
  defaultNonce: 'none',
  resynchronise: false,
};
export const message: MessagePush = {
  ...common,
  purpose: 'message',
  contentType: { mime: 'text/plain', code: 3 },
  body: new Uint8Array(),
  octets: 0,
  summary: {},
  resultFailures: 0,
};
export const device: DeviceRecord = {
  id: 'd',
  serverId: 's',
  addresses,
  format: 'dm1.3',
  serverCredentials: { scheme: 'md5', name: 's', secret: 'x' },
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: 0,
  updatedAt: 0,
};
