// One attempt: compose, try the addresses in order, report what the carrier said.

import type { Logger } from '../core/index.ts';
import { type Clock, PushError, ValueError } from '../core/index.ts';
import { type AddressScheme, type Push, parseAddress, type Receipt } from '../push/index.ts';
import type {
  DeviceRecord,
  NotificationChange,
  NotificationQueue,
  NotificationRecord,
} from '../store/index.ts';
import type { BindingTable } from './bindings.ts';
import { composePush, usesNonce } from './composer.ts';
import { answerWaitMs, backOffMs, type PushPolicy } from './push-policy.ts';
import type { RefusedRoads } from './refused-roads.ts';

/** What attempts are made with. */
export interface AttemptContext {
  readonly queue: NotificationQueue;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly node: string;
  readonly logger: Logger;
  readonly requestedMo: number;
  /** Addresses that are not tried again. */
  readonly refused: RefusedRoads;
}

/** How one address took a push. */
type RoadOutcome =
  | { readonly taken: true; readonly receipt: Receipt; readonly binding: string }
  | {
      readonly taken: false;
      readonly retryable: boolean;
      readonly why: string;
      readonly binding?: string;
      /** How long the carrier asks us to wait, in milliseconds. */
      readonly retryAfterMs?: number;
    };

/** Sends a notification that was claimed for sending, and writes what came of it. Rejects only when the store fails. */
export async function attempt(
  context: AttemptContext,
  notification: NotificationRecord,
  device: DeviceRecord,
): Promise<void> {
  const report = (change: NotificationChange) =>
    context.queue.change([
      { id: notification.id, change: { lease: notification.lease, node: context.node, ...change } },
    ]);
  const nonce = await chooseNonce(context, notification, device);
  if (nonce === 'stale') return;
  if (nonce === 'limited') await report({ event: 'note', detail: limitReached(context.policy) });
  let push: Push;
  try {
    const signedUnder = nonce === 'default' ? 'default' : 'stored';
    push = composePush(notification, device, signedUnder, context.clock.now(), context.requestedMo);
  } catch (error) {
    await report({ event: 'failed', detail: `it cannot be composed: ${messageOf(error)}` });
    return;
  }
  const failures: NotificationChange[] = [];
  let retryable = false;
  let lastReason = device.addresses.length === 0 ? 'it has no address' : 'every address refused it for good';
  let pauseMs = 0;
  // Beyond half the lease another address might be tried while another claimer has begun.
  const stopAt = context.clock.now() + context.policy.leaseMs / 2;
  for (const address of inTurn(device.addresses, notification)) {
    if (context.refused.has(notification.id, address)) continue;
    if (context.clock.now() > stopAt) break;
    const outcome = await tryRoad(context, push, address);
    if (outcome.taken) {
      const { receipt, binding } = outcome;
      const answerBy = context.clock.now() + answerWaitMs(context.policy, notification.sends, context.random);
      const change: NotificationChange = {
        event: receipt.outcome,
        binding,
        address,
        ...('reference' in receipt && receipt.reference !== undefined && { reference: receipt.reference }),
        dueAt: Math.min(answerBy, notification.expiresAt),
      };
      await writeAll(context, notification, [...failures, change]);
      return;
    }
    if (!outcome.retryable) context.refused.add(notification.id, address);
    pauseMs = Math.max(pauseMs, outcome.retryAfterMs ?? 0);
    retryable ||= outcome.retryable;
    lastReason = outcome.why;
    failures.push({
      event: 'attempt-failed',
      address,
      detail: outcome.why,
      ...(outcome.binding !== undefined && { binding: outcome.binding }),
    });
    context.logger.debug({ notification: notification.id, address, why: outcome.why }, 'push not taken');
  }
  const next: NotificationChange = retryable
    ? {
        event: 'queued',
        detail: lastReason,
        dueAt: Math.min(
          context.clock.now() +
            Math.max(backOffMs(context.policy, notification.failures, context.random), pauseMs),
          notification.expiresAt,
        ),
      }
    : { event: 'failed', detail: lastReason };
  await writeAll(context, notification, [...failures, next]);
  if (next.event === 'failed') context.refused.forget(notification.id);
}

