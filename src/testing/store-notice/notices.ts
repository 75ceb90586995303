// Store contract: notices of jobs, campaigns and links.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Notice, noticeLimits } from '../../store/index.ts';
import { addSamples, enqueueOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleDevice, sampleRequest } from '../store/store-samples.ts';

const { id: deviceId, serverId } = sampleDevice();

export function noticeContract(withStore: WithStore): void {
  test('notices: kept in their order, told once they are on disk, read on from any of them', () =>
    withStore(async ({ store, clock }) => {
      const heard: Notice[] = [];
      const leave = store.onNotice((notice) => heard.push(notice));
      await store.note([
        { kind: 'link', subject: 'sms:desk', event: 'down', details: { lastError: 'reset', tries: 3 } },
        { kind: 'campaign', subject: 'c-1', event: 'running', accounts: ['a', 'b'], actor: 'ann/desk' },
      ]);
      clock.advance(5);
      await store.note([]);
      await store.note([{ kind: 'link', subject: 'sms:desk', event: 'up' }]);
      leave();
      await store.note([{ kind: 'link', subject: 'sms:desk', event: 'down' }]);
      const all = await store.noticesAfter(0, 9);
      assert.deepEqual(all.slice(0, 3), heard);
      assert.deepEqual(
        all.map(({ kind, event, accounts, actor, details, at }) => [
          kind,
          event,
          accounts,
          actor,
          details,
          at,
        ]),
        [
          ['link', 'down', undefined, undefined, { lastError: 'reset', tries: 3 }, clock.now() - 5],
          ['campaign', 'running', ['a', 'b'], 'ann/desk', {}, clock.now() - 5],
          ['link', 'up', undefined, undefined, {}, clock.now()],
          ['link', 'down', undefined, undefined, {}, clock.now()],
        ],
      );
      assert.deepEqual(await store.noticesAfter(all[0]?.sequence ?? 0, 2), all.slice(1, 3));
      assert.deepEqual(await store.noticesAfter(0, 9, ['campaign']), all.slice(1, 2));
      assert.deepEqual(await store.noticesAfter(0, 9, []), []);
    }));

  test('notices: details that are too long are left out, the notice stays', () =>
    withStore(async ({ store }) => {
      const details = { reason: 'x'.repeat(noticeLimits.detailsOctets) };
      await store.note([{ kind: 'link', subject: 'a', event: 'down', details }]);
      assert.deepEqual((await store.noticesAfter(0, 9))[0]?.details, {});
    }));

  test('notices: the end of the feed, and where it was at a moment', () =>
    withStore(async ({ store, clock }) => {
      assert.deepEqual(await store.feedEnd(), { event: 0, notice: 0 });
      await addSamples(store);
      await enqueueOne(store, sampleRequest());
      await store.note([{ kind: 'link', subject: 'a', event: 'down' }]);
      const before = await store.feedEnd();
      clock.advance(1000);
      const at = clock.now();
      await enqueueOne(store, sampleRequest());
      await store.note([{ kind: 'link', subject: 'a', event: 'up' }]);
      assert.deepEqual(await store.feedPositionAt(at), before);
      assert.deepEqual(await store.feedPositionAt(at + 1), await store.feedEnd());
      assert.deepEqual(await store.feedPositionAt(0), { event: 0, notice: 0 });
    }));

  test('notices: a job is noted when it is created, begun, and over', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const expiresAt = Number.MAX_SAFE_INTEGER;
      const command = { command: 'get', uri: './DevInfo/Mod' } as const;
      const request = { deviceId, commands: [command], onFailure: 'stop', expiresAt } as const;
      const key = { idempotency: { key: 'k', fingerprint: 'f' } };
      const { job } = await store.createJob({ ...request, ...key });
      await store.createJob({ ...request, ...key });
      const other = await store.createJob({ ...request, wake: sampleRequest() });
      const taker = { holder: 's', held: [] };
      const { taken } = await store.advanceJobs({ deviceId, take: taker });
      const answers = taken.map(({ jobId, position }) => ({ jobId, position, answer: { status: 200 } }));
      await store.advanceJobs({ deviceId, answers, take: { ...taker, held: [job.id] } });
      await store.cancelJob(other.job.id, 'not needed', 'ann/desk');
      const notices = await store.noticesAfter(0, 20);
      assert.deepEqual(
        notices.map(({ subject, event, details }) => [subject, event, details?.state]),
        [
          [job.id, 'created', 'pending'],
          [other.job.id, 'created', 'pending'],
          [job.id, 'started', 'running'],
          [other.job.id, 'started', 'running'],
          [job.id, 'completed', 'completed'],
          [other.job.id, 'cancelled', 'cancelled'],
        ],
      );
      for (const notice of notices) {
        assert.deepEqual([notice.kind, notice.deviceId, notice.accounts], ['job', deviceId, [serverId]]);
      }
      assert.equal(notices.at(-1)?.actor, 'ann/desk');
      assert.equal(notices.at(-1)?.details?.reason, 'not needed');
      assert.equal(notices[1]?.details?.notification, other.notification?.id);
    }));

  test('notices: a job whose time ends is noted as failed', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const command = { command: 'get', uri: './DevInfo/Mod' } as const;
      const expiresAt = clock.now() + 10;
      const { job } = await store.createJob({ deviceId, commands: [command], onFailure: 'stop', expiresAt });
      clock.advance(10);
      await store.expireJobs(9);
      const [, last] = await store.noticesAfter(0, 9);
      assert.deepEqual([last?.subject, last?.event], [job.id, 'failed']);
    }));

  test('notices: carriers that are suspended and resumed', () =>
    withStore(async ({ store }) => {
      await store.suspendCarrier({ carrier: 'sms:b', reason: 'contract', actor: 'ann/desk' });
      await store.suspendCarrier({ carrier: 'sms:b', reason: 'outage' });
      await store.resumeCarrier('sms:b', 'bob/x');
      await store.resumeCarrier('sms:b', 'bob/x');
      assert.deepEqual(
        (await store.noticesAfter(0, 9)).map(({ kind, subject, event, actor, details }) => [
          kind,
          subject,
          event,
          actor,
          details,
        ]),
        [
          ['link', 'sms:b', 'suspended', 'ann/desk', { reason: 'contract' }],
          ['link', 'sms:b', 'resumed', 'bob/x', {}],
        ],
      );
    }));

  test('notices: old ones go, and those that are too many, oldest first', () =>
    withStore(async ({ store, clock }) => {
      const note = (count: number) =>
        store.note(
          Array.from({ length: count }, () => ({ kind: 'link', subject: 'a', event: 'up' }) as const),
        );
      await note(3);
      clock.advance(10);
      await note(4);
      assert.equal(await store.removeNotices({ before: clock.now() }, 2), 2);
      assert.equal(await store.removeNotices({ before: clock.now() }, 2), 1);
      assert.equal(await store.removeNotices({ before: clock.now(), keep: 4 }, 2), 0);
      assert.equal(await store.removeNotices({ keep: 1 }, 9), 3);
      assert.equal((await store.noticesAfter(0, 9)).length, 1);
      assert.equal(await store.removeNotices({}, 9), 0);
    }));
}
