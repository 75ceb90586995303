// A connection that reads in a thread of its own, for what looks through many rows. The thread is started when it is needed first.
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
  #worker: Worker | undefined;
  /** Answers come in the order of the requests. */
  readonly #waiting: Call[] = [];
  #closed = false;

  /** Nothing is opened yet. The file is one that this process has open for writing. */
  constructor(path: string, busyTimeoutMs: number) {
    this.#start = { path, busyTimeoutMs };
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
    const worker = this.#worker;
    if (worker === undefined) return;
    try {
      await this.#ask(null);
    } finally {
      await worker.terminate();
    }
  }

  #ask(request: readonly Query[] | null): Promise<ScanAnswer> {
    const worker = this.#started();
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
    });
    worker.unref();
    worker.on('message', (answer: ScanAnswer) => {
      const call = this.#waiting.shift();
      if (this.#waiting.length === 0) worker.unref();
      call?.resolve(answer);
    });
    worker.on('error', (error) => this.#ended(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => this.#ended(`exit code ${code}`));
    this.#worker = worker;
    return worker;
  }

  /** What it had begun is lost; the next scan starts another. */
  #ended(reason: string): void {
    this.#worker = undefined;
    const error = new StoreError('IO', `the thread that looks through the database has ended (${reason})`);
    for (const call of this.#waiting.splice(0)) call.reject(error);
  }
}
