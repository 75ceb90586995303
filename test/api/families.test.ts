// The family of a device over REST: given, shown, changed; and the warnings that answers have because of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeBinding, sampleDevice } from '../../src/testing/index.ts';
import { type ApiBench, withApi } from './api-bench.ts';

const { id: device } = sampleDevice();
const path = `/v1/devices/${encodeURIComponent(device)}`;
const secret = 'IyZh2DkWlqhgxMtKWfSJUQ';
const serverId = 'com.example.management.dm';
const record = {
  id: 'IMEI:1',
  addresses: ['wap:127.0.0.1'],
  serverCredentials: { secret },
  clientCredentials: { name: 'c', secret },
};

async function json({ call }: ApiBench, ...args: Parameters<ApiBench['call']>) {
  const { status, text } = await call(...args);
  return { status, body: JSON.parse(text) as Record<string, unknown> & { warnings?: string[] } };
}

test('a family is given, shown in all answers, changed and taken away; one that nobody knows is 400', () =>
  withApi(async (bench) => {
    const created = await json(bench, 'POST', '/v1/devices', {
      ...record,
      serverId: 'com.example.dm',
      family: 'samsung',
    });
    assert.equal(created.status, 201);
    assert.equal(created.body.family, 'samsung');
    assert.equal(created.body.warnings, undefined);
    assert.equal((await json(bench, 'GET', '/v1/devices/IMEI%3A1')).body.family, 'samsung');
    const list = (await json(bench, 'GET', '/v1/devices')).body.items as { family?: string }[];
    assert.deepEqual(
      list.map(({ family }) => family),
      ['samsung', undefined],
    );
    const changed = await json(bench, 'PATCH', '/v1/devices/IMEI%3A1', { family: 'windows' });
    assert.equal(changed.body.family, 'windows');
    const gone = await json(bench, 'PATCH', '/v1/devices/IMEI%3A1', { family: null });
    assert.equal('family' in gone.body, false);
    const unknown = await json(bench, 'PATCH', '/v1/devices/IMEI%3A1', { family: 'symbian' });
    assert.deepEqual([unknown.status, unknown.body.path], [400, 'family']);
  }));

test('a Server-ID that AOSP refuses is said with the device and with each notification, which goes out all the same', () =>
  withApi(async (bench) => {
    await json(bench, 'POST', '/v1/accounts', { serverId, url: 'https://dm.example.com/dm' });
    const created = await json(bench, 'POST', '/v1/devices', { ...record, serverId, family: 'aosp' });
    assert.equal(created.status, 201);
    const said =
      'serverId: the family aosp refuses Package #0 whose Server-ID has more than 23 octets, and this one has 25; manage it by an ' +
      'account with a ServerID of 23 octets or fewer (docs/families.md; AOSP packages/apps/OMA-DM, dmNotification.cc)';
    assert.deepEqual(created.body.warnings, [said]);
    const changed = await json(bench, 'PATCH', '/v1/devices/IMEI%3A1', { format: 'dm1.3' });
    assert.deepEqual(
      changed.body.warnings?.map((line) => line.split(':')[0]),
      ['serverId', 'format'],
    );
    await json(bench, 'PATCH', '/v1/devices/IMEI%3A1', { format: 'dm1.2' });
    const pushed = await json(bench, 'POST', '/v1/notifications', { device: 'IMEI:1' });
    assert.equal(pushed.status, 202);
    assert.deepEqual(pushed.body.warnings, [said]);
    const read = await json(bench, 'GET', `/v1/notifications/${String(pushed.body.id)}`);
    assert.deepEqual([read.body.state, read.body.warnings], ['queued', undefined]);
    const generic = await json(bench, 'PATCH', '/v1/devices/IMEI%3A1', { family: 'generic' });
    assert.equal(generic.body.warnings, undefined);
    assert.equal(
      (await json(bench, 'POST', '/v1/notifications', { device: 'IMEI:1' })).body.warnings,
      undefined,
    );
  }));

