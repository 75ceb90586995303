// The routes to a receiver: its addresses, tried in order until one carrier takes the push.
import { type Clock, type Logger, PushError, ValueError } from '../../core/index.ts';
import {
  type AddressScheme,
  expiredCode,
  lifeLeftMs,
  type Push,
  parseAddress,
  type SendResult,
} from '../../push/index.ts';
import type { PushRecord } from '../../store/index.ts';
import type { BindingTable } from './bindings.ts';
import type { Content } from './content.ts';
import { backOffMs, type PushPolicy, schemeRefusal, sendTimeoutOf } from './push-policy.ts';

/** What pushes are sent with. */
export interface RoutesContext {
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly logger: Logger;
}

/** One address that did not take a push. */
export interface RouteRefusal {
  readonly address: string;
  readonly detail: string;
  readonly binding?: string;
  /** True when it never will, so that it is not tried again. */
  readonly final: boolean;
}

/** How the addresses took a push. */
export type RoutesOutcome =
  | {
      readonly taken: true;
      readonly receipt: SendResult;
      readonly binding: string;
      readonly address: string;
      readonly scheme: AddressScheme;
      readonly refusals: readonly RouteRefusal[];
    }
  | {
      readonly taken: false;
      /** True when a later attempt may succeed. */
      readonly retryable: boolean;
      readonly why: string;
      /** How long to wait before the next attempt, in milliseconds. */
      readonly pauseMs: number;
      readonly refusals: readonly RouteRefusal[];
    };

/** How one address took a push. */
type RouteOutcome =
  | {
      readonly taken: true;
      readonly receipt: SendResult;
      readonly binding: string;
      readonly scheme: AddressScheme;
    }
  | {
      readonly taken: false;
      readonly retryable: boolean;
      readonly why: string;
      readonly binding?: string;
      readonly scheme?: AddressScheme;
      /** How long the carrier asks us to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    };

/** Longest pause that a carrier may ask for, in milliseconds: beyond it, it is not the carrier's to say. */
const longestPauseMs = 3_600_000;

/** Tries the addresses in order, but for those that have refused the push for good. Its failures make the pause longer. */
export async function tryRoutes(
  context: RoutesContext,
  { push, pushOver = () => push }: Pick<Content, 'push' | 'pushOver'>,
  addresses: readonly string[],
  { refusedAddresses, failures }: Pick<PushRecord, 'refusedAddresses' | 'failures'>,
): Promise<RoutesOutcome> {
  const { clock, policy, logger, random } = context;
  const refusals: RouteRefusal[] = [];
  let retryable = false;
  let why = addresses.length === 0 ? 'it has no address' : 'every address refused it for good';
  let pauseMs = 0;
  // Beyond half the lease another address might be tried while another claimer has begun.
  const stopAt = clock.monotonic() + policy.leaseMs / 2;
  for (const address of addresses) {
    if (refusedAddresses.includes(address)) continue;
    if (clock.monotonic() > stopAt) {
      // Those that are left have their turn with the next attempt.
      retryable = true;
      break;
    }
    const outcome = await tryRoute(context, address, pushOver);
    if (outcome.taken) {
      const { receipt, binding, scheme } = outcome;
      return { taken: true, receipt, binding, address, scheme, refusals };
    }
    const { scheme, binding } = outcome;
    if (outcome.retryable) {
      const backOff = backOffMs(policy, failures, random, scheme);
      pauseMs = Math.max(pauseMs, backOff, outcome.retryAfterMs ?? 0);
    }
    retryable ||= outcome.retryable;
    why = outcome.why;
    refusals.push({
      address,
      detail: why,
      final: !outcome.retryable,
      ...(binding !== undefined && { binding }),
    });
    logger.debug({ push: push.id, address, why }, 'push not taken');
  }
  return { taken: false, retryable, why, pauseMs, refusals };
}

async function tryRoute(
  context: RoutesContext,
  address: string,
  pushOver: (scheme: AddressScheme) => Push,
): Promise<RouteOutcome> {
  const { bindings, clock, policy } = context;
  let name: string | undefined;
  let scheme: AddressScheme | undefined;
  const aborter = new AbortController();
  let cancelTimer: () => void = () => undefined;
  try {
    const to = parseAddress(address);
    scheme = to.scheme;
    const binding = bindings[scheme];
    if (binding === undefined) {
      return { taken: false, retryable: false, why: `no binding is configured for ${scheme}:` };
    }
    name = binding.name;
    const push = pushOver(scheme);
    const refused = schemeRefusal(policy, scheme, push.contentType);
    if (refused !== undefined) return { taken: false, retryable: false, why: refused, binding: name };
    lifeLeftMs(push, clock.now());
    const timeoutMs = sendTimeoutOf(policy, scheme);
    const timeout = new Promise<never>((_, reject) => {
      const timer = clock.after(timeoutMs, () => {
        const error = new PushError('TIMEOUT', `not taken within ${timeoutMs} ms`, true);
        aborter.abort(error);
        reject(error);
      });
      cancelTimer = () => timer.cancel();
    });
    const receipt = await Promise.race([binding.send(push, to, aborter.signal), timeout]);
    return { taken: true, receipt, binding: name, scheme };
  } catch (error) {
    // A push whose time is over ends as expired with the next look at it, and no address has refused it.
    const retryable =
      error instanceof PushError
        ? error.retryable || error.code === expiredCode
        : !(error instanceof ValueError);
    const retryAfterMs = retryAfterOf(error);
    return {
      taken: false,
      retryable,
      why: error instanceof Error ? error.message : String(error),
      ...(name !== undefined && { binding: name }),
      ...(scheme !== undefined && { scheme }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } finally {
    cancelTimer();
  }
}

/** What a carrier asks for beside its refusal, as SIP does. */
function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof PushError) || !('retryAfterMs' in error)) return undefined;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0
    ? Math.min(retryAfterMs, longestPauseMs)
    : undefined;
}
