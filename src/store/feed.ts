// Events of pushes and notices as one feed: its kinds, and who sees what of it.
import { isVisible, type VisibleAccounts } from './access/scope.ts';
import { type Notice, type NoticeKind, noticeKinds } from './notice/notice.ts';
import type { EventKind, PushEvent } from './push/event.ts';
import { pushPurposes } from './push/state.ts';

/** Kinds of what the feed tells: of pushes, then of all else. */
export const feedKinds: readonly (EventKind | NoticeKind)[] = [...pushPurposes, ...noticeKinds];

/** What the feed tells of. */
export type FedEvent = PushEvent | Notice;

/** True for what is no event of a push. */
export function isNotice(event: FedEvent): event is Notice {
  return 'subject' in event;
}

/** True where somebody may be told: of a notice, who sees all accounts that it is about. */
export function maySeeEvent(accounts: VisibleAccounts, event: FedEvent): boolean {
  if (!isNotice(event)) return isVisible(accounts, event.serverId);
  if (accounts === 'all') return true;
  const { accounts: about = [] } = event;
  return about.length > 0 && about.every((account) => accounts.includes(account));
}