test('what a notification asks for is looked at: length, initiator, resynchronisation', () =>
  withApi(async (bench) => {
    const fields = async (family: string, more: object) => {
      await json(bench, 'PATCH', path, { family });
      const { status, body } = await json(bench, 'POST', '/v1/notifications', { device, ...more });
      assert.equal(status, 202);
      return body.warnings?.map((line) => line.split(':')[0]);
    };
    assert.deepEqual(await fields('aosp', { initiator: 'user' }), ['initiator']);
    // 8 octets of header, 14 of Server-ID.
    assert.equal(await fields('aosp', { vendorData: 'ab'.repeat(233) }), undefined);
    assert.deepEqual(await fields('aosp', { vendorData: 'ab'.repeat(234) }), ['message']);
    assert.deepEqual(await fields('libdmclient', { resynchronise: true }), ['format', 'resynchronise']);
    assert.deepEqual(await fields('windows', { format: 'dm1.3-2010' }), ['format']);
    assert.equal(await fields('samsung', {}), undefined);
    const rotated = await json(bench, 'PATCH', path, { family: 'windows', format: 'dm1.3' });
    assert.equal(rotated.status, 200);
    const begun = await json(bench, 'POST', `${path}/rotate-secret`, {});
    assert.equal(begun.status, 202);
    assert.ok(begun.body.warnings?.some((line) => line.startsWith('format: the family windows')));
  }));

test('a push by a gateway is judged by the name of its type, which is another number for the form of 2010', () =>
  withApi(
    async (bench) => {
      const first = async (addresses: readonly string[], format: string) => {
        await json(bench, 'PATCH', path, { family: 'aosp', addresses });
        const { body } = await json(bench, 'POST', '/v1/notifications', { device, format });
        return body.warnings?.[0]?.split(' (', 1)[0];
      };
      const gateway = 'pap:WAPPUSH=+491701234567/TYPE=PLMN@ppg.example.com';
      const lost = 'contentType: the family aosp hands no push of content type 0x58';
      assert.equal(await first([gateway], 'dm1.3-2010'), lost);
      assert.equal(await first([gateway], 'dm1.2'), undefined);
      assert.equal(await first(['wap:127.0.0.1'], 'dm1.3-2010'), undefined);
      assert.match((await first([gateway], 'dm1.3')) ?? '', /^format: /);
    },
    {},
    { bindings: { pap: new FakeBinding('pap') } },
  ));

test('commands that a family refuses are said with the job, wherever they stand', () =>
  withApi(async (bench) => {
    await json(bench, 'PATCH', path, { family: 'windows' });
    const commands = [
      {
        command: 'atomic',
        commands: [
          { command: 'add', uri: './a', data: '1' },
          { command: 'replace', uri: './a', data: '2' },
        ],
      },
    ];
    const job = await json(bench, 'POST', '/v1/jobs', { device, commands });
    assert.equal(job.status, 202);
    assert.equal(job.body.warnings?.length, 1);
    assert.match(job.body.warnings?.[0] ?? '', /^commands\[0\]: the family windows .*here \.\/a; /);
    const pushed = await json(bench, 'POST', '/v1/notifications', { device, job: commands });
    assert.match(pushed.body.warnings?.[0] ?? '', /^job\[0\]: /);
    await json(bench, 'PATCH', path, { family: 'aosp' });
    const copies = Array.from({ length: 40 }, () => ({ command: 'copy', uri: './b', source: './a' }));
    const many = await json(bench, 'POST', '/v1/jobs', { device, commands: copies });
    assert.equal(many.body.warnings?.length, 17);
    assert.match(many.body.warnings?.[16] ?? '', /^24 more of the kind/);
    const again = await json(bench, 'POST', '/v1/jobs', {
      device,
      commands: [{ command: 'get', uri: './a' }],
    });
    assert.equal(again.body.warnings, undefined);
  }));

test('messages and bootstraps: warnings in the answer, and nowhere else', () =>
  withApi(async (bench) => {
    await json(bench, 'PATCH', path, { family: 'aosp' });
    const created = await json(bench, 'POST', '/v1/messages', {
      device,
      bootstrap: { sec: 'USERPIN', pin: '1234' },
    });
    assert.equal(created.status, 202);
    assert.deepEqual(
      created.body.warnings?.map((line) => line.split(':')[0]),
      ['profile', 'contentType'],
    );
    const read = await json(bench, 'GET', `/v1/messages/${String(created.body.id)}`);
    assert.equal(read.body.warnings, undefined);
  }));
