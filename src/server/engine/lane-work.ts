// What a lane does with the pushes of its carrier: the decision at the claim, and the way from there.
import type { ClaimedPush, PushChange, PushRecord } from '../../store/index.ts';

/** A push that was claimed to be sent. */
export interface Sending<Plan> extends ClaimedPush {
  readonly plan: Plan;
}

/** What is decided about a push that is due. */
export interface Decision<Plan> {
  /** As `PushQueue.claimDue` takes them. */
  readonly changes: readonly [PushChange, ...PushChange[]];
  /** How it is sent; absent when it is not. */
  readonly plan?: Plan;
}

/** What a lane does with its pushes. */
export interface LaneWork<Plan> {
  /** Pure; asked at the claim. */
  decide(due: PushRecord, device: ClaimedPush['device']): Decision<Plan>;
  /** Called for what was claimed and is not sent. */
  passedOver(push: PushRecord): void;
  /** Readies what was claimed before any of it is handed over; gives what is still to be sent. Rejects when the store fails. */
  ready(claimed: readonly Sending<Plan>[]): readonly Sending<Plan>[] | Promise<readonly Sending<Plan>[]>;
  /** Hands one over; `over` is called once, when its outcome is on disk or nobody has one. Must not throw. */
  handOver(sending: Sending<Plan>, over: () => void): void;
}