async function writeAll(
  context: AttemptContext,
  notification: NotificationRecord,
  changes: readonly NotificationChange[],
): Promise<void> {
  const mark = { lease: notification.lease, node: context.node };
  await context.queue.change(
    changes.map((change) => ({ id: notification.id, change: { ...mark, ...change } })),
  );
}

/** The device's addresses in order of preference, beginning with the one after those that were tried in vain. */
function inTurn(addresses: readonly string[], { sends, failures }: NotificationRecord): readonly string[] {
  const begin = addresses.length === 0 ? 0 : (sends + failures) % addresses.length;
  return [...addresses.slice(begin), ...addresses.slice(0, begin)];
}

/**
 * Which nonce signs this push (spec-notes ruling 12). An offer of the default nonce is on disk before it is used;
 * `limited` when there may be none, and the stored nonce has to do.
 */
async function chooseNonce(
  { queue, policy, node }: AttemptContext,
  notification: NotificationRecord,
  device: DeviceRecord,
): Promise<'stored' | 'default' | 'limited' | 'stale'> {
  if (!usesNonce(notification.format)) return 'stored';
  const unknown = device.serverCredentials.nonce === undefined;
  const asked = notification.resynchronise && notification.sends === 0;
  const unanswered = policy.resynchronise === 'second-attempt' && notification.sends % 2 === 1;
  if (!unknown && !asked && !unanswered) return 'stored';
  const { resynchronisations: limit } = policy;
  const offer = await queue.offerDefaultNonce(notification.id, notification.lease, limit, node);
  if (offer === 'stale') return 'stale';
  if (offer === 'offered') return 'default';
  // Its offer was used: that is no limit. Without a nonce, what is signed as stored is the default one all the same.
  return unknown || notification.defaultNonce === 'used' ? 'stored' : 'limited';
}

/** Why a push that should resynchronise does not, and what to do. */
function limitReached({ resynchronisations: { count, windowMs } }: PushPolicy): string {
  return (
    `${count} resynchronisations in ${windowMs / 3_600_000} h are the limit, so this push goes out under the stored ` +
    'nonce; if the device ignores it, have it come by itself, or give both ends the same new nonce'
  );
}

async function tryRoad(context: AttemptContext, push: Push, address: string): Promise<RoadOutcome> {
  const { bindings, clock, policy } = context;
  let name: AddressScheme | string | undefined;
  const aborter = new AbortController();
  let giveUp: (error: PushError) => void = () => undefined;
  const timeout = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const timer = clock.after(policy.sendTimeoutMs, () => {
    const error = new PushError('TIMEOUT', `not taken within ${policy.sendTimeoutMs} ms`, true);
    aborter.abort(error);
    giveUp(error);
  });
  try {
    const to = parseAddress(address);
    const binding = bindings[to.scheme];
    if (binding === undefined) {
      return { taken: false, retryable: false, why: `no binding is configured for ${to.scheme}:` };
    }
    name = binding.name;
    const receipt = await Promise.race([binding.send(push, to, aborter.signal), timeout]);
    return { taken: true, receipt, binding: name };
  } catch (error) {
    const retryable = error instanceof PushError ? error.retryable : !(error instanceof ValueError);
    const retryAfterMs = retryAfterOf(error);
    return {
      taken: false,
      retryable,
      why: messageOf(error),
      ...(name !== undefined && { binding: name }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    };
  } finally {
    timer.cancel();
  }
}

/** What a carrier asks for beside its refusal, as SIP does. Beyond an hour it is not the carrier's to say. */
function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof PushError) || !('retryAfterMs' in error)) return undefined;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && retryAfterMs > 0 ? Math.min(retryAfterMs, 3_600_000) : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
