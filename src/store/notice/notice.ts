// Notices: events of what is no push — jobs, campaigns, links. They have a sequence of their own.

/** Kinds of notices, beside those of events. */
export const noticeKinds = ['job', 'campaign', 'link'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What a notice shows beside its subject: plain values, none of them a secret. */
export type NoticeDetails = Readonly<Record<string, string | number | boolean>>;

/** What happened, as it is noted. */
export interface NewNotice {
  readonly kind: NoticeKind;
  /** Id of the job or campaign, name of the carrier. */
  readonly subject: string;
  /** One word, such as `completed`. */
  readonly event: string;
  /** Accounts that it is about: who sees all of them sees it. Absent: for those alone who see all accounts. */
  readonly accounts?: readonly string[];
  /** The device of a job. */
  readonly deviceId?: string;
  /** Whose token caused it, where that is known. */
  readonly actor?: string;
  /** At most 8 KiB as JSON; more is cut to the event alone. */
  readonly details?: NoticeDetails;
}

/** A notice as kept. */
export interface Notice extends NewNotice {
  /** Grows with every notice of the store; gaps are possible. It counts apart from that of events. */
  readonly sequence: number;
  /** Milliseconds since the POSIX epoch. */
  readonly at: number;
}

/** A place in the feed of everything: what was told of each sequence last. */
export interface FeedPosition {
  /** Sequence number of an event of a push. */
  readonly event: number;
  /** Sequence number of a notice. */
  readonly notice: number;
}

/** Bounds of what is kept. */
export const noticeLimits = Object.freeze({
  /** Octets of the details of one, as JSON. */
  detailsOctets: 8192,
  /** Notices that are kept, whatever their age; the oldest go first. */
  kept: 1_000_000,
});

/** Keeps notices. What a call wrote is on disk when its promise resolves. */
export interface NoticeStore {
  /** Keeps notices, in their order. */
  note(notices: readonly NewNotice[]): Promise<void>;
  /** Up to `limit` notices after a sequence number, in order; of some kinds, or of all. */
  noticesAfter(sequence: number, limit: number, kinds?: readonly NoticeKind[]): Promise<readonly Notice[]>;
  /**
   * Calls `listener` with each notice once it is on disk, in order. Gives what ends the subscription. The listener must not throw.
   */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** The last event and the last notice that there are; 0 where there is none. */
  feedEnd(): Promise<FeedPosition>;
  /** The place in the feed before everything that happened at a moment or later, as far as that is still kept. */
  feedPositionAt(at: number): Promise<FeedPosition>;
  /** Removes up to `limit` notices, oldest first: those from before a moment, and those beyond `keep`. Gives how many. */
  removeNotices(limits: { readonly before?: number; readonly keep?: number }, limit: number): Promise<number>;
}

/** A place in the feed as text, for whoever comes back to it. */
export function feedCursor({ event, notice }: FeedPosition): string {
  return `${event}-${notice}`;
}

/**
 * The place that a text names: `EVENT-NOTICE`, or the number of an event alone, which says nothing of notices. `undefined` for any
 * other text.
 */
export function readFeedCursor(
  text: string,
): { readonly event: number; readonly notice: number | undefined } | undefined {
  const [, event, notice] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(text) ?? [];
  if (event === undefined) return undefined;
  return { event: Number(event), notice: notice === undefined ? undefined : Number(notice) };
}
