// How SQLite finds what the store asks for: by index, in the order that is wanted, however large the tables are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/index.ts';
import { parseFilter } from '../../../src/filter/index.ts';
import type { Store } from '../../../src/store/index.ts';
import {
  sampleAccount,
  sampleDevice,
  sampleJob,
  samplePushMark,
  samplePushMessage,
  sampleRequest,
} from '../../../src/testing/index.ts';
import { planningStore, readsAll, sorts } from './planning-store.ts';

const { store, planOf } = await planningStore();
const { id: deviceId } = sampleDevice();
await store.createAccount(sampleAccount);
await store.createDevice(sampleDevice());
const expiresAt = systemClock().now() + 1_000_000;
const [queued] = await store.enqueue([sampleRequest({ expiresAt })]);
assert.equal(queued?.outcome, 'queued');
const { id, sessionId } = queued.push;

const claim = { limit: 10, leaseMs: 1000, node: 'n' };
const toSending = () => [{ event: 'sending' }] as const;

const calls: Readonly<Record<string, readonly [index: RegExp, call: (store: Store) => Promise<unknown>]>> = {
  'a claim': [
    /INDEX pushes_due \(carrier=\? AND <expr>=\? AND due_at<\?\)/,
    () => store.claimDue({ ...claim, purpose: 'notification', carrier: 'wap' }, toSending),
  ],
  'a claim of any carrier': [
    /INDEX pushes_due \(carrier=\? AND <expr>=\? AND due_at<\?\)/,
    () => store.claimDue(claim, toSending),
  ],
  'a claim of some that are known': [
    /INDEX sqlite_autoindex_pushes_1/,
    () =>
      store.claimDue({ ...claim, purpose: 'notification', carrier: 'wap', ids: [id] }, () => [
        { event: 'sending' },
      ]),
  ],
  'what ends without its carrier': [
    /INDEX pushes_due \(carrier=\?/,
    () => store.overdue({ carrier: 'wap', attempts: 3, limit: 10 }),
  ],
  'what waits for no carrier': [
    /INDEX pushes_due \(carrier=\? AND <expr>=\? AND due_at<\?\)/,
    () => store.unplaced(10),
  ],
  'how many are due': [/INDEX pushes_due \(carrier=\? AND <expr>=\? AND due_at<\?\)/, () => store.queues(10)],
  'a carrier that is found': [/sqlite_autoindex_pushes_1/, () => store.place([{ id, carrier: 'wap' }])],
  'when the next push is due': [/INDEX pushes_due \(carrier=\? AND <expr>=\?/, () => store.nextDueAt()],
  'claims of a node': [
    /INDEX pushes_state \(<expr>=\? AND <expr>=\?\)/,
    () => store.releaseClaims('n', ['wap']),
  ],
  'a claim of results': [/INDEX pushes_result/, () => store.claimDueResults(claim)],
  'when the next result is due': [/INDEX pushes_result/, () => store.nextResultDueAt()],
  'pushes that are over': [/INDEX pushes_ended \(ended_at<\?\)/, () => store.removeOver({ pushes: 1 }, 10)],
  'jobs that are over': [/INDEX jobs_ended \(ended_at<\?\)/, () => store.removeOver({ jobs: 1 }, 10)],
  'events that are old': [/PRIMARY KEY \(rowid<\?\)/, () => store.removeOver({ events: expiresAt }, 10)],
  'a change': [/sqlite_autoindex_pushes_1/, () => store.change([{ id, change: { event: 'note' } }])],
  'a change of many': [
    /sqlite_autoindex_pushes_1/,
    () => store.change([id, 'other'].map((each) => ({ id: each, change: { event: 'note' } }))),
  ],
  'offers of the default nonce': [
    /sqlite_autoindex_devices_1/,
    () => store.offerDefaultNonces([{ id, lease: 1 }], { count: 1, windowMs: 1 }, 'n'),
  ],
  'a session': [
    /sqlite_autoindex_pushes_1/,
    () =>
      store.recordSession({
        deviceId,
        pushId: id,
        authenticated: true,
        changes: [{ event: 'session-failed', dueAt: expiresAt }],
      }),
  ],
  'devices by their ids': [/sqlite_autoindex_devices_1/, () => store.devices([deviceId, 'IMEI:0'])],
  'a push of a session': [/push_sessions USING PRIMARY KEY/, () => store.pushOfSession(deviceId, sessionId)],
  'the pushes of an initiator': [
    /initiator_pushes USING PRIMARY KEY/,
    () => store.pushesOfInitiator('a', 'b'),
  ],
  'a timeline': [/INDEX events_subject \(<expr>=\?\)/, () => store.timeline(id)],
  'the feed': [/PRIMARY KEY \(rowid>\?\)/, () => store.eventsAfter(0, 10)],
  'the feed of some kinds': [/PRIMARY KEY \(rowid>\?\)/, () => store.eventsAfter(0, 10, ['message'])],
  'reports that are awaited': [
    /INDEX pushes_state \(<expr>=\? AND <expr>=\?\)/,
    () => store.awaitedReports(10),
  ],
  'more of them': [
    /INDEX pushes_state \(<expr>=\? AND <expr>=\? AND <expr>>\?\)/,
    () => store.awaitedReports(10, id),
  ],
  'pushes in several states since a moment': [
    /INDEX pushes_state \(<expr>=\? AND <expr>=\? AND <expr>>\?\)/,
    () => store.listPushes({ limit: 10, states: ['failed', 'expired'], createdFrom: 1 }),
  ],
  'pushes of a device since a moment': [
    /INDEX pushes_device \(device_id=\? AND <expr>>\?\)/,
    () => store.listPushes({ limit: 10, deviceId, states: ['failed', 'expired'], createdFrom: 1 }),
  ],
  'all pushes before a moment': [
    /sqlite_autoindex_pushes_1 \(id>\? AND id<\?\)/,
    () => store.listPushes({ limit: 10, createdFrom: 1, createdBefore: 2 }),
  ],
  'pushes of devices that a filter means': [
    /devices (?:EXISTS )?USING (?:COVERING )?INDEX sqlite_autoindex_devices_1 \(id=\?\)/,
    () =>
      store.listPushes({
        limit: 10,
        states: ['failed'],
        purposes: ['notification'],
        devices: parseFilter('labels.region = "north"'),
      }),
  ],
  'jobs in several states since a moment': [
    /INDEX jobs_state \(state=\? AND id>\?\)/,
    () => store.listJobs({ limit: 10, states: ['failed', 'cancelled'], createdFrom: 1 }),
  ],
  'jobs of a device since a moment': [
    /INDEX jobs_device \(device_id=\? AND id>\?\)/,
    () => store.listJobs({ limit: 10, deviceId, createdFrom: 1 }),
  ],
  'the job of a push': [/INDEX jobs_push/, () => store.jobOfPush(id)],
  'when the next job expires': [/INDEX jobs_expiry/, () => store.nextJobExpiry()],
  'pushes of a purpose': [
    /INDEX pushes_state \(<expr>=\? AND <expr>=\? AND <expr><\?\)/,
    () => store.listPushes({ limit: 10, after: 'f', purposes: ['message', 'relayed'] }),
  ],
  'pushes in a state': [
    /INDEX pushes_state \(<expr>=\? AND <expr>=\?\)/,
    () => store.listPushes({ limit: 10, state: 'queued' }),
  ],
  'pushes of a device': [
    /INDEX pushes_device \(device_id=\? AND <expr><\?\)/,
    () => store.listPushes({ limit: 10, after: 'f', deviceId, state: 'queued', purposes: ['notification'] }),
  ],
  'an enqueued notification': [
    /push_sessions USING PRIMARY KEY/,
    () => store.enqueue([sampleRequest({ expiresAt, idempotency: { key: 'k', fingerprint: 'f' } })]),
  ],
  'a draft of one': [
    /sqlite_autoindex_devices_1/,
    () => store.enqueueDraft({ deviceId, complete: () => sampleRequest({ expiresAt }) }),
  ],
  'an enqueued message': [
    /initiator_pushes EXISTS USING PRIMARY KEY/,
    () => store.enqueue([samplePushMessage({ expiresAt, initiator: samplePushMark() })]),
  ],
  'a job': [/jobs_/, () => store.createJob(sampleJob({ expiresAt, wake: sampleRequest({ expiresAt }) }))],
  'jobs under keys': [
    /INDEX jobs_idempotency \(server_id=\? AND idempotency_key=\?\)/,
    () => {
      const idempotency = { key: 'j', fingerprint: 'f' };
      const wake = sampleRequest({ expiresAt, idempotency });
      return store.createJobs([sampleJob({ expiresAt, wake }), sampleJob({ expiresAt, idempotency })]);
    },
  ],
};

/** These sort what they give, and no more. */
const sorting: ReadonlySet<string> = new Set([
  'the pushes of an initiator',
  'reports that are awaited',
  'more of them',
]);

for (const [what, [index, call]] of Object.entries(calls)) {
  test(`${what}: found by index`, async () => {
    const plan = await planOf(() => call(store));
    assert.ok(
      plan.some((detail) => index.test(detail)),
      plan.join('\n'),
    );
    assert.deepEqual(plan.filter(readsAll), []);
    if (!sorting.has(what)) assert.deepEqual(plan.filter(sorts), []);
  });
}

test('what goes with pushes that are over, and with a device, is found by index too', async () => {
  for (const step of [
    async () => {
      await store.change([{ id, change: { event: 'cancelled' } }]);
      return await planOf(() => store.removeOver({ pushes: expiresAt }, 10));
    },
    async () => {
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      return await planOf(() => store.deleteDevice('IMEI:1'));
    },
  ]) {
    const plan = await step();
    for (const index of [
      /events_subject/,
      /push_keys USING PRIMARY KEY/,
      /initiator_pushes USING PRIMARY KEY/,
    ]) {
      assert.ok(
        plan.some((detail) => index.test(detail)),
        `${index}\n${plan.join('\n')}`,
      );
    }
    assert.deepEqual(
      plan.filter((detail) => readsAll(detail) || sorts(detail)),
      [],
    );
  }
});
