// Lives of pushes by their timelines: in order, moved by who holds the claim, and no Session-ID in two lives of a device at once.
import { endStates, type Finding, type Ledgers, type StoredPush } from './ledgers.ts';

/** What a timeline may say without a move. */
const outcomes = new Set(['sent', 'accepted', 'delivered', 'queued']);

/** Timelines and Session-IDs. */
export function auditLives({ notifications, messages }: Ledgers): Finding[] {
  return [
    ...[...notifications.values()].flatMap((push) => auditTimeline(push, 'notification')),
    ...[...messages.values()].flatMap((push) => auditTimeline(push, 'message')),
    ...auditSessionIds([...notifications.values()]),
  ];
}

function auditTimeline(push: StoredPush, kind: 'notification' | 'message'): Finding[] {
  const { id, timeline, state } = push;
  const findings: Finding[] = [];
  const find = (rule: string, detail: string): void => void findings.push({ rule, about: id, detail });
  let before: (typeof timeline)[number] | undefined;
  let sendings = 0;
  for (const event of timeline) {
    const { sequence, attempt } = event;
    if (before === undefined && event.event !== 'queued') find('order', `it begins with ${event.event}`);
    if (before !== undefined && sequence <= before.sequence) {
      find('order', `event ${sequence} comes after ${before.sequence}`);
    }
    if (event.event === 'sending') sendings += 1;
    const moved = before !== undefined && before.state !== event.state;
    if (moved && event.state !== event.event) {
      find('order', `${event.event} moved it from ${before?.state} to ${event.state}`);
    }
    const over = before !== undefined && endStates[kind].has(before.state);
    // A carrier may still report on a message that it was not heard of any more.
    if (moved && over && before?.state !== 'unreported') {
      find('order', `${before?.state} was its end, and ${event.event} moved it`);
    }
    const settles = moved && before?.state === 'sending' && outcomes.has(event.event);
    if (settles && attempt !== undefined && attempt !== sendings) {
      find('older-claim', `what came of attempt ${attempt} settled attempt ${sendings} (${event.event})`);
    }
    before = event;
  }
  if (before === undefined) find('order', 'it has no timeline');
  else if (before.state !== state)
    find('order', `it is ${state}, and its timeline ends with ${before.state}`);
  return findings;
}

function auditSessionIds(notifications: readonly StoredPush[]): Finding[] {
  const findings: Finding[] = [];
  const lives = new Map<string, { readonly id: string; readonly from: number; readonly to: number }[]>();
  for (const { id, device, sessionId, timeline } of notifications) {
    const from = timeline[0]?.sequence ?? 0;
    const end = timeline.find(({ state }) => endStates.notification.has(state));
    const key = `${device} ${sessionId}`;
    const others = lives.get(key) ?? [];
    lives.set(key, others);
    const life = { id, from, to: end?.sequence ?? Number.POSITIVE_INFINITY };
    const twin = others.find((other) => other.from < life.to && life.from < other.to);
    if (twin !== undefined) {
      const detail = `Session-ID ${sessionId} of ${device} is that of ${twin.id} too, and both were alive`;
      findings.push({ rule: 'session-id-twice', about: id, detail });
    }
    others.push(life);
  }
  return findings;
}
