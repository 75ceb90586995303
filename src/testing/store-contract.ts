// The contract suite of stores: every back end runs it, and no back end has tests of these guarantees of its own.
import { after, describe } from 'node:test';
import type { Clock } from '../core/index.ts';
import type { Store } from '../store/index.ts';
import { ManualClock } from './manual-clock.ts';
import { clockContract } from './store-contract-clock.ts';
import { accountAndDeviceContract } from './store-contract-devices.ts';
import { eventContract } from './store-contract-events.ts';
import { jobDeliveryContract } from './store-contract-job-deliveries.ts';
import { jobProgressContract } from './store-contract-job-progress.ts';
import { jobContract } from './store-contract-jobs.ts';
import { lifeCycleContract } from './store-contract-life-cycle.ts';
import { pushMessageChangeContract } from './store-contract-push-message-changes.ts';
import { pushMessageWorkContract } from './store-contract-push-message-work.ts';
import { pushMessageContract } from './store-contract-push-messages.ts';
import { pushResultContract } from './store-contract-push-results.ts';
import { queueContract } from './store-contract-queue.ts';
import { reportContract } from './store-contract-reports.ts';
import { rotationContract } from './store-contract-rotations.ts';
import { sessionContract } from './store-contract-sessions.ts';

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
