// What a step of a session means for the store: effects of the state machine to one update.
import type { DmCommand } from '../../codec/syncml/index.ts';
import type { SessionEnd, SessionStep } from '../../session/index.ts';
import type { AnsweredToo, PushChange, SessionUpdate } from '../../store/index.ts';
import type { SessionEntry } from './session-table.ts';

/** What else the update depends on. */
export interface RecordContext {
  readonly node: string;
  /** Milliseconds since the POSIX epoch. */
  readonly now: number;
  /** The same moment on the monotonic clock. */
  readonly monotonic: number;
  readonly idleMs: number;
  /** Pause before a push that follows a session which broke off, in milliseconds. */
  readonly retryAfterMs: number;
}

/** Bounds of what a device may report about itself in one message; the store bounds the whole. */
const maxLeaves = 256;
const maxUri = 255;
const maxValue = 1024;

/** The update of a step, or `undefined` when it leaves nothing behind. */
export function updateOf(
  entry: SessionEntry,
  step: SessionStep,
  context: RecordContext,
): SessionUpdate | undefined {
  const { node } = context;
  const changes: PushChange[] = [];
  const update: { -readonly [K in keyof SessionUpdate]: SessionUpdate[K] } = {
    deviceId: entry.deviceId,
    changes,
    ...(entry.notification !== undefined && { pushId: entry.notification.id }),
  };
  const reported: Record<string, string> = {};
  for (const effect of step.effects) {
    switch (effect.effect) {
      case 'client-nonce':
        update.clientNonce = effect.nonce;
        break;
      case 'server-nonce':
        update.serverNonce = effect.nonce;
        break;
      case 'peer-authenticated': {
        update.authenticated = true;
        if (effect.defaultNonce) update.usedDefaultNonce = true;
        const how = effect.defaultNonce ? `${effect.scheme}, default nonce` : effect.scheme;
        const swapped = isSwapped(entry) ? '; the octets of its SessionID are swapped' : '';
        changes.push({ event: 'answered', node, detail: `authenticated: ${how}${swapped}` });
        break;
      }
      case 'resynchronised':
        update.resynchronised = true;
        changes.push({ event: 'resynchronised', node });
        break;
      case 'received':
        collectLeaves(effect.command, reported);
        break;
      default:
    }
  }
  if (Object.keys(reported).length > 0) {
    update.reported = reported;
    update.reportedBefore = entry.subject.device.reported;
  }
  const dueAt = step.end === undefined ? renewedDueAt(entry, context) : undefined;
  if (step.end !== undefined) {
    changes.push(endChange(entry, step.end, context));
    // Without a job to be done, the client has had what it was woken for.
    if (entry.notification !== undefined && isFarewell(step.end)) update.endsWithoutJob = true;
  } else if (dueAt !== undefined && entry.notification !== undefined) update.dueAt = dueAt;
  const answeredToo = othersAnswered(entry, step.end, dueAt, context);
  if (answeredToo.length > 0) update.answeredToo = answeredToo;
  const { deviceId: _, changes: __, pushId: ___, ...rest } = update;
  const changed = entry.notification !== undefined && changes.length > 0;
  return changed || Object.keys(rest).length > 0 ? update : undefined;
}

/** True for a session that stands under its own text although it answers a notification. */
function isSwapped({ notification, session }: SessionEntry): boolean {
  return notification !== undefined && typeof session.options.sessionId === 'string';
}

/** When the session counts as lost, where that is to be put off; `undefined` where no notification waits for its end. */
function renewedDueAt(entry: SessionEntry, { now, monotonic, idleMs }: RecordContext): number | undefined {
  const { notification, session, subject } = entry;
  if (!session.authenticated || (notification === undefined && subject.alsoAnswers.size === 0))
    return undefined;
  if (entry.lostAt - monotonic >= 1.5 * idleMs) return undefined;
  // The endpoint's own timer runs out first; this date is for the case that it is not there any more.
  entry.lostAt = monotonic + 3 * idleMs;
  return now + 3 * idleMs;
}

/** What becomes of the notifications that were to wake the device for what this session does. */
function othersAnswered(
  entry: SessionEntry,
  end: SessionEnd | undefined,
  renewed: number | undefined,
  { node, now, monotonic, retryAfterMs }: RecordContext,
): AnsweredToo[] {
  const { notification, subject, session, marked, lostAt } = entry;
  const { sessionId } = session.options;
  const shown =
    typeof sessionId === 'number' ? sessionId.toString(16).toUpperCase() : JSON.stringify(sessionId);
  const began = notification === undefined ? 'the device' : 'another notification';
  const others: AnsweredToo[] = [];
  for (const id of subject.alsoAnswers) {
    if (id === notification?.id) continue;
    const changes: PushChange[] = [];
    const fresh = !marked.has(id);
    marked.add(id);
    if (fresh) changes.push({ event: 'answered', node, detail: `by session ${shown}, which ${began} began` });
    if (end?.outcome === 'completed') changes.push({ event: 'completed', node });
    else if (end !== undefined) {
      const said = { node, detail: end.reason, cause: 'SESSION' };
      changes.push({ event: 'session-failed', ...said, dueAt: now + retryAfterMs });
    }
    const dueAt =
      end === undefined && (fresh || renewed !== undefined) ? now + (lostAt - monotonic) : undefined;
    if (changes.length > 0 || dueAt !== undefined) {
      others.push({ pushId: id, changes, ...(dueAt !== undefined && { dueAt }) });
    }
  }
  return others;
}

/** The client ended the session itself (Alert 1223). */
const isFarewell = (end: SessionEnd): boolean => end.outcome === 'aborted' && end.by === 'client';

function endChange(entry: SessionEntry, end: SessionEnd, context: RecordContext): PushChange {
  const { node, now, retryAfterMs } = context;
  if (end.outcome === 'completed') return { event: 'completed', node };
  if (!entry.session.authenticated) {
    // The pushes go on as they would: whoever sent it has proved nothing. The reason is what the last one will tell.
    const detail = `a session did not authenticate: ${end.reason}`;
    return { event: 'session-failed', node, detail, cause: 'SESSION' };
  }
  const detail = isFarewell(end) ? `the client broke the session off: ${end.reason}` : end.reason;
  return { event: 'session-failed', node, detail, cause: 'SESSION', dueAt: now + retryAfterMs };
}

/** Leaves of DevInfo and of requested objects, one Item each (DM-PRO-1.2). */
function collectLeaves(command: DmCommand, into: Record<string, string>): void {
  if (command.name !== 'Replace') return;
  for (const item of command.items) {
    const uri = item.source?.uri ?? '';
    const { data } = item;
    if (!uri.startsWith('./') || uri.length > maxUri || typeof data !== 'string') continue;
    if (data.length > maxValue || Object.keys(into).length >= maxLeaves) continue;
    into[uri] = data;
  }
}
