// How long a centre is asked to try: the life of a push, or less where the settings say so (SMPP 3.4 §4.4.1, §7.1.1).
import { absoluteTime, relativeTime } from '../../../codec/smpp/index.ts';
import type { Push } from '../../index.ts';
import { validitySeconds } from '../../short-message/index.ts';

/**
 * How validity_period is written: as a duration from when the centre has the message, for which no clocks need to agree; as
 * a moment in UTC, for centres that take no durations; or left empty.
 */
export type ValidityForm = 'relative' | 'absolute' | 'none';

/** Every form. */
export const validityForms = ['relative', 'absolute', 'none'] as const satisfies readonly ValidityForm[];

/** Settings of validity. */
export interface ValiditySettings {
  readonly form: ValidityForm;
  /** Longest, in seconds; `undefined`: only the push says. */
  readonly longestSeconds: number | undefined;
}

/**
 * validity_period of a push at `now`, milliseconds since the POSIX epoch: the shorter of its own life and of what is set,
 * and 30 days at most. Empty when neither says anything, and in form `none`.
 * @throws {PushError} EXPIRED when its time is over
 */
export function validityPeriod(push: Push, { form, longestSeconds }: ValiditySettings, now: number): string {
  const seconds = validitySeconds(push, longestSeconds, now);
  if (form === 'none' || seconds === undefined) return '';
  return form === 'relative' ? relativeTime(seconds) : absoluteTime(now + seconds * 1000);
}
