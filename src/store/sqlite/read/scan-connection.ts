// A connection that reads in a thread of its own, for what looks through many rows. The thread is started when it is needed, and ends
// when it has had nothing to do for a while: it takes memory of its own.
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { StoreError } from '../../../core/index.ts';
import type { Answer, Query } from '../../sql/index.ts';

/** Given to the thread when it starts. */
export interface ScanStart {
  readonly path: string;
  readonly busyTimeoutMs: number;
}

/** What the thread answers: rows, or SQLite's error. */
export type ScanAnswer =
  | { readonly answers: readonly Answer[] }
  | { readonly failure: string; readonly errcode: number };

/** Scans that wait for their turn at most; one takes seconds where there are many devices. */
const longestQueue = 64;

/** The file beside this one, as it stands in a checkout or as it was built. */
const entry = new URL(import.meta.url.endsWith('.ts') ? 'scan-thread.ts' : 'scan-thread.js', import.meta.url);

/** A thread that has had nothing to do for so long ends, in milliseconds. */
const longestIdleMs = 10_000;

/** Memory for what a thread makes and soon throws away, in MiB: rows of one answer at a time. */
const youngMb = 4;

interface Call {
  readonly resolve: (answer: ScanAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** SQLite failed in the thread. */
class ScanFailure extends Error {
  readonly errcode: number;

  constructor(message: string, errcode: number) {
    super(message);
    this.errcode = errcode;
  }
}

/** One open database, for looking through it. */
export class ScanConnection {
  readonly #start: ScanStart;
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;
  /** The end of the last thread that had nothing to do. */
  #leaving: Promise<unknown> | undefined;
  #worker: Worker | undefined;
  /** Answers come in the order of the requests. */
  readonly #waiting: Call[] = [];
  #closed = false;

  /** Nothing is opened yet. The file is one that this process has open for writing. `idleMs`: as `longestIdleMs`. */
  constructor(path: string, busyTimeoutMs: number, idleMs = longestIdleMs) {
    this.#start = { path, busyTimeoutMs };
    this.#idleMs = idleMs;
  }

  /**
   * Answers queries that only read, at one moment of the database.
   * @throws SQLite's error; {StoreError} CLOSED, TOO_MANY_SCANS when too many wait
   */
  async answers(queries: readonly Query[]): Promise<readonly Answer[]> {
    if (this.#closed) throw new StoreError('CLOSED', 'the store has been closed');
    if (this.#waiting.length >= longestQueue) {
      throw new StoreError('TOO_MANY_SCANS', 'too many lists and counts of devices wait: try again later');
    }
    const answer = await this.#ask(queries);
    if ('failure' in answer) throw new ScanFailure(answer.failure, answer.errcode);
    return answer.answers;
  }

  /** Ends the thread, when what was asked before is answered. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#endThread();
    clearTimeout(this.#idle);
    await this.#leaving;
  }

  /** True while it has a thread. */
  get hasThread(): boolean {
    return this.#worker !== undefined;
  }

  async #endThread(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    try {
      await this.#ask(null);
    } finally {
      if (this.#worker === worker) this.#worker = undefined;
      await worker.terminate();
    }
  }

  #ask(request: readonly Query[] | null): Promise<ScanAnswer> {
    const worker = this.#started();
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      worker.postMessage(request);
      if (this.#waiting.push({ resolve, reject }) === 1) worker.ref();
    });
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(entry, {
      workerData: this.#start,
      env: SHARE_ENV,
      // It takes no part in what the process was started with, such as hooks for modules.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    });
    worker.unref();
    worker.on('message', (answer: ScanAnswer) => {
      const call = this.#waiting.shift();
      if (this.#waiting.length === 0) this.#rest(worker);
      call?.resolve(answer);
    });
    worker.on('error', (error) => this.#ended(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.#ended(`exit code ${code}`));
    this.#worker = worker;
    return worker;
  }

  /** Nothing is asked of the thread at present. */
  #rest(worker: Worker): void {
    worker.unref();
    if (this.#closed) return;
    this.#idle = setTimeout(() => this.#retire(worker), this.#idleMs).unref();
  }

  /** Has a thread end that has nothing to do; what is asked from here on has another one. */
  #retire(worker: Worker): void {
    this.#worker = undefined;
    worker.removeAllListeners();
    this.#leaving = new Promise((resolve) => {
      worker.once('message', () => resolve(worker.terminate()));
      worker.once('exit', resolve);
      worker.once('error', resolve);
    });
    worker.ref();
    worker.postMessage(null);
  }

  /** What it had begun is lost; the next scan starts another. */
  #ended(reason: string): void {
    this.#worker = undefined;
    const error = new StoreError('IO', `the thread that looks through the database has ended (${reason})`);
    for (const call of this.#waiting.splice(0)) call.reject(error);
  }
}
