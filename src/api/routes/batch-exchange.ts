// One request whose body is lines: taken in sets as they come, answered line by line as each set is on disk. It holds a bounded
// number of sets, whatever the length of the body: it reads no more while the disk, or the reader of the answers, is behind.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock } from '../../core/index.ts';
import type { BodyTimes } from '../host/body-times.ts';
import { ndjson } from '../request/batch-request.ts';
import type { BodyLine } from '../request/body-lines.ts';

/** Bounds of what one request has under way. */
export const batchBounds = Object.freeze({
  /** Lines that are taken together. */
  lines: 500,
  /** Octets of lines that are taken together; a longer line is taken alone. */
  octets: 512 * 1024,
  /** Sets that are on their way to the disk, or wait to be answered, while the next one is read. */
  sets: 2,
  /** Octets of their lines; one set is taken whatever it has. */
  underWay: 16 * 1024 * 1024,
  /** Octets of answers that wait for a slow reader. A client may send so much before it begins to read. */
  answers: 1024 * 1024,
});

/** For how long what still comes is read behind answers that broke off. */
const lingerMs = 1000;

/** One of the lines that are exchanged. */
export interface ExchangedLine {
  readonly number: number;
}

/** Divides a body into lines, as `BodyLines` does. */
export interface LineSource<Line> {
  readonly isWithinLine: boolean;
  add(octets: Buffer): boolean;
  end(): void;
  next(): Line | undefined;
}

/** What lines are exchanged with. */
export interface BatchOptions<Line extends ExchangedLine = BodyLine> {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly source: LineSource<Line>;
  /** Octets of a line, or about as many. */
  readonly lengthOf: (line: Line) => number;
  /** Bounds of a set that is taken. Default `batchBounds`. */
  readonly set?: { readonly lines: number; readonly octets: number };
  /** Sets that are under way at most. Default `batchBounds.sets`. */
  readonly sets?: number;
  /** A set waits until it is full, or the body has ended. Default: what is here is taken when nothing more is. */
  readonly fullSets?: boolean;
  readonly bodies: BodyTimes;
  /** Resolves when the next set may be taken. Default: at once. */
  readonly ready?: () => Promise<void>;
  /** Takes a set in; gives the answers, a line for each. */
  readonly take: (lines: readonly Line[]) => Promise<string>;
  /** What is told behind all answers, when the body has come to its end. */
  readonly ending?: () => string;
  /** The answer to a line that is not taken because the server stops, and to all behind it. */
  readonly stopping: (line: number) => string;
  /** Asked before each set: false once the caller may send nothing any more. */
  readonly mayGoOn: () => Promise<boolean>;
  /** The answer to the line that is not taken then, and to all behind it. */
  readonly ended: (line: number) => string;
}

/** The exchange of one request. */
export class BatchExchange<Line extends ExchangedLine = BodyLine> {
  readonly #options: BatchOptions<Line>;
  readonly #lines: LineSource<Line>;
  readonly #bounds: { readonly lines: number; readonly octets: number };
  #received = 0;
  #set: Line[] = [];
  #setOctets = 0;
  /** Sets that are not answered yet. */
  #underWay = 0;
  /** Octets of their lines. */
  #octetsUnderWay = 0;
  /** Resolves when all sets so far are answered. */
  #answered: Promise<void> = Promise.resolve();
  /** Says why no more lines are taken, once none are. */
  #stopped: ((line: number) => string) | undefined;
  /** Lines are here that were not taken. */
  #isLeft = false;
  /** Nobody reads the answers any more. */
  #left = false;
  #failure: unknown;
  /** The last line that was taken. */
  #lastLine = 0;
  /** The line that comes has to be here in time. */
  #isTimed = false;
  #waiting: (() => void)[] = [];

  constructor(options: BatchOptions<Line>) {
    this.#options = options;
    this.#lines = options.source;
    this.#bounds = options.set ?? batchBounds;
  }

  /** Octets of the body so far. */
  get received(): number {
    return this.#received;
  }

