// Notes on the routes of campaigns.
import { example, type Notes } from './notes.ts';
import { device, campaignId as id, later, notificationId, now, soon } from './samples.ts';

const plan = {
  name: 'night',
  content: { kind: 'wake', body: { uiMode: 'background' } },
  target: { filter: 'labels.region = "north"' },
  expiresAt: '2026-12-05T06:00:00.000Z',
  timeZone: 'Europe/Berlin',
  windows: [{ from: '22:00', to: '05:00' }],
  pace: { perSecond: 200, carriers: { 'sms:desk': 20 } },
  canary: { devices: 100, waitSeconds: 900 },
  stop: { failureRate: 0.1, failures: 5000 },
};

const summary = {
  id,
  name: 'night',
  state: 'running',
  step: 'canary',
  kind: 'wake',
  target: { by: 'filter', filter: 'labels.region = "north"', mode: 'fixed' },
  devices: 120_000,
  lookedUp: false,
  expiresAt: plan.expiresAt,
  canary: plan.canary,
  pace: plan.pace,
  timeZone: plan.timeZone,
  windows: plan.windows,
  stop: plan.stop,
  madeBy: 'alice/console',
  createdAt: now,
  updatedAt: now,
  startedAt: now,
};

const deviceOf = {
  device,
  ordinal: 0,
  step: 'canary',
  state: 'completed',
  carrier: 'wap',
  tries: 1,
  push: notificationId,
  shared: false,
  beganAt: now,
  endedAt: soon,
};
const leftOut = {
  device: 'IMEI:493005100592801',
  ordinal: 1,
  step: 'rest',
  state: 'left-out',
  reason: 'suspended',
  tries: 0,
  shared: false,
  endedAt: now,
};
const csv =
  'device,ordinal,step,state,reason,detail,carrier,notBefore,tries,push,job,shared,beganAt,endedAt\r\n' +
  `${device},0,canary,completed,,,wap,,1,${notificationId},,false,${now},${soon}\r\n`;

const refused = { 409: ['WRONG_STATE'] };
const answered = (what: string, changes: object) => ({
  answers: { 200: example(what, { ...summary, ...changes }) },
  headers: { 200: ['ETag'] },
});
const why = example('Why, for those who ask later', { reason: 'the carrier asked for a quiet night' });

export const campaignNotes: Notes = {
  createCampaign: {
    description:
      'With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time. A campaign of more devices ' +
      'than the server lets one owner start is `awaiting-approval`. A device that gets a wake while another one of it is open, of a ' +
      'caller or of another campaign that may begin now, is woken once for both (docs/campaigns.md).',
    codes: {
      409: ['TOO_MANY_CAMPAIGNS'],
      422: ['UNKNOWN_DEVICE', 'CONFIG', 'IDEMPOTENCY_CONFLICT'],
    },
    request: {
      night: { summary: 'Wakes at night, a hundred first', value: plan },
      job: {
        summary: 'A job for two devices, at once',
        value: {
          name: 'firmware version',
          content: { kind: 'job', body: { commands: [{ command: 'get', uri: './DevDetail/FwV' }] } },
          target: { devices: [device] },
        },
      },
    },
    answers: { 202: example('It is on disk, and begins with its canary', summary) },
    headers: { 202: ['Location', 'ETag'] },
  },
  previewCampaign: {
    description: 'Looks at up to 20,000 of the devices.',
    codes: { 422: ['CONFIG'] },
    request: example('As it would be made', plan),
    answers: {
      200: example('Two carriers, and some without a route', {
        devices: 120_000,
        examined: 20_000,
        carriers: [
          { carrier: 'wap', devices: 15_000 },
          { carrier: 'sms:desk', devices: 4990 },
        ],
        leftOut: [{ reason: 'suspended', devices: 10, examples: [device] }],
        estimatedEndAt: '2026-12-02T02:10:00.000Z',
        needsApproval: false,
        warnings: [],
      }),
    },
  },
  listCampaigns: { answers: { 200: example('A page with more behind it', { items: [summary], next: id }) } },
  getCampaign: {
    description:
      'What a job or a message has for devices is shown to callers with the scope `secrets` alone.',
    answers: {
      200: example('It goes on', {
        ...summary,
        step: 'rest',
        lookedUp: true,
        body: plan.content.body,
        progress: {
          pending: 100_000,
          underWay: 900,
          completed: 19_000,
          failed: 80,
          expired: 0,
          cancelled: 0,
          leftOut: 20,
          counts: [{ step: 'rest', state: 'failed', reason: 'no-answer', devices: 80 }],
          perSecond: 199.5,
          estimatedEndAt: later,
          queues: [{ carrier: 'wap', waiting: 240, perSecond: 180 }],
          window: { open: true, until: '2026-12-02T04:00:00.000Z' },
          canary: { devices: 100, ended: 100, failed: 1 },
        },
      }),
    },
    headers: { 200: ['ETag'] },
  },
  updateCampaign: {
    description: 'A campaign that has not started and was approved has to be approved again.',
    codes: refused,
    request: example('Slower, and at any time', {
      pace: { perSecond: 50 },
      windows: null,
      timeZone: null,
    }),
    ...answered('It goes on by other rules', { pace: { perSecond: 50 } }),
  },
  pauseCampaign: {
    codes: refused,
    request: why,
    ...answered('It begins nothing', { state: 'paused', reason: 'paused by alice/console' }),
  },
  resumeCampaign: { codes: refused, request: why, ...answered('It goes on', {}) },
  cancelCampaign: {
    codes: refused,
    request: why,
    ...answered('It ends', { state: 'cancelled', reason: 'cancelled by alice/console' }),
  },
  approveCampaign: {
    codes: refused,
    request: why,
    ...answered('It starts when its time comes', {
      state: 'scheduled',
      approval: { owner: 'bob', at: now, devices: 120_000 },
    }),
  },
  retryCampaign: {
    codes: refused,
    request: example('With a new end', { expiresAt: '2026-12-06T06:00:00.000Z' }),
    ...answered('What failed begins again', { step: 'rest' }),
  },
  listCampaignDevices: {
    answers: { 200: example('A page with more behind it', { items: [deviceOf, leftOut], next: '1' }) },
  },
  reportCampaign: {
    answers: {
      200: {
        device: { summary: 'A device', value: deviceOf },
        summary: {
          summary: 'The last line',
          value: {
            summary: {
              devices: 2,
              counts: [
                { state: 'completed', devices: 1 },
                { state: 'left-out', reason: 'suspended', devices: 1 },
              ],
            },
          },
        },
        csv: { summary: 'As CSV', value: csv, type: 'text/csv' },
      },
    },
  },
};
