// Input as it comes in, also from who is still writing it: it ends when that is asked, and what was read is shown when nothing more
// comes for now.

/** How long what was read may stay unshown, in milliseconds. Threads have nothing to do while all is written: not too often. */
const flushMs = 500;
/** How long reading goes on when it is to stop, for what the writer of a pipe still has; in milliseconds. */
const lastMs = 250;

/** Gives chunks until they end, or `stop` asks for their end. */
export async function* untilStopped(
  chunks: AsyncIterable<Uint8Array>,
  stop: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  const over = new Bell();
  const onStop = (): void => over.ringIn(lastMs);
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  try {
    for (;;) {
      // Input that is always there at once must not keep signals and timers waiting.
      await new Promise((resolve) => setImmediate(resolve));
      const result = await nextOr(over, iterator.next());
      if (result instanceof Bell || result.done === true) return;
      yield result.value;
    }
  } finally {
    stop.removeEventListener('abort', onStop);
    over.quiet();
    // It may never answer: nobody waits for it.
    iterator.return?.().catch(() => undefined);
  }
}

/** Gives chunks, and `due` when all that was read should be shown. */
export async function* withPauses(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | 'due'> {
  const iterator = chunks[Symbol.asyncIterator]();
  const due = new Bell();
  try {
    for (;;) {
      const next = iterator.next();
      const first = await nextOr(due, next);
      if (first instanceof Bell) {
        yield 'due';
        due.quiet();
      }
      const result = await next;
      if (result.done === true) return;
      due.ringIn(flushMs);
      yield result.value;
    }
  } finally {
    due.quiet();
    await iterator.return?.();
  }
}

/** Rings once after a time; who listens later hears it too. */
class Bell {
  #timer: NodeJS.Timeout | undefined;
  #rung = false;
  #listener: (() => void) | undefined;

  /** Rings after so many milliseconds, if that is not asked already. */
  ringIn(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#rung = true;
      this.#listener?.();
    }, ms);
  }

  /** Only the last listener hears it. */
  listen(listener: () => void): void {
    if (this.#rung) listener();
    else this.#listener = listener;
  }

  /** Rings no more until it is asked again. */
  quiet(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rung = false;
    this.#listener = undefined;
  }
}

/** What comes next, or the bell where that rings before. */
function nextOr<Result>(bell: Bell, next: Promise<Result>): Promise<Result | Bell> {
  return new Promise((resolve, reject) => {
    bell.listen(() => resolve(bell));
    next.then(resolve, reject);
  });
}
