// Where pushes go that would make a new account: the seam between the device and its bootstrap.
import { contentOfPush, kindOfContent, type ReceivedPush } from '../../push/index.ts';
import type { ManagementTree } from '../../tree/index.ts';
import { ignored } from '../report/verdict.ts';
import type { Asked } from '../user/question-desk.ts';

/** What a bootstrap came to. The device counts, logs and reports it. */
export type BootstrapVerdict =
  | {
      readonly verdict: 'bootstrapped';
      /** ServerID of the account that was made. */
      readonly serverId: string;
      /** The account: `./DMAcc/Operator`. */
      readonly uri: string;
    }
  | {
      readonly verdict: 'refused';
      /** For the log; holds no secret. */
      readonly detail: string;
      /** Whom the message claims to be from, as far as it could be read. */
      readonly serverId?: string;
    };

/** What a gate works with. */
export interface BootstrapHost {
  /**
   * The device's tree. A commit of a transaction on it saves the whole state of the device: all that a bootstrap changes
   * belongs into one.
   */
  readonly tree: ManagementTree;
  /** Aborts when the device stops, or the push gives its place up to a newer one. */
  readonly signal: AbortSignal;
  /**
   * Puts a question to the user: one at a time, in turn with the questions of servers, and for the device's
   * `confirmTimeoutMs` at most. The question's own signal tells that the answer is no longer wanted; `signal` takes the
   * question back. Never rejects.
   */
  ask<Value>(
    question: (unwanted: AbortSignal) => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Asked<Value>>;
  /**
   * Runs `work` on what is not proved yet within the device's share of time for strangers, at once where there is some;
   * `undefined` when `signal` aborts before its turn. Rejects with what `work` throws.
   */
  look<Result>(work: () => Promise<Result>): Promise<Result | undefined>;
  /** To be called before the push has to wait for the user: its receiver goes on. `ask` does so too. */
  waits(): void;
  /** To be called once the protection holds: from then on the push does not give its place up. */
  proved(): void;
}

/**
 * Takes pushes that carry a bootstrap. `Device.handlePush` asks `takes` of every push before anything else looks at it, and
 * gives those that it takes to `admit`, whole and unverified: Client Provisioning documents, and DM messages whose content
 * type has SEC and MAC. Without a gate both are ignored as `bootstrap-refused`, and the event and an error line of the log say
 * that there is none (the latter unless it is signed as well: then it is a signed message). Several may be admitted at a time, and sessions and messages go on meanwhile: what must not overlap (two commits
 * that each count the accounts) is for the gate to keep apart.
 */
export interface BootstrapGate {
  /** True when the push is a bootstrap by its content type and parameters. Must not look into the body. */
  takes(push: ReceivedPush): boolean;
  /** Resolves when the account is durable, or refused. What it rejects with counts as a refusal. */
  admit(push: ReceivedPush, host: BootstrapHost): Promise<BootstrapVerdict>;
}

/** True for the content types of Client Provisioning (OMA ProvBoot 1.1), which are nothing but bootstraps. */
export function isProvisioning(push: ReceivedPush): boolean {
  return kindOfContent(contentOfPush(push)) === 'provisioning';
}

/** What becomes of a bootstrap on a device without a gate; whoever runs the device has to learn of it. */
export const withoutPolicy = {
  ...ignored(
    'bootstrap-refused',
    'a bootstrap came, and the device has no bootstrap policy, so it takes none',
  ),
  remedy: 'say under which conditions it may take one: --bootstrap FILE, or `bootstrap` of DeviceOptions',
} as const;
