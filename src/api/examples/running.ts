// Notes on the routes of how the server stands: status, metrics, copies, health and events.
import { example, type Notes } from './notes.ts';
import { notificationEvents } from './notifications.ts';
import { earlier, now } from './samples.ts';

const ok = example('It is', { status: 'ok' });
const [, sent] = notificationEvents;
const queue = { due: 2, more: false, oldestDueAt: now };
const notReady = ['STORE_FULL', 'STORE_AWAY', 'STORE', 'STOPPING', 'INTERNAL'];

export const runningNotes: Notes = {
  getStatus: {
    answers: {
      200: example('A server with one carrier', {
        version: '0.1.0',
        node: 'dm-1',
        at: now,
        startedAt: earlier,
        uptimeSeconds: 1800,
        store: { state: 'ok' },
        sessions: 3,
        oldestDueAt: now,
        unplaced: { due: 0, more: false },
        held: { pushes: 0, jobs: 0 },
        pushes: [{ purpose: 'notification', state: 'sent', count: 17, more: false }],
        carriers: [
          {
            binding: 'sms',
            name: 'sms:desk',
            state: 'up',
            since: earlier,
            free: 8,
            rate: 4.5,
            inFlight: 2,
            queue,
          },
        ],
      }),
    },
  },
  getMetrics: {
    answers: {
      200: example('Two lines', '# TYPE reveille_dm_sessions gauge\nreveille_dm_sessions 3\n'),
    },
  },
  downloadBackup: {
    codes: { 409: ['COPY_UNDER_WAY'], 501: ['NO_COPIES'] },
    headers: { 200: ['Content-Length'] },
  },
  getLiveness: { answers: { 200: ok } },
  getReadiness: { codes: { 503: notReady }, answers: { 200: ok } },
  getHealth: { codes: { 503: notReady }, answers: { 200: ok } },
  streamEvents: {
    description:
      'A stream of server-sent events (WHATWG HTML) that does not end by itself. `id` says how far the feed was told, for `Last-Event-ID`: ' +
      'the sequence number of an event where all `kinds` are of pushes, else a text that only this server reads. `event` is the ' +
      'kind, `data` a JSON object of the shape below: a NotificationEvent where the kind is `notification`, a PushEvent for `message` and ' +
      '`relayed`, else a JobEvent, CampaignEvent or LinkEvent. What is of pushes comes in the order in which it happened, and so does all ' +
      'else; between the two the order is that of telling. Links are told to who sees all accounts. Who comes back with `Last-Event-ID` misses nothing that is kept. Comments are signs of life. A reader who is too slow is cut off.',
    media: {
      200: {
        'text/event-stream': {
          schema: {
            description: '`data` of an event',
            anyOf: [
              { $ref: '#/components/schemas/NotificationEvent' },
              { $ref: '#/components/schemas/PushEvent' },
              { $ref: '#/components/schemas/JobEvent' },
              { $ref: '#/components/schemas/CampaignEvent' },
              { $ref: '#/components/schemas/LinkEvent' },
            ],
          },
        },
      },
    },
    answers: { 200: example('`data` of an event', sent) },
  },
};
