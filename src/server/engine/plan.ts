// What is decided about a push that is due in the lane of a carrier: whether it goes out there, and how.
import type { Clock } from '../../core/index.ts';
import type { DeviceRecord, PushChange, PushRecord } from '../../store/index.ts';
import { decideDue } from '../push/decide.ts';
import { keptBack, type PushGates } from '../push/push-gates.ts';
import type { PushPolicy } from '../push/push-policy.ts';
import { addressesOf, contentTypeOfPush, nextRoute, type RoutesContext } from '../push/routes.ts';
import type { Decision } from './lane-work.ts';
import type { RetryAfters } from './retry-afters.ts';
import type { Attempt } from './settle.ts';
import { type NonceNeed, nonceNeed, type SigningNonce } from './signing-nonce.ts';

/** How a push is sent. */
export interface Plan extends Omit<Attempt, 'push' | 'madeAt'> {
  readonly need: NonceNeed;
  /** Under which nonce a notification is signed. */
  readonly nonce: SigningNonce;
  /** What is to be noted with its outcome. */
  readonly note?: string;
}

/** What is decided with. */
export interface PlanContext extends RoutesContext {
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly retryAfters: RetryAfters;
  /** True while pushes that wait for this carrier are handed to nobody. */
  readonly isSuspended: (carrier: string) => boolean;
  /** Which campaigns let attempts begin; absent: all do. */
  readonly gates?: PushGates | undefined;
}

/**
 * Whether a due push goes out over `carrier`, and how. One that another carrier reaches by now, for its device was edited or
 * the configuration changed, waits there; that is no attempt.
 */
export function planOf(
  context: PlanContext,
  carrier: string,
  due: PushRecord,
  device: DeviceRecord | undefined,
): Decision<Plan> {
  const { policy, clock, retryAfters } = context;
  const now = clock.now();
  const change = decideDue(due, policy, now, device?.suspendedAt !== undefined);
  if (change.event !== 'sending') {
    const inVain = context.isSuspended(carrier) && due.sends < policy.attempts;
    return { changes: [inVain ? withCarrier(change, carrier) : change] };
  }
  const kept = keptBack(due, context.gates, now);
  if (kept !== undefined) return { changes: [kept] };
  const addresses = addressesOf(due, device);
  const contentType = contentTypeOfPush(due);
  const way = nextRoute(context, due, contentType, addresses, due.failures, retryAfters.of(due.id));
  const { passed, route = way.waiting } = way;
  const right = route?.carrier;
  if (right !== undefined && right !== carrier) {
    return { changes: [{ event: 'note', detail: `it goes over ${right}`, dueAt: now, carrier: right }] };
  }
  const need = nonceNeed(due, device, policy);
  const plan = {
    passed,
    ...(route !== undefined && { route }),
    addresses,
    contentType,
    need,
    nonce: need === 'first-contact' ? 'default' : 'stored',
  } as const;
  return need === 'first-contact' && route !== undefined
    ? { changes: [{ ...change, defaultNonce: 'offered' }, resynchronising], plan }
    : { changes: [change], plan };
}

/** An end that came while the carrier was suspended says so. */
function withCarrier(change: PushChange, carrier: string): PushChange {
  if (change.event !== 'expired' && change.event !== 'failed') return change;
  const waited = `it waited for ${carrier}, which is suspended`;
  return { ...change, detail: change.detail === undefined ? waited : `${change.detail}; ${waited}` };
}

const resynchronising: PushChange = { event: 'resynchronising' };
