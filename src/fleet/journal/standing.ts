// Where a device stands while its wake is awaited, in words.
import type { DeviceNews } from './journal.ts';

/** Words for what news leave a device in; `undefined` where they change nothing. */
export function standingAfter(news: DeviceNews, before: string | undefined): string | undefined {
  switch (news.event) {
    case 'killed':
      return 'off: it was killed';
    case 'push':
      return `push ${news.push} arrived`;
    case 'missed':
      return `push ${news.push} missed: ${news.reason}`;
    case 'ignored':
      return `ignored: ${news.reason}: ${news.detail}`;
    case 'waiting':
      return `waits (${news.for})`;
    case 'session-started':
      return `session under way, attempt ${news.attempt}`;
    case 'session-ended':
      return `session ${news.outcome}${news.reason === undefined ? '' : `: ${news.reason}`}`;
    case 'end':
      // What led there was said more closely already.
      return news.outcome === 'ignored'
        ? before
        : `${news.outcome}${news.reason === undefined ? '' : `: ${news.reason}`}`;
    default:
      return before;
  }
}
