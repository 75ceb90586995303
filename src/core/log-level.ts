// How much the log says: what is configured, and for a while or until the process ends something else.
import type { Clock, Timer } from './clock.ts';
import { ValueError } from './errors.ts';
import type { Logger } from './logger.ts';
import { wholeNumber } from './whole-number.ts';

/** Levels, from nothing to everything. */
export const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** A level of the log: lines of less weight are left out. */
export type LogLevelName = (typeof logLevels)[number];

/** Longest time for which another level than the configured one may be asked for, in seconds: a day. */
export const longestLogLevelSeconds = 86_400;

/** How the level stands. */
export interface LogLevelState {
  /** What counts now. */
  readonly level: LogLevelName;
  /** What flags, environment and configuration file say. */
  readonly configured: LogLevelName;
  /** When what is configured counts again, milliseconds since the POSIX epoch; absent where nothing ends by itself. */
  readonly until?: number;
}

/** What a level is kept with. */
export interface LogLevelOptions {
  readonly configured: LogLevelName;
  readonly clock: Clock;
  /** Is told of changes. */
  readonly logger: Logger;
  /** Makes the log say so much from now on. */
  readonly apply: (level: LogLevelName) => void;
}

/**
 * The level of a running process. One rule says which counts: what was asked for at run time, until its time is over, it is
 * taken back or the process ends; else what is configured, also when that changes meanwhile.
 */
export class LogLevel {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #apply: (level: LogLevelName) => void;
  #configured: LogLevelName;
  #asked: LogLevelName | undefined;
  /** When what was asked for is over, on the monotonic clock. */
  #endsAt: number | undefined;
  #timer: Timer | undefined;

  constructor({ configured, clock, logger, apply }: LogLevelOptions) {
    this.#configured = configured;
    this.#clock = clock;
    this.#logger = logger;
    this.#apply = apply;
  }

  get state(): LogLevelState {
    const until =
      this.#endsAt === undefined
        ? undefined
        : Math.round(this.#clock.now() + this.#endsAt - this.#clock.monotonic());
    return { level: this.#level, configured: this.#configured, ...(until !== undefined && { until }) };
  }

  /** Takes what flags, environment and file say now. It counts at once, unless another level was asked for at run time. */
  configure(level: LogLevelName): void {
    this.#change(() => {
      this.#configured = level;
    });
  }

  /**
   * Asks for another level, for so many seconds, or until it is taken back or the process ends.
   * @throws {ValueError} OUT_OF_RANGE: no level, or not 1 to 86400 seconds
   */
  set(level: LogLevelName, seconds?: number): void {
    if (!logLevels.includes(level)) {
      throw new ValueError('OUT_OF_RANGE', `must be one of ${logLevels.join(', ')}`, 'level');
    }
    const ms =
      seconds === undefined ? undefined : wholeNumber(seconds, 1, longestLogLevelSeconds, 'seconds') * 1000;
    this.#change(() => {
      this.end();
      this.#asked = level;
      if (ms === undefined) return;
      this.#endsAt = this.#clock.monotonic() + ms;
      this.#timer = this.#clock.after(ms, () => this.reset());
    });
  }

  /** What is configured counts from now on. */
  reset(): void {
    this.#change(() => {
      this.end();
      this.#asked = undefined;
    });
  }

  /** Waits for nothing more; the level stays. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#endsAt = undefined;
  }

  get #level(): LogLevelName {
    return this.#asked ?? this.#configured;
  }

  /** The line about a change is written under the level of the two that says more. */
  #change(make: () => void): void {
    const from = this.#level;
    make();
    const to = this.#level;
    if (from === to) return;
    const tell = (): void => this.#logger.info({ from, to }, 'the level of the log changed');
    const less = logLevels.indexOf(to) < logLevels.indexOf(from);
    if (less) tell();
    this.#apply(to);
    if (!less) tell();
  }
}
