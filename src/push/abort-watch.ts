// Who has to know that a signal aborts: one listener for each signal, for a signal that thousands of pushes share would look through
// all of its listeners for each of them.

interface Watch {
  readonly runs: Set<() => void>;
  readonly listener: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/** Calls `run` once when the signal aborts, which has not yet. Must not throw. The same function twice counts once. */
export function watchAbort(signal: AbortSignal, run: () => void): void {
  let watch = watches.get(signal);
  if (watch === undefined) {
    const runs = new Set<() => void>();
    const listener = (): void => {
      watches.delete(signal);
      for (const each of runs) each();
    };
    watch = { runs, listener };
    watches.set(signal, watch);
    signal.addEventListener('abort', listener, { once: true });
  }
  watch.runs.add(run);
}

/** Takes that back. */
export function unwatchAbort(signal: AbortSignal, run: () => void): void {
  const watch = watches.get(signal);
  if (watch === undefined || !watch.runs.delete(run) || watch.runs.size > 0) return;
  // A signal made of others is held as long as somebody listens to it.
  watches.delete(signal);
  signal.removeEventListener('abort', watch.listener);
}
