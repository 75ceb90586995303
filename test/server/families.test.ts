// A device's family, applied by the server: how pushes are written, under which nonce, and which notification a session means.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeNotification,
  parseSessionIdText,
  verifyNotification,
} from '../../src/codec/notification/index.ts';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { bytesToUtf8 } from '../../src/core/index.ts';
import { DeviceService, noWork, SessionlessService } from '../../src/server/index.ts';
import { openingOf } from '../../src/server/session/session-opening.ts';
import type { DeviceInput, NotificationPush, SessionJournal } from '../../src/store/index.ts';
import { FakeBinding, sampleAccount, sampleDevice } from '../../src/testing/index.ts';
import { type EngineBenchOptions, withEngine } from './engine-bench.ts';

const policy = { attempts: 3, answerTimeoutMs: 1000 };

for (const family of [undefined, 'samsung'] as const) {
  test(`ruling 8: Package #0 over HTTP for ${family ?? 'a device without a family'}; the next route has octets again`, () => {
    const http = new FakeBinding('http');
    const device = {
      addresses: ['http://127.0.0.1:4035/', 'wap:127.0.0.1'],
      ...(family !== undefined && { family }),
    };
    return withEngine(
      { device, policy, bindings: { http } },
      async ({ engine, push, reaches, clock, wap }) => {
        await engine.start();
        const id = await push();
        await reaches(id, 'sent');
        clock.advance(1000);
        await reaches(id, 'sent', 2);
        const [first, second] = [http.pushes[0]?.push.body, wap.pushes[0]?.push.body];
        assert.ok(first && second);
        const octets = family === undefined ? first : Buffer.from(bytesToUtf8(first) ?? '', 'base64');
        if (family !== undefined) assert.match(bytesToUtf8(first) ?? '', /^[A-Za-z0-9+/]+=*$/);
        for (const body of [octets, second]) assert.equal(decodeNotification(body).message.sessionId, 1);
      },
    );
  });
}

for (const [family, nonces] of [
  [undefined, ['given', 'default']],
  ['libdmclient', ['given', 'given']],
] as const) {
  test(`ruling 12: what goes out again for ${family ?? 'a device without a family'} is under the ${nonces[1]} nonce`, () =>
    withEngine(
      { device: { ...(family !== undefined && { family }) }, policy },
      async ({ engine, push, reaches, clock, wap, store }) => {
        await engine.start();
        const id = await push();
        await reaches(id, 'sent');
        clock.advance(1000);
        await reaches(id, 'sent', 2);
        const { serverCredentials } = sampleDevice();
        const { secret, nonce, name } = serverCredentials;
        assert.ok(nonce);
        assert.deepEqual(
          wap.pushes.map(({ push: { body } }) =>
            verifyNotification(decodeNotification(body), { secret, nonce, identifier: name }),
          ),
          nonces,
        );
        const counted = (await store.device(sampleDevice().id))?.resynchronisations.offered;
        assert.equal(counted, family === undefined ? 1 : 0);
      },
    ));
}

/** What `create` of messages makes for a device. */
async function message(value: object, device: Partial<DeviceInput>, options: EngineBenchOptions = {}) {
  let made: { body: Uint8Array; warnings: readonly string[]; mime: string } | undefined;
  await withEngine({ ...options, device }, async ({ store, bindings, policy, clock }) => {
    const service = new SessionlessService({ store, bindings, policy, clock });
    const { message, warnings } = await service.create({ device: sampleDevice().id, ...value });
    made = { body: message.body, warnings, mime: message.contentType.mime };
  });
  assert.ok(made);
  return made;
}

