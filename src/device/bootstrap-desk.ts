// The bootstrap of a device by its policy: protection first, then the document, then the account in one commit.
import { unwrapBase64Body } from '../codec/notification/index.ts';
import { type Clock, StoreError, systemClock } from '../core/index.ts';
import { contentTypes, type ReceivedPush } from '../push/index.ts';
import { AttemptLimiter } from '../security/index.ts';
import { applyBootstrap, BootstrapRefusal } from './bootstrap-content.ts';
import {
  type BootstrapGate,
  type BootstrapHost,
  type BootstrapVerdict,
  isProvisioning,
} from './bootstrap-gate.ts';
import { type BootstrapPolicy, bootstrapPolicyDefaults } from './bootstrap-policy.ts';
import { checkProtection } from './bootstrap-protection.ts';

/** A gate that goes by a policy. One for each device: it counts what failed. */
export function bootstrapByPolicy(policy: BootstrapPolicy, clock: Clock = systemClock()): BootstrapGate {
  const { count, windowMs } = policy.failures ?? bootstrapPolicyDefaults.failures;
  const limiter = new AttemptLimiter({ maxFailures: count, windowMs });
  const admit = async (push: ReceivedPush, host: BootstrapHost): Promise<BootstrapVerdict> => {
    const attempts = limiter.check('bootstrap', clock.now());
    if (!attempts.allowed) {
      const seconds = Math.ceil(attempts.retryAfterMs / 1000);
      return refused(`too many bootstraps failed on their protection: none is taken for ${seconds} s`);
    }
    const body = push.contentType.code === undefined ? unwrapBase64Body(push.body) : push.body;
    const protection = await checkProtection({ ...push, body }, policy, host.signal);
    if (!protection.holds) {
      if (protection.wrong) limiter.failed('bootstrap', clock.now());
      return refused(protection.detail);
    }
    const { withAccounts = bootstrapPolicyDefaults.withAccounts } = policy;
    try {
      const { serverId, uri } = await host.tree.run((transaction) =>
        applyBootstrap(transaction, body, formOf(push), withAccounts),
      );
      return { verdict: 'bootstrapped', serverId, uri };
    } catch (error) {
      if (error instanceof StoreError) return refused(`the account cannot be stored: ${error.code}`);
      if (!(error instanceof BootstrapRefusal)) throw error;
      return refused(error.message, error.serverId);
    }
  };
  return {
    takes: (push) => isProvisioning(push) || (push.parameters.SEC !== undefined && isMessage(push)),
    admit,
  };
}

function refused(detail: string, serverId?: string): BootstrapVerdict {
  return { verdict: 'refused', detail, ...(serverId !== undefined && { serverId }) };
}

function formOf(push: ReceivedPush): 'dm' | 'wbxml' | 'xml' {
  if (!isProvisioning(push)) return 'dm';
  const { code, mime } = push.contentType;
  const { code: xmlCode, mime: xmlMime } = contentTypes['connectivity+xml'];
  return code === xmlCode || (code === undefined && mime?.toLowerCase() === xmlMime) ? 'xml' : 'wbxml';
}

function isMessage({ contentType: { code, mime } }: ReceivedPush): boolean {
  const type = contentTypes['dm+wbxml'];
  return code === undefined ? mime?.toLowerCase() === type.mime : code === type.code;
}
