// Notes on the routes of notifications.
import { refusedLine, takenLine } from './line-examples.ts';
import { example, type Notes } from './notes.ts';
import { device, notificationId as id, jobId, later, now, serverId, soon } from './samples.ts';

/** A notification that was sent. */
export const notification = {
  id,
  device,
  serverId,
  sessionId: 1,
  sessionIdText: '1',
  format: 'dm1.2',
  message: { uiMode: 'background' },
  state: 'sent',
  attempts: 1,
  sends: 1,
  dueAt: later,
  expiresAt: '2026-12-01T10:30:00.000Z',
  createdAt: now,
  updatedAt: soon,
};
const { dueAt: _, ...undue } = notification;
const queued = { ...notification, state: 'queued', attempts: 0, sends: 0, dueAt: now, updatedAt: now };
const event = { notification: id, device, sessionId: 1 };

/** What happened to it. */
export const notificationEvents = [
  { ...event, sequence: 811, at: now, event: 'queued', state: 'queued', actor: 'alice/console' },
  {
    ...event,
    sequence: 812,
    at: soon,
    event: 'sent',
    state: 'sent',
    node: 'dm-1',
    attempt: 1,
    binding: 'wap',
    address: 'wap:192.0.2.7:2948',
  },
];

export const notificationNotes: Notes = {
  createNotification: {
    description:
      'With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time. With `job`, the ' +
      'device carries out its commands in the session, for which the token needs the scope `manage` too.',
    codes: {
      409: ['SUSPENDED', 'SESSION_IDS_EXHAUSTED', 'TOO_MANY_JOBS'],
      422: ['UNKNOWN_DEVICE', 'CONFIG', 'IDEMPOTENCY_CONFLICT'],
    },
    request: {
      wake: { summary: 'Wake a device', value: { device, uiMode: 'background' } },
      job: {
        summary: 'Wake it, and read its firmware version',
        value: { device, job: [{ command: 'get', uri: './DevDetail/FwV' }] },
      },
    },
    answers: { 202: example('It is on disk, and is being sent', queued) },
    headers: { 202: ['Location'] },
  },
  createNotifications: {
    description: linesWords(),
    request: example('One line', {
      device,
      uiMode: 'background',
      idempotencyKey: 'campaign-7/493005100592800',
    }),
    answers: { 200: { taken: takenLine(id), refused: refusedLine } },
  },
  listNotifications: {
    answers: { 200: example('A page with more behind it', { items: [notification], next: id }) },
  },
  getNotification: {
    answers: { 200: example('It was sent, and the device is waited for', { ...notification, job: jobId }) },
  },
  getNotificationTimeline: { answers: { 200: example('Two events', { items: notificationEvents }) } },
  cancelNotification: {
    codes: { 409: ['NOT_CANCELLABLE'] },
    answers: {
      200: example('It is over', { ...undue, state: 'cancelled', reason: 'cancelled by request' }),
    },
  },
};

/** What is said of each route whose body is lines. */
export function linesWords(): string {
  return (
    'The body is one JSON object a line (NDJSON), as long as it likes; each line is answered by a line, in their order, when it is ' +
    'on disk. Answers come while the body is being sent: read them, or neither goes on. A line that is refused keeps none of ' +
    'the others back.'
  );
}
