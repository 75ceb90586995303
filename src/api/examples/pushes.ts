// Notes on the routes of messages, of pushes of any purpose, and of what is held.
import { refusedLine, takenLine } from './line-examples.ts';
import { example, type Notes } from './notes.ts';
import { linesWords, notification, notificationEvents } from './notifications.ts';
import { device, messageId as id, later, now, serverId, soon } from './samples.ts';

const message = {
  id,
  device,
  serverId,
  contentType: 'application/vnd.syncml.dm+wbxml',
  octets: 412,
  summary: { kind: 'message', commands: 1 },
  state: 'delivered',
  attempts: 1,
  sends: 1,
  expiresAt: later,
  createdAt: now,
  updatedAt: soon,
};
const queued = { ...message, state: 'queued', attempts: 0, sends: 0, dueAt: now, updatedAt: now };
const cancelled = { ...message, state: 'cancelled', reason: 'cancelled by request' };
const events = [
  { sequence: 820, message: id, at: now, event: 'queued', state: 'queued', actor: 'alice/console' },
  {
    sequence: 821,
    message: id,
    at: soon,
    event: 'delivered',
    state: 'delivered',
    binding: 'sms',
    attempt: 1,
  },
];
const push = { ...notification, purpose: 'notification' };
const pushEvents = notificationEvents.map(({ notification: of, ...event }) => ({
  ...event,
  kind: 'notification',
  push: of,
}));

export const pushNotes: Notes = {
  createMessage: {
    description:
      'With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time.',
    codes: { 409: ['SUSPENDED'], 422: ['UNKNOWN_DEVICE', 'CONFIG', 'IDEMPOTENCY_CONFLICT'] },
    request: {
      commands: {
        summary: 'Commands without a session',
        value: { device, job: [{ command: 'delete', uri: './Vendor/Temp' }] },
      },
      bootstrap: {
        summary: 'A bootstrap under the IMSI of the device',
        value: { device, bootstrap: { sec: 'NETWPIN', imsi: '262011234567890' } },
      },
    },
    answers: { 202: example('It is on disk, and is being sent', queued) },
    headers: { 202: ['Location'] },
  },
  createMessages: {
    description: linesWords(),
    request: example('One line', {
      device,
      job: [{ command: 'delete', uri: './Vendor/Temp' }],
      idempotencyKey: 'temp-1',
    }),
    answers: { 200: { taken: takenLine(id), refused: refusedLine } },
  },
  listMessages: { answers: { 200: example('A page', { items: [message] }) } },
  getMessage: { answers: { 200: example('The device has it', message) } },
  getMessageTimeline: { answers: { 200: example('Two events', { items: events }) } },
  cancelMessage: {
    codes: { 409: ['NOT_CANCELLABLE'] },
    answers: { 200: example('It is over', cancelled) },
  },
  listPushes: { answers: { 200: example('A page', { items: [push] }) } },
  getPush: { answers: { 200: example('A notification', push) } },
  getPushTimeline: { answers: { 200: example('Two events', { items: pushEvents }) } },
  cancelPush: {
    codes: { 409: ['NOT_CANCELLABLE'] },
    answers: { 200: example('A message that is over', { ...cancelled, purpose: 'message', endedAt: soon }) },
  },
  releasePushes: {
    request: {
      all: { summary: 'Everything', value: { all: true } },
      some: { summary: 'Of a device', value: { device } },
    },
    answers: { 200: example('How many go on', { pushes: 12, jobs: 1 }) },
  },
  cancelHeldPushes: {
    request: example('Of an account', { serverId }),
    answers: { 200: example('How many were ended', { pushes: 12, jobs: 1 }) },
  },
};
