// The protection of a bootstrap message, checked before anything in it is looked at (OMA ProvBoot 1.1, DM-SEC-1.2).
import { equalConstantTime, utf8ToBytes } from '../core/index.ts';
import type { ReceivedPush } from '../push/index.ts';
import { type BootstrapSec, userPinMac, verifyBootstrapMac } from '../security/index.ts';
import { type BootstrapPolicy, bootstrapPolicyDefaults } from './bootstrap-policy.ts';

/** What the protection is worth. */
export type ProtectionVerdict =
  | { readonly holds: true }
  | {
      readonly holds: false;
      /** For the log. */
      readonly detail: string;
      /** True for a MAC or PIN that is wrong, which counts as an attempt. */
      readonly wrong: boolean;
    };

/** Checks it; asks the user for the PIN where one is needed. */
export async function checkProtection(
  { parameters, body }: Pick<ReceivedPush, 'parameters' | 'body'>,
  policy: BootstrapPolicy,
  signal: AbortSignal,
): Promise<ProtectionVerdict> {
  const { SEC: name = 'none', MAC: mac } = parameters;
  const allowed = policy.allow.find((each) => each === name);
  if (allowed === undefined) {
    const known = policy.allow.join(', ');
    return refused(
      `protection ${shown(name)} is not allowed (allowed: ${known === '' ? 'none at all' : known})`,
    );
  }
  if (allowed === 'none') return { holds: true };
  if (allowed !== 'USERPINMAC' && mac === undefined) return refused('the content type has SEC and no MAC');
  if (allowed === 'NETWPIN') {
    const { network } = policy;
    if (network === undefined) return refused('the device has no secret of the network (IMSI)');
    const holds = verifyBootstrapMac(body, mac ?? '', { sec: allowed, network }) === 'accepted';
    return holds ? { holds } : { holds, detail: 'the MAC is wrong', wrong: true };
  }
  return checkWithPin(body, mac ?? '', allowed, policy, signal);
}

async function checkWithPin(
  body: Uint8Array,
  mac: string,
  sec: Exclude<BootstrapSec, 'NETWPIN'>,
  policy: BootstrapPolicy,
  signal: AbortSignal,
): Promise<ProtectionVerdict> {
  const { askPin, network, pinAttempts = bootstrapPolicyDefaults.pinAttempts } = policy;
  if (askPin === undefined) return refused('nobody can be asked for a PIN');
  if (sec === 'USERNETWPIN' && network === undefined) {
    return refused('the device has no secret of the network (IMSI)');
  }
  for (let attempt = 1; attempt <= pinAttempts; attempt += 1) {
    const pin = await askPin({ sec, attempt, left: pinAttempts - attempt + 1 }, signal);
    if (pin === undefined || signal.aborted) return refused('the user entered no PIN');
    if (pinHolds(body, mac, sec, pin.trim(), network)) return { holds: true };
  }
  return { holds: false, detail: `${pinAttempts} wrong PINs`, wrong: true };
}

function pinHolds(
  body: Uint8Array,
  mac: string,
  sec: Exclude<BootstrapSec, 'NETWPIN'>,
  pin: string,
  network: Uint8Array | undefined,
): boolean {
  if (!/^[0-9]{1,40}$/.test(pin)) return false;
  switch (sec) {
    case 'USERPIN':
      return verifyBootstrapMac(body, mac, { sec, pin }) === 'accepted';
    case 'USERNETWPIN': {
      if (network === undefined) return false;
      const secret = { sec, network, pin } as const;
      // The two documents join the secrets in two ways.
      const provisioning = verifyBootstrapMac(body, mac, secret) === 'accepted';
      const dm = verifyBootstrapMac(body, mac, { ...secret, joined: 'dm' }) === 'accepted';
      return provisioning || dm;
    }
    case 'USERPINMAC': {
      // Half is the PIN, half are digits of the MAC.
      if (pin.length % 2 !== 0) return false;
      const expected = userPinMac(body, pin.slice(0, pin.length / 2));
      return equalConstantTime(utf8ToBytes(expected), utf8ToBytes(pin));
    }
  }
}

function refused(detail: string): ProtectionVerdict {
  return { holds: false, detail, wrong: false };
}

function shown(text: string): string {
  return /^[A-Z]{1,16}$/.test(text) ? text : JSON.stringify(text.slice(0, 32));
}
