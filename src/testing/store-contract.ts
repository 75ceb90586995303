// The contract suite of stores: every back end runs it, and no back end has tests of these guarantees of its own.
import { after, describe } from 'node:test';
import type { Clock } from '../core/index.ts';
import type { Store } from '../store/index.ts';
import { clockContract } from './store/store-contract-clock.ts';
import { deviceSetContract } from './store/store-contract-device-sets.ts';
import { accountAndDeviceContract } from './store/store-contract-devices.ts';
import { jobDeliveryContract } from './store/store-contract-job-deliveries.ts';
import { jobProgressContract } from './store/store-contract-job-progress.ts';
import { jobSetContract } from './store/store-contract-job-sets.ts';
import { jobContract } from './store/store-contract-jobs.ts';
import { labelContract } from './store/store-contract-labels.ts';
import { rotationContract } from './store/store-contract-rotations.ts';
import { sessionContract } from './store/store-contract-sessions.ts';
import { versionContract } from './store/store-contract-versions.ts';
import { actorContract } from './store-access/actors.ts';
import { auditContract } from './store-access/audit.ts';
import { tokenContract } from './store-access/tokens.ts';
import { campaignDeviceContract } from './store-campaign/campaign-devices.ts';
import { campaignFeedContract } from './store-campaign/campaign-feeds.ts';
import { campaignOutcomeContract } from './store-campaign/campaign-outcomes.ts';
import { campaignPushContract } from './store-campaign/campaign-pushes.ts';
import { campaignContract } from './store-campaign/campaigns.ts';
import { noticeContract } from './store-notice/notices.ts';
import { webhookContract } from './store-notice/webhooks.ts';
import { suspensionContract } from './store-push/carrier-suspensions.ts';
import { attemptContract } from './store-push/push-attempts.ts';
import { enqueueContract } from './store-push/push-enqueue.ts';
import { eventContract } from './store-push/push-events.ts';
import { heldContract } from './store-push/push-held.ts';
import { initiatorContract } from './store-push/push-initiators.ts';
import { lifeCycleContract } from './store-push/push-life-cycle.ts';
import { listContract } from './store-push/push-list.ts';
import { messageContract } from './store-push/push-messages.ts';
import { queueContract } from './store-push/push-queue.ts';
import { reportContract } from './store-push/push-reports.ts';
import { resultContract } from './store-push/push-results.ts';
import { retentionContract } from './store-push/push-retention.ts';
import { sessionIdContract } from './store-push/push-session-ids.ts';
import { carrierContract } from './store-sets/push-carriers.ts';
import { changeContract } from './store-sets/push-changes.ts';
import { claimContract } from './store-sets/push-claims.ts';
import { draftContract } from './store-sets/push-drafts.ts';
import { enqueueSetContract } from './store-sets/push-enqueue-sets.ts';
import { largeSetContract } from './store-sets/push-large-sets.ts';
import { ManualClock } from './time/manual-clock.ts';

/** Opens empty stores of one back end. */
export interface StoreFactory {
  /** A new, empty store that takes its time from `clock`. */
  open(clock: Clock): Promise<Store>;
  /** Frees what `open` left behind, once all of them are closed. */
  cleanUp?(): Promise<void>;
}

/** A store for one test, and the clock that it goes by. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly clock: ManualClock;
}

/** Runs the suite against a back end, under its name. */
export function storeContract(name: string, factory: StoreFactory): void {
  describe(`store contract: ${name}`, () => {
    const withStore = async (run: (under: StoreUnderTest) => Promise<void>): Promise<void> => {
      const clock = new ManualClock();
      const store = await factory.open(clock);
      try {
        await run({ store, clock });
      } finally {
        await store.close();
      }
    };
    after(() => factory.cleanUp?.());
    accountAndDeviceContract(withStore);
    labelContract(withStore);
    versionContract(withStore);
    deviceSetContract(withStore);
    enqueueContract(withStore);
    enqueueSetContract(withStore);
    draftContract(withStore);
    sessionIdContract(withStore);
    messageContract(withStore);
    initiatorContract(withStore);
    queueContract(withStore);
    claimContract(withStore);
    carrierContract(withStore);
    changeContract(withStore);
    largeSetContract(withStore);
    lifeCycleContract(withStore);
    attemptContract(withStore);
    listContract(withStore);
    eventContract(withStore);
    reportContract(withStore);
    resultContract(withStore);
    heldContract(withStore);
    suspensionContract(withStore);
    retentionContract(withStore);
    clockContract(withStore);
    sessionContract(withStore);
    rotationContract(withStore);
    jobContract(withStore);
    jobSetContract(withStore);
    jobProgressContract(withStore);
    jobDeliveryContract(withStore);
    tokenContract(withStore);
    auditContract(withStore);
    actorContract(withStore);
    noticeContract(withStore);
    webhookContract(withStore);
    campaignContract(withStore);
    campaignDeviceContract(withStore);
    campaignFeedContract(withStore);
    campaignOutcomeContract(withStore);
    campaignPushContract(withStore);
  });
}
