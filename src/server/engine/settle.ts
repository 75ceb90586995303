// What comes of an attempt, as changes of the push: what the address said, and how it goes on.
import type { Clock } from '../../core/index.ts';
import type { PushContentType, SendResult } from '../../push/index.ts';
import type { PushChange, PushRecord } from '../../store/index.ts';
import { keptUntil } from '../push/notification-life.ts';
import { answerWaitMs, backOffMs, type PushPolicy } from '../push/push-policy.ts';
import {
  isLaterRound,
  nextRoute,
  type Route,
  type RouteRefusal,
  type RoutesContext,
  roundOf,
  type Way,
} from '../push/routes.ts';
import type { RetryAfters } from './retry-afters.ts';

/** What outcomes are judged with. */
export interface SettleContext extends RoutesContext {
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly node: string;
  readonly retryAfters: RetryAfters;
}

/** A claimed push, with what was found out about where it goes. */
export interface Attempt {
  readonly push: PushRecord;
  readonly addresses: readonly string[];
  readonly contentType: PushContentType;
  /** Where it goes; absent when no address is left. */
  readonly route?: Route;
  /** Addresses that had their turn before the one of the route. */
  readonly passed: readonly RouteRefusal[];
  /** When its content was made, milliseconds since the POSIX epoch. */
  readonly madeAt: number;
}

