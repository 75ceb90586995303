// What a server has lists of, as commands show it.
import { printable } from '../../core/index.ts';
import { jobStates, messageStates, notificationStates } from '../../store/index.ts';
import type { JsonObject } from '../remote/api-client.ts';
import { statusLines } from '../remote/job-lines.ts';

/** One kind of records. */
export interface RecordKind {
  /** Name of the command, and last part of the path below /v1. */
  readonly name: 'notifications' | 'messages' | 'jobs';
  /** What one is called. */
  readonly one: string;
  readonly states: readonly string[];
  /** States in which nothing more happens. */
  readonly over: readonly string[];
  /** True where each has a timeline. */
  readonly timeline: boolean;
  /** What follows state, id and device in a line of the list. */
  readonly rest: (item: JsonObject) => string;
  /** Lines of what happened, where there is no timeline. */
  readonly told: (item: JsonObject) => readonly string[];
}

const pushOver = ['failed', 'expired', 'cancelled'] as const;

/** All kinds. */
export const recordKinds: Readonly<Record<RecordKind['name'], RecordKind>> = {
  notifications: {
    name: 'notifications',
    one: 'notification',
    states: notificationStates,
    over: ['completed', ...pushOver],
    timeline: true,
    rest: (item) =>
      withReason([`session ${text(item.sessionIdText)}`, `${text(item.format)}`, sendsOf(item)], item),
    told: () => [],
  },
  messages: {
    name: 'messages',
    one: 'message',
    states: messageStates,
    over: ['sent', 'delivered', 'unreported', ...pushOver],
    timeline: true,
    rest: (item) => withReason([text(item.contentType), `${text(item.octets)} octets`, sendsOf(item)], item),
    told: () => [],
  },
  jobs: {
    name: 'jobs',
    one: 'job',
    states: jobStates,
    over: ['completed', 'failed', 'cancelled'],
    timeline: false,
    rest: (item) =>
      withReason([`${text(item.answeredCount)} of ${text(item.commandCount)} commands answered`], item),
    told: statusLines,
  },
};

/** A record as one line of a list. */
export function recordLine(kind: RecordKind, item: JsonObject): string {
  const { createdAt, state, id, device, addresses } = item;
  const whom = device ?? (Array.isArray(addresses) ? addresses.join(' ') : '-');
  const parts = [text(createdAt), text(state).padEnd(10), text(id), text(whom), kind.rest(item)];
  return printable(parts.join('  '));
}

function sendsOf({ sends }: JsonObject): string {
  return sends === 1 ? '1 push' : `${text(sends)} pushes`;
}

function withReason(parts: readonly string[], { reason }: JsonObject): string {
  return reason === undefined ? parts.join('  ') : `${parts.join('  ')}  ${text(reason)}`;
}

function text(value: unknown): string {
  return value === undefined ? '-' : String(value);
}
