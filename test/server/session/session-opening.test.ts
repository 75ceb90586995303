// What a session begins with (spec-notes rulings 10, 12, 22 and 23): which notification it answers, under which name it runs,
// and what both sides may prove themselves with.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSessionIdText } from '../../../src/codec/notification/index.ts';
import type { DmCommand } from '../../../src/codec/syncml/index.ts';
import { noCommands, type SessionWork } from '../../../src/server/index.ts';
import { openingOf, triggerOf } from '../../../src/server/session/session-opening.ts';
import type { DeviceRecord, NotificationPush, SessionJournal } from '../../../src/store/index.ts';
import { sampleAccount, sampleDevice } from '../../../src/testing/index.ts';

const now = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();
const record: DeviceRecord = {
  ...input,
  resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
  reported: {},
  createdAt: now,
  updatedAt: now,
};

/** Notifications of the device by Session-ID. */
type Kept = Readonly<Record<number, Partial<NotificationPush>>>;

interface Asked {
  readonly device?: DeviceRecord | undefined;
  readonly kept?: Kept;
  readonly trigger?: 'server' | 'client';
  readonly certificate?: string;
  readonly account?: undefined;
}

async function open(text: string, asked: Asked = {}) {
  const { kept = {}, trigger = 'server', certificate } = asked;
  const device = 'device' in asked ? asked.device : record;
  const looked: number[] = [];
  const worked: Parameters<SessionWork['commands']>[0][] = [];
  const work: SessionWork = {
    commands: (subject) => {
      worked.push(subject);
      return noCommands;
    },
    reported: async () => undefined,
  };
  const store: Pick<SessionJournal, 'sessionFacts'> = {
    sessionFacts: async (deviceId, sessionIds) => {
      looked.push(...sessionIds);
      const found = sessionIds.flatMap((sessionId) => {
        const changes = kept[sessionId];
        return changes === undefined ? [] : [notification(deviceId, sessionId, changes)];
      });
      return {
        device,
        account: 'account' in asked ? asked.account : { ...sampleAccount, createdAt: now, updatedAt: now },
        notifications: new Map(found.map((each) => [each.sessionId ?? 0, each])),
      };
    },
  };
  const header = {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: text,
    msgId: '1',
    target: { uri: sampleAccount.url },
    source: { uri: record.id },
  };
  const incoming = { message: { header, commands: [], final: true }, body: new Uint8Array(0) };
  const candidates = parseSessionIdText(text);
  const opening = await openingOf(incoming, candidates, trigger, store, work, { now, certificate });
  return { ...opening, looked, worked };
}

function notification(
  deviceId: string,
  sessionId: number,
  changes: Partial<NotificationPush>,
): NotificationPush {
  return {
    purpose: 'notification',
    id: `n${sessionId}`,
    deviceId,
    serverId: record.serverId,
    sessionId,
    format: 'dm1.2',
    fields: {},
    state: 'sent',
    attempts: 1,
    sends: 1,
    failures: 0,
    refusedAddresses: [],
    defaultNonce: 'none',
    resynchronise: false,
    version: 0,
    lease: 1,
    expiresAt: now + 1,
    createdAt: now,
    updatedAt: now,
    ...changes,
  };
}

test('who begins a session is told by the alert of package #1', () => {
  const by = (...commands: DmCommand[]) => {
    const header = {
      verDtd: '1.2',
      verProto: 'DM/1.2',
      sessionId: '1',
      msgId: '1',
      target: { uri: 'x' },
      source: { uri: 'y' },
    };
    return triggerOf({ message: { header, commands, final: true }, body: new Uint8Array(0) });
  };
  const alert = (data: string): DmCommand => ({ name: 'Alert', cmdId: '1', data, items: [] });
  const get: DmCommand = { name: 'Get', cmdId: '1', items: [] };
  assert.equal(by(get, alert('1200')), 'server');
  assert.equal(by(alert('1224'), alert('1201')), 'client');
  assert.equal(by(get, alert('1224')), undefined);
  const other: DmCommand = {
    name: 'Status',
    cmdId: '1',
    msgRef: '1',
    cmdRef: '1',
    cmd: 'Get',
    targetRefs: [],
    sourceRefs: [],
    data: '1200',
    items: [],
  };
  assert.equal(by(other), undefined);
});

