// Notes on the routes of jobs.
import { refusedLine, takenLine } from './line-examples.ts';
import { example, type Notes } from './notes.ts';
import { linesWords } from './notifications.ts';
import { device, jobId as id, later, notificationId, now, serverId, soon } from './samples.ts';

const pending = {
  id,
  device,
  serverId,
  state: 'pending',
  onFailure: 'stop',
  notification: notificationId,
  commandCount: 1,
  answeredCount: 0,
  expiresAt: later,
  createdAt: now,
  updatedAt: now,
};
const done = {
  ...pending,
  state: 'completed',
  sessionId: 1,
  answeredCount: 1,
  updatedAt: soon,
  startedAt: soon,
  endedAt: soon,
};
const get = { command: 'get', uri: './DevDetail/FwV' };
const result = { uri: './DevDetail/FwV', format: 'chr', data: '1.4.2' };

export const jobNotes: Notes = {
  createJob: {
    description:
      'With an `Idempotency-Key` it is safe to send the same again: the answer is that of the first time. Unless `wake` is false, ' +
      'a notification wakes the device for it.',
    codes: {
      409: ['SUSPENDED', 'TOO_MANY_JOBS', 'SESSION_IDS_EXHAUSTED'],
      422: ['UNKNOWN_DEVICE', 'CONFIG', 'IDEMPOTENCY_CONFLICT'],
    },
    request: {
      get: { summary: 'Read the firmware version', value: { device, commands: [get] } },
      group: {
        summary: 'Both or neither',
        value: {
          device,
          commands: [
            {
              command: 'atomic',
              commands: [
                { command: 'replace', uri: './Vendor/Mode', data: 'night' },
                { command: 'delete', uri: './Vendor/Temp' },
              ],
            },
          ],
          timeoutSeconds: 600,
        },
      },
    },
    answers: { 202: example('It is on disk, and the device is being woken', pending) },
    headers: { 202: ['Location'] },
  },
  createJobs: {
    description: linesWords(),
    request: example('One line', { device, commands: [get], idempotencyKey: 'fwv-493005100592800' }),
    answers: { 200: { taken: takenLine(id), refused: refusedLine } },
  },
  listJobs: { answers: { 200: example('A page with more behind it', { items: [done], next: id }) } },
  getJob: {
    answers: {
      200: example('The device has answered', {
        ...done,
        commands: [{ ...get, sends: 1, status: 200, results: [result], answeredAt: soon }],
      }),
    },
  },
  cancelJob: {
    codes: { 409: ['NOT_CANCELLABLE'] },
    answers: {
      200: example('It is over', { ...pending, state: 'cancelled', reason: 'cancelled by request' }),
    },
  },
};
