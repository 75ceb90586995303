// What sessions leave behind: offers of the default nonce, and how notifications go on when one breaks off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NotificationRequest, PushChange, Store } from '../../../../src/store/index.ts';
import { sampleDevice, sampleJob, sampleRequest } from '../../../../src/testing/index.ts';
import {
  asNotification,
  changeOne,
  claimOne,
  enqueueOne,
} from '../../../../src/testing/store/store-contract-base.ts';
import { withSamples } from './session-ids.ts';

const { id: deviceId } = sampleDevice();
const limit = { count: 2, windowMs: 1000 };

/** A notification that is being sent. */
async function sending(store: Store, request: NotificationRequest = sampleRequest()) {
  await enqueueOne(store, request);
  return asNotification(await claimOne(store));
}

test('an offer is told of with its node, kept, counted for the device, and repeated without counting', async () => {
  const { store, clock } = await withSamples();
  const { id, lease } = await sending(store);
  for (const round of [1, 2]) {
    assert.deepEqual(await store.offerDefaultNonces([{ id, lease }], limit, 'node'), ['offered'], `${round}`);
  }
  assert.equal(asNotification(await store.push(id)).defaultNonce, 'offered');
  assert.deepEqual((await store.device(deviceId))?.resynchronisations, {
    inWindow: 1,
    windowStartedAt: clock.now(),
    offered: 1,
    completed: 0,
  });
  const told = (await store.timeline(id))?.filter(({ event }) => event === 'resynchronising');
  assert.deepEqual(
    told?.map(({ node, attempt, state }) => [node, attempt, state]),
    [
      ['node', 1, 'sending'],
      ['node', 1, 'sending'],
    ],
  );
});

test('beyond the limit nothing is offered and nothing is written, until a new window begins', async () => {
  const { store, clock } = await withSamples();
  const offers = [];
  for (let n = 0; n < 3; n += 1) {
    const { id, lease } = await sending(store);
    offers.push({ id, lease });
  }
  const outcomes = await store.offerDefaultNonces(offers, limit, 'node');
  assert.deepEqual(outcomes, ['offered', 'offered', 'limited']);
  const third = offers[2]?.id ?? '';
  assert.equal(asNotification(await store.push(third)).defaultNonce, 'none');
  assert.equal(
    (await store.timeline(third))?.some(({ event }) => event === 'resynchronising'),
    false,
  );
  assert.equal((await store.device(deviceId))?.resynchronisations.offered, 2);
  clock.advance(limit.windowMs);
  assert.deepEqual(await store.offerDefaultNonces(offers.slice(2), limit, 'node'), ['offered']);
  assert.deepEqual((await store.device(deviceId))?.resynchronisations, {
    inWindow: 1,
    windowStartedAt: clock.now(),
    offered: 3,
    completed: 0,
  });
});

test('a first contact is no resynchronisation; an older claim offers nothing', async () => {
  const { store } = await withSamples();
  const plain = { scheme: 'md5', name: 's', secret: 's' } as const;
  await store.createDevice(sampleDevice({ id: 'IMEI:1', serverCredentials: plain }));
  const { id, lease } = await sending(store, sampleRequest({ deviceId: 'IMEI:1' }));
  const none = { count: 0, windowMs: 1000 };
  assert.deepEqual(await store.offerDefaultNonces([{ id, lease: lease - 1 }], none, 'n'), ['stale']);
  assert.deepEqual(await store.offerDefaultNonces([{ id: 'no push', lease }], none, 'n'), ['stale']);
  assert.deepEqual(await store.offerDefaultNonces([{ id, lease }], none, 'n'), ['offered']);
  assert.equal((await store.device('IMEI:1'))?.resynchronisations.offered, 0);
});

test('what a session learned stands in the device, field for field', async () => {
  const { store, clock } = await withSamples();
  const before = await store.device(deviceId);
  clock.advance(5);
  const update = {
    deviceId,
    clientNonce: new Uint8Array([1, 2]),
    serverNonce: new Uint8Array([0x12, 0x34, 0x56]),
    authenticated: true,
    resynchronised: true,
    reported: { './DevDetail/FwV': '1' },
    changes: [],
  };
  assert.equal(await store.recordSession(update), 'recorded');
  assert.ok(before?.clientCredentials !== undefined);
  assert.deepEqual(await store.device(deviceId), {
    ...before,
    clientCredentials: { ...before.clientCredentials, nonce: update.clientNonce },
    serverCredentials: { ...before.serverCredentials, nonce: update.serverNonce },
    lastSessionAt: clock.now(),
    resynchronisations: { ...before.resynchronisations, completed: 1 },
    reported: update.reported,
  });
  assert.equal(await store.recordSession({ deviceId: 'IMEI:0', changes: [] }), 'refused');
});

