// What comes of an attempt, as changes of the push: what each address said, and how it goes on.
import type { Clock } from '../../core/index.ts';
import type { AddressScheme } from '../../push/index.ts';
import type { EventStore, PushChange, PushEvent, PushQueue, PushRecord } from '../../store/index.ts';
import { decideGivenUp } from './decide.ts';
import { keptUntil } from './notification-life.ts';
import { answerWaitMs, type PushPolicy } from './push-policy.ts';
import type { RoutesOutcome } from './routes.ts';

/** What outcomes are written with. */
export interface SettleContext {
  readonly queue: Pick<PushQueue, 'change'>;
  /** Timelines, where a report came before a receipt. */
  readonly events: Pick<EventStore, 'timeline'>;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly node: string;
}

/**
 * Writes what came of the routes for a claimed push whose content was made at `madeAt`; gives the push as it is then. Rejects
 * only when the store fails.
 */
export async function settle(
  context: SettleContext,
  push: PushRecord,
  outcome: RoutesOutcome,
  madeAt: number,
): Promise<PushRecord | undefined> {
  const { policy, clock, random } = context;
  const settled = await write(context, push, [
    ...refusalsOf(outcome),
    nextOf(push, outcome, { policy, random, now: clock.now(), madeAt }),
  ]);
  if (!outcome.taken || settled?.givenUp === undefined) return settled;
  const report = await givingUp(context, settled);
  return report === undefined ? settled : overtaken(context, settled, report, outcome.scheme);
}

/** The report that gave up what the carrier took just now, and came before its receipt; there may have been others. */
async function givingUp(
  { events }: SettleContext,
  { id, reference }: PushRecord,
): Promise<PushEvent | undefined> {
  const timeline = (await events.timeline(id)) ?? [];
  return timeline.findLast(
    (entry) =>
      entry.event === 'attempt-failed' && entry.reference !== undefined && entry.reference === reference,
  );
}

/** The carrier had given the push up before its receipt was written, and said so then. */
async function overtaken(
  context: SettleContext,
  push: PushRecord,
  report: PushEvent,
  scheme: AddressScheme,
): Promise<PushRecord | undefined> {
  const { policy, clock, random } = context;
  const why =
    push.purpose === 'notification'
      ? 'the carrier had given the push up before it was known by its reference'
      : (report.detail ?? 'the carrier gave it up');
  const next = decideGivenUp(push, why, { policy, random, now: clock.now(), scheme });
  return next === undefined ? push : write(context, push, [next]);
}

function refusalsOf({ refusals }: RoutesOutcome): readonly PushChange[] {
  return refusals.map(({ address, detail, binding, final }) => ({
    event: 'attempt-failed',
    address,
    detail,
    ...(binding !== undefined && { binding }),
    ...(final && { refusedAddress: address }),
  }));
}

/** How it goes on: with the carrier that took it, with another attempt, or not at all. */
function nextOf(
  push: PushRecord,
  outcome: RoutesOutcome,
  {
    policy,
    random,
    now,
    madeAt,
  }: Pick<SettleContext, 'policy' | 'random'> & { readonly now: number; readonly madeAt: number },
): PushChange {
  const { sends, expiresAt } = push;
  if (outcome.taken) {
    const { receipt, binding, address, scheme } = outcome;
    const reference = 'reference' in receipt ? receipt.reference : undefined;
    const again = now + answerWaitMs(policy, sends, random, scheme);
    return {
      event: receipt.outcome,
      binding,
      address,
      ...(reference !== undefined && { reference }),
      dueAt: lookAgainAt(policy, push, again, madeAt),
    };
  }
  if (outcome.retryable) {
    const dueAt = Math.min(now + outcome.pauseMs, expiresAt);
    return { event: 'queued', detail: outcome.why, dueAt };
  }
  if (push.purpose === 'notification' && sends > 0 && keptUntil(push, madeAt) !== undefined) {
    // A device may have an earlier push, and its Session-ID was promised to be kept.
    const detail = `${outcome.why}; its Session-ID stays valid until its time ends`;
    return { event: 'queued', detail, dueAt: expiresAt };
  }
  return { event: 'failed', detail: outcome.why };
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

/** Writes changes of the attempt that is under way; gives the push after them. */
async function write(
  { queue, node }: SettleContext,
  { id, lease, attempts: attempt }: PushRecord,
  changes: readonly PushChange[],
): Promise<PushRecord | undefined> {
  const mark = { lease, attempt, node };
  const outcomes = await queue.change(changes.map((change) => ({ id, change: { ...mark, ...change } })));
  return outcomes.at(-1)?.push;
}
