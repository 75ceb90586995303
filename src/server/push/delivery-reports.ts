// What carriers say later about the pushes that they accepted: onto the timeline, and into the state.
import type { Clock, Logger } from '../../core/index.ts';
import {
  type DeliveryReport,
  type DeliveryReportHandler,
  type DeviceAddress,
  parseAddress,
  type ReportingBinding,
} from '../../push/index.ts';
import {
  type AwaitedReport,
  type AwaitedReports,
  type EventStore,
  isLive,
  type NotificationQueue,
  type NotificationReader,
  type NotificationState,
  type PushMessageQueue,
  type PushMessageReader,
} from '../../store/index.ts';
import { type BindingTable, isReporting } from './bindings.ts';
import { decideGivenUp } from './decide-message.ts';
import { answerWaitMs, backOffMs, type PushPolicy } from './push-policy.ts';

/** What reports are taken with. */
export interface DeliveryReportOptions {
  readonly store: NotificationQueue &
    NotificationReader &
    AwaitedReports &
    EventStore &
    PushMessageQueue &
    PushMessageReader;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly node: string;
  readonly logger: Logger;
}

/** What a report is on the timeline of a push message. */
const messageEvents = { delivered: 'delivered', failed: 'attempt-failed', unclear: 'note' } as const;

/** Notifications in one look at the store. */
const pageSize = 500;

/** Takes reports of carriers. */
export class DeliveryReports {
  readonly #options: DeliveryReportOptions;

  constructor(options: DeliveryReportOptions) {
    this.#options = options;
  }

  /**
   * Takes a report; it is on disk when the promise resolves. *Delivered* moves the state where the push of the report is
   * the current one, and is on the timeline in any case. A failure is noted; when nothing else came of the push, the next
   * attempt comes after a pause instead of after the wait for an answer. What may be about another push is a note.
   */
  readonly take: DeliveryReportHandler = async (report) => {
    const { store, clock, policy, node, logger, random } = this.#options;
    const { pushId: id, binding, reference, detail } = report;
    const notification = await store.notification(id);
    if (notification === undefined) {
      const message = await store.message(id);
      if (message !== undefined) return this.#takeForMessage(report);
      logger.warn({ notification: id, binding, reference }, 'a report for a notification that is not there');
      return;
    }
    const { lease, state, expiresAt } = notification;
    const mark = { lease, node, binding, reference, detail };
    const now = clock.now();
    if (report.outcome === 'delivered') {
      const about = await this.#attemptOf(report, state);
      // Of an earlier attempt it is a fact for the timeline: as of an older claim, it moves nothing.
      if (about !== 'current') {
        await this.#change(report, { ...mark, lease: lease - 1, event: 'delivered' });
        return;
      }
      // The report has overtaken the receipt, which sets the wait otherwise.
      const wait = { dueAt: Math.min(now + answerWaitMs(policy, notification.sends, random), expiresAt) };
      await this.#change(report, { ...mark, event: 'delivered', ...(state === 'sending' && wait) });
      return;
    }
    if (report.outcome === 'unclear') {
      await this.#change(report, { ...mark, event: 'note' });
      return;
    }
    const retryAt = Math.min(now + backOffMs(policy, 0, random), expiresAt);
    if (!isLive(state)) {
      // The reason for which it ended stays.
      await this.#change(report, { ...mark, event: 'note' });
      return;
    }
    const mayRetry = state === 'accepted' && (await this.#attemptOf(report, state)) === 'current';
    await this.#change(report, { ...mark, event: 'attempt-failed', ...(mayRetry && { dueAt: retryAt }) });
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
    const ofNotifications = (after?: string) => store.awaitedReports(pageSize, after);
    const ofMessages = (after?: string) => store.awaitedMessageReports(pageSize, after);
    const count =
      (await this.#expectAll(ofNotifications, reporting)) + (await this.#expectAll(ofMessages, reporting));
    if (count > 0) logger.info({ pushes: count }, 'waiting for delivery reports of earlier pushes');
    return count;
  }

  async #expectAll(
    pages: (after?: string) => Promise<readonly AwaitedReport[]>,
    reporting: ReadonlyMap<string, ReportingBinding<DeviceAddress>>,
  ): Promise<number> {
    const { logger } = this.#options;
    let count = 0;
    let after: string | undefined;
    for (;;) {
      const page = await pages(after);
      if (page.length === 0) return count;
      for (const { notificationId, binding, reference, address } of page) {
        try {
          const to = address === undefined ? undefined : parseAddress(address);
          reporting.get(binding)?.expectReport(notificationId, reference, to);
          if (reporting.has(binding)) count += 1;
        } catch (error) {
          logger.warn({ push: notificationId, binding, reason: String(error) }, 'no report can be expected');
        }
      }
      after = page.at(-1)?.notificationId;
    }
  }

  /**
   * The same for a push message: *delivered* is a fact whichever attempt it is about; a failure of the current attempt
   * puts the message back into the queue while time and attempts are left, and of an earlier one is noted.
   */
  async #takeForMessage({ pushId: id, binding, reference, detail, outcome }: DeliveryReport): Promise<void> {
    const { store, clock, policy, node, random, logger } = this.#options;
    const event = messageEvents[outcome];
    const change = { event, node, binding, reference, detail } as const;
    const [taken] = await store.changeMessages([{ id, change }]);
    logger.debug({ message: id, binding, reference, verdict: taken?.verdict }, 'delivery report');
    if (taken === undefined || outcome !== 'failed') return;
    // A report that has overtaken its receipt is found by the engine, once that has written the receipt.
    const timeline = (await store.messageTimeline(id)) ?? [];
    const next = decideGivenUp(taken.message, timeline, { policy, now: clock.now(), random });
    if (next !== undefined) await store.changeMessages([{ id, change: { node, ...next } }]);
  }

  /**
   * Which attempt a report is about, by its reference. While an attempt is under way, a reference that nobody has seen is
   * taken for its own: the report has overtaken the receipt. A report on an earlier push says nothing about this one.
   */
  async #attemptOf(
    { pushId, reference }: DeliveryReport,
    state: NotificationState,
  ): Promise<'current' | 'earlier'> {
    const timeline = (await this.#options.store.timeline(pushId)) ?? [];
    if (state === 'sending') {
      const seen = timeline.some((entry) => entry.event === 'accepted' && entry.reference === reference);
      return seen ? 'earlier' : 'current';
    }
    const taken = timeline.findLast(({ event }) => event === 'accepted' || event === 'sent');
    return taken?.reference === reference ? 'current' : 'earlier';
  }

  async #change(
    { pushId, binding, reference }: DeliveryReport,
    change: Parameters<NotificationQueue['change']>[0][number]['change'],
  ): Promise<void> {
    const [outcome] = await this.#options.store.change([{ id: pushId, change }]);
    this.#options.logger.debug(
      { notification: pushId, binding, reference, verdict: outcome?.verdict },
      'delivery report',
    );
  }
}
