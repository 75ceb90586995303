// What is worth saying of what is asked for, by the family of the device (docs/families.md): each thing once, and not too many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  deviceFamilyWarnings,
  jobFamilyWarnings,
  messageFamilyWarnings,
  notificationFamilyWarnings,
} from '../../../src/server/index.ts';
import type { DeviceRecord, JobCommand, NotificationRequest } from '../../../src/store/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';

const now = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();
const device = (changes: Partial<DeviceRecord>): DeviceRecord => ({
  ...input,
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: now,
  updatedAt: now,
  ...changes,
});
const aosp = (changes: Partial<DeviceRecord> = {}) => device({ family: 'aosp', ...changes });
const gateway = 'pap:WAPPUSH=+491701234567/TYPE=PLMN@ppg.example.com';

/** What each line is about. */
const fieldsOf = (lines: readonly string[]): string[] => lines.map((line) => line.split(':')[0] ?? '');

const ofNotification = (of: DeviceRecord, request: Partial<NotificationRequest> = {}) =>
  fieldsOf(notificationFamilyWarnings(of, { format: 'dm1.2', fields: {}, ...request }, now));

test('nothing is said of what a family takes, nor of a device without one', () => {
  const long = { serverId: 'x'.repeat(60), format: 'dm1.3' } as const;
  for (const family of [undefined, 'nobody knows it']) {
    const of = device({ ...long, ...(family !== undefined && { family }) });
    assert.deepEqual(deviceFamilyWarnings(of), []);
    assert.deepEqual(ofNotification(of, { format: 'dm1.3', resynchronise: true }), []);
    assert.deepEqual(jobFamilyWarnings(of, [{ command: 'copy', uri: './b', source: './a' }], 'commands'), []);
  }
  assert.deepEqual(deviceFamilyWarnings(aosp()), []);
  const { clientCredentials: __, ...certified } = aosp();
  const bare = { scheme: 'md5', name: 'n', secret: 's' } as const;
  assert.deepEqual(deviceFamilyWarnings({ ...certified, serverCredentials: bare }), []);
  assert.deepEqual(deviceFamilyWarnings(aosp({ clientCredentials: bare })), []);
  assert.deepEqual(ofNotification(aosp()), []);
});

test('of a device: its ServerID, its format and its nonces', () => {
  const nonce = new Uint8Array(51);
  const { serverCredentials, clientCredentials } = input;
  const of = aosp({
    serverId: 'x'.repeat(24),
    format: 'dm1.3',
    serverCredentials: { ...serverCredentials, nonce },
    clientCredentials: { ...clientCredentials, nonce },
  });
  assert.deepEqual(fieldsOf(deviceFamilyWarnings(of)), [
    'serverId',
    'format',
    'serverCredentials.nonceBase64',
    'clientCredentials.nonceBase64',
  ]);
});

test('of a notification: who begins it, how many octets are signed, whether it resynchronises', () => {
  assert.deepEqual(ofNotification(aosp(), { fields: { initiator: 'user' } }), ['initiator']);
  assert.deepEqual(ofNotification(aosp(), { fields: { initiator: 'server' } }), []);
  const byUser = { format: 'dm1.2', fields: { initiator: 'user' } } as const;
  assert.match(notificationFamilyWarnings(aosp(), byUser, now)[0] ?? '', /for initiator user/);
  // 8 octets before the ServerID, whose length is one of them.
  const vendorData = (octets: number) => ({ fields: { vendorData: 'aa'.repeat(octets) } });
  const room = 255 - 8 - input.serverId.length;
  assert.deepEqual(ofNotification(aosp(), vendorData(room)), []);
  assert.deepEqual(ofNotification(aosp(), vendorData(room + 1)), ['message']);
  const lib = device({ family: 'libdmclient' });
  const usual = ofNotification(lib);
  assert.equal(ofNotification(lib, { resynchronise: true }).length, usual.length + 1);
});

test('a form that is not read is lost on any route, so that nothing is said of the route', () => {
  const of = aosp({ addresses: [gateway] });
  // The gateway is given a name that stands for two numbers.
  assert.deepEqual(ofNotification(of, { format: 'dm1.3-2010' }), ['contentType']);
  const byUser = { format: 'dm1.3-2010', fields: { initiator: 'user' } } as const;
  assert.deepEqual(ofNotification(of, byUser), ['initiator', 'contentType']);
  assert.deepEqual(ofNotification(of, { format: 'dm1.3' }), ['format']);
  assert.deepEqual(ofNotification(of, { format: 'dm1.2' }), []);
  assert.deepEqual(ofNotification(aosp({ addresses: ['http://x/'] }), { format: 'dm1.3-2010' }), []);
});

test('of a job: commands that the family refuses, up to 16 by name and the others by number', () => {
  const copy: JobCommand = { command: 'copy', uri: './b', source: './a' };
  const copies = (count: number) =>
    jobFamilyWarnings(
      aosp(),
      Array.from({ length: count }, () => copy),
      'job',
    );
  assert.deepEqual(copies(0), []);
  const names = (count: number) => Array.from({ length: count }, (_, each) => `job[${each}]`);
  assert.deepEqual(fieldsOf(copies(1)), names(1));
  assert.deepEqual(fieldsOf(copies(16)), names(16));
  assert.deepEqual(fieldsOf(copies(17)).slice(0, -1), names(16));
  assert.equal(copies(17).at(-1), '1 more of the kind (docs/families.md)');
  assert.equal(copies(40).at(-1), '24 more of the kind (docs/families.md)');
});

test('of a message: what it is a bootstrap of, its version, its type on the way, its commands', () => {
  const contentType = { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 } as const;
  const commands = [{ name: 'Copy' as const, cmdId: '1', items: [] }];
  const facts = { contentType, profile: 'dm' as const, wbxmlVersion: '1.3', commands };
  assert.deepEqual(fieldsOf(messageFamilyWarnings(aosp(), facts)), [
    'profile',
    'wbxmlVersion',
    'contentType',
    'job[0]',
  ]);
  // By WSP alone the number decides: over any such address, whatever others there are.
  for (const [address, said] of [
    ['http://x/', []],
    ['wap:127.0.0.1', ['contentType']],
    ['waps:127.0.0.1', ['contentType']],
    ['sms:+491701234567', ['contentType']],
    [gateway, ['contentType']],
  ] as const) {
    const of = aosp({ addresses: ['http://x/', address] });
    assert.deepEqual(fieldsOf(messageFamilyWarnings(of, { contentType })), said, address);
  }
});
