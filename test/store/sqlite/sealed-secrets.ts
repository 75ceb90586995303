// A store with every secret that it can hold, each with a marker in it that a search through its files finds.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountInput, DeviceInput, Store } from '../../../src/store/index.ts';
import {
  sampleAccount,
  sampleDevice,
  sampleJob,
  samplePushMessage,
  sampleRequest,
} from '../../../src/testing/index.ts';
import { sampleCampaign, samplePlan } from '../../../src/testing/store-campaign/campaign-samples.ts';

/** Stands in each secret, with its number. */
const marker = 'Marker-of-a-secret';
const secretOf = (number: number): string => `${marker}-${number};`;
const hexOf = (number: number): string => Buffer.from(secretOf(number)).toString('hex');

export const account: AccountInput = {
  ...sampleAccount,
  messageSigning: { algorithm: 'rsa-sha256', privateKey: secretOf(1) },
};

export const device: DeviceInput = sampleDevice({
  serverCredentials: { scheme: 'md5', name: sampleAccount.serverId, secret: secretOf(2) },
  clientCredentials: { scheme: 'md5', name: 'Bruce2', secret: secretOf(3) },
  notificationSecret: secretOf(4),
  messageKeys: { hmacSecret: hexOf(5), encryption: { transport: 'aes-wrap', key: hexOf(6) } },
});

const replaceCommand = { command: 'replace', uri: './Secret', data: secretOf(9) } as const;

/** Secrets that `fill` puts into a store, by number; those of octets stand there in hex. */
export const texts: readonly string[] = [
  ...[1, 2, 3, 4, 7, 9, 10, 11, 12, 13].map(secretOf),
  ...[5, 6, 8].map(hexOf),
];

/** Fills a store, and gives how the device is then. */
export async function fill(store: Store): Promise<void> {
  await store.createAccount(account);
  await store.createDevice(device);
  await store.beginRotation({ deviceId: device.id, side: 'client', secret: secretOf(7) });
  await store.enqueue([samplePushMessage({ body: Buffer.from(secretOf(8)) }), sampleRequest()]);
  const { job } = await store.createJob(sampleJob({ commands: [replaceCommand, replaceCommand] }));
  const holder = { holder: 'session-1', held: [] };
  await store.advanceJobs({ deviceId: device.id, take: holder });
  const answer = { status: 200, results: [{ uri: './Secret', data: secretOf(10) }] };
  await store.advanceJobs({
    deviceId: device.id,
    answers: [{ jobId: job.id, position: 0, answer }],
    take: holder,
  });
  const body = { commands: [{ command: 'replace', uri: './Secret', data: secretOf(12) }] };
  await store.createCampaign(
    sampleCampaign({ plan: samplePlan({ content: { kind: 'job', body } }), state: 'scheduled' }),
  );
  await store.createWebhook({
    url: 'https://hooks.example/',
    kinds: ['job'],
    secrets: { current: secretOf(13) },
  });
  await store.importDevices([
    {
      input: {
        ...device,
        id: 'imported',
        serverCredentials: { ...device.serverCredentials, secret: secretOf(11) },
      },
    },
  ]);
}

/** Holds a store to what `fill` has put into it. */
export async function holdsAll(store: Store): Promise<void> {
  assert.deepEqual((await store.account(account.serverId))?.messageSigning, account.messageSigning);
  const found = await store.device(device.id);
  assert.equal(found?.serverCredentials.secret, secretOf(2));
  assert.equal(found.clientCredentials?.secret, secretOf(3));
  assert.equal(found.notificationSecret, secretOf(4));
  assert.deepEqual(found.messageKeys, device.messageKeys);
  assert.equal(found.rotations?.client?.secret, secretOf(7));
  assert.equal((await store.device('imported'))?.serverCredentials.secret, secretOf(11));
  const { items } = await store.listPushes({ limit: 9, purposes: ['message'] });
  const [push] = items;
  assert.ok(push !== undefined && push.purpose === 'message' && push.unreadable === undefined);
  assert.equal(Buffer.from(push.body).toString(), secretOf(8));
  const { items: jobs } = await store.listJobs({ limit: 9 });
  const commands = (await store.job(jobs[0]?.id ?? ''))?.commands ?? [];
  assert.ok(JSON.stringify(commands[0]?.command).includes(secretOf(9)));
  assert.ok(JSON.stringify(commands[0]?.answer).includes(secretOf(10)));
  const [campaign] = (await store.listCampaigns({ limit: 9 })).items;
  assert.ok(JSON.stringify(campaign?.plan.content.body).includes(secretOf(12)));
  const [webhook] = (await store.listWebhooks({ limit: 9 })).items;
  assert.equal(webhook?.secrets.current, secretOf(13));
}

/** Secrets that stand in the clear in the files of a folder. */
export function foundIn(folder: string): readonly string[] {
  const octets = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
  return texts.filter((text) => octets.includes(text));
}
