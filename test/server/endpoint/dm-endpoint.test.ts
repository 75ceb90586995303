// The DM endpoint with a scripted device: from push to completed, and what the store holds afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ManagementCommand } from '../../../src/codec/syncml/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { withServer } from '../server-bench.ts';

const deviceId = sampleDevice().id;

for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3']) {
  for (const form of ['xml', 'wbxml'] as const) {
    test(`N12-S-001 N10-S-001 N13-S-001: ${format} in ${form}: a push is answered by its Session-ID and completed`, () =>
      withServer({ form }, async ({ push, taken, story, store, device, reaches }) => {
        const id = await push({ format });
        const run = await taken(0);
        assert.deepEqual(run?.end, { outcome: 'completed' });
        assert.deepEqual(device.verdicts, ['given']);
        await reaches(id, 'completed');
        const events = await story(id);
        assert.deepEqual(
          events.filter((event) => event !== 'sent'),
          ['queued', 'sending', 'answered', 'completed'],
        );
        for (const { headers } of run?.responses ?? []) {
          assert.match(headers['content-type'] ?? '', form === 'xml' ? /dm\+xml/ : /dm\+wbxml/);
          assert.equal(headers['cache-control'], 'no-store, private');
        }
        const stored = await store.device(deviceId);
        assert.deepEqual(stored?.clientCredentials?.nonce, device.state.client.nonce);
        assert.deepEqual(stored?.serverCredentials.nonce, device.state.server.nonce);
        assert.equal(stored?.reported['./DevInfo/Man'], 'Acme');
        assert.ok(stored?.lastSessionAt);
      }));
  }
}

for (const scheme of ['basic', 'md5', 'hmac'] as const) {
  test(`credentials of type ${scheme} work in both directions, session after session`, () =>
    withServer(
      {
        device: {
          serverCredentials: { ...sampleDevice().serverCredentials, scheme },
          clientCredentials: { ...sampleDevice().clientCredentials, scheme },
        },
      },
      async ({ push, taken, reaches, store, device }) => {
        for (let round = 0; round < 3; round += 1) {
          const id = await push();
          assert.deepEqual((await taken(round))?.end, { outcome: 'completed' });
          await reaches(id, 'completed');
        }
        assert.deepEqual(device.verdicts, ['given', 'given', 'given']);
        const stored = await store.device(deviceId);
        assert.deepEqual(stored?.clientCredentials?.nonce, device.state.client.nonce);
        assert.deepEqual(stored?.serverCredentials.nonce, device.state.server.nonce);
      },
    ));
}

test('N12-S-004 N12-C-003 DM-NOTI-1.2 §5.1: a device whose nonces are wrong recovers with the second push', () =>
  withServer({}, async (bench) => {
    const { push, taken, clock, device, store, reaches, story } = bench;
    device.state.server = { ...device.state.server, nonce: new Uint8Array([1]) };
    device.state.client = { ...device.state.client, nonce: new Uint8Array([2]) };
    const id = await push();
    assert.equal(await taken(0), undefined);
    await reaches(id, 'sent');
    clock.advance(600_000);
    const run = await taken(1);
    assert.deepEqual(run?.end, { outcome: 'completed' });
    assert.deepEqual(device.verdicts, [null, 'default']);
    await reaches(id, 'completed');
    const events = await story(id);
    for (const event of ['resynchronising', 'answered', 'resynchronised', 'completed']) {
      assert.equal(events.filter((each) => each === event).length, 1, `${event} in ${events.join(' ')}`);
    }
    const stored = await store.device(deviceId);
    assert.deepEqual(stored?.clientCredentials?.nonce, device.state.client.nonce);
    assert.deepEqual(stored?.serverCredentials.nonce, device.state.server.nonce);
    assert.equal(stored?.resynchronisations.completed, 1);
    assert.equal((await bench.notification(id)).defaultNonce, 'used');
    // Both sides are in step again: the next push needs no resynchronisation.
    const next = await push();
    assert.deepEqual((await taken(2))?.end, { outcome: 'completed' });
    await reaches(next, 'completed');
    assert.equal(device.verdicts.at(-1), 'given');
  }));

test('a device that the server knows no nonce of is reached under the default one, and has fresh ones afterwards', () => {
  const bare = { scheme: 'md5', name: 'n', secret: 's' } as const;
  return withServer(
    { device: { serverCredentials: bare, clientCredentials: bare } },
    async ({ push, taken, reaches, device, store }) => {
      const id = await push();
      assert.deepEqual((await taken(0))?.end, { outcome: 'completed' });
      await reaches(id, 'completed');
      assert.deepEqual(device.verdicts, ['default']);
      const stored = await store.device(deviceId);
      assert.equal(stored?.serverCredentials.nonce?.length, 16);
      assert.deepEqual(stored?.serverCredentials.nonce, device.state.server.nonce);
      assert.deepEqual(stored?.clientCredentials?.nonce, device.state.client.nonce);
    },
  );
});

