// The memory of a server: what it makes for a request or a set of rows is rubbish a moment later.
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/**
 * Has the engine make all objects where it sweeps often. Left to itself it watches where those come from that last for a while, and
 * makes the next ones of there at once among what lasts: in an import, half of all that is made, which then waits for the sweep that
 * comes seldom. A version of Node that does not know the flag does nothing.
 */
export function keepRubbishYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/** Octets from which on the young space grows no more. */
export const largestYoungSpace = 32 * 1_048_576;

/**
 * Keeps the space that is swept often from growing beyond `largestYoungSpace` or little more. The engine doubles it while enough
 * lasts from one sweep to the next, to 128 MB, all of which is touched by and by; a server gains nothing by that. It is looked at
 * after each sweep. Gives what ends it.
 */
export function boundYoungSpace(): () => void {
  let grows = true;
  const observer = new PerformanceObserver(() => {
    const mayGrow = youngSpace() < largestYoungSpace;
    if (mayGrow === grows) return;
    grows = mayGrow;
    setGrowth(grows ? 2 : 1);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    observer.disconnect();
    setGrowth(2);
  };
}

function setGrowth(factor: 1 | 2): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

/** Octets of the space that is swept often. */
export function youngSpace(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}
