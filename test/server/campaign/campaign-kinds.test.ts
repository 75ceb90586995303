// Campaigns of jobs and of messages: what ends a device there, and what becomes of a job whose push failed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../src/store/index.ts';
import { idOf, withCampaigns } from './campaign-bench.ts';

const commands = [{ command: 'get', uri: './DevDetail/FwV' }];

/** A session of a device takes what there is to do, and answers with a status. */
async function answerJobs(store: Store, deviceId: string, status: number): Promise<void> {
  const take = { holder: `session of ${deviceId}`, held: [] };
  const { taken } = await store.advanceJobs({ deviceId, take });
  const answers = taken.map(({ jobId, position }) => ({ jobId, position, answer: { status } }));
  await store.advanceJobs({ deviceId, answers });
}

test('a job ends its device, whatever its wake came to before', () =>
  withCampaigns({ devices: { wap: 6, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const { id } = await bench.campaign({ content: { kind: 'job', body: { commands } } });
    await bench.until('all are out', () => bench.wap.pushes.length === 6);
    const devices = await bench.devices(id);
    assert.ok(devices.every(({ pushId, jobId }) => pushId !== undefined && jobId !== undefined));
    for (const { deviceId, pushId = '' } of devices) {
      await bench.store.change([{ id: pushId, change: { event: 'answered' } }]);
      await bench.store.change([{ id: pushId, change: { event: 'completed' } }]);
      if (deviceId !== idOf('wap', 0))
        await answerJobs(bench.store, deviceId, deviceId === idOf('wap', 1) ? 500 : 200);
    }
    await bench.until('five have ended', async () => (await bench.tally(id)).completed === 4);
    assert.deepEqual(await bench.tally(id), { completed: 4, 'failed session': 1, 'under-way': 1 });
    await answerJobs(bench.store, idOf('wap', 0), 200);
    await bench.reaches(id, 'completed');
  }));

test('a push that fails ends the device of a job, and the job with it', () =>
  withCampaigns({ devices: { wap: 3, sms: 0 } }, async (bench) => {
    bench.fate = (device) => (device === idOf('wap', 1) ? 'session-failed' : 'silent');
    const { id } = await bench.campaign({ content: { kind: 'job', body: { commands } } });
    await bench.until('one has failed', async () => (await bench.tally(id))['failed session'] === 1);
    const failed = (await bench.devices(id)).find(({ deviceId }) => deviceId === idOf('wap', 1));
    await bench.until(
      'its job is over',
      async () => (await bench.store.job(failed?.jobId ?? ''))?.state === 'cancelled',
    );
    const others = (await bench.devices(id)).filter(({ deviceId }) => deviceId !== idOf('wap', 1));
    for (const { jobId = '' } of others) assert.equal((await bench.store.job(jobId))?.state, 'pending');
    await bench.server.campaigns.cancel(id, {}, undefined);
    await bench.until('it is over', async () => (await bench.now(id)).endedAt !== undefined);
    assert.deepEqual(await bench.tally(id), { 'failed session': 1, 'cancelled cancelled': 2 });
    for (const { jobId = '' } of others) assert.equal((await bench.store.job(jobId))?.state, 'cancelled');
  }));

test('a job joins a wake that is open, and is done without one of its own', () =>
  withCampaigns({ devices: { wap: 4, sms: 0 } }, async (bench) => {
    bench.fate = () => 'silent';
    const wake = await bench.campaign();
    await bench.until('all are out', () => bench.wap.pushes.length === 4);
    const job = await bench.campaign({ content: { kind: 'job', body: { commands } } });
    await bench.until('all are joined', async () => (await bench.tally(job.id))['under-way'] === 4);
    assert.equal(bench.wap.pushes.length, 4);
    for (const { deviceId, pushId = '' } of await bench.devices(wake.id)) {
      await bench.store.change([{ id: pushId, change: { event: 'answered' } }]);
      await answerJobs(bench.store, deviceId, 200);
      await bench.store.change([{ id: pushId, change: { event: 'completed' } }]);
    }
    await bench.reaches(wake.id, 'completed');
    await bench.reaches(job.id, 'completed');
    assert.deepEqual(
      [await bench.tally(wake.id), await bench.tally(job.id)],
      [{ completed: 4 }, { completed: 4 }],
    );
  }));

test('a device with as many jobs as it may have is left out, and named', () =>
  withCampaigns({ devices: { wap: 2, sms: 0 } }, async (bench) => {
    for (let index = 0; index < 100; index += 1) {
      await bench.server.jobs.create({ device: idOf('wap', 0), commands, wake: false });
    }
    bench.fate = () => 'silent';
    const { id } = await bench.campaign({ content: { kind: 'job', body: { commands, wake: false } } });
    await bench.until('all were begun', async () => (await bench.tally(id)).pending === undefined);
    const [full] = await bench.devices(id);
    assert.deepEqual([full?.state, full?.reason], ['left-out', 'refused']);
    assert.equal(bench.wap.pushes.length, 0);
    await answerJobs(bench.store, idOf('wap', 1), 200);
    await bench.reaches(id, 'completed');
  }));

test('a message ends its device by what the carrier says', () =>
  withCampaigns({ devices: { wap: 3, sms: 0 } }, async (bench) => {
    const wakes = await bench.campaign({ name: 'beside' });
    await bench.reaches(wakes.id, 'completed');
    bench.wap.respond = () => ({ outcome: 'delivered' });
    const content = {
      kind: 'message',
      body: { job: [{ command: 'replace', uri: './Vendor/X', data: 'x' }] },
    };
    const { id } = await bench.campaign({ content });
    await bench.reaches(id, 'completed');
    assert.deepEqual(await bench.tally(id), { completed: 3 });
    const [first] = await bench.devices(id);
    assert.equal((await bench.store.push(first?.pushId ?? ''))?.purpose, 'message');
  }));

test('what the content of a message may not be is told when the campaign is made', () =>
  withCampaigns({ devices: { wap: 1, sms: 0 } }, async (bench) => {
    const content = { kind: 'message', body: { bootstrap: { sec: 'USERPINMAC', pin: '1234' } } };
    await assert.rejects(bench.campaign({ content }), { path: 'content.body.bootstrap.sec' });
  }));

test('campaigns take turns by priority where a carrier has room for one only', () =>
  withCampaigns({ devices: { wap: 900, sms: 0 }, server: { maxInFlight: 20 } }, async (bench) => {
    bench.fate = () => 'silent';
    const low = await bench.campaign({ name: 'low', priority: -1 });
    const high = await bench.campaign({
      name: 'high',
      target: { filter: 'id starts "wap:0008"' },
      priority: 5,
    });
    await bench.until('the high one is out', async () => (await bench.tally(high.id)).pending === undefined);
    assert.ok((await bench.tally(high.id))['under-way'] === 100);
    await bench.server.campaigns.cancel(low.id, {}, undefined);
  }));
