// Which binding takes the pushes of which scheme.
import { ConfigError, ValueError } from '../../core/index.ts';
import {
  type AddressScheme,
  type Binding,
  type Carriers,
  type DeviceAddress,
  type PushContentType,
  parseAddress,
  type ReportingBinding,
} from '../../push/index.ts';
import { type PushPolicy, schemeRefusal } from './push-policy.ts';

/** The configured bindings, by the scheme of the addresses that they serve. */
export type BindingTable = Readonly<Partial<Record<AddressScheme, Binding<DeviceAddress>>>>;

/** Names of bindings by their carriers. */
export function bindingsOfCarriers(bindings: BindingTable): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name, carriers } of new Set(Object.values(bindings))) {
    for (const carrier of carriers?.names ?? [name]) names.set(carrier, name);
  }
  return names;
}

/** Lets a binding that sends to host and port take device addresses. */
export function forHostAddresses(
  binding: Binding<{ readonly host: string; readonly port: number }>,
): Binding<DeviceAddress> {
  return forAddresses(binding, ({ uri, host, port }) => {
    if (host !== undefined && port !== undefined) return { host, port };
    throw new ValueError('BAD_FORMAT', `${uri} names no host`, 'address');
  });
}

/**
 * Lets a binding with targets of its own take device addresses.
 * @param targetOf throws ValueError for an address that is none
 */
export function forAddresses<To>(
  binding: Binding<To>,
  targetOf: (address: DeviceAddress) => To,
): Binding<DeviceAddress> {
  const { name, maxPayload, carriers } = binding;
  return {
    name,
    maxPayload,
    ...(carriers !== undefined && { carriers: carriersFor(carriers, targetOf) }),
    send(push, address, signal) {
      let target: To;
      try {
        target = targetOf(address);
      } catch (error) {
        return Promise.reject(error);
      }
      return binding.send(push, target, signal);
    },
    ...(binding.status !== undefined && { status: () => binding.status?.() ?? [] }),
    close: () => binding.close(),
  };
}

function carriersFor<To>(
  carriers: Carriers<To>,
  targetOf: (address: DeviceAddress) => To,
): Carriers<DeviceAddress> {
  const { names } = carriers;
  const [only = ''] = names;
  return {
    names,
    of: names.length === 1 ? () => only : (address, heldBy) => carriers.of(targetOf(address), heldBy),
    free: (carrier) => carriers.free(carrier),
    onFree: (listener) => carriers.onFree(listener),
    ...(carriers.held !== undefined && { held: carriers.held }),
    ...(carriers.heldBy !== undefined && { heldBy: (pushId: string) => carriers.heldBy?.(pushId) }),
    ...(carriers.suspend !== undefined && {
      suspend: (suspended: ReadonlySet<string>) => carriers.suspend?.(suspended),
    }),
    ...(carriers.isSuspended !== undefined && {
      isSuspended: (carrier: string) => carriers.isSuspended?.(carrier) === true,
    }),
  };
}

/** The same for a binding whose carrier reports later. */
export function forReportedAddresses<To>(
  binding: ReportingBinding<To>,
  targetOf: (address: DeviceAddress) => To,
): ReportingBinding<DeviceAddress> {
  return {
    ...forAddresses(binding, targetOf),
    expectReport: (pushId, reference, address) =>
      binding.expectReport(pushId, reference, address === undefined ? undefined : targetOf(address)),
  };
}

/** True for a binding whose carrier reports later. */
export function isReporting(binding: Binding<DeviceAddress>): binding is ReportingBinding<DeviceAddress> {
  return 'expectReport' in binding;
}

/** Schemes that have a binding, for messages. */
export function configuredSchemes(bindings: BindingTable): string {
  const schemes = Object.keys(bindings);
  return schemes.length === 0 ? 'none' : schemes.map((scheme) => `${scheme}:`).join(' ');
}

/**
 * Checks that at least one of the addresses can be reached.
 * @throws {ConfigError} when no address has a scheme with a binding; it names the schemes
 * @throws {ValueError} when an address is none
 */
export function requireRoute(bindings: BindingTable, addresses: readonly string[], deviceId: string): void {
  const schemes = addresses.map((address, index) => parseAddress(address, `addresses[${index}]`).scheme);
  if (schemes.some((scheme) => bindings[scheme] !== undefined)) return;
  const wanted = [...new Set(schemes)].map((scheme) => `${scheme}:`).join(' ');
  throw new ConfigError(
    `device ${deviceId} is reached by ${wanted}, for which no binding is configured here (configured: ${configuredSchemes(bindings)})`,
  );
}

/**
 * Checks that at least one of the addresses, of which one can be reached, takes pushes of that type.
 * @throws {ConfigError} when none does; it says why
 */
export function requireRouteFor(
  contentType: Pick<PushContentType, 'mime'>,
  bindings: BindingTable,
  policy: Pick<PushPolicy, 'secureNotifications'>,
  { id, addresses }: { readonly id: string; readonly addresses: readonly string[] },
): void {
  const refusals = addresses
    .map((address) => parseAddress(address).scheme)
    .filter((scheme) => bindings[scheme] !== undefined)
    .map((scheme) => schemeRefusal(policy, scheme, contentType));
  if (refusals.includes(undefined)) return;
  throw new ConfigError(`no address of device ${id} will do: ${refusals.join('; ')}`);
}
