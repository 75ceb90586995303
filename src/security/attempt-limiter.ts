// Bounds how often something may fail, for keys that we choose. For names and addresses of strangers there is
// `AttemptGuard` of core, which inventing keys does not outwit.

/** How many failures in what time. */
export interface AttemptLimits {
  /** Failures within the window after which a key is refused. Default 5. */
  readonly maxFailures?: number;
  /** Length of the window, counted from its first failure, in milliseconds. Default 300000. */
  readonly windowMs?: number;
  /** Keys remembered at once; the oldest window gives way. Default 100000. */
  readonly maxKeys?: number;
}

/** Whether an attempt may be made now. */
export type AttemptVerdict =
  | { readonly allowed: true }
  /** Refused; the window ends after `retryAfterMs` milliseconds. */
  | { readonly allowed: false; readonly retryAfterMs: number };

interface Window {
  readonly startMs: number;
  failures: number;
}

/** Counts failures per key in fixed windows. The caller brings the time, so nothing here waits. */
export class AttemptLimiter {
  readonly #maxFailures: number;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  // In order of their start, which is the order of insertion.
  readonly #windows = new Map<string, Window>();

  constructor(limits: AttemptLimits = {}) {
    this.#maxFailures = limits.maxFailures ?? 5;
    this.#windowMs = limits.windowMs ?? 300_000;
    this.#maxKeys = limits.maxKeys ?? 100_000;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#windows.size;
  }

  /** Whether `key` may try at `nowMs`. Changes nothing. */
  check(key: string, nowMs: number): AttemptVerdict {
    const window = this.#windows.get(key);
    if (window === undefined || window.failures < this.#maxFailures) return { allowed: true };
    const retryAfterMs = window.startMs + this.#windowMs - nowMs;
    return retryAfterMs <= 0 ? { allowed: true } : { allowed: false, retryAfterMs };
  }

  /** Records a failure of `key` at `nowMs`. */
  failed(key: string, nowMs: number): void {
    this.#forgetOld(nowMs);
    const window = this.#windows.get(key);
    if (window !== undefined) {
      window.failures += 1;
      return;
    }
    if (this.#windows.size >= this.#maxKeys) {
      const oldest = this.#windows.keys().next();
      if (oldest.done !== true) this.#windows.delete(oldest.value);
    }
    this.#windows.set(key, { startMs: nowMs, failures: 1 });
  }

  /** Forgets the failures of `key`. */
  succeeded(key: string): void {
    this.#windows.delete(key);
  }

  #forgetOld(nowMs: number): void {
    for (const [key, window] of this.#windows) {
      if (window.startMs + this.#windowMs > nowMs) return;
      this.#windows.delete(key);
    }
  }
}
