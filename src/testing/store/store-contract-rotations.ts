// Store contract: secrets that are being replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openRotation, type RotatedSide, type Store } from '../../store/index.ts';
import { addSamples, rejectsWith, type WithStore } from './store-contract-base.ts';
import { sampleDevice, sampleRequest } from './store-samples.ts';

const deviceId = sampleDevice().id;
const newSecret = 'b3V0IG9mIHRoZSBib3g';

/** Begins one and gives its id. */
async function begin(store: Store, side: RotatedSide, secret = newSecret): Promise<string> {
  const { device } = await store.beginRotation({ deviceId, side, secret });
  return device.rotations?.[side]?.id ?? '';
}

export function rotationContract(withStore: WithStore): void {
  test('a replacement is kept beside the secret until it is completed, and is the secret then', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const before = await store.device(deviceId);
      assert.equal(before?.rotations, undefined);
      const requestedAt = clock.now();
      const { device, notification } = await store.beginRotation({
        deviceId,
        side: 'server',
        secret: newSecret,
        uri: './DMAcc/x/AppAuth/y/AAuthSecret',
      });
      assert.equal(notification, undefined);
      const { id = '', ...rest } = device.rotations?.server ?? {};
      assert.deepEqual(rest, {
        state: 'pending',
        secret: newSecret,
        uri: './DMAcc/x/AppAuth/y/AAuthSecret',
        tries: 0,
        requestedAt,
      });
      assert.deepEqual(device.serverCredentials, before?.serverCredentials);
      assert.deepEqual(await store.device(deviceId), device);
      clock.advance(5);
      await store.advanceRotation(deviceId, 'server', id, { step: 'tried' });
      const sent = await store.advanceRotation(deviceId, 'server', id, { step: 'sent' });
      assert.deepEqual(sent?.rotations?.server, {
        ...rest,
        id,
        state: 'sent',
        tries: 1,
        sentAt: requestedAt + 5,
      });
      assert.equal(sent?.serverCredentials.secret, sampleDevice().serverCredentials.secret);
      clock.advance(5);
      const done = await store.advanceRotation(deviceId, 'server', id, { step: 'completed' });
      assert.deepEqual(done?.serverCredentials, { ...before?.serverCredentials, secret: newSecret });
      assert.deepEqual(done?.clientCredentials, before?.clientCredentials);
      const { secret: _, ...shown } = rest;
      assert.deepEqual(done?.rotations?.server, {
        ...shown,
        id,
        state: 'completed',
        tries: 1,
        sentAt: requestedAt + 5,
        endedAt: requestedAt + 10,
      });
      assert.deepEqual(await store.device(deviceId), done);
    }));

  test('the replacement of one side says nothing about the other', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const server = await begin(store, 'server');
      const client = await begin(store, 'client', 'another secret');
      const done = await store.advanceRotation(deviceId, 'client', client, { step: 'completed' });
      assert.equal(done?.clientCredentials?.secret, 'another secret');
      assert.equal(done?.serverCredentials.secret, sampleDevice().serverCredentials.secret);
      assert.equal(openRotation(done?.rotations, 'server')?.id, server);
      assert.equal(openRotation(done?.rotations, 'client'), undefined);
    }));

  test('of one side there is one replacement at a time; a failed one leaves the old secret and makes room', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const id = await begin(store, 'server');
      await rejectsWith('ROTATION_UNDER_WAY', begin(store, 'server', 'third'));
      await rejectsWith(
        'UNKNOWN_DEVICE',
        store.beginRotation({ deviceId: 'nobody', side: 'server', secret: 'x' }),
      );
      const failed = await store.advanceRotation(deviceId, 'server', id, { step: 'failed', reason: 'no' });
      assert.equal(failed?.serverCredentials.secret, sampleDevice().serverCredentials.secret);
      const { state, reason, secret } = failed?.rotations?.server ?? {};
      assert.deepEqual([state, reason, secret], ['failed', 'no', undefined]);
      const next = await begin(store, 'server', 'third');
      assert.notEqual(next, id);
    }));

  test('a step of a replacement that is over, or of another one, changes nothing', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const first = await begin(store, 'server');
      await store.advanceRotation(deviceId, 'server', first, { step: 'failed', reason: 'no' });
      const second = await begin(store, 'server', 'second');
      const before = await store.device(deviceId);
      for (const step of [{ step: 'sent' }, { step: 'completed' }, { step: 'tried' }] as const) {
        assert.equal(await store.advanceRotation(deviceId, 'server', first, step), undefined);
        assert.equal(await store.advanceRotation(deviceId, 'client', second, step), undefined);
        assert.equal(await store.advanceRotation('nobody', 'server', second, step), undefined);
      }
      assert.deepEqual(await store.device(deviceId), before);
      await store.advanceRotation(deviceId, 'server', second, { step: 'completed' });
      assert.equal(await store.advanceRotation(deviceId, 'server', second, { step: 'completed' }), undefined);
    }));

  test('tries are counted until the device has said something', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const id = await begin(store, 'server');
      const step = async (...steps: Parameters<Store['advanceRotation']>[3][]) => {
        let device = await store.device(deviceId);
        for (const each of steps) device = await store.advanceRotation(deviceId, 'server', id, each);
        const { tries, reason } = device?.rotations?.server ?? {};
        return [tries, reason];
      };
      assert.deepEqual(await step({ step: 'tried' }, { step: 'tried' }), [2, undefined]);
      const noted = { step: 'noted', reason: 'silence', heard: false } as const;
      assert.deepEqual(await step(noted), [2, 'silence']);
      assert.deepEqual(await step({ step: 'heard' }), [0, 'silence']);
      assert.deepEqual(await step({ step: 'tried' }, { ...noted, reason: '405', heard: true }), [0, '405']);
    }));

  test('a replacement and the notification that wakes for it come together, or not at all', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const wake = sampleRequest();
      const { notification } = await store.beginRotation({
        deviceId,
        side: 'server',
        secret: newSecret,
        wake,
      });
      assert.equal(notification?.state, 'queued');
      assert.deepEqual(await store.push(notification?.id ?? ''), notification);
      await rejectsWith(
        'UNKNOWN_DEVICE',
        store.beginRotation({
          deviceId,
          side: 'client',
          secret: newSecret,
          wake: { ...wake, deviceId: 'nobody' },
        }),
      );
      assert.equal((await store.device(deviceId))?.rotations?.client, undefined);
    }));

  test('credentials that are set by request end the replacement of their secret, and of no other', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await begin(store, 'server');
      await begin(store, 'client');
      const format = await store.updateDevice(deviceId, { format: 'dm1.3' });
      assert.ok(openRotation(format?.rotations, 'server'));
      const serverCredentials = { ...sampleDevice().serverCredentials, secret: 'given' };
      const changed = await store.updateDevice(deviceId, { serverCredentials });
      assert.equal(changed?.serverCredentials.secret, 'given');
      assert.equal(openRotation(changed?.rotations, 'server'), undefined);
      assert.match(changed?.rotations?.server?.reason ?? '', /set by request/);
      assert.ok(openRotation(changed?.rotations, 'client'));
      const tlsCertificate = { sha256: 'ab'.repeat(32) };
      const removed = await store.updateDevice(deviceId, { clientCredentials: null, tlsCertificate });
      assert.equal(openRotation(removed?.rotations, 'client'), undefined);
      assert.deepEqual(await store.device(deviceId), removed);
    }));
}
