// What is said of a push that is asked for while its carrier is suspended: it is taken all the same.
import type { SuspendedCarriers } from './suspended-carriers.ts';

/** Who knows which carriers are suspended. */
export type Suspensions = Pick<SuspendedCarriers, 'holds' | 'of'>;

const none: readonly never[] = [];

/** One line where the carrier that a push begins with is suspended; without `suspensions` nobody is. */
export function suspensionWarnings(
  suspensions: Suspensions | undefined,
  carrier: string | undefined,
): readonly string[] {
  if (carrier === undefined || suspensions?.holds(carrier) !== true) return none;
  const { since, reason } = suspensions.of(carrier) ?? {};
  const from = since === undefined ? '' : ` since ${new Date(since).toISOString()}`;
  const why = reason === undefined ? '' : ` (${reason})`;
  return [
    `its carrier ${carrier} is suspended${from}${why}: it waits until that is resumed or its time is over`,
  ];
}