test('bootstraps and messages are of the kind and version that the family reads, unless the request says otherwise', async () => {
  const bootstrap = { sec: 'USERPIN', pin: '1234' };
  const kind = async (family: string | undefined, more: object) => {
    const device = family === undefined ? {} : { family };
    const { body, mime, warnings } = await message({ bootstrap: { ...bootstrap, ...more } }, device);
    return [mime.split('/')[1], decodeWbxml(body).version, warnings.length];
  };
  assert.deepEqual(await kind(undefined, {}), ['vnd.syncml.dm+wbxml', '1.2', 0]);
  assert.deepEqual(await kind('windows', {}), ['vnd.wap.connectivity-wbxml', '1.3', 0]);
  assert.deepEqual(await kind('windows', { profile: 'dm' }), ['vnd.syncml.dm+wbxml', '1.2', 1]);
  // AOSP: no account comes of it, and no such push reaches it by WSP.
  assert.deepEqual(await kind('aosp', {}), ['vnd.syncml.dm+wbxml', '1.2', 2]);
  assert.deepEqual(await kind('aosp', { profile: 'cp' }), ['vnd.wap.connectivity-wbxml', '1.2', 1]);
  assert.deepEqual(await kind('aosp', { wbxmlVersion: '1.3' }), ['vnd.syncml.dm+wbxml', '1.3', 3]);

  const job = [{ command: 'copy', uri: './b', source: './a' }];
  const plain = await message({ job }, {});
  assert.deepEqual([decodeWbxml(plain.body).version, plain.warnings], ['1.2', []]);
  const warned = await message({ job, wbxmlVersion: '1.1' }, { family: 'aosp' });
  assert.equal(decodeWbxml(warned.body).version, '1.1');
  assert.deepEqual(
    warned.warnings.map((line) => line.split(':')[0]),
    ['wbxmlVersion', 'contentType', 'job[0]'],
  );
});

test('rulings 10 and 23: which of two notifications a SessionID means, by family', () =>
  withEngine({}, async ({ store, pushes }) => {
    const { push: notification } = await pushes.createNotification({ device: sampleDevice().id });
    const device = await store.device(sampleDevice().id);
    assert.ok(device);
    const mean = async (family: string | undefined, text: string, live: readonly number[]) => {
      const asked: number[] = [];
      const reader: Pick<SessionJournal, 'sessionFacts'> = {
        sessionFacts: async (_, sessionIds) => {
          asked.push(...sessionIds);
          const record: NotificationPush = { ...notification, state: 'sent', attempts: 1 };
          return {
            device: { ...device, ...(family !== undefined && { family }) },
            account: { ...sampleAccount, createdAt: 0, updatedAt: 0 },
            notifications: new Map(
              sessionIds
                .filter((sessionId) => live.includes(sessionId))
                .map((sessionId) => [sessionId, { ...record, sessionId }]),
            ),
          };
        },
      };
      const header = {
        verDtd: '1.2',
        verProto: 'DM/1.2',
        sessionId: text,
        msgId: '1',
        target: { uri: 'x' },
        source: { uri: device.id },
      };
      const incoming = { message: { header, commands: [], final: true }, body: new Uint8Array(0) };
      const readings = parseSessionIdText(text);
      const opening = await openingOf(incoming, readings, 'server', reader, noWork, { now: 0 });
      return {
        meant: opening.notification?.sessionId,
        sessionId: opening.sessionId,
        asked: asked.toSorted(),
      };
    };
    const both = [0x4660, 4660];
    const asked = [4660, 0x4660, 0x6046].toSorted();
    assert.deepEqual(await mean(undefined, '4660', both), { meant: 0x4660, sessionId: 0x4660, asked });
    assert.deepEqual(await mean('windows', '4660', both), { meant: 4660, sessionId: 4660, asked });
    assert.deepEqual(await mean('windows', '4660', [0x4660]), { meant: 0x4660, sessionId: 0x4660, asked });
    const pair = [0x3412, 0x1234];
    const first = await mean(undefined, '3412', pair);
    assert.deepEqual([first.meant, first.sessionId], [0x3412, 0x3412]);
    const swapped = await mean('libdmclient', '3412', pair);
    assert.deepEqual([swapped.meant, swapped.sessionId], [0x1234, '3412']);
    assert.deepEqual(swapped.asked, first.asked, 'as much is read for all');
    assert.equal((await mean('libdmclient', '3412', [0x3412])).meant, 0x3412);
    assert.equal((await mean(undefined, '3412', [0x1234])).meant, 0x1234);
    assert.equal((await mean('aosp', '3412', [0x1234])).meant, 0x1234);
  }));

test('a family is one that is known; null takes it away', () =>
  withEngine({}, async ({ store, bindings }) => {
    const devices = new DeviceService(store, bindings);
    const { id } = sampleDevice();
    assert.equal((await devices.update(id, { family: 'samsung' }))?.family, 'samsung');
    assert.equal((await devices.update(id, { format: 'dm1.2' }))?.family, 'samsung');
    await assert.rejects(devices.update(id, { family: 'nokia' }), /family: must be one of generic, aosp/);
    assert.equal((await devices.update(id, { family: null }))?.family, undefined);
  }));
