// What carriers say later about the pushes that they accepted: onto the timeline, and into the state.
import type { Clock, Logger } from '../../core/index.ts';
import {
  type AddressScheme,
  type DeliveryReport,
  type DeliveryReportHandler,
  parseAddress,
} from '../../push/index.ts';
import {
  type AwaitedReports,
  type ChangeOutcome,
  type EventStore,
  isOpenPush,
  type PushChange,
  type PushQueue,
  type PushReader,
  type PushRecord,
} from '../../store/index.ts';
import { type BindingTable, isReporting } from './bindings.ts';
import { decideGivenUp } from './decide.ts';
import { answerWaitMs, type PushPolicy } from './push-policy.ts';

/** What reports are taken with. */
export interface DeliveryReportOptions {
  readonly store: Pick<PushQueue, 'change'> &
    Pick<PushReader, 'push'> &
    Pick<EventStore, 'timeline'> &
    AwaitedReports;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly node: string;
  readonly logger: Logger;
}

/** Pushes in one look at the store. */
const pageSize = 500;

/** Takes reports of carriers. */
export class DeliveryReports {
  readonly #options: DeliveryReportOptions;

  constructor(options: DeliveryReportOptions) {
    this.#options = options;
  }

  /**
   * Takes a report; it is on disk when the promise resolves. *Delivered* moves the state of a notification where the report is
   * about its current push, and that of a message in any case; it is always on the timeline. A failure is noted; where it is
   * about the current push, `decideGivenUp` says how it goes on. What may be about another push is a note.
   */
  readonly take: DeliveryReportHandler = async (report) => {
    const { pushId, binding, reference, outcome } = report;
    const push = await this.#options.store.push(pushId);
    if (push === undefined) {
      this.#options.logger.warn(
        { push: pushId, binding, reference },
        'a report for a push that is not there',
      );
    } else if (outcome === 'delivered') await this.#takeDelivered(report, push);
    else if (outcome === 'failed' && (isOpenPush(push) || push.state === 'unreported')) {
      await this.#takeGivenUp(report, push);
    } else {
      // Of what is over, the reason for which it ended stays.
      await this.#change(report, [this.#told(report, push, 'note')]);
    }
  };

  /** Waits again for the reports that an earlier process waited for; gives for how many. */
  async resume(): Promise<number> {
    const { store, bindings, logger } = this.#options;
    const reporting = new Map(
      Object.values(bindings)
        .filter(isReporting)
        .map((binding) => [binding.name, binding]),
    );
    if (reporting.size === 0) return 0;
    let count = 0;
    let page = await store.awaitedReports(pageSize);
    while (page.length > 0) {
      for (const { pushId, binding, reference, address } of page) {
        try {
          const to = address === undefined ? undefined : parseAddress(address);
          reporting.get(binding)?.expectReport(pushId, reference, to);
          if (reporting.has(binding)) count += 1;
        } catch (error) {
          logger.warn({ push: pushId, binding, reason: String(error) }, 'no report can be expected');
        }
      }
      page = await store.awaitedReports(pageSize, page.at(-1)?.pushId);
    }
    if (count > 0) logger.info({ pushes: count }, 'waiting for delivery reports of earlier pushes');
    return count;
  }

  async #takeDelivered(report: DeliveryReport, push: PushRecord): Promise<void> {
    const { clock, policy, random } = this.#options;
    const { lease, state, sends, expiresAt } = push;
    const { lease: _, ...fact } = this.#told(report, push, 'delivered');
    let change: PushChange;
    // Of a message it is a fact whichever attempt it is about: its receiver has it.
    if (push.purpose !== 'notification') change = fact;
    // Of an earlier attempt it is one for the timeline: as of an older claim, it moves nothing.
    else if (!(await this.#isCurrent(report, push))) change = { ...fact, lease: lease - 1 };
    else if (state !== 'sending') change = { ...fact, lease };
    else {
      // The report has overtaken the receipt, which sets the wait otherwise.
      const waitMs = answerWaitMs(policy, sends, random, this.#schemeOf(report));
      change = { ...fact, lease, dueAt: Math.min(clock.now() + waitMs, expiresAt) };
    }
    await this.#change(report, [change]);
  }

  /** One that has overtaken its receipt is found by the engine, once that has written the receipt. */
  async #takeGivenUp(report: DeliveryReport, push: PushRecord): Promise<void> {
    const failed = { ...this.#told(report, push, 'attempt-failed'), cause: 'UNDELIVERED' };
    const next = this.#afterGivenUp(report, push);
    const after = await this.#change(report, joined(failed, next));
    if (after === undefined || (next !== undefined && after.verdict !== 'refused')) return;
    // Since the push was read its receipt may have been written, or its end come.
    const late = this.#afterGivenUp(report, after.push);
    if (late !== undefined) await this.#change(report, [late]);
  }

  #afterGivenUp(report: DeliveryReport, push: PushRecord): PushChange | undefined {
    const { policy, clock, random, node } = this.#options;
    if (push.reference !== report.reference) return undefined;
    const context = { policy, random, now: clock.now(), scheme: this.#schemeOf(report) };
    const next = decideGivenUp(push, report.detail, context);
    return next && { node, ...next };
  }

  /**
   * Whether a report is about the current push, by its reference. While an attempt is under way, a reference that nobody has
   * seen is taken for its own: the report has overtaken the receipt. A report on an earlier push says nothing about this one.
   */
  async #isCurrent({ pushId, reference }: DeliveryReport, push: PushRecord): Promise<boolean> {
    if (push.state !== 'sending') return push.reference === reference;
    if (push.reference === reference) return false;
    if (push.attempts === 1) return true;
    // The record has the reference of one earlier attempt; there may have been more.
    const timeline = (await this.#options.store.timeline(pushId)) ?? [];
    return !timeline.some((entry) => entry.event === 'accepted' && entry.reference === reference);
  }

  /** What the report says, as a change of the claim that is current. */
  #told(
    { binding, reference, detail }: DeliveryReport,
    { lease }: PushRecord,
    event: PushChange['event'],
  ): PushChange {
    return { event, lease, node: this.#options.node, binding, reference, detail };
  }

  /** Of the route that the report came by. */
  #schemeOf({ binding: name }: DeliveryReport): AddressScheme | undefined {
    const { bindings } = this.#options;
    return (Object.keys(bindings) as AddressScheme[]).find((scheme) => bindings[scheme]?.name === name);
  }

  async #change(
    { pushId, binding, reference }: DeliveryReport,
    changes: readonly PushChange[],
  ): Promise<ChangeOutcome | undefined> {
    const { store, logger } = this.#options;
    const outcomes = await store.change(changes.map((change) => ({ id: pushId, change })));
    const verdicts = outcomes.map((outcome) => outcome?.verdict);
    logger.debug({ push: pushId, binding, reference, verdicts }, 'delivery report');
    return outcomes.at(-1);
  }
}

/** The failure and what follows from it, in one transaction; a mere due time goes with the failure. */
function joined(failed: PushChange, next: PushChange | undefined): readonly PushChange[] {
  if (next === undefined) return [failed];
  const { event, dueAt } = next;
  return event === 'note' && dueAt !== undefined ? [{ ...failed, dueAt }] : [failed, next];
}
