// What becomes of pushes, counted from the events that are on disk: what /metrics says and what timelines say is the same.
import { contentOf } from '../../push/index.ts';
import { type EventContext, isOpenPush, type PushEvent, type PushRecord } from '../../store/index.ts';
import { type FailureReason, failureReason } from './failure-reasons.ts';
import { Counter, Histogram, type MetricFamily } from './instruments.ts';
import { PushMemory } from './push-times.ts';

/** The binding of what waits for none. */
export const noBinding = 'none';

/** Seconds: from a datagram on the same machine to a device that is switched on tomorrow. */
const waits = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400];

/** How a push ended, for those who tell of it. */
export interface PushEnd {
  readonly push: PushRecord;
  readonly event: PushEvent;
  readonly binding: string;
  readonly format: string;
  /** Absent where it reached its end. */
  readonly reason?: FailureReason;
  /** The code that the reason stands for. */
  readonly cause?: string;
}

/** What pushes are counted with. */
export interface PushMetricsOptions {
  /** The binding of a carrier; `undefined` for none that is configured. */
  readonly bindingOf: (carrier: string) => string | undefined;
  /** Hears of each push that is over. Must not throw. */
  readonly onEnd?: (end: PushEnd) => void;
}

/** Counts pushes. */
export class PushMetrics {
  readonly #options: PushMetricsOptions;
  readonly #memory = new PushMemory();
  readonly #accepted = new Counter('reveille_pushes_accepted_total', 'Pushes taken in: they are on disk.', [
    'format',
  ]);
  readonly #states = new Counter(
    'reveille_push_state_changes_total',
    'Times that pushes came into a state.',
    ['binding', 'format', 'state'],
  );
  readonly #ended = new Counter('reveille_pushes_ended_total', 'Pushes that are over, by their last state.', [
    'binding',
    'format',
    'state',
  ]);
  readonly #failures = new Counter(
    'reveille_push_failures_total',
    'Pushes that ended without reaching what they were for, by reason.',
    ['binding', 'reason'],
  );
  readonly #refused = new Counter(
    'reveille_push_attempts_failed_total',
    'Attempts that an address did not take, or that a carrier gave up later, by reason.',
    ['binding', 'reason'],
  );
  readonly #sent = new Histogram(
    'reveille_push_accepted_to_sent_seconds',
    'From taking a push in, or from the moment before which it was not to go out, until a carrier took it first.',
    waits,
    ['binding'],
  );
  readonly #answered = new Histogram(
    'reveille_push_sent_to_answered_seconds',
    'From the last time that a notification went out until its session proved itself.',
    waits,
    ['binding'],
  );
  readonly #completed = new Histogram(
    'reveille_push_answered_to_completed_seconds',
    'From the session that answers a notification until it ended well.',
    waits,
    ['binding'],
  );
  readonly #resynchronisations = new Counter(
    'reveille_resynchronisations_total',
    'Nonces that were synchronised anew under the default nonce: begun with a push, completed by a session.',
    ['step'],
  );

  constructor(options: PushMetricsOptions) {
    this.#options = options;
  }

  /** Counts an event; for `EventStore.onEvent`. */
  readonly hear = (event: PushEvent, context: EventContext): void => {
    const { push, moved } = context;
    if (moved) this.#move(event, context);
    else if (event.event === 'attempt-failed') {
      this.#refused.add([event.binding ?? this.#waitsFor(push), failureReason(context.cause)]);
    } else if (event.event === 'resynchronising') this.#resynchronisations.add(['begun']);
    else if (event.event === 'resynchronised') this.#resynchronisations.add(['completed']);
  };

  families(): readonly MetricFamily[] {
    return [
      this.#accepted,
      this.#states,
      this.#ended,
      this.#failures,
      this.#refused,
      this.#sent,
      this.#answered,
      this.#completed,
      this.#resynchronisations,
    ].map((each) => each.family());
  }

  #move(event: PushEvent, context: EventContext): void {
    const { push, before } = context;
    const { state } = push;
    const format = formatOf(push);
    if (before === undefined) {
      this.#accepted.add([format]);
      if (push.dueAt !== undefined && push.dueAt > push.createdAt)
        this.#memory.of(push.id).notBefore = push.dueAt;
    }
    const binding = this.#bindingOf(event, push);
    this.#states.add([binding, format, state]);
    this.#time(event, context, binding);
    if (before === undefined || isOpenPush(push) || !isOpenPush({ purpose: push.purpose, state: before })) {
      return;
    }
    this.#memory.forget(push.id);
    this.#ended.add([binding, format, state]);
    const cause = causeOf(push, context.cause);
    const reason = cause === undefined ? undefined : failureReason(cause);
    if (reason !== undefined) this.#failures.add([binding, reason]);
    this.#options.onEnd?.({
      push,
      event,
      binding,
      format,
      ...(reason !== undefined && { reason }),
      ...(cause !== undefined && { cause }),
    });
  }

  #time({ at, event }: PushEvent, { push, before }: EventContext, binding: string): void {
    const { id, createdAt, sends } = push;
    if (before === 'sending' && wentOut.has(event)) {
      const times = this.#memory.of(id);
      if (sends === 1) this.#sent.observe([binding], secondsBetween(times.notBefore ?? createdAt, at));
      times.sentAt = at;
      times.binding = binding;
    }
    if (event === 'answered') {
      const times = this.#memory.of(id);
      if (times.sentAt !== undefined) this.#answered.observe([binding], secondsBetween(times.sentAt, at));
      times.answeredAt = at;
    } else if (event === 'completed') {
      const answeredAt = this.#memory.known(id)?.answeredAt;
      if (answeredAt !== undefined) this.#completed.observe([binding], secondsBetween(answeredAt, at));
    }
  }

  /** Of an attempt it is the one that it went over; else the one that took the push last, or that it waits for. */
  #bindingOf({ event, binding }: PushEvent, push: PushRecord): string {
    if (binding !== undefined) return binding;
    if (event === 'queued' || event === 'sending') return this.#waitsFor(push);
    return this.#memory.known(push.id)?.binding ?? this.#waitsFor(push);
  }

  #waitsFor({ carrier }: PushRecord): string {
    return (carrier === undefined ? undefined : this.#options.bindingOf(carrier)) ?? noBinding;
  }
}

/** A session may come before what the carrier said of its push is on disk. */
const wentOut: ReadonlySet<string> = new Set(['sent', 'accepted', 'delivered', 'answered']);

/** What a push carries: a format of Package #0, or a content type of DM. */
export function formatOf(push: PushRecord): string {
  return push.purpose === 'notification' ? push.format : (contentOf(push.contentType) ?? 'other');
}

/** Why a push ended, as far as it was said; `undefined` for an end that was aimed at. */
export function causeOf({ state, sends }: PushRecord, said: string | undefined): string | undefined {
  if (state === 'failed') return said ?? 'UNKNOWN';
  if (state === 'expired') return sends === 0 ? 'UNSENT' : 'NO_ANSWER';
  if (state === 'unreported') return 'UNREPORTED';
  return state === 'cancelled' ? 'CANCELLED' : undefined;
}

function secondsBetween(from: number, to: number): number {
  return (to - from) / 1000;
}
