// Campaigns on a real store: fed by turns and by carrier, judged, paused, resumed, cancelled, and gone on with after a restart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PushError } from '../../../src/core/index.ts';
import { sampleDevice } from '../../../src/testing/index.ts';
import { idOf, settle, withCampaigns } from './campaign-bench.ts';

/** Pauses that are long, so that what a carrier refuses is not tried again all the time. */
const patient = { policy: { backOffBaseMs: 60_000, backOffCapMs: 60_000 } };

const down = (): never => {
  throw new PushError('LINK_DOWN', 'the link is down', true);
};

test('wakes all devices of a filter once, and is completed when they have answered', () =>
  withCampaigns({ devices: { wap: 520, sms: 60 } }, async (bench) => {
    const { id, state } = await bench.campaign();
    assert.equal(state, 'running');
    await bench.reaches(id, 'completed');
    assert.deepEqual(await bench.tally(id), { completed: 580 });
    const woken = await bench.woken();
    assert.equal(woken.size, 580);
    assert.ok([...woken.values()].every((times) => times === 1));
    const campaign = await bench.now(id);
    assert.deepEqual(
      [campaign.devices, campaign.lookedUp, campaign.endedAt !== undefined],
      [580, true, true],
    );
    const [first] = await bench.devices(id);
    assert.equal((await bench.store.push(first?.pushId ?? ''))?.campaign, id);
  }));

test('a carrier that is down holds up its own devices alone', () =>
  withCampaigns({ devices: { wap: 1200, sms: 700 }, server: patient }, async (bench) => {
    bench.sms.respond = down;
    const { id } = await bench.campaign();
    await bench.until('all behind wap', async () => (await bench.tally(id)).completed === 1200, 60);
    const waiting = (await bench.devices(id)).filter(({ state }) => state === 'under-way');
    assert.ok(
      waiting.length >= 400 && waiting.length <= 600,
      `${waiting.length} wait, about as many as it has room for`,
    );
    assert.ok(waiting.every(({ carrier }) => carrier === 'sms'));
    bench.sms.respond = () => ({ outcome: 'sent' });
    await bench.reaches(id, 'completed', 1200);
    assert.deepEqual(await bench.tally(id), { completed: 1900 });
  }));

