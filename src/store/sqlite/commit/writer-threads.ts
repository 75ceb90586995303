// Threads that write, seen from the one that asks them.
import { MessageChannel, type MessagePort, SHARE_ENV, Worker } from 'node:worker_threads';
import { StoreError } from '../../../core/index.ts';
import type {
  NamedColumns,
  WriterAnswer,
  WriterFailure,
  WriterRequest,
  WriterStart,
} from './writer-messages.ts';

/** The file beside this one, as it stands in a checkout or as it was built. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? 'writer-thread.ts' : 'writer-thread.js',
  import.meta.url,
);

/** Memory for what a thread makes and soon throws away, in MiB: rows and texts of one message at a time. */
const youngMb = 4;

/** SQLite failed in the thread that writes. */
export class WriteFailure extends Error {
  /** SQLite's extended result code; 0 when it was not SQLite that failed. */
  readonly errcode: number;
  /** A query wrote another number of rows than it had to. */
  readonly unexpected: boolean;
  /** Whether the transaction is still open. */
  readonly open: boolean;
  /** Columns of statements that were prepared before it failed. */
  readonly named: NamedColumns;

  constructor({ failure, errcode, unexpected, open, named }: WriterFailure) {
    super(failure);
    this.errcode = errcode;
    this.unexpected = unexpected;
    this.open = open;
    this.named = named;
  }
}

interface Call {
  readonly resolve: (answer: WriterAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A thread with one database, or none yet. It keeps the process alive only while something is asked of it. */
export class WriterThread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #calls = new Int32Array(new SharedArrayBuffer(4));
  /** Answers come in the order of the requests. */
  readonly #waiting: Call[] = [];
  #ended: StoreError | undefined;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    const start: WriterStart = { port: port2, calls: this.#calls };
    this.#worker = new Worker(entry, {
      workerData: start,
      transferList: [port2],
      env: SHARE_ENV,
      // It takes no part in what the process was started with, such as hooks for modules.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    });
    this.#worker.unref();
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', (code) => this.#end(`exit code ${code}`));
    this.#port = port1;
    this.#port.on('message', (answer: WriterAnswer) => this.#answered(answer));
    this.#port.unref();
  }

  /** False once it can be asked no more. */
  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** @throws {StoreError} CLOSED the thread has ended */
  requireAlive(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  /** @throws {StoreError} CLOSED the thread has ended */
  ask(request: WriterRequest): Promise<WriterAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      // First, for it throws where a value cannot be sent: then no answer will come.
      this.#port.postMessage(request);
      if (this.#waiting.push({ resolve, reject }) === 1) this.#worker.ref();
      Atomics.add(this.#calls, 0, 1);
      Atomics.notify(this.#calls, 0);
    });
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(answer: WriterAnswer): void {
    const call = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#worker.unref();
    call?.resolve(answer);
  }

  /** Nobody waits for what will never be answered. */
  #end(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = new StoreError(
      'CLOSED',
      `the thread that writes the database has ended (${reason}), so nothing more is read or written: start the server again`,
    );
    this.#worker.unref();
    for (const call of this.#waiting.splice(0)) call.reject(this.#ended);
  }
}

/** One that has closed its database is kept for the next, since starting one takes longer than opening a file. */
let spare: WriterThread | undefined;

/** A thread without a database. */
export function takeThread(): WriterThread {
  const thread = spare?.isAlive === true ? spare : new WriterThread();
  spare = undefined;
  return thread;
}

/** Takes back a thread that has no database open. */
export async function giveBack(thread: WriterThread): Promise<void> {
  if (spare === undefined && thread.isAlive) spare = thread;
  else await thread.end();
}