/** How a route took a push. */
export type RouteOutcome =
  | { readonly taken: true; readonly receipt: SendResult }
  | {
      readonly taken: false;
      readonly why: string;
      /** The same as a code, that of the error. */
      readonly code?: string;
      /** True when the same address may take it later. */
      readonly retryable: boolean;
      /** How long the carrier asks us to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    };

/** The changes of an attempt over its route; over none, with `undefined`. */
export function settle(
  context: SettleContext,
  attempt: Attempt,
  outcome: RouteOutcome | undefined,
): readonly PushChange[] {
  const { push, passed, route } = attempt;
  const mark = { lease: push.lease, attempt: push.attempts, node: context.node };
  if (outcome?.taken === true && route !== undefined) {
    const taken = { ...mark, ...takenChange(context, attempt, route, outcome.receipt) };
    return passed.length === 0
      ? [taken]
      : [...passed.map((one) => ({ ...mark, ...refusalChange(one) })), taken];
  }
  const refusals = [...passed];
  if (outcome?.taken === false && route !== undefined) {
    const { address, binding } = route;
    const { why, code, retryable, retryAfterMs } = outcome;
    const coded = code === undefined ? {} : { code };
    refusals.push({ address, detail: why, ...coded, binding: binding.name, final: !retryable });
    if (retryAfterMs === undefined) context.retryAfters.asked(push.id, address);
    else context.retryAfters.note(push.id, address, retryAfterMs);
  }
  const next = goOn(context, attempt, refusals);
  return [...refusals.map(refusalChange), next].map((change) => ({ ...mark, ...change }));
}

function refusalChange({ address, detail, code, binding, final }: RouteRefusal): PushChange {
  return {
    event: 'attempt-failed',
    address,
    detail,
    ...(code !== undefined && { cause: code }),
    ...(binding !== undefined && { binding }),
    ...(final && { refusedAddress: address }),
  };
}

function takenChange(
  context: SettleContext,
  { push, addresses, contentType, madeAt, passed }: Attempt,
  { address, binding, to, held }: Route,
  receipt: SendResult,
): PushChange {
  const { policy, clock, random, retryAfters } = context;
  const { sends } = push;
  const reference = 'reference' in receipt ? receipt.reference : undefined;
  const again = clock.now() + answerWaitMs(policy, sends, random, to.scheme);
  retryAfters.forget(push.id);
  // When nobody answers, the next address has its turn; with one alone it is the same again, unless a doubt is over now.
  const refusedAddresses = withFinal(push.refusedAddresses, passed);
  const next =
    addresses.length === 1 && held !== true
      ? undefined
      : nextRoute(context, { sends: sends + 1, refusedAddresses }, contentType, addresses, 0).route;
  return {
    event: receipt.outcome,
    binding: binding.name,
    address,
    ...(reference !== undefined && { reference }),
    dueAt: lookAgainAt(policy, push, again, madeAt),
    ...(next !== undefined && { carrier: next.carrier }),
  };
}

/**
 * With the next address at once while the round lasts, with the next round after a pause, or not at all. `refusals` has those of
 * this attempt, and takes in those that are passed over on the way to the next address.
 */
function goOn(context: SettleContext, attempt: Attempt, refusals: RouteRefusal[]): PushChange {
  const { clock, retryAfters } = context;
  const { push, addresses, contentType, route, madeAt } = attempt;
  const { id, failures, expiresAt, sends } = push;
  const { detail: why, code } = refusals.at(-1) ?? none(addresses);
  const turn = route?.turn ?? failures;
  const refusedAddresses = withFinal(push.refusedAddresses, refusals);
  const heldBy = route?.binding.carriers?.heldBy?.(id);
  const tried = { sends, refusedAddresses, ...(heldBy !== undefined && { carrier: heldBy }) };
  const way = nextRoute(context, tried, contentType, addresses, turn + 1, retryAfters.of(id));
  refusals.push(...way.passed);
  const next = soonest(context, attempt, way, turn);
  if (next !== undefined) {
    const { route: to, waitMs } = next;
    const dueAt = Math.min(clock.now() + waitMs, expiresAt);
    return { event: 'queued', detail: why, dueAt, failures: to.turn, carrier: to.carrier };
  }
  retryAfters.forget(id);
  if (push.purpose === 'notification' && sends > 0 && keptUntil(push, madeAt) !== undefined) {
    // A device may have an earlier push, and its Session-ID was promised to be kept.
    const detail = `${why}; its Session-ID stays valid until its time ends`;
    return { event: 'queued', detail, dueAt: expiresAt };
  }
  return { event: 'failed', detail: why, ...(code !== undefined && { cause: code }) };
}

/** The address that may be asked first, and in how many milliseconds: a new round begins with a pause. */
function soonest(
  { policy, random, retryAfters }: SettleContext,
  { push, addresses }: Attempt,
  { route, waiting }: Way,
  turn: number,
): { readonly route: Route; readonly waitMs: number } | undefined {
  const choices: { readonly route: Route; readonly waitMs: number }[] = [];
  for (const choice of [route, waiting]) {
    if (choice === undefined) continue;
    const asked = retryAfters.leftMs(push.id, choice.address);
    // Who asked to wait, and was not asked with every round, has said itself for how long.
    const pauses = isLaterRound(choice.turn, turn, addresses) && (asked === undefined || route === undefined);
    const pauseMs = pauses ? backOffMs(policy, roundOf(turn, addresses), random, choice.to.scheme) : 0;
    choices.push({ route: choice, waitMs: Math.max(pauseMs, asked ?? 0) });
  }
  return choices.sort((one, other) => one.waitMs - other.waitMs)[0];
}

/** Why there is no address to go to, where none was looked at. */
function none(addresses: readonly string[]): Pick<RouteRefusal, 'detail' | 'code'> {
  return addresses.length === 0
    ? { detail: 'it has no address', code: 'NO_ROUTE' }
    : { detail: 'every address refused it for good', code: 'REJECTED' };
}

function withFinal(refused: readonly string[], refusals: readonly RouteRefusal[]): readonly string[] {
  const more = refusals.filter(({ final }) => final).map(({ address }) => address);
  return more.length === 0 ? refused : [...refused, ...more];
}

/**
 * When to look at a push that was taken, made at `madeAt`, and that may go out again at `again` when nobody answers. For a
 * message the carrier has as long as it lives. A notification with a TIMEOUT that is not pushed again is kept for as long as
 * the device was told.
 */
function lookAgainAt(policy: PushPolicy, push: PushRecord, again: number, madeAt: number): number {
  const { sends, expiresAt } = push;
  if (push.purpose !== 'notification') return expiresAt;
  const kept = keptUntil(push, madeAt);
  if (kept === undefined) return Math.min(again, expiresAt);
  return again < expiresAt && sends + 1 < policy.attempts ? again : kept;
}
