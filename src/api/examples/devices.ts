// Notes on the routes of single devices.
import { example, type Notes } from './notes.ts';
import { earlier, device as id, nextPage, notificationId, now, serverId } from './samples.ts';

const credentials = {
  serverCredentials: { scheme: 'md5', secret: 'server secret' },
  clientCredentials: { scheme: 'md5', name: 'e1', secret: 'client secret' },
};

/** A device as it is given. */
export const newDevice = {
  id,
  serverId,
  addresses: ['wap:192.0.2.7:2948', 'sms:+491701234567'],
  format: 'dm1.2',
  ...credentials,
  labels: { region: 'north' },
};

const device = {
  id,
  serverId,
  addresses: ['wap:192.0.2.7:2948', 'sms:+491701234567'],
  format: 'dm1.2',
  serverCredentials: { scheme: 'md5', name: serverId, nonceKnown: false },
  clientCredentials: { scheme: 'md5', name: 'e1', nonceKnown: false },
  notificationSecretSet: false,
  labels: { region: 'north' },
  suspended: false,
  resynchronisations: { inWindow: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: earlier,
  updatedAt: earlier,
};
const seen = { ...device, reported: { './DevDetail/FwV': '1.4.2' }, lastSessionAt: now };
const suspended = { ...device, suspended: true, suspendedAt: now, updatedAt: now };

export const deviceNotes: Notes = {
  createDevice: {
    codes: { 409: ['ALREADY_EXISTS', 'OTHER_ACCOUNT'], 422: ['UNKNOWN_ACCOUNT', 'CONFIG'] },
    request: example('A device that is reached over WAP, else by short message', newDevice),
    answers: { 201: example('The device; secrets are never shown', device) },
    headers: { 201: ['ETag', 'Location'] },
  },
  listDevices: {
    answers: { 200: example('A page with more behind it', { items: [seen], next: nextPage }) },
  },
  countDevices: { answers: { 200: example('How many there are', { count: 48_211 }) } },
  getDevice: {
    answers: { 200: example('A device that has been in a session', seen) },
    headers: { 200: ['ETag'] },
  },
  putDevice: {
    description:
      'With `If-None-Match: *` it only creates, with `If-Match` it only replaces. What is not given is set to its default; ' +
      'labels and addresses are those that are given.',
    codes: { 409: ['ALREADY_EXISTS', 'OTHER_ACCOUNT', 'IN_USE'], 422: ['UNKNOWN_ACCOUNT', 'CONFIG'] },
    request: example('The whole device', newDevice),
    answers: {
      200: example('It was there, and is so now', device),
      201: example('It is new', device),
    },
    headers: { 200: ['ETag'], 201: ['ETag'] },
  },
  updateDevice: {
    description: 'What is not given stays as it is; `null` removes what may be removed.',
    codes: { 409: ['ROTATION_UNDER_WAY'], 422: ['CONFIG'] },
    request: {
      suspend: { summary: 'Send it nothing from now on', value: { suspended: true } },
      label: { summary: 'One label set, one removed', value: { labels: { region: 'south', pilot: null } } },
    },
    answers: { 200: example('The device as it is now', suspended) },
    headers: { 200: ['ETag'] },
  },
  deleteDevice: { codes: { 409: ['IN_USE'] } },
  rotateDeviceSecret: {
    codes: {
      409: ['ROTATION_UNDER_WAY', 'SUSPENDED', 'TOO_MANY_JOBS', 'SESSION_IDS_EXHAUSTED'],
      422: ['CONFIG'],
    },
    request: example('A secret that the server makes', { which: 'server' }),
    answers: {
      202: example('It is under way; the device is woken for it', {
        which: 'server',
        state: 'pending',
        secret: 'kT3vGm1xQm2eZr9sLw8yNA',
        notification: notificationId,
        requestedAt: now,
      }),
    },
  },
};