  /**
   * Runs to the end of the body, of the connection, or of the server. What was taken when the client went away is on disk.
   * @throws what `take` rejects with; the connection is cut off then
   */
  async run(): Promise<void> {
    const { request, response } = this.#options;
    const wake = (): void => this.#wake();
    for (const event of ['readable', 'end', 'error', 'close']) request.on(event, wake);
    for (const event of ['drain', 'error']) response.on(event, wake);
    response.on('close', () => {
      this.#left = true;
      this.#wake();
    });
    this.#untime();
    // What is behind a proxy is to see the answers as they come. Some hold what is told once.
    response.writeHead(200, {
      'content-type': ndjson,
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    for (;;) {
      const octets = await this.#read();
      if (octets === undefined) break;
      if (this.#lines.add(octets)) this.#untime();
      await this.#gather(false);
    }
    if (request.complete && this.#stopped === undefined) {
      this.#lines.end();
      await this.#gather(true);
    }
    await this.#answered;
    this.#untime();
    if (this.#failure !== undefined) {
      response.destroy();
      throw this.#failure;
    }
    const why = this.#stopped;
    if (why === undefined) response.end(this.#options.ending?.());
    else if (!request.complete) this.#breakOff(why);
    else response.end(this.#isLeft ? why(this.#lastLine + 1) : undefined);
  }

  /** The server stops: takes no more lines, and says so. */
  stop(): void {
    this.#stopped ??= this.#options.stopping;
    this.#wake();
  }

  get #isOver(): boolean {
    return this.#stopped !== undefined || this.#left || this.#failure !== undefined;
  }

  /** What is here of the body, or comes next; `undefined` at its end, and when the exchange is over. */
  async #read(): Promise<Buffer | undefined> {
    const { request } = this.#options;
    for (;;) {
      if (this.#isOver) return undefined;
      const octets: Buffer | null = request.read();
      if (octets !== null) {
        this.#received += octets.length;
        return octets;
      }
      if (request.complete) return undefined;
      // A client may pause between lines for as long as it likes, but what it begins it has to end.
      if (this.#lines.isWithinLine) this.#time();
      await this.#change();
    }
  }

  /** Takes the lines that are here, in sets; a set that is not full, only when nothing more is here to fill it. */
  async #gather(isEnd: boolean): Promise<void> {
    for (let line = this.#lines.next(); line !== undefined; line = this.#lines.next()) {
      this.#isLeft = true;
      if (this.#isOver) return;
      this.#set.push(line);
      this.#setOctets += this.#options.lengthOf(line);
      const { lines, octets } = this.#bounds;
      if (this.#set.length >= lines || this.#setOctets >= octets) await this.#send();
    }
    if (this.#set.length === 0) return;
    if (isEnd || (this.#options.fullSets !== true && !(await this.#isMoreHere()))) await this.#send();
  }

  async #isMoreHere(): Promise<boolean> {
    const { request } = this.#options;
    // What one write of the client has sent may come in two pieces.
    if (request.readableLength === 0 && !request.complete) await nextTurn();
    return request.readableLength > 0;
  }

  /** Has a set taken, once there is room for it. Its answers are written behind those of the sets before. */
  async #send(): Promise<void> {
    while (!this.#hasRoom && !this.#isOver) {
      // The time that a line has does not go on while we do not read.
      this.#untime();
      await this.#change();
    }
    await this.#options.ready?.();
    if (this.#isOver) return;
    if (!(await this.#options.mayGoOn())) this.#stopped ??= this.#options.ended;
    if (this.#isOver) return;
    const set = this.#set;
    const octets = this.#setOctets;
    this.#set = [];
    this.#isLeft = false;
    this.#setOctets = 0;
    this.#lastLine = set.at(-1)?.number ?? this.#lastLine;
    this.#underWay += 1;
    this.#octetsUnderWay += octets;
    this.#answered = this.#answer(this.#options.take(set), octets, this.#answered);
  }

  get #hasRoom(): boolean {
    if (this.#underWay === 0) return true;
    const { sets = batchBounds.sets } = this.#options;
    return this.#underWay < sets && this.#octetsUnderWay + this.#setOctets <= batchBounds.underWay;
  }

  async #answer(taken: Promise<string>, octets: number, before: Promise<void>): Promise<void> {
    const { response } = this.#options;
    try {
      const answers = await taken;
      await before;
      if (!this.#left) response.write(answers);
      while (response.writableLength > batchBounds.answers && !this.#left) await this.#change();
    } catch (error) {
      this.#failure ??= error;
    }
    this.#underWay -= 1;
    this.#octetsUnderWay -= octets;
    this.#wake();
  }

  /** Ends the answers in the middle of a body, and reads what still comes of it, so that they are not lost with it. */
  #breakOff(why: (line: number) => string): void {
    const { request, response } = this.#options;
    response.end(why(this.#lastLine + 1));
    request.once('end', () => request.socket.destroySoon());
    const linger = systemClock({ unref: true }).after(lingerMs, () => request.socket.destroy());
    request.socket.once('close', () => linger.cancel());
    request.removeAllListeners('readable').resume();
  }

  #time(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    this.#options.bodies.began(this.#options.request, this.#options.response);
  }

  #untime(): void {
    this.#isTimed = false;
    this.#options.bodies.ended(this.#options.request);
  }

  /** Resolves when anything happens that somebody may wait for. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