test('a device of two campaigns is woken once for both', () =>
  withCampaigns({ devices: { wap: 50, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const one = await bench.campaign();
    await bench.until('all are out', () => bench.wap.pushes.length === 50);
    const other = await bench.campaign();
    await bench.until('all are joined', async () => (await bench.tally(other.id))['under-way'] === 50);
    assert.equal(bench.wap.pushes.length, 50);
    const shared = await bench.devices(other.id);
    assert.ok(shared.every((device) => device.shared));
    const mine = await bench.devices(one.id);
    assert.deepEqual(
      mine.map(({ pushId }) => pushId),
      shared.map(({ pushId }) => pushId),
    );
    for (const { pushId = '' } of mine) {
      await bench.store.change([{ id: pushId, change: { event: 'answered' } }]);
      await bench.store.change([{ id: pushId, change: { event: 'completed' } }]);
    }
    await bench.reaches(one.id, 'completed');
    await bench.reaches(other.id, 'completed');
    assert.deepEqual(
      [await bench.tally(one.id), await bench.tally(other.id)],
      [{ completed: 50 }, { completed: 50 }],
    );
  }));

test('a device that was woken as often as may be in a day waits for the next', () =>
  withCampaigns({ devices: { wap: 2, sms: 0 } }, async (bench) => {
    await bench.server.pushes.createNotification({ device: idOf('wap', 0) });
    await bench.until('it was woken', () => bench.wap.pushes.length === 1);
    const wokenAt = bench.clock.now();
    const { id } = await bench.campaign({ wakesPerDay: 1 });
    await bench.until('the other one', async () => (await bench.tally(id)).completed === 1);
    const [waits] = (await bench.devices(id)).filter(({ state }) => state === 'pending');
    assert.equal(waits?.deviceId, idOf('wap', 0));
    assert.ok(waits.dueAt !== undefined && waits.dueAt <= wokenAt + 86_400_000);
    await bench.pass(60);
    assert.equal(bench.wap.pushes.length, 2);
    bench.clock.advance(86_400_000);
    await bench.reaches(id, 'completed');
    assert.equal(bench.wap.pushes.length, 3);
  }));

test('goes out at its pace', () =>
  withCampaigns({ devices: { wap: 40, sms: 0 } }, async (bench) => {
    const { id } = await bench.campaign({ pace: { perSecond: 2 } });
    await bench.pass(10);
    const { length } = bench.wap.pushes;
    assert.ok(length >= 19 && length <= 23, `${length} in 10 seconds`);
    // A clock that is set gives no devices away.
    bench.clock.jump(3_600_000);
    await bench.pass(1);
    assert.ok(bench.wap.pushes.length <= length + 5);
    const { version } = await bench.now(id);
    const changed = await bench.server.campaigns.change(id, { pace: null }, version);
    assert.equal(changed.outcome, 'done');
    await bench.reaches(id, 'completed', 30);
  }));

test('begins nothing outside of its window, retries included', () =>
  withCampaigns(
    {
      devices: { wap: 10, sms: 0 },
      startsAt: Date.UTC(2026, 0, 10, 12),
      server: { policy: { attempts: 3, answerTimeoutMs: 90_000, lifetimeMs: 3 * 86_400_000 } },
    },
    async (bench) => {
      bench.fate = () => 'silent';
      const at: number[] = [];
      bench.wap.respond = () => {
        at.push(bench.clock.now());
        return { outcome: 'sent' };
      };
      const { id } = await bench.campaign({
        timeZone: 'UTC',
        windows: [{ from: '12:01', to: '12:02' }],
        expiresAt: '2026-01-12T00:00:00Z',
      });
      await bench.pass(55);
      assert.equal(at.length, 0);
      await bench.pass(240);
      assert.equal(at.length, 10);
      bench.clock.advance(86_400_000 - 300_000);
      await bench.pass(300);
      assert.equal(at.length, 20, 'once more, a day later');
      const open = (time: number): boolean => {
        const minutes = Math.floor((time % 86_400_000) / 60_000);
        return minutes === 12 * 60 + 1;
      };
      assert.ok(at.every(open), at.map((time) => new Date(time).toISOString()).join(' '));
      assert.deepEqual(await bench.tally(id), { 'under-way': 10 });
    },
  ));

test('a canary that fails by rate stops it before the rest', () =>
  withCampaigns({ devices: { wap: 300, sms: 0 } }, async (bench) => {
    bench.fate = (device) => (device < idOf('wap', 4) ? 'session-failed' : 'completed');
    const { id } = await bench.campaign({
      canary: { devices: 20, waitSeconds: 600 },
      stop: { failureRate: 0.1 },
    });
    const stopped = await bench.reaches(id, 'stopped', 3600);
    assert.equal(stopped.reason, '4 of 20 devices of the canary failed: more than 10 %');
    await bench.pass(30);
    assert.equal(bench.wap.pushes.filter(({ push }) => push !== undefined).length >= 20, true);
    const tally = await bench.tally(id);
    assert.deepEqual([tally.pending, tally.completed, tally['failed session']], [280, 16, 4]);
    // It is resumed all the same: what failed is forgiven, and the rest goes out.
    const resumed = await bench.server.campaigns.resume(id, {}, stopped.version);
    assert.equal(resumed.outcome, 'done');
    await bench.reaches(id, 'completed');
    assert.equal((await bench.tally(id)).completed, 296);
  }));

test('a canary that is tried again is judged again, before the rest', () =>
  withCampaigns({ devices: { wap: 300, sms: 0 } }, async (bench) => {
    bench.fate = () => 'session-failed';
    const { id } = await bench.campaign({
      canary: { devices: 5, waitSeconds: 600 },
      stop: { failureRate: 0.1 },
    });
    await bench.reaches(id, 'stopped', 3600);
    assert.equal((await bench.server.campaigns.retry(id, {}, undefined)).outcome, 'done');
    const again = await bench.reaches(id, 'stopped', 3600);
    assert.equal(again.reason, '5 of 5 devices of the canary failed: more than 10 %');
    const tally = await bench.tally(id);
    assert.deepEqual([tally.pending, tally['failed session']], [295, 5]);
    bench.fate = () => 'completed';
    assert.equal((await bench.server.campaigns.retry(id, {}, undefined)).outcome, 'done');
    await bench.reaches(id, 'completed');
    assert.deepEqual(await bench.tally(id), { completed: 300 });
  }));

test('a canary that fails by number stops it as soon as it has', () =>
  withCampaigns({ devices: { wap: 200, sms: 0 } }, async (bench) => {
    bench.fate = () => 'session-failed';
    const { id } = await bench.campaign({ canary: { percent: 10, waitSeconds: 600 }, stop: { failures: 3 } });
    const stopped = await bench.reaches(id, 'stopped', 3600);
    assert.match(stopped.reason ?? '', /^\d+ devices failed, and 3 may$/);
    assert.equal((await bench.tally(id)).pending, 180);
  }));

test('a canary of which too little is known stops it, and a good one lets the rest go', () =>
  withCampaigns({ devices: { wap: 100, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const plan = { canary: { devices: 10, waitSeconds: 30 }, stop: { failureRate: 0.5 } };
    const silent = await bench.campaign(plan);
    const stopped = await bench.reaches(silent.id, 'stopped', 120);
    assert.equal(stopped.reason, 'the canary could not be judged: 0 of 10 ended');
    await bench.server.campaigns.cancel(silent.id, {}, undefined);
    await bench.until('it is over', async () => (await bench.now(silent.id)).endedAt !== undefined);
    assert.deepEqual(await bench.tally(silent.id), { 'cancelled cancelled': 100 });
    bench.fate = () => 'completed';
    const good = await bench.campaign(plan);
    await bench.reaches(good.id, 'completed');
    assert.deepEqual(await bench.tally(good.id), { completed: 100 });
  }));

test('a clock that is set ends no wait for a canary', () =>
  withCampaigns({ devices: { wap: 30, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const { id } = await bench.campaign({
      canary: { devices: 10, waitSeconds: 60 },
      stop: { failureRate: 0.5, rateFrom: 5 },
    });
    await bench.until('it is waited for', async () => (await bench.now(id)).step === 'canary-wait');
    bench.clock.jump(7_200_000);
    await bench.pass(20);
    assert.equal((await bench.now(id)).state, 'running');
    bench.clock.jump(-10_800_000);
    await bench.pass(20);
    assert.equal((await bench.now(id)).state, 'running');
    await bench.reaches(id, 'stopped', 30);
  }));

test('stops by the rate of the rest', () =>
  withCampaigns({ devices: { wap: 2000, sms: 0 } }, async (bench) => {
    bench.fate = () => 'session-failed';
    const { id } = await bench.campaign({ stop: { failureRate: 0.2 }, pace: { perSecond: 100 } });
    const stopped = await bench.reaches(id, 'stopped', 3600);
    assert.match(stopped.reason ?? '', /^\d+ of \d+ devices failed: more than 20 %$/);
    assert.ok(((await bench.tally(id)).pending ?? 0) > 1000);
  }));

test('a list has its devices in order, and names the first that is not there', () =>
  withCampaigns({ devices: { wap: 3, sms: 3 } }, async (bench) => {
    const devices = [idOf('sms', 2), idOf('wap', 1)];
    const { id } = await bench.campaign({ target: { devices } });
    await bench.reaches(id, 'completed');
    assert.deepEqual(
      (await bench.devices(id)).map(({ deviceId, state }) => [deviceId, state]),
      [
        [idOf('sms', 2), 'completed'],
        [idOf('wap', 1), 'completed'],
      ],
    );
    await assert.rejects(bench.campaign({ target: { devices: [...devices, 'nobody'] } }), {
      code: 'UNKNOWN_DEVICE',
    });
  }));

test('leaves out and names who is suspended or has no route', () =>
  withCampaigns(
    {
      devices: { wap: 4, sms: 0 },
      change: (id) =>
        id === idOf('wap', 1)
          ? { suspended: true }
          : id === idOf('wap', 2)
            ? { addresses: ['sip:a@example.com'] }
            : {},
    },
    async (bench) => {
      const preview = await bench.server.campaigns.preview({
        name: 'x',
        content: { kind: 'wake' },
        target: { filter: 'id != ""' },
      });
      assert.deepEqual(preview.carriers, [{ carrier: 'wap', devices: 2 }]);
      assert.deepEqual(preview.leftOut, [
        { reason: 'suspended', devices: 1, examples: [idOf('wap', 1)] },
        { reason: 'no-route', devices: 1, examples: [idOf('wap', 2)] },
      ]);
      const { id } = await bench.campaign();
      await bench.reaches(id, 'completed');
      assert.deepEqual(await bench.tally(id), {
        completed: 2,
        'left-out suspended': 1,
        'left-out no-route': 1,
      });
    },
  ));

test('a live one takes those that come, and ends with its time', () =>
  withCampaigns({ devices: { wap: 3, sms: 0 }, startsAt: Date.UTC(2026, 0, 10) }, async (bench) => {
    const { id } = await bench.campaign({
      target: { filter: 'id starts "wap"', mode: 'live' },
      expiresAt: '2026-01-10T01:00:00Z',
    });
    await bench.until('all there are', async () => (await bench.tally(id)).completed === 3);
    await bench.store.createDevice(sampleDevice({ id: 'wap:aaa' }));
    await bench.until('the new one', async () => (await bench.tally(id)).completed === 4, 120);
    assert.equal((await bench.now(id)).state, 'running');
    bench.clock.advance(3_600_000);
    await bench.reaches(id, 'expired');
    assert.deepEqual(await bench.tally(id), { completed: 4 });
  }));

test('at its end it ends what has not left, and waits for what has', () =>
  withCampaigns(
    { devices: { wap: 5, sms: 700 }, server: patient, startsAt: Date.UTC(2026, 0, 10) },
    async (bench) => {
      bench.sms.respond = down;
      bench.fate = () => 'silent';
      const { id } = await bench.campaign({ expiresAt: '2026-01-10T00:05:00Z' });
      await bench.until('wap is out', () => bench.wap.pushes.length === 5);
      bench.clock.advance(300_000);
      await bench.until('all others have ended', async () => (await bench.tally(id))['under-way'] === 5);
      const tally = await bench.tally(id);
      assert.equal((tally['left-out campaign-over'] ?? 0) + (tally['cancelled cancelled'] ?? 0), 700);
      assert.ok((tally['left-out campaign-over'] ?? 0) > 0);
      assert.equal((await bench.now(id)).endedAt, undefined);
      for (const { pushId = '', state } of await bench.devices(id)) {
        if (state !== 'under-way') continue;
        await bench.store.change([{ id: pushId, change: { event: 'answered' } }]);
        await bench.store.change([{ id: pushId, change: { event: 'completed' } }]);
      }
      await bench.reaches(id, 'expired');
      assert.equal((await bench.tally(id)).completed, 5);
      assert.equal(bench.wap.pushes.length, 5);
    },
  ));

test('after its end nothing is sent again: who has not answered by then has not in time', () =>
  withCampaigns(
    {
      devices: { wap: 6, sms: 0 },
      server: { policy: { attempts: 3, answerTimeoutMs: 60_000, lifetimeMs: 86_400_000 } },
      startsAt: Date.UTC(2026, 0, 10),
    },
    async (bench) => {
      bench.fate = () => 'silent';
      const one = await bench.campaign({ expiresAt: '2026-01-10T00:00:30Z' });
      await bench.until('all are out', () => bench.wap.pushes.length === 6);
      await bench.reaches(one.id, 'expired', 120);
      assert.deepEqual(await bench.tally(one.id), { 'expired no-answer': 6 });
      assert.equal(bench.wap.pushes.length, 6);
      // Nor is it while it is paused.
      const other = await bench.campaign({ expiresAt: '2026-01-10T00:05:00Z' });
      await bench.until('all are out', () => bench.wap.pushes.length === 12);
      await bench.server.campaigns.pause(other.id, {}, undefined);
      await bench.reaches(other.id, 'expired', 420);
      assert.deepEqual(await bench.tally(other.id), { 'expired no-answer': 6 });
      assert.equal(bench.wap.pushes.length, 12);
    },
  ));

test('one whose time was over is given more, and ends what has not left at its end', () =>
  withCampaigns(
    { devices: { wap: 2, sms: 20 }, server: patient, startsAt: Date.UTC(2026, 0, 10) },
    async (bench) => {
      bench.sms.respond = down;
      bench.fate = () => 'silent';
      const { id } = await bench.campaign({
        expiresAt: '2026-01-10T00:01:00Z',
        pace: { carriers: { sms: 0.1 } },
      });
      await bench.until(
        'its end',
        async () => (await bench.tally(id))['left-out campaign-over'] !== undefined,
        90,
      );
      const given = await bench.server.campaigns.retry(id, { expiresAt: '2026-01-10T00:08:00Z' }, undefined);
      assert.equal(given.outcome, 'done');
      assert.equal((await bench.server.campaigns.cancel(id, {}, undefined)).outcome, 'done');
      await bench.until('it is over', async () => (await bench.now(id)).endedAt !== undefined, 60);
      const { 'under-way': underWay, pending } = await bench.tally(id);
      assert.deepEqual([underWay, pending], [undefined, undefined]);
    },
  ));

test('two that share their wakes and are both cancelled end at once', () =>
  withCampaigns({ devices: { wap: 10, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const one = await bench.campaign();
    await bench.until('all are out', () => bench.wap.pushes.length === 10);
    const other = await bench.campaign();
    await bench.until('all are joined', async () => (await bench.tally(other.id))['under-way'] === 10);
    await bench.server.campaigns.cancel(one.id, {}, undefined);
    await bench.pass(2);
    assert.deepEqual(await bench.tally(one.id), { 'under-way': 10 });
    await bench.server.campaigns.cancel(other.id, {}, undefined);
    for (const { id } of [one, other]) {
      await bench.until('it is over', async () => (await bench.now(id)).endedAt !== undefined, 40);
      assert.deepEqual(await bench.tally(id), { 'cancelled cancelled': 10 });
    }
    assert.equal(bench.wap.pushes.length, 10);
  }));

test('paused: nothing begins and nothing goes out, what is out is answered; resumed: it goes on at once', () =>
  withCampaigns({ devices: { wap: 30, sms: 600 }, server: patient }, async (bench) => {
    bench.sms.respond = down;
    const { id } = await bench.campaign({ pace: { carriers: { wap: 5 } } });
    await bench.until('some are out', () => bench.wap.pushes.length >= 8);
    const paused = await bench.server.campaigns.pause(id, { reason: 'for lunch' }, undefined, {
      accounts: 'all',
      actor: 'alice/console',
    });
    assert.ok(paused.outcome === 'done' && paused.campaign.reason === 'paused by alice/console: for lunch');
    bench.sms.respond = () => ({ outcome: 'sent' });
    const [wap, sms] = [bench.wap.pushes.length, bench.sms.pushes.length];
    await bench.pass(120);
    assert.deepEqual([bench.wap.pushes.length, bench.sms.pushes.length], [wap, sms]);
    const { version } = await bench.now(id);
    assert.equal((await bench.server.campaigns.resume(id, {}, version)).outcome, 'done');
    const from = bench.clock.now();
    await bench.until('what was kept back is out', () => bench.sms.pushes.length > sms, 5);
    assert.ok(bench.clock.now() - from <= 5000);
    await bench.reaches(id, 'completed');
    assert.deepEqual(await bench.tally(id), { completed: 630 });
  }));

test('cancelled: what was not begun ends, and so does what is out', () =>
  withCampaigns({ devices: { wap: 40, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const { id } = await bench.campaign({ pace: { perSecond: 5 } });
    await bench.until('some are out', () => bench.wap.pushes.length >= 10);
    assert.equal((await bench.server.campaigns.cancel(id, {}, undefined)).outcome, 'done');
    await bench.until('it is over', async () => (await bench.now(id)).endedAt !== undefined);
    assert.deepEqual(await bench.tally(id), { 'cancelled cancelled': 40 });
    const pushes = bench.wap.pushes.length;
    await bench.pass(30);
    assert.equal(bench.wap.pushes.length, pushes);
    const again = await bench.server.campaigns.resume(id, {}, undefined);
    assert.ok(again.outcome === 'refused' && again.why.includes('cancelled'));
  }));

test('retry: what failed is begun again', () =>
  withCampaigns({ devices: { wap: 20, sms: 0 } }, async (bench) => {
    bench.fate = (device) => (device < idOf('wap', 5) ? 'session-failed' : 'completed');
    const { id } = await bench.campaign();
    await bench.reaches(id, 'completed', 3600);
    assert.deepEqual(await bench.tally(id), { completed: 15, 'failed session': 5 });
    bench.fate = () => 'completed';
    const retried = await bench.server.campaigns.retry(id, {}, undefined);
    assert.equal(retried.outcome, 'done');
    await bench.reaches(id, 'completed');
    assert.deepEqual(await bench.tally(id), { completed: 20 });
    const tries = (await bench.devices(id)).map((device) => device.tries);
    assert.deepEqual(
      [tries.filter((count) => count === 2).length, tries.filter((count) => count === 1).length],
      [5, 15],
    );
  }));

test('a large one waits for another owner, who says what he saw', () =>
  withCampaigns(
    { devices: { wap: 20, sms: 0 }, server: { campaigns: { approvalAbove: 10 } } },
    async (bench) => {
      const { id, state, version } = await bench.campaign();
      assert.equal(state, 'awaiting-approval');
      await bench.pass(5);
      assert.equal(bench.wap.pushes.length, 0);
      const { campaigns } = bench.server;
      const alice = { accounts: 'all', actor: 'alice/console', owner: 'alice' } as const;
      const bob = { accounts: 'all', actor: 'bob/console', owner: 'bob' } as const;
      const some = { accounts: ['other'], actor: 'carol/console', owner: 'carol' } as const;
      assert.equal((await campaigns.approve(id, {}, version, alice)).outcome, 'refused');
      assert.equal((await campaigns.approve(id, {}, version, some)).outcome, 'unknown');
      assert.equal((await campaigns.change(id, { priority: 1 }, version, alice)).outcome, 'done');
      await assert.rejects(campaigns.approve(id, {}, version, bob), { code: 'VERSION_MISMATCH' });
      const seen = await bench.now(id);
      const approved = await campaigns.approve(id, {}, seen.version, bob);
      assert.ok(approved.outcome === 'done' && approved.campaign.approval?.owner === 'bob');
      await bench.reaches(id, 'completed');
      assert.equal(bench.wap.pushes.length, 20);
    },
  ));

test('a live one that grows beyond what needs nobody waits for another owner, and goes on then', () =>
  withCampaigns(
    { devices: { wap: 4, sms: 0 }, server: { campaigns: { approvalAbove: 5 } } },
    async (bench) => {
      const alice = { accounts: 'all', owner: 'alice', actor: 'alice/a' } as const;
      const { id } = await bench.campaign({ target: { filter: 'id starts "wap"', mode: 'live' } }, alice);
      await bench.until('all there are', async () => (await bench.tally(id)).completed === 4);
      for (const name of ['a', 'b', 'c']) await bench.store.createDevice(sampleDevice({ id: `wap:${name}` }));
      const held = await bench.reaches(id, 'awaiting-approval', 120);
      assert.equal(held.reason, 'it has 7 devices by now: somebody else has to approve that');
      await bench.pass(90);
      assert.equal(bench.wap.pushes.length, 4);
      assert.equal((await bench.server.campaigns.approve(id, {}, held.version, alice)).outcome, 'refused');
      const bob = { accounts: 'all', owner: 'bob', actor: 'bob/b' } as const;
      assert.equal((await bench.server.campaigns.approve(id, {}, held.version, bob)).outcome, 'done');
      await bench.until('the new ones', async () => (await bench.tally(id)).completed === 7, 120);
      await bench.store.createDevice(sampleDevice({ id: 'wap:d' }));
      await bench.reaches(id, 'awaiting-approval', 120);
    },
  ));

test('one that has grown since it was approved waits again', () =>
  withCampaigns(
    {
      devices: { wap: 20, sms: 0 },
      server: { campaigns: { approvalAbove: 10 } },
      startsAt: Date.UTC(2026, 0, 10),
    },
    async (bench) => {
      const { id, version } = await bench.campaign({ startAt: '2026-01-10T00:01:00Z' });
      const bob = { accounts: 'all', owner: 'bob', actor: 'bob/console' } as const;
      await bench.server.campaigns.approve(id, {}, version, bob);
      assert.equal((await bench.now(id)).state, 'scheduled');
      for (let index = 0; index < 3; index += 1)
        await bench.store.createDevice(sampleDevice({ id: `wap:b${index}` }));
      await bench.reaches(id, 'awaiting-approval', 90);
      assert.equal(bench.wap.pushes.length, 0);
    },
  ));

test('goes on after a restart: nothing doubled, nothing lost', () =>
  withCampaigns({ devices: { wap: 400, sms: 200 }, server: patient }, async (bench) => {
    bench.sms.respond = down;
    const { id } = await bench.campaign({ pace: { perSecond: 200 } });
    await bench.until('some are out', () => bench.wap.pushes.length > 100);
    await bench.restart();
    await bench.until('more are out', () => bench.wap.pushes.length > 250);
    bench.sms.respond = () => ({ outcome: 'sent' });
    await bench.restart();
    await bench.reaches(id, 'completed', 1200);
    assert.deepEqual(await bench.tally(id), { completed: 600 });
    const woken = await bench.woken();
    assert.equal(woken.size, 600);
    assert.ok([...woken].every(([device, times]) => device.startsWith('sms') || times === 1));
  }));

test('paused over a restart it stays so, and what ended meanwhile is found', () =>
  withCampaigns({ devices: { wap: 20, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const { id } = await bench.campaign({ pace: { perSecond: 5 } });
    await bench.until('some are out', () => bench.wap.pushes.length >= 10);
    await bench.server.campaigns.pause(id, {}, undefined);
    await settle();
    await bench.server.stop();
    const out = (await bench.devices(id)).filter(({ state }) => state === 'under-way');
    for (const { pushId = '' } of out) {
      await bench.store.change([{ id: pushId, change: { event: 'answered' } }]);
      await bench.store.change([{ id: pushId, change: { event: 'completed' } }]);
    }
    await bench.restart();
    await bench.until('they are found', async () => (await bench.tally(id)).completed === out.length, 30);
    assert.equal((await bench.now(id)).state, 'paused');
    bench.fate = () => 'completed';
    await bench.server.campaigns.resume(id, {}, undefined);
    await bench.reaches(id, 'completed');
    assert.deepEqual(await bench.tally(id), { completed: 20 });
  }));

test('what is wrong with its content is told when it is made', () =>
  withCampaigns({ devices: { wap: 1, sms: 0 } }, async (bench) => {
    const cases: readonly (readonly [object, string])[] = [
      [{ kind: 'wake', body: { uiMode: 'loud' } }, 'content.body.uiMode'],
      [{ kind: 'wake', body: { sessionId: 3 } }, 'content.body.sessionId'],
      [{ kind: 'job', body: {} }, 'content.body.commands'],
      [{ kind: 'job', body: { commands: [{ command: 'get' }] } }, 'content.body.commands[0].uri'],
      [{ kind: 'message', body: { job: [] } }, 'content.body.job'],
    ];
    for (const [content, path] of cases) await assert.rejects(bench.campaign({ content }), { path }, path);
  }));

test('an idempotency key gives the same campaign', () =>
  withCampaigns({ devices: { wap: 2, sms: 0 } }, async (bench) => {
    const plan = { name: 'x', content: { kind: 'wake' }, target: { filter: 'id != ""' } };
    const by = { accounts: 'all', actor: 'alice/console', owner: 'alice' } as const;
    const one = await bench.server.campaigns.create(plan, 'key', by);
    const again = await bench.server.campaigns.create(plan, 'key', by);
    assert.deepEqual([one.created, again.created, again.campaign.id], [true, false, one.campaign.id]);
    await assert.rejects(bench.server.campaigns.create({ ...plan, name: 'y' }, 'key', by), {
      code: 'IDEMPOTENCY_CONFLICT',
    });
    await bench.reaches(one.campaign.id, 'completed');
    assert.equal(bench.wap.pushes.length, 2);
  }));
