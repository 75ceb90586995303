// Long work in pieces: one in each pass of the event loop, whosever it is. What the disk answers and what others ask for
// comes between, so that the disk does not wait while lines are read, nor a reader while many are written.

const waiting: (() => void)[] = [];

/** Resolves in a pass of the event loop in which it resolves for nobody else. To be asked for before each piece. */
export function loopTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(give);
  });
}

function give(): void {
  const resolve = waiting.shift();
  if (waiting.length > 0) setImmediate(give);
  resolve?.();
}
