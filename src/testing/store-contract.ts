// The contract suite of stores: every back end runs it, and no back end has tests of these guarantees of its own.
import { after, describe } from 'node:test';
import type { Clock } from '../core/index.ts';
import type { Store } from '../store/index.ts';
import { clockContract } from './store/store-contract-clock.ts';
import { accountAndDeviceContract } from './store/store-contract-devices.ts';
import { jobDeliveryContract } from './store/store-contract-job-deliveries.ts';
import { jobProgressContract } from './store/store-contract-job-progress.ts';
import { jobContract } from './store/store-contract-jobs.ts';
import { rotationContract } from './store/store-contract-rotations.ts';
import { sessionContract } from './store/store-contract-sessions.ts';
import { eventContract } from './store-push/store-contract-events.ts';
import { lifeCycleContract } from './store-push/store-contract-life-cycle.ts';
import { pushMessageChangeContract } from './store-push/store-contract-push-message-changes.ts';
import { pushMessageWorkContract } from './store-push/store-contract-push-message-work.ts';
import { pushMessageContract } from './store-push/store-contract-push-messages.ts';
import { pushResultContract } from './store-push/store-contract-push-results.ts';
import { queueContract } from './store-push/store-contract-queue.ts';
import { reportContract } from './store-push/store-contract-reports.ts';
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
    queueContract(withStore);
    clockContract(withStore);
    lifeCycleContract(withStore);
    sessionContract(withStore);
    rotationContract(withStore);
    eventContract(withStore);
    reportContract(withStore);
    pushMessageContract(withStore);
    pushMessageWorkContract(withStore);
    pushMessageChangeContract(withStore);
    pushResultContract(withStore);
    jobContract(withStore);
    jobProgressContract(withStore);
    jobDeliveryContract(withStore);
  });
}