/** A notification that a session answered, with a job where `commands` says so. */
async function answered(store: Store, withJob = false) {
  const { notification, job } = withJob
    ? await store.createJob(sampleJob({ wake: sampleRequest() }))
    : { notification: await enqueueOne(store, sampleRequest()), job: undefined };
  const id = notification?.id ?? '';
  await claimOne(store);
  await changeOne(store, id, { event: 'sent' });
  await store.recordSession({ deviceId, pushId: id, changes: [{ event: 'answered' }], dueAt: 9e12 });
  return { id, jobId: job?.id ?? '' };
}

const brokeOff = (dueAt: number): PushChange => ({ event: 'session-failed', dueAt, detail: 'broke off' });
const shown = async (store: Store, id: string) => {
  const { state, reason, dueAt } = asNotification(await store.push(id));
  return [state, reason, dueAt];
};
const done = 'its job was done before the session broke off';

test('a session that broke off puts its notification back, or fails it where it was to end without a job', async () => {
  const { store } = await withSamples();
  const back = await answered(store);
  await store.recordSession({ deviceId, pushId: back.id, changes: [brokeOff(8e12)] });
  assert.deepEqual(await shown(store, back.id), ['answered', 'broke off', 8e12]);
  const note: PushChange = { event: 'note', detail: 'by the way' };
  const failing = await answered(store);
  const changes = [note, brokeOff(8e12)];
  await store.recordSession({ deviceId, pushId: failing.id, changes, endsWithoutJob: true });
  assert.deepEqual(await shown(store, failing.id), ['failed', 'broke off', undefined]);
  const told = (await store.timeline(failing.id))?.slice(-2);
  assert.deepEqual(
    told?.map(({ event, detail }) => [event, detail]),
    [
      ['note', 'by the way'],
      ['failed', 'broke off'],
    ],
  );
});

test('a notification comes back for a job that is open, and is completed for one that is over', async () => {
  const { store } = await withSamples();
  const open = await answered(store, true);
  await store.recordSession({ deviceId, pushId: open.id, changes: [brokeOff(8e12)], endsWithoutJob: true });
  assert.deepEqual(await shown(store, open.id), ['answered', 'broke off', 8e12]);
  const over = await answered(store, true);
  await store.cancelJob(over.jobId, 'enough');
  const note: PushChange = { event: 'note', detail: 'by the way' };
  await store.recordSession({ deviceId, pushId: over.id, changes: [note, brokeOff(8e12)] });
  assert.deepEqual((await shown(store, over.id))[0], 'completed');
  const told = (await store.timeline(over.id))?.slice(-2);
  assert.deepEqual(
    told?.map(({ event, detail }) => [event, detail]),
    [
      ['note', 'by the way'],
      ['completed', done],
    ],
  );
});

test('a session takes other notifications along: those of its device that are not over', async () => {
  const { store } = await withSamples();
  const own = await answered(store);
  const other = await answered(store, true);
  const over = await answered(store);
  await store.recordSession({ deviceId, pushId: over.id, changes: [{ event: 'completed' }] });
  await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
  const foreign = await sending(store, sampleRequest({ deviceId: 'IMEI:1' }));
  await store.recordSession({
    deviceId,
    pushId: own.id,
    changes: [{ event: 'completed' }],
    answeredToo: [other.id, over.id, foreign.id].map((pushId) => ({ pushId, changes: [brokeOff(7e12)] })),
  });
  assert.deepEqual((await shown(store, own.id))[0], 'completed');
  assert.deepEqual(await shown(store, other.id), ['answered', 'broke off', 7e12]);
  assert.deepEqual((await shown(store, over.id))[0], 'completed');
  assert.deepEqual(await store.push(foreign.id), foreign);
});

test('the default nonce opens one session, and only where it was offered', async () => {
  const { store } = await withSamples();
  const { id, lease } = await sending(store);
  const update = { deviceId, pushId: id, usedDefaultNonce: true, changes: [] };
  assert.equal(await store.recordSession(update), 'refused');
  await store.offerDefaultNonces([{ id, lease }], limit, 'node');
  assert.equal(await store.recordSession(update), 'recorded');
  assert.equal(asNotification(await store.push(id)).defaultNonce, 'used');
  assert.equal(await store.recordSession(update), 'refused');
  assert.deepEqual(await store.offerDefaultNonces([{ id, lease }], limit, 'node'), ['limited']);
});
