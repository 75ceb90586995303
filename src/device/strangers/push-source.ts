// Who sent a push, as far as bounds are concerned: neither is to be believed, but each has its share only.
import { sourceOf } from '../../core/index.ts';
import type { ReceivedPush } from '../../push/index.ts';

/** Characters of a sender that are told apart. */
const longestSource = 256;

/** The host that a push came from: an IP address without its port (`sourceOf`), or whatever the carrier names. */
export function hostOf({ from }: Pick<ReceivedPush, 'from'>): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(from) ?? [];
  return sourceOf(bracketed ?? plain ?? from).slice(0, longestSource);
}

/** Who sent it: the number or URI that the carrier gives for the sender, else the host. */
export function senderOf(push: Pick<ReceivedPush, 'from' | 'sender'>): string {
  return push.sender === undefined ? hostOf(push) : push.sender.toLowerCase().slice(0, longestSource);
}
