// The routes to a receiver: which of its addresses has its turn, with the binding and the carrier that reach it.
import {
  type Binding,
  contentTypes,
  type DeviceAddress,
  type PushContentType,
  parseAddress,
} from '../../push/index.ts';
import type { DeviceRecord, PushRecord } from '../../store/index.ts';
import type { BindingTable } from './bindings.ts';
import { type PushPolicy, schemeRefusal } from './push-policy.ts';

/** What routes are found with. */
export interface RoutesContext {
  readonly bindings: BindingTable;
  readonly policy: Pick<PushPolicy, 'secureNotifications'>;
}

/** One address that a push may go to now. */
export interface Route {
  readonly address: string;
  readonly to: DeviceAddress;
  readonly binding: Binding<DeviceAddress>;
  /** Name of the carrier. */
  readonly carrier: string;
  /** True when that carrier may have the push already, and no other gets it (`Carriers.held`). */
  readonly held?: boolean;
  /** The turn of the address, as `failures` of a push counts them. */
  readonly turn: number;
}

/** One address that did not take a push. */
export interface RouteRefusal {
  readonly address: string;
  readonly detail: string;
  /** Why, as a code. */
  readonly code?: string;
  readonly binding?: string;
  /** True when it never will, so that it is not tried again. */
  readonly final: boolean;
}

/** The next route of a push. */
export interface Way {
  /** Absent when there is none, and while every address asked to wait. */
  readonly route?: Route;
  /** Of the addresses that were passed over because they asked to wait, the one that waits for the shortest. */
  readonly waiting?: Route;
  /** Addresses that had their turn before it and will never do. */
  readonly passed: readonly RouteRefusal[];
}

/** Says until when an address is not to be asked, on the monotonic clock; `undefined` for one that may be. */
export type AskedToWait = (address: string) => number | undefined;

const nobodyWaits: AskedToWait = () => undefined;
const none: readonly never[] = [];

/** The addresses of a push, in order of preference: its own, or those that its device has now. */
export function addressesOf(push: PushRecord, device: DeviceRecord | undefined): readonly string[] {
  if (push.purpose === 'notification') return device?.addresses ?? [];
  const { deviceId, addresses, schemes } = push;
  const all = (deviceId === undefined ? addresses : device?.addresses) ?? [];
  return addressesOver(all, schemes);
}

function addressesOver(addresses: readonly string[], schemes?: readonly string[]): readonly string[] {
  if (schemes === undefined) return addresses;
  return addresses.filter((address) => schemes.includes(parseAddress(address).scheme));
}

/** The type of what a push carries. */
export function contentTypeOfPush(push: PushRecord): PushContentType {
  return push.purpose === 'notification' ? contentTypes[push.format] : push.contentType;
}

/**
 * The route of the next address, of those whose turn is at `turn` or comes after it. Turns go around: with `n` addresses, the
 * one at `(sends + turn) % n` has it, so a push that nobody answered begins with the address after the one before. An address
 * that has refused the push for good is left out, and so is one that asked to wait while another has not. `carrier` is what the
 * push waited for last: one that holds it goes on doing so.
 */
export function nextRoute(
  { bindings, policy }: RoutesContext,
  push: Pick<PushRecord, 'sends' | 'refusedAddresses' | 'carrier'>,
  contentType: PushContentType,
  addresses: readonly string[],
  turn: number,
  waitOf: AskedToWait = nobodyWaits,
): Way {
  const { sends, refusedAddresses } = push;
  const count = addresses.length;
  let passed: RouteRefusal[] | undefined;
  let waiting: Route | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (let step = 0; step < count; step += 1) {
    const address = addresses[(sends + turn + step) % count];
    if (address === undefined || refusedAddresses.includes(address)) continue;
    const found = routeOf(bindings, policy, address, contentType, turn + step, push.carrier);
    if ('final' in found) {
      passed ??= [];
      passed.push(found);
      continue;
    }
    const until = waitOf(address);
    if (until === undefined) {
      const way = { route: found, passed: passed ?? none };
      return waiting === undefined ? way : { ...way, waiting };
    }
    if (until >= shortest) continue;
    shortest = until;
    waiting = found;
  }
  return { passed: passed ?? none, ...(waiting !== undefined && { waiting }) };
}

function routeOf(
  bindings: BindingTable,
  policy: RoutesContext['policy'],
  address: string,
  contentType: PushContentType,
  turn: number,
  waitedFor: string | undefined,
): Route | RouteRefusal {
  let name: string | undefined;
  try {
    const to = parseAddress(address);
    const binding = bindings[to.scheme];
    if (binding === undefined) {
      return { address, detail: `no binding is configured for ${to.scheme}:`, code: 'NO_ROUTE', final: true };
    }
    name = binding.name;
    const refused = schemeRefusal(policy, to.scheme, contentType);
    if (refused !== undefined)
      return { address, detail: refused, code: 'INSECURE', binding: name, final: true };
    const carrier = binding.carriers?.of(to, waitedFor) ?? name;
    const held = binding.carriers?.held?.includes(carrier) === true;
    return { address, to, binding, carrier, turn, ...(held && { held }) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { address, detail, code: 'NO_ROUTE', final: true, ...(name !== undefined && { binding: name }) };
  }
}

/** True when the turns of two attempts are not of the same round: every address has been asked between them. */
export function isLaterRound(turn: number, earlier: number, addresses: readonly string[]): boolean {
  return roundOf(turn, addresses) > roundOf(earlier, addresses);
}

/** How often every address has been asked in vain before that turn. */
export function roundOf(turn: number, addresses: readonly string[]): number {
  return addresses.length === 0 ? turn : Math.floor(turn / addresses.length);
}

/**
 * Name of the carrier that the first attempt of a push begins with, of these addresses over these schemes (absent: all);
 * `undefined` when none of them has a route. What is asked of the queue says it, so that the engine need not look it up.
 */
export function firstCarrier(
  context: RoutesContext,
  contentType: PushContentType,
  addresses: readonly string[],
  schemes?: readonly string[],
): string | undefined {
  const fresh = { sends: 0, refusedAddresses: none };
  return nextRoute(context, fresh, contentType, addressesOver(addresses, schemes), 0).route?.carrier;
}
