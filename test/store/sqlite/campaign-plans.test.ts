// How SQLite finds what is asked of campaigns: by index, however many devices they have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/index.ts';
import { sampleAccount, sampleDevice, sampleRequest } from '../../../src/testing/index.ts';
import { sampleCampaign, samplePlan } from '../../../src/testing/store-campaign/campaign-samples.ts';
import { planningStore, readsAll, sorts } from './planning-store.ts';

const { store, planOf } = await planningStore();
await store.createAccount(sampleAccount);
await store.createDevice(sampleDevice());
const { id: deviceId } = sampleDevice();
const expiresAt = systemClock().now() + 1_000_000;
const request = sampleRequest({ expiresAt });
const { campaign } = await store.createCampaign(sampleCampaign());
const { id } = campaign;
const other = (await store.createCampaign(sampleCampaign())).campaign.id;
const found = ['a', 'b', deviceId].map((each) => ({ deviceId: each, carrier: 'x' }));
await store.addCampaignDevices(id, found, { lookedUp: true, canaryDevices: 1 });
await store.addCampaignDevices(other, found, { lookedUp: true, canaryDevices: 1 });

const open = /INDEX campaign_devices_open \(<expr>=\? AND state=\?/;
const calls: Readonly<Record<string, readonly [index: RegExp, call: () => Promise<unknown>]>> = {
  'devices that are added': [
    /INDEX campaign_devices_device \(device_id=\? AND campaign=\?\)/,
    () => store.addCampaignDevices(id, [{ deviceId: 'z' }], { canaryDevices: 1 }),
  ],
  'carriers of what is pending': [
    /INDEX campaign_devices_open \(<expr>=\? AND state=\? AND step=\? AND carrier>\?\)/,
    () => store.pendingCarriers(id, 'rest'),
  ],
  'what may begin': [
    /INDEX campaign_devices_open \(<expr>=\? AND state=\? AND step=\? AND carrier=\? AND due_at=\?\)/,
    () => store.pendingDevices({ campaign: id, step: 'rest', carrier: 'x', limit: 9 }),
  ],
  'what may begin after a wait': [
    /INDEX campaign_devices_open \(<expr>=\? AND state=\? AND step=\? AND carrier=\? AND due_at>\? AND due_at<\?\)/,
    () => store.pendingDevices({ campaign: id, step: 'rest', carrier: null, limit: 9 }),
  ],
  'what begins': [
    /INDEX campaign_devices_device \(device_id=\?/,
    () =>
      store.feedCampaign(id, [{ deviceId, do: 'wake', request }], { joinable: [other], alongside: [other] }),
  ],
  'wakes that are open': [
    /push_sessions USING (?:COVERING )?PRIMARY KEY|push_sessions USING PRIMARY KEY/,
    () => store.feedCampaign(id, [{ deviceId: 'a', do: 'wake', request }], { joinable: [], alongside: [] }),
  ],
  'devices of a push': [
    /INDEX campaign_devices_push \(<expr>=\?\)/,
    () => store.settleCampaignDevices([{ pushId: 'p', state: 'completed', reason: '' }]),
  ],
  'devices of a job': [
    /INDEX campaign_devices_job \(<expr>=\?\)/,
    () => store.settleCampaignDevices([{ jobId: 'j', state: 'completed', reason: '' }]),
  ],
  'devices under way': [open, () => store.unsettledDevices(id, 9)],
  'pushes that may be cancelled': [open, () => store.cancellablePushes(id, 9)],
  'pending devices that end': [
    open,
    () => store.endPendingDevices(id, { state: 'cancelled', reason: 'cancelled' }, 1),
  ],
  'pages of a report': [
    /campaign_devices USING PRIMARY KEY \(campaign=\? AND ordinal>\?\)/,
    () => store.campaignDevices(id, { limit: 9, afterOrdinal: 1 }),
  ],
  'one device of a report': [
    /INDEX campaign_devices_device \(device_id=\? AND campaign=\?\)/,
    () => store.campaignDevices(id, { limit: 9, deviceId }),
  ],
  'what is tried again': [
    /campaign_devices USING PRIMARY KEY \(campaign=\?\)/,
    async () => {
      const [under] = await store.campaignDevices(id, { limit: 1, states: ['under-way'] });
      await store.settleCampaignDevices([{ pushId: under?.pushId ?? '', state: 'failed', reason: 'x' }]);
      return await store.retryCampaignDevices(id, 9);
    },
  ],
  counts: [/campaign_counts USING PRIMARY KEY \(campaign=\?\)/, () => store.campaignCounts(id)],
  'pushes that are kept back': [/INDEX pushes_gated \(campaign_id=\?\)/, () => store.ungatePushes(id, 9)],
  'pushes that wait': [
    /INDEX pushes_campaign \(campaign_id=\? AND state=\?\)/,
    () => store.queuedOfCampaigns(),
  ],
  'wakes since a moment': [
    /INDEX pushes_device \(device_id=\? AND <expr>>\?\)/,
    () => store.wakesSince([deviceId], 1),
  ],
  'a campaign under a key': [
    /INDEX campaigns_idempotency \(<expr>=\? AND idempotency_key=\?\)/,
    () => store.createCampaign(sampleCampaign({ idempotency: { key: 'k', fingerprint: 'f' } })),
  ],
  'devices of a list': [
    /INDEX sqlite_autoindex_devices_1 \(id=\?\)/,
    () =>
      store.createCampaign(
        sampleCampaign({ plan: samplePlan({ target: { by: 'list' } }), list: [deviceId], devices: 1 }),
      ),
  ],
  'what is old': [/INDEX campaigns_ended \(ended_at<\?\)/, () => store.dropCampaigns(1, 9)],
};

/** These sort or group what they give, and no more. */
const sorting: ReadonlySet<string> = new Set([
  'what begins',
  'wakes that are open',
  'pushes that may be cancelled',
  'pushes that wait',
  'wakes since a moment',
  'one device of a report',
]);

/** There are few campaigns, and these look at each. */
const readsCampaigns = (detail: string): boolean => /^SCAN campaigns\b/.test(detail);

for (const [what, [index, call]] of Object.entries(calls)) {
  test(`campaigns, ${what}: found by index`, async () => {
    const plan = await planOf(call);
    assert.ok(
      plan.some((detail) => index.test(detail)),
      plan.join('\n'),
    );
    assert.deepEqual(
      plan.filter((detail) => readsAll(detail) && !readsCampaigns(detail)),
      [],
      plan.join('\n'),
    );
    if (!sorting.has(what)) assert.deepEqual(plan.filter(sorts), [], plan.join('\n'));
  });
}
