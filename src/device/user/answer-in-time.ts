// Waits for a user, for a limited time.
import type { Clock } from '../../core/index.ts';

/** What came of asking. */
export type Answer<Value> =
  | { readonly given: Value }
  | { readonly given?: undefined; readonly silence: 'unanswered' | 'stopped' };

/** How long the user is waited for. */
export interface Patience {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/**
 * Asks until there is an answer, the time is over or `signal` aborts; the question's own signal then tells that it is no
 * longer wanted. Never rejects: a user interface that fails is silence.
 */
export function answerInTime<Value>(
  ask: (unwanted: AbortSignal) => Promise<Value>,
  { clock, timeoutMs, signal }: Patience,
): Promise<Answer<Value>> {
  if (signal.aborted) return Promise.resolve({ silence: 'stopped' });
  return new Promise((resolve) => {
    const unwanted = new AbortController();
    const settle = (answer: Answer<Value>): void => {
      timer.cancel();
      signal.removeEventListener('abort', stop);
      resolve(answer);
      unwanted.abort();
    };
    const stop = (): void => settle({ silence: 'stopped' });
    const timer = clock.after(timeoutMs, () => settle({ silence: 'unanswered' }));
    signal.addEventListener('abort', stop, { once: true });
    new Promise<Value>((answer) => answer(ask(unwanted.signal))).then(
      (given) => settle({ given }),
      () => settle({ silence: 'unanswered' }),
    );
  });
}
