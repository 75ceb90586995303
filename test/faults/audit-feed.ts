// What a reader of /v1/events got over all its connections: everything, once, in order.
import { endStates, type Finding, type Ledgers } from './ledgers.ts';

/** The feed against the timelines. */
export function auditFeed({ feed, feedUntil, notifications }: Ledgers): Finding[] {
  const findings: Finding[] = [];
  const heard = new Map<number, string>();
  let last = 0;
  for (const { sequence, notification = '', event } of feed) {
    if (sequence <= last) {
      findings.push({
        rule: 'feed-order',
        about: notification,
        detail: `event ${sequence} came after ${last}`,
      });
    }
    last = Math.max(last, sequence);
    heard.set(sequence, `${notification} ${event}`);
  }
  for (const { id, timeline } of notifications.values()) {
    for (const { sequence, event } of timeline) {
      const got = heard.get(sequence);
      heard.delete(sequence);
      if (got === `${id} ${event}`) continue;
      const detail = `event ${sequence} (${event}) did not reach a reader of the feed${got === undefined ? '' : `, but ${got}`}`;
      findings.push({ rule: 'feed-gap', about: id, detail });
    }
  }
  // Of a push that was not over, more may have come after its timeline was read.
  const open = new Set<string>();
  for (const { id, state } of notifications.values()) if (!endStates.notification.has(state)) open.add(id);
  for (const [sequence, what] of heard) {
    // What came while the timelines were read may be too late for them: carriers tell of what is over, too.
    if (sequence > feedUntil || open.has(what.slice(0, what.indexOf(' ')))) continue;
    findings.push({ rule: 'feed-invented', about: what, detail: `event ${sequence} is on no timeline` });
  }
  return findings;
}
