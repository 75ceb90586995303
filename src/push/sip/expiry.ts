// When the content of a MESSAGE is worth nothing any more, for whoever keeps it on the way: Expires, and Date, without which
// nobody later knows what Expires counts from (RFC 3428; RFC 3261 §20.17, §20.19).
import { headerName, type SipHeader } from '../../codec/sip/index.ts';
import { ValueError } from '../../core/index.ts';
import { lifeLeftSeconds, type Push } from '../index.ts';

/** Largest number of seconds in Expires (RFC 3261 §20.19). */
export const maxExpires = 2 ** 32 - 1;

/** Takes Expires out of fields that are for every push. @throws {ValueError} BAD_FORMAT when it is no number of seconds */
export function splitExpires(headers: readonly SipHeader[]): {
  readonly fields: readonly SipHeader[];
  /** In seconds; `undefined` when there is none. */
  readonly longest: number | undefined;
} {
  const isExpires = ({ name }: SipHeader): boolean => headerName(name) === 'Expires';
  const given = headers.filter(isExpires).map(({ value }) => {
    const seconds = /^[0-9]{1,10}$/.test(value) ? Number(value) : 0;
    if (seconds >= 1 && seconds <= maxExpires) return seconds;
    throw new ValueError('BAD_FORMAT', `must be a number of seconds, 1 to ${maxExpires}`, 'headers.Expires');
  });
  return {
    fields: headers.filter((header) => !isExpires(header)),
    longest: given.length === 0 ? undefined : Math.min(...given),
  };
}

/**
 * The fields of a push at `now`, milliseconds since the POSIX epoch: the shorter of its own life and of `longest` seconds;
 * none when neither says anything.
 * @throws {PushError} EXPIRED when its time is over
 */
export function expiryFields(push: Push, longest: number | undefined, now: number): readonly SipHeader[] {
  const seconds = Math.min(lifeLeftSeconds(push, now), longest ?? Number.POSITIVE_INFINITY);
  if (seconds === Number.POSITIVE_INFINITY) return [];
  return [
    { name: 'Date', value: new Date(now).toUTCString() },
    { name: 'Expires', value: String(Math.min(seconds, maxExpires)) },
  ];
}