test('a session that the client begins answers no notification and runs under its own text, whatever has the same digits', async () => {
  const kept = { 5: {}, 85: {} };
  for (const text of ['5', '55']) {
    const opening = await open(text, { trigger: 'client', kept });
    assert.deepEqual([opening.notification, opening.sessionId, opening.looked], [undefined, text, []]);
    assert.equal(opening.subject.notification, undefined);
    assert.equal(opening.subject.sessionId, Number.parseInt(text, 16));
  }
  const woken = await open('5', { kept });
  assert.equal(woken.subject.notification, woken.notification);
  assert.deepEqual([woken.notification?.id, woken.sessionId, woken.subject.sessionId], ['n5', 5, 5]);
  assert.equal((await open('5', { kept: {} })).sessionId, 5);
  assert.equal((await open('made up', { kept })).sessionId, 'made up');
});

test('ruling 10: an open notification that went out, else one that was given up; never one that did not go out', async () => {
  const meant = async (text: string, kept: Kept) => (await open(text, { kept })).notification?.id;
  assert.equal(await meant('7', { 7: { attempts: 0, state: 'queued' } }), undefined);
  assert.equal(await meant('7', { 7: { state: 'failed' } }), 'n7');
  assert.equal(await meant('7', { 7: { state: 'expired' } }), 'n7');
  for (const state of ['cancelled', 'completed'] as const)
    assert.equal(await meant('7', { 7: { state } }), undefined);
  // 4660 is 0x4660, and 0x1234 in decimal.
  assert.equal(await meant('4660', { 18016: { state: 'failed' }, 4660: {} }), 'n4660');
  assert.equal(await meant('4660', { 18016: { state: 'failed' }, 4660: { state: 'expired' } }), `n${0x4660}`);
});

test('ruling 10: a session that comes for a notification that has just ended is for no other with the same digits', async () => {
  const meant = async (kept: Kept) => (await open('35', { kept })).notification?.sessionId;
  // 35 is 0x35, which is 53, and 35 in decimal.
  const open35: Kept = { 35: {} };
  for (const state of ['completed', 'cancelled'] as const) {
    assert.equal(await meant({ ...open35, 53: { state, endedAt: now - 60_000 } }), undefined, state);
    assert.equal(await meant({ ...open35, 53: { state, endedAt: now - 86_400_000 } }), 35, state);
    assert.equal(
      await meant({ ...open35, 53: { state, endedAt: now, attempts: 0 } }),
      35,
      'it never went out',
    );
  }
  for (const state of ['failed', 'expired'] as const)
    assert.equal(await meant({ ...open35, 53: { state, endedAt: now - 60_000 } }), 53, state);
  assert.equal(await meant({ 35: { state: 'completed', endedAt: now }, 53: {} }), 53);
  assert.equal(await meant({ 35: { state: 'completed', endedAt: now }, 53: { state: 'failed' } }), undefined);
});

test('ruling 10: with its octets swapped a SessionID means an open one alone, where nothing has the digits as they stand', async () => {
  const meant = async (kept: Kept) => (await open('3412', { kept })).notification?.sessionId;
  assert.equal(await meant({ 4660: {} }), 0x1234);
  assert.equal(await meant({ 4660: { attempts: 0, state: 'queued' } }), undefined);
  for (const state of ['failed', 'expired'] as const) {
    assert.equal(await meant({ 4660: { state } }), undefined, `one that is ${state} is not waited for`);
  }
  for (const state of ['sent', 'failed'] as const) {
    assert.equal(await meant({ 4660: {}, 13330: { state } }), 0x3412);
  }
  assert.equal(await meant({ 4660: {}, 13330: { state: 'cancelled' } }), undefined);
});

