// Notes on the routes of webhooks.
import { example, type Notes } from './notes.ts';
import { device, earlier, jobId, later, now, serverId } from './samples.ts';

const id = '01995dde-2c40-7a11-9e02-6f4d1b7c5a88';
const asked = { url: 'https://hooks.example.com/reveille', kinds: ['notification', 'job'], name: 'desk' };
const webhook = {
  id,
  ...asked,
  accounts: [serverId],
  owner: 'alice',
  state: 'active',
  position: '8210-417',
  waiting: 0,
  dead: 0,
  delivered: 1204,
  dropped: 0,
  failures: 0,
  lastSuccessAt: now,
  createdAt: earlier,
  updatedAt: earlier,
};
/** Of the form that a secret has: it signs nothing. */
const secret = 'whsec_RVhBTVBMRS1FWEFNUExFLUVYQU1QTEUtRVhBTVBMRS0=';
const fresh = { ...webhook, delivered: 0 };
const { lastSuccessAt: _, ...made } = fresh;
const event = 'evt_n417_mfz8q3k0';
const body = JSON.stringify({
  type: 'job.failed',
  timestamp: now,
  data: {
    sequence: 417,
    job: jobId,
    device,
    at: now,
    event: 'failed',
    state: 'failed',
    commandCount: 1,
    answeredCount: 1,
  },
});

export const webhookNotes: Notes = {
  createWebhook: {
    description:
      'It is told of what the token may see that makes it, until it is deleted; so that token has to have the scope `read` too. ' +
      'docs/webhooks.md says what is sent, and when again.',
    codes: { 403: ['SCOPE'], 409: ['TOO_MANY_WEBHOOKS'] },
    request: example('Notifications and jobs', asked),
    answers: { 201: example('The webhook, with what signs', { ...made, secret }) },
    headers: { 201: ['Location', 'ETag'] },
  },
  listWebhooks: { answers: { 200: example('A page', { items: [webhook] }) } },
  getWebhook: {
    answers: {
      200: example('One whose receiver is away', {
        ...webhook,
        waiting: 3,
        failures: 3,
        failingSince: now,
        lastErrorAt: now,
        lastError: 'no answer (ECONNREFUSED)',
      }),
    },
    headers: { 200: ['ETag'] },
  },
  updateWebhook: {
    request: {
      suspend: { summary: 'Suspend it', value: { state: 'suspended', reason: 'the desk moves' } },
      resume: { summary: 'Let it go on where it was', value: { state: 'active' } },
    },
    answers: {
      200: example('It is suspended', {
        ...webhook,
        state: 'suspended',
        reason: 'the desk moves',
        suspendedAt: now,
        updatedAt: now,
      }),
    },
    headers: { 200: ['ETag'] },
  },
  deleteWebhook: {},
  rotateWebhookSecret: {
    request: example('The one before signs for an hour more', { overlapSeconds: 3600 }),
    answers: {
      200: example('The new one; it is shown this once', { ...webhook, secret, previousSecretUntil: later }),
    },
  },
  testWebhook: {
    answers: {
      200: example('It was taken', {
        event: 'evt_t1764581400000_4fzyo82m',
        delivered: true,
        status: 204,
        ms: 48,
      }),
    },
  },
  replayWebhook: {
    request: {
      since: { summary: 'From a moment on', value: { since: earlier } },
      event: { summary: 'From an event on', value: { event } },
    },
    answers: { 200: example('It begins there', { ...webhook, position: '7911-380' }) },
  },
  listDeadDeliveries: {
    answers: {
      200: example('A page', {
        items: [{ event, type: 'job.failed', at: earlier, attempts: 10, error: '500', failedAt: now, body }],
      }),
    },
  },
  retryDeadDeliveries: {
    request: {
      all: { summary: 'All', value: { all: true } },
      some: { summary: 'One', value: { events: [event] } },
    },
    answers: { 200: example('How many wait again', { count: 1 }) },
  },
  dropDeadDeliveries: {
    request: example('All', { all: true }),
    answers: { 200: example('How many went', { count: 1 }) },
  },
};
