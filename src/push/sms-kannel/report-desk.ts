// Takes Kannel's callbacks: each has a token of ours, or is nobody's.
import type { Clock } from '../../core/index.ts';
import {
  type AcceptedMessage,
  isToken,
  type PartCounters,
  PartTracker,
  type RoadAnswer,
  type RoadCallback,
  type Submission,
  tokenId,
  trackerSettings,
} from '../short-message/index.ts';
import type { KannelRoadOptions } from './kannel-options.ts';
import { readKannelReport } from './kannel-report.ts';

/** What a road has seen of reports. */
export interface KannelCounters extends PartCounters {
  /** Callbacks with a token that nobody waits for: late ones, old ones, and guesses. */
  readonly unknown: number;
  /** Callbacks that made no sense. */
  readonly malformed: number;
}

/** What it is made with. */
export interface ReportDeskSettings {
  /** Of the road. */
  readonly name: string;
  readonly clock: Clock;
  readonly options: Pick<KannelRoadOptions, 'maxTracked' | 'trackMs' | 'onReport'>;
}

/** Waits for reports. */
export class ReportDesk {
  readonly tracker: PartTracker;
  readonly #name: string;
  /** Ids of messages whose answers are awaited: a report may come before them. */
  readonly #underWay = new Set<string>();
  #unknown = 0;
  #malformed = 0;

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor({ name, clock, options }: ReportDeskSettings) {
    this.#name = name;
    this.tracker = new PartTracker({
      binding: 'sms',
      clock,
      ...trackerSettings(options),
      parts: 'each',
      uniqueIds: true,
      onReport: (report) => options.onReport?.(report),
    });
  }

  /** The messages of a push for a device are about to leave. */
  begin(device: string, messages: readonly AcceptedMessage[]): Submission {
    for (const { messageId } of messages) this.#underWay.add(messageId);
    return this.tracker.submissions.begin(device);
  }

  /** Their answers are there, or will not be waited for. */
  end(submission: Submission, messages: readonly AcceptedMessage[]): void {
    this.tracker.submissions.end(submission);
    for (const { messageId } of messages) this.#underWay.delete(messageId);
  }

  /** Answers a callback. Kannel says again what is answered with anything but 200 or 202, if it is told to (`http-request-retry`). */
  async take({ method, path, query }: RoadCallback): Promise<RoadAnswer> {
    const id = isToken(path) ? tokenId(path) : '';
    if (id === '' || !(this.#underWay.has(id) || this.tracker.knows(this.#name, id))) {
      this.#unknown += 1;
      // An old report would only come back.
      return { status: 200, text: 'nobody waits for this', proved: false };
    }
    const said = method === 'GET' ? readKannelReport(query) : undefined;
    if (said === undefined) {
      this.#malformed += 1;
      return { status: 200, text: 'nothing can be made of this', proved: true };
    }
    const taken = await this.tracker.take(this.#name, { ids: [id], ...said });
    return taken
      ? { status: 200, text: 'taken', proved: true }
      : { status: 503, text: 'it could not be written down: say it again', proved: true };
  }

  /** A snapshot. */
  counters(): KannelCounters {
    return { ...this.tracker.counters(), unknown: this.#unknown, malformed: this.#malformed };
  }
}
