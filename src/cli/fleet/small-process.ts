// Keeps a process small in which ten thousand small things live and large ones come and go all the time.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Tells the engine how much room it may take beyond what is in use. Left to itself it lets the young generation grow to 32 MB
 * and more, and the old one to a multiple of what is in use, before it sweeps: fast, and more than all sleeping devices need.
 * It sweeps more often instead. These are flags of the engine; one that a version of Node does not know does nothing.
 */
export function keepSmall(): void {
  // What the start has left behind goes, and the young generation is as small as at the start; it stays so.
  sweep('last-resort');
  setFlagsFromString('--semi-space-growth-factor=1');
  // The old one is swept when it has grown by so many per cent since the last time.
  setFlagsFromString('--heap-growing-percent=25');
}

/** `last-resort` gives everything back to the system that can be. */
type Sweep = 'regular' | 'last-resort';

let collect: ((options: { readonly type: 'major'; readonly flavor: Sweep }) => void) | undefined;

/** Sweeps rubbish up, now, whether Node was started with `--expose-gc` or not. */
export function sweep(flavor: Sweep = 'regular'): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as typeof collect;
  }
  collect?.({ type: 'major', flavor });
}
