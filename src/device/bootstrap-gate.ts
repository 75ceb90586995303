// Where pushes go that would make a new account: the seam between the device and its bootstrap.
import { contentTypes, type ReceivedPush } from '../push/index.ts';
import type { ManagementTree } from '../tree/index.ts';

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
  /** Aborts when the device stops. */
  readonly signal: AbortSignal;
}

/**
 * Takes pushes that carry a bootstrap. `Device.handlePush` asks `takes` of every push before anything else looks at it, one
 * push at a time and never while a sessionless message is processed, and gives those that it takes to `admit`, whole and
 * unverified: Client Provisioning documents, and DM messages whose content type has SEC and MAC. Without a gate the former
 * are ignored as `bootstrap-refused`, and the latter are opened as signed messages.
 */
export interface BootstrapGate {
  /** True when the push is a bootstrap by its content type and parameters. Must not look into the body. */
  takes(push: ReceivedPush): boolean;
  /** Resolves when the account is durable, or refused. What it rejects with counts as a refusal. */
  admit(push: ReceivedPush, host: BootstrapHost): Promise<BootstrapVerdict>;
}

/** True for the content types of Client Provisioning (OMA ProvBoot 1.1), which are nothing but bootstraps. */
export function isProvisioning({ contentType: { code, mime } }: ReceivedPush): boolean {
  return [contentTypes['connectivity+wbxml'], contentTypes['connectivity+xml']].some((each) =>
    code === undefined ? each.mime === mime?.toLowerCase() : each.code === code,
  );
}
