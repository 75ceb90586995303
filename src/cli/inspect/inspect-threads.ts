// Threads that explain messages of a large capture, seen from the one that reads it: what they say is written in the order of the
// capture, and they are given no more than can be written.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FamilyName } from '../../families/index.ts';
import type { InspectOptions } from '../../inspect/index.ts';
import type { InspectView } from './inspect-output.ts';
import type { MessageBatch } from './message-batch.ts';

/** What a thread is started with. */
export interface ThreadStart {
  readonly view: Omit<InspectView, 'family'>;
  readonly family: FamilyName | undefined;
  readonly how: InspectOptions;
}

/** Messages to explain, and room for the text, which a thread has given before. */
export interface ThreadRequest {
  readonly batch: MessageBatch;
  readonly room: Uint8Array<ArrayBuffer> | undefined;
}

/** The text for a batch, in UTF-8. */
export interface ThreadAnswer {
  readonly text: Uint8Array<ArrayBuffer>;
  /** Whether a message so far was not well. */
  readonly failed: boolean;
}

/** The file beside this one, as it stands in a checkout or as it was built. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? 'inspect-thread.ts' : 'inspect-thread.js',
  import.meta.url,
);

/** Threads beside the one that reads and writes; with one processor there are none. */
const mostThreads = 2;
/** Batches that one thread has at a time: one that it works on, and one that waits for it. */
const batchesEach = 2;
/** Memory for what a thread makes and soon throws away, in MiB. */
const youngMb = 4;

/** Whether threads are of use here. */
export const threadsHelp = availableParallelism() > 1;

interface Call {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Explains batches of messages. */
export class InspectThreads {
  readonly #threads: readonly InspectThread[];
  readonly #write: (text: Uint8Array) => Promise<void>;
  /** What is asked and not written, in its order. */
  readonly #asked: Promise<ThreadAnswer>[] = [];
  readonly #rooms: Uint8Array<ArrayBuffer>[] = [];
  #failed = false;

  /** `write` resolves when the text may be used again. */
  constructor(start: ThreadStart, write: (text: Uint8Array) => Promise<void>) {
    const count = Math.min(mostThreads, availableParallelism());
    this.#threads = Array.from({ length: count }, () => new InspectThread(start));
    this.#write = write;
  }

  /** Whether a message was not well. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Has a batch explained; resolves when the next may come. @throws {Error} a thread has ended */
  async explain(batch: MessageBatch): Promise<void> {
    if (this.#asked.length >= this.#threads.length * batchesEach) await this.#writeFirst();
    const [thread] = this.#threads.toSorted((a, b) => a.waiting - b.waiting);
    if (thread === undefined) return;
    const answer = thread.explain({ batch, room: this.#rooms.pop() });
    // It is looked at when its turn comes.
    answer.catch(() => undefined);
    this.#asked.push(answer);
  }

  /** Writes what is left. @throws {Error} a thread has ended */
  async end(): Promise<void> {
    while (this.#asked.length > 0) await this.#writeFirst();
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  async #writeFirst(): Promise<void> {
    const answer = await this.#asked.shift();
    if (answer === undefined) return;
    const { text, failed } = answer;
    this.#failed ||= failed;
    if (text.length > 0) await this.#write(text);
    this.#rooms.push(new Uint8Array(text.buffer));
  }
}

class InspectThread {
  readonly #worker: Worker;
  /** Answers come in the order of the requests. */
  readonly #calls: Call[] = [];
  #ended: Error | undefined;

  constructor(start: ThreadStart) {
    this.#worker = new Worker(entry, {
      workerData: start,
      // It takes no part in what the process was started with, such as hooks for modules.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    });
    this.#worker.on('message', (answer: ThreadAnswer) => this.#calls.shift()?.resolve(answer));
    this.#worker.on('error', (error) => this.#end(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', (code) => this.#end(`exit code ${code}`));
  }

  /** Batches that it has. */
  get waiting(): number {
    return this.#calls.length;
  }

  explain(request: ThreadRequest): Promise<ThreadAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const { batch, room } = request;
    const { promise, resolve, reject } = Promise.withResolvers<ThreadAnswer>();
    this.#calls.push({ resolve, reject });
    const given = [batch.octets.buffer, batch.table.buffer];
    this.#worker.postMessage(request, room === undefined ? given : [...given, room.buffer]);
    return promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(reason: string): void {
    this.#ended ??= new Error(`a thread that explains messages has ended (${reason})`);
    for (const call of this.#calls.splice(0)) call.reject(this.#ended);
  }
}
