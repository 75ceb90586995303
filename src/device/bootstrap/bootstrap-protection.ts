// The protection of a bootstrap message (OMA ProvBoot 1.1, DM-SEC-1.2): what its parameters ask for, and whether a MAC or a
// PIN holds.
import { equalConstantTime, utf8ToBytes } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';
import { type BootstrapSec, userPinMac, verifyBootstrapMac } from '../../security/index.ts';
import type { BootstrapPolicy } from './bootstrap-policy.ts';

/** Protections that the user has a part in. */
export type PinSec = Exclude<BootstrapSec, 'NETWPIN'>;

/** What a message is protected with, as its content type says. */
export type Protection =
  | { readonly sec: 'none' }
  | { readonly sec: 'NETWPIN'; readonly mac: string; readonly network: Uint8Array }
  | {
      readonly sec: PinSec;
      /** Empty for USERPINMAC, whose user has it. */
      readonly mac: string;
      readonly network: Uint8Array | undefined;
    };

/** Reads the parameters; a text for the log where the policy refuses them, whatever MAC or PIN there may be. */
export function readProtection(
  { parameters }: Pick<ReceivedPush, 'parameters'>,
  policy: BootstrapPolicy,
): Protection | string {
  const { SEC: name = 'none', MAC: mac } = parameters;
  const sec = policy.allow.find((each) => each === name);
  if (sec === undefined) {
    const known = policy.allow.join(', ');
    return `protection ${shown(name)} is not allowed (allowed: ${known === '' ? 'none at all' : known})`;
  }
  if (sec === 'none') return { sec };
  const { network, askPin } = policy;
  if (sec !== 'USERPINMAC') {
    if (mac === undefined) return 'the content type has SEC and no MAC';
    if (!/^[0-9A-Fa-f]{40}$/.test(mac)) return 'the MAC is wrong: it is not 40 hex digits';
  }
  if ((sec === 'NETWPIN' || sec === 'USERNETWPIN') && network === undefined) {
    return 'the device has no secret of the network (IMSI)';
  }
  if (sec === 'NETWPIN') return { sec, mac: mac ?? '', network: network ?? new Uint8Array() };
  if (askPin === undefined) return 'nobody can be asked for a PIN';
  return { sec, mac: sec === 'USERPINMAC' ? '' : (mac ?? ''), network };
}

/** True when the MAC is that of the body under the network's secret; in constant time. */
export function networkMacHolds(
  body: Uint8Array,
  { mac, network, sec }: Extract<Protection, { sec: 'NETWPIN' }>,
): boolean {
  return verifyBootstrapMac(body, mac, { sec, network }) === 'accepted';
}

/** True when the PIN, as the user typed it, is that of the body. */
export function pinHolds(
  body: Uint8Array,
  { mac, sec, network }: Extract<Protection, { sec: PinSec }>,
  typed: string,
): boolean {
  const pin = typed.trim();
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

function shown(text: string): string {
  return /^[A-Z]{1,16}$/.test(text) ? text : JSON.stringify(text.slice(0, 32));
}
