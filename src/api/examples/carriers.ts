// Notes on the routes of carriers and of the level of the log.
import { example, type Notes } from './notes.ts';
import { earlier, now } from './samples.ts';

const desk = {
  binding: 'sms',
  name: 'sms:desk',
  state: 'up',
  since: earlier,
  free: 8,
  rate: 4.5,
  inFlight: 2,
  queue: { due: 2, more: false, oldestDueAt: now },
};
const reason = 'work at the centre until 14:00';
const suspended = {
  ...desk,
  free: 0,
  rate: 0,
  suspended: { since: now, by: 'ann/console', reason },
};
const noLevel = { 501: ['NO_LOG_LEVEL'] };
const asked = { level: 'debug', configured: 'info', until: now };

export const carrierNotes: Notes = {
  listCarriers: { answers: { 200: example('One, which is suspended', { at: now, items: [suspended] }) } },
  getCarrier: { answers: { 200: example('One that gets pushes', desk) } },
  suspendCarrier: {
    description:
      'What is under way at the carrier ends: `inFlight` falls to 0. What waits for it stays queued until its own time is over, and ' +
      'pushes that are asked for meanwhile are taken with a warning. Its links stay up, so that reports still come in. A carrier ' +
      'stays suspended over restarts. To suspend it again changes no more than the reason. The body may be left out.',
    request: example('With a reason', { reason }),
    answers: { 200: example('It is', suspended) },
  },
  resumeCarrier: { answers: { 200: example('It gets pushes again', desk) } },
  getLogLevel: { codes: noLevel, answers: { 200: example('For some minutes', asked) } },
  setLogLevel: {
    description:
      'What is asked for here counts before what is configured, also when that is read again, until its time is over, it is taken ' +
      'back (`DELETE`) or the server starts anew.',
    codes: noLevel,
    request: example('For ten minutes', { level: 'debug', seconds: 600 }),
    answers: { 200: example('It does', asked) },
  },
  resetLogLevel: {
    codes: noLevel,
    answers: { 200: example('As configured', { level: 'info', configured: 'info' }) },
  },
};
