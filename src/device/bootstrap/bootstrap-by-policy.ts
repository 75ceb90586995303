// The bootstrap of a device by its policy: what the policy, the size, the parameters or the form refuse is refused first;
// then the protection has to hold, which may take the user; then the account is made in one commit.
import { unwrapBase64Body } from '../../codec/notification/index.ts';
import { type Clock, StoreError, systemClock, Turns, wholeNumber } from '../../core/index.ts';
import { contentOfPush, type ReceivedPush } from '../../push/index.ts';
import { type ManagementTree, readAccounts } from '../../tree/index.ts';
import { changeTree } from '../state/change-tree.ts';
import { senderOf } from '../strangers/push-source.ts';
import { BootstrapAttempts } from './bootstrap-attempts.ts';
import { applyBootstrap, BootstrapRefusal, largestBootstrap } from './bootstrap-content.ts';
import {
  type BootstrapGate,
  type BootstrapHost,
  type BootstrapVerdict,
  isProvisioning,
} from './bootstrap-gate.ts';
import { PinDesk, type PinRefusal } from './bootstrap-pins.ts';
import { type BootstrapPolicy, bootstrapPolicyDefaults } from './bootstrap-policy.ts';
import { networkMacHolds, readProtection } from './bootstrap-protection.ts';

/**
 * A gate that goes by a policy. One for each device: it counts what failed.
 * @throws {ValueError} OUT_OF_RANGE for a number of the policy that is none
 */
export function bootstrapByPolicy(policy: BootstrapPolicy, clock: Clock = systemClock()): BootstrapGate {
  const gate = new PolicyGate(policy, clock);
  return {
    takes: (push) =>
      isProvisioning(push) || (push.parameters.SEC !== undefined && contentOfPush(push) === 'dm+wbxml'),
    admit: (push, host) => gate.admit(push, host),
  };
}

type Refused = Extract<BootstrapVerdict, { verdict: 'refused' }>;

class PolicyGate {
  readonly #policy: BootstrapPolicy;
  readonly #withAccounts: NonNullable<BootstrapPolicy['withAccounts']>;
  readonly #attempts: BootstrapAttempts;
  readonly #pins: PinDesk;
  /** Each counts the accounts that are there. */
  readonly #commits = new Turns();

  constructor(policy: BootstrapPolicy, clock: Clock) {
    const { failures = bootstrapPolicyDefaults.failures, askPin = () => Promise.resolve(undefined) } = policy;
    const { pinAttempts = bootstrapPolicyDefaults.pinAttempts } = policy;
    wholeNumber(failures.count, 1, 10_000, 'failures.count');
    wholeNumber(failures.windowMs, 1, Number.MAX_SAFE_INTEGER, 'failures.windowMs');
    this.#policy = policy;
    this.#withAccounts = policy.withAccounts ?? bootstrapPolicyDefaults.withAccounts;
    this.#attempts = new BootstrapAttempts(failures, clock);
    this.#pins = new PinDesk({ askPin, attempts: wholeNumber(pinAttempts, 1, 100, 'pinAttempts') });
  }

  async admit(push: ReceivedPush, host: BootstrapHost): Promise<BootstrapVerdict> {
    const sender = senderOf(push);
    const tooMany = this.#attempts.refusal(sender);
    if (tooMany !== undefined) return refused(tooMany);
    if (push.body.length > 2 * largestBootstrap) return refused(tooLarge(push.body.length));
    const body = push.contentType.code === undefined ? unwrapBase64Body(push.body) : push.body;
    if (body.length > largestBootstrap) return refused(tooLarge(body.length));
    if (this.#withAccounts === 'refuse' && readAccounts(host.tree).length > 0) {
      return refused('the device has accounts, and the policy allows no further one');
    }
    const protection = readProtection(push, this.#policy);
    if (typeof protection === 'string') return refused(protection);
    const apply = (tree: Pick<ManagementTree, 'run'>): Promise<BootstrapVerdict> =>
      this.#apply(tree, body, formOf(push));
    const take = (): Promise<BootstrapVerdict> =>
      this.#commits.run(() => apply({ run: (work) => changeTree(host.tree, work) }));
    switch (protection.sec) {
      case 'none':
        break;
      case 'NETWPIN': {
        const paced = this.#attempts.paced();
        if (paced !== undefined) return refused(paced);
        if (networkMacHolds(body, protection)) break;
        this.#attempts.wrong(sender);
        return refused('the MAC is wrong');
      }
      default: {
        host.waits();
        const refusal = (): Promise<PinRefusal | undefined> => rehearse(host.tree, apply);
        const proof = await this.#pins.prove({ body, protection, host, refusal, take });
        if (proof.holds) return proof.verdict;
        if (proof.inVain) this.#attempts.inVain(sender);
        return refused(proof.detail, proof.serverId);
      }
    }
    host.proved();
    return await take();
  }

  async #apply(
    tree: Pick<ManagementTree, 'run'>,
    body: Uint8Array,
    form: 'dm' | 'wbxml' | 'xml',
  ): Promise<BootstrapVerdict> {
    try {
      const { serverId, uri } = await tree.run((transaction) =>
        applyBootstrap(transaction, body, form, this.#withAccounts),
      );
      return { verdict: 'bootstrapped', serverId, uri };
    } catch (error) {
      if (error instanceof StoreError) return refused(`the account cannot be stored: ${error.code}`);
      if (!(error instanceof BootstrapRefusal)) throw error;
      return refused(error.message, error.serverId);
    }
  }
}

/** Why the document could not be applied now, if so; leaves no trace. */
async function rehearse(
  tree: ManagementTree,
  apply: (tree: Pick<ManagementTree, 'run'>) => Promise<BootstrapVerdict>,
): Promise<PinRefusal | undefined> {
  const transaction = tree.transaction();
  try {
    const verdict = await apply({ run: async (work) => work(transaction) });
    return verdict.verdict === 'refused' ? verdict : undefined;
  } finally {
    transaction.rollback();
  }
}

function tooLarge(octets: number): string {
  return `${octets} octets, at most ${largestBootstrap} are read`;
}

function refused(detail: string, serverId?: string): Refused {
  return { verdict: 'refused', detail, ...(serverId !== undefined && { serverId }) };
}

function formOf(push: ReceivedPush): 'dm' | 'wbxml' | 'xml' {
  if (!isProvisioning(push)) return 'dm';
  return contentOfPush(push) === 'connectivity+xml' ? 'xml' : 'wbxml';
}
