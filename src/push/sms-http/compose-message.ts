// One message of a push as a request, as the template says.
import type { Push } from '../index.ts';
import { type PushSegment, type SmsAddress, validitySeconds } from '../short-message/index.ts';
import type { CentreSettings } from './centre-settings.ts';
import { type BuiltRequest, buildRequest } from './request/request-template.ts';
import type { MessageValues } from './request/slots.ts';

/** What stands around one message. */
export interface MessagePlace {
  readonly push: Push;
  /** As it was given. */
  readonly number: string;
  readonly address: SmsAddress;
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/**
 * The request.
 * @param token what our reference and the address for receipts hold
 * @throws {PushError} EXPIRED when the time of the push is over
 * @throws {ValueError} for a value that has no place in it
 */
export function composeMessage(
  settings: CentreSettings,
  segment: PushSegment,
  place: MessagePlace,
  token: string,
): BuiltRequest {
  return buildRequest(settings.request, messageValues(settings, segment, place, token), settings.account);
}

/** What goes into the slots. @throws {PushError} EXPIRED */
function messageValues(
  settings: CentreSettings,
  { header, payload }: PushSegment,
  { push, number, address, part, parts }: MessagePlace,
  token: string,
): MessageValues {
  const { from, dataCoding, validity, clock, receipts } = settings;
  const now = clock.now();
  const left = validitySeconds(push, validity.longest, now);
  // Who takes nothing shorter is asked for its shortest: what comes too late, a device leaves alone.
  const seconds = left === undefined ? undefined : Math.max(left, validity.shortest);
  return {
    to: { digits: address.address, given: number },
    from,
    header,
    payload,
    dataCoding,
    validity: seconds === undefined ? undefined : { seconds, endsAt: endOf(push, seconds, left ?? 0, now) },
    reference: token,
    callback: receipts && callbackOf(receipts, token),
    part,
    parts,
  };
}

/** The moment itself where the push names it, else so many seconds from now. */
function endOf({ expiresAt }: Push, seconds: number, left: number, now: number): number {
  const own = expiresAt !== undefined && seconds === left && expiresAt - now < (seconds + 1) * 1000;
  return own ? expiresAt : now + seconds * 1000;
}

function callbackOf(
  { callback: known, tie, token: pointer }: NonNullable<CentreSettings['receipts']>,
  token: string,
): string | undefined {
  const callback = known();
  if (callback === undefined) return undefined;
  return tie === 'token' && pointer === undefined ? `${callback}/${token}` : callback;
}