test('the work of a session is told whose it is; both ends have their account, the address of the server as well', async () => {
  const opening = await open('5', { kept: { 5: {} } });
  assert.deepEqual(opening.worked, [{ ...opening.subject, device: record }]);
  assert.deepEqual(
    [opening.options.serverId, opening.options.serverUri],
    [record.serverId, sampleAccount.url],
  );
  const unknown = await open('5', { device: undefined });
  assert.deepEqual(unknown.worked, [], 'nothing is done for a device that does not exist');
  const lost = await open('5', { account: undefined });
  assert.equal(lost.options.serverUri, record.serverId);
  assert.notEqual((await open('5')).subject.holder, opening.subject.holder);
});

test('ruling 27: each side may prove itself with either secret while its own is being replaced', async () => {
  const rotation = { id: 'r', state: 'pending', secret: 'fresh', tries: 0, requestedAt: now } as const;
  const secrets = async (rotations: NonNullable<DeviceRecord['rotations']>) => {
    const { options } = await open('5', { device: { ...record, rotations } });
    return [options.server?.otherSecret, options.client?.otherSecret];
  };
  assert.deepEqual(await secrets({ server: rotation }), ['fresh', undefined]);
  assert.deepEqual(await secrets({ client: rotation }), [undefined, 'fresh']);
});

test('ruling 12: the default nonce is taken for an open notification that offered it, and for nothing else', async () => {
  const taken = async (changes: Partial<NotificationPush>, trigger: 'server' | 'client' = 'server') =>
    (await open('5', { kept: { 5: changes }, trigger })).options.acceptDefaultNonce;
  assert.equal(await taken({ defaultNonce: 'offered' }), true);
  assert.equal(await taken({ defaultNonce: 'offered' }, 'client'), false);
  assert.equal(await taken({ defaultNonce: 'offered', state: 'failed' }), false);
  assert.equal(await taken({ defaultNonce: 'used' }), false);
  assert.equal(await taken({ defaultNonce: 'none' }), false);
});

test('ruling 22: of a device that does not exist as much is read, and no credentials hold', async () => {
  const kept = { 5: {} };
  const known = await open('5', { kept });
  const unknown = await open('5', { kept, device: undefined });
  assert.deepEqual(unknown.looked, known.looked);
  assert.deepEqual([known.known, unknown.known, unknown.notification], [true, false, undefined]);
  const { client } = unknown.options;
  assert.ok(client);
  assert.notEqual(client.secret, known.options.client?.secret);
  assert.deepEqual([unknown.options.serverId, unknown.options.serverUri], ['', '']);
});

test('a certificate vouches for the device of whose record it is; without CLCRED nothing else does', async () => {
  const tlsCertificate = { sha256: 'ab'.repeat(32) };
  const { clientCredentials: __, ...rest } = record;
  const bare: DeviceRecord = { ...rest, tlsCertificate };
  const vouched = await open('5', { device: bare, certificate: tlsCertificate.sha256 });
  assert.deepEqual([vouched.options.transportTrusted, vouched.options.client], [true, undefined]);
  for (const certificate of [undefined, 'cd'.repeat(32)]) {
    const asked = certificate === undefined ? {} : { certificate };
    const { options } = await open('5', { device: bare, ...asked });
    assert.equal(options.transportTrusted, false);
    assert.ok(options.client, 'which nobody holds');
  }
  // Where neither end has one there is nothing to vouch.
  for (const asked of [{}, { certificate: 'cd'.repeat(32) }]) {
    assert.equal((await open('5', asked)).options.transportTrusted, false);
  }
  const both = await open('5', { device: { ...record, tlsCertificate }, certificate: tlsCertificate.sha256 });
  assert.deepEqual(
    [both.options.transportTrusted, both.options.client?.secret],
    [true, record.clientCredentials?.secret],
  );
  const schemes = { clientSchemes: ['hmac'], serverSchemes: ['md5'] } as const;
  const { options } = await open('5', { device: { ...record, ...schemes } });
  assert.deepEqual([options.clientSchemes, options.serverSchemes], [['hmac'], ['md5']]);
});
