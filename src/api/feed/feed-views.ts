// Events of all kinds as the feed and webhooks tell them.
import { type FedEvent, isNotice, type Notice, type NoticeKind } from '../../store/index.ts';
import { isoTime } from '../shapes/iso-time.ts';
import { feedViews } from '../shapes/push-views.ts';

/** Under which name a notice shows what it is about. */
const subjectNames = { job: 'job', campaign: 'campaign', link: 'carrier' } as const satisfies Record<
  NoticeKind,
  string
>;

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
