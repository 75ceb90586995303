// SIGHUP: everything is read again, and what may change while the server runs is changed, all of it or nothing.
import { isDeepStrictEqual } from 'node:util';
import { type Logger, type LogLevel, ReveilleError } from '../../core/index.ts';
import { ConfigFaults, faultLine, mostFaults } from '../config/fault.ts';
import { reasonOf } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import { changesBetween, sameTls } from '../set-up/changes.ts';
import { readSetUp, type SetUp } from '../set-up/set-up.ts';
import type { Given } from '../settings/read-settings.ts';
import type { RunningServer } from './running-server.ts';

/** What is reloaded, and with what. */
export interface Reloading {
  readonly io: Io;
  readonly given: Given;
  readonly running: Pick<RunningServer, 'server' | 'renewApiTls' | 'renewDmTls' | 'renewApiAccess'>;
  readonly logger: Logger;
  /** The level of that log. */
  readonly logLevel: LogLevel;
  /** Makes the first token of an empty store, as at the start, where the new set-up has none. */
  readonly firstToken: () => Promise<void>;
}

/** One change: how it is made, and how it is taken back. */
interface Step {
  readonly make: () => void;
  readonly undo: () => void;
}

/** What the server goes by, read again whenever it is asked for. */
export class Reloads {
  readonly #options: Reloading;
  readonly #started: SetUp;
  #current: SetUp;
  #last: Promise<void> = Promise.resolve();
  #ended = false;

  /** `setUp` is what the server was started with. */
  constructor(options: Reloading, setUp: SetUp) {
    this.#options = options;
    this.#started = setUp;
    this.#current = setUp;
  }

  /** What was read last and is right. */
  get current(): SetUp {
    return this.#current;
  }

  /** Reads all again, once what is being read is done. Never rejects: what is wrong is told to the log. */
  reload(): Promise<void> {
    this.#last = this.#last.then(() => this.#reload());
    return this.#last;
  }

  /** The server stops: nothing is read any more, and who asks for it is told so. */
  end(): void {
    this.#ended = true;
  }

  async #reload(): Promise<void> {
    const { io, given, logger } = this.#options;
    if (this.#ended) {
      logger.warn({}, 'the server stops, so the configuration is not read again: the next start reads it');
      return;
    }
    try {
      const next = await readSetUp(io, given);
      const { changed, restart } = changesBetween(this.#started, this.#current, next);
      this.#apply(next);
      if (next.api.tokens.length === 0) await this.#options.firstToken();
      logger.info({ changed }, 'the configuration was read again');
      if (restart.length > 0)
        logger.warn({ settings: restart }, 'the server has to be started again for these settings');
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    const { logger } = this.#options;
    const text = 'the configuration was read again, is wrong, and stays as it was';
    if (error instanceof ConfigFaults) {
      for (const fault of error.faults.slice(0, mostFaults)) logger.error({ error: faultLine(fault) }, text);
    } else if (error instanceof ReveilleError || error instanceof UsageError) {
      logger.error({ error: error.message }, text);
    } else logger.error({ error: reasonOf(error) }, text);
  }

  #apply(next: SetUp): void {
    const done: Step[] = [];
    try {
      for (const step of this.#steps(this.#current, next)) {
        step.make();
        done.push(step);
      }
    } catch (error) {
      for (const step of done.reverse()) step.undo();
      throw error;
    }
    this.#current = next;
  }

  #steps(old: SetUp, next: SetUp): readonly Step[] {
    const { running, logLevel } = this.#options;
    const { server } = running;
    const steps: Step[] = [];
    const add = <Part>(from: Part, to: Part, make: (part: Part) => void): void => {
      if (!isDeepStrictEqual(from, to)) steps.push({ make: () => make(to), undo: () => make(from) });
    };
    add(accessOf(old), accessOf(next), (access) => running.renewApiAccess(access));
    if (sameTls('api', this.#started, next)) {
      add(old.api.tls, next.api.tls, (tls) => tls && running.renewApiTls(tls));
    }
    if (sameTls('dm', this.#started, next)) {
      add(old.dm.tls, next.dm.tls, (tls) => tls && running.renewDmTls(tls));
    }
    add(old.policy, next.policy, (policy) => server.renewPolicy(policy));
    add(old.retention, next.retention, (retention) => server.renewRetention(retention));
    add(old.read.values.logLevel, next.read.values.logLevel, (level) => logLevel.configure(level));
    return steps;
  }
}

function accessOf({ api: { tokens, oidc, requestsPerMinute = 0 } }: SetUp) {
  return { tokens, oidc, requestsPerMinute };
}