test('ruling 12: the default nonce opens nothing that was not offered under it, nor twice', () =>
  withServer({}, async ({ push, taken, device, store, wap, reaches, notification }) => {
    const id = await push();
    await reaches(id, 'sent');
    const sessionId = (await notification(id)).sessionId;
    const open = () => device.run({ sessionId, defaultNonce: true, maxChallenges: 0 }, 1);
    const before = await store.device(deviceId);
    const [refused] = (await open()).responses;
    assert.ok(refused);
    assert.match(device.statusesOf(refused), /SyncHdr=401/);
    assert.deepEqual(
      (await store.device(deviceId))?.clientCredentials?.nonce,
      before?.clientCredentials?.nonce,
    );
    const asked = await push({ resynchronise: true });
    assert.deepEqual((await taken(1))?.end, { outcome: 'completed' });
    await reaches(asked, 'completed');
    const used = (await notification(asked)).sessionId;
    const [again] = (await device.run({ sessionId: used, defaultNonce: true, maxChallenges: 0 }, 1))
      .responses;
    assert.ok(again);
    assert.match(device.statusesOf(again), /SyncHdr=401/);
    assert.equal(wap.pushes.length, 2);
  }));

test('ruling 10: the Session-ID is understood in lower case, with leading zeros, and in decimal', () =>
  withServer({ device: { firstSessionId: 0x00af } }, async (bench) => {
    const { push, notification, device, server, reaches } = bench;
    for (const spell of [
      (id: number) => id.toString(16),
      (id: number) => id.toString(16).toUpperCase().padStart(4, '0'),
      (id: number) => String(id),
    ]) {
      const id = await push();
      await reaches(id, 'sent');
      const sessionId = (await notification(id)).sessionId;
      const session = device.open({ sessionId });
      let step = session.start();
      for (let count = 0; count < 5 && step.send !== undefined; count += 1) {
        device.keep(step);
        const { message } = step.send;
        const header = { ...message.header, sessionId: spell(sessionId) };
        const request = device.request({ ...step.send, message: { ...message, header } });
        const answer = device.read(await server.endpoint.handle(request));
        assert.equal(answer.message.header.sessionId, spell(sessionId), 'answered as it was asked');
        const back = {
          ...answer.message,
          header: { ...answer.message.header, sessionId: message.header.sessionId },
        };
        if (step.end !== undefined) break;
        step = await session.receive({ ...answer, message: back });
      }
      device.keep(step);
      await reaches(id, 'completed');
    }
  }));

test('a device may come by itself: its session runs, and no notification is touched', () =>
  withServer({}, async ({ push, device, store, reaches, notification }) => {
    const id = await push();
    await reaches(id, 'sent');
    const sessionId = (await notification(id)).sessionId;
    const run = await device.run({ sessionId, trigger: 'client' });
    assert.deepEqual(run.end, { outcome: 'completed' });
    assert.equal((await store.push(id))?.state, 'sent');
    assert.deepEqual((await store.device(deviceId))?.clientCredentials?.nonce, device.state.client.nonce);
  }));

test('an answer that comes too late is on the timeline, and its session is served', () =>
  withServer(
    { server: { policy: { attempts: 1 } } },
    async ({ push, device, clock, reaches, story, wap }) => {
      const id = await push();
      await reaches(id, 'sent');
      clock.advance(600_000);
      await reaches(id, 'failed');
      const late = wap.pushes[0];
      assert.ok(late);
      assert.deepEqual((await device.take(late.push))?.end, { outcome: 'completed' });
      await reaches(id, 'failed');
      assert.deepEqual(await story(id), ['queued', 'sending', 'sent', 'failed', 'answered']);
    },
  ));

test('a device that is removed in the middle of its session is told no more in it', () => {
  const get: ManagementCommand = { name: 'Get', cmdId: '1', items: [{ target: { uri: './DevInfo/Man' } }] };
  const work = { commands: () => ({ next: async () => [get] }), reported: async () => undefined };
  return withServer({ server: { work } }, async ({ server, device }) => {
    const session = device.open({ sessionId: 0x7000, trigger: 'client' });
    const { send } = session.start();
    assert.ok(send);
    const step = await session.receive(device.read(await server.endpoint.handle(device.request(send))));
    assert.ok(step.send);
    assert.equal(server.endpoint.sessions, 1);
    assert.equal(await server.devices.remove(deviceId), true);
    // What it says has to be kept, and nothing can be kept for it any more.
    const refused = await server.endpoint.handle(device.request(step.send));
    assert.equal(refused.status, 500);
    assert.equal(Buffer.from(refused.body).toString(), 'the server could not do it: begin anew\n');
    assert.deepEqual([server.endpoint.sessions, server.endpoint.held], [0, 0]);
  });
});
