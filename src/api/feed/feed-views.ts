// Events of all kinds as the feed and webhooks tell them.
import {
  type EventKind,
  isVisible,
  type Notice,
  type NoticeKind,
  noticeKinds,
  type PushEvent,
  pushPurposes,
  type VisibleAccounts,
} from '../../store/index.ts';
import { isoTime } from '../shapes/iso-time.ts';
import { feedViews } from '../shapes/push-views.ts';

/** Kinds of what the feed tells: of pushes, then of all else. */
export const feedKinds: readonly (EventKind | NoticeKind)[] = [...pushPurposes, ...noticeKinds];

/** What the feed tells of. */
export type FedEvent = PushEvent | Notice;

/** Under which name a notice shows what it is about. */
const subjectNames = { job: 'job', campaign: 'campaign', link: 'carrier' } as const satisfies Record<
  NoticeKind,
  string
>;

/** True for what is no event of a push. */
export function isNotice(event: FedEvent): event is Notice {
  return 'subject' in event;
}

/** An event as its readers see it. */
export function feedView(event: FedEvent): object {
  return isNotice(event) ? noticeView(event) : feedViews[event.kind](event);
}

function noticeView({ sequence, kind, subject, event, at, deviceId, actor, details }: Notice): object {
  return {
    ...details,
    sequence,
    [subjectNames[kind]]: subject,
    ...(deviceId !== undefined && { device: deviceId }),
    at: isoTime(at),
    event,
    ...(actor !== undefined && { actor }),
  };
}

/** True where somebody may be told: of a notice, who sees all accounts that it is about. */
export function maySeeEvent(accounts: VisibleAccounts, event: FedEvent): boolean {
  if (!isNotice(event)) return isVisible(accounts, event.serverId);
  if (accounts === 'all') return true;
  const { accounts: about = [] } = event;
  return about.length > 0 && about.every((account) => accounts.includes(account));
}
