// One request and its whole answer, straight from undici's dispatcher: its `request` makes a stream and an AbortSignal of each,
// which costs more than the exchange of a few octets does.
import type { Dispatcher } from 'undici';
import { PushError } from '../../core/index.ts';
import { peerOf } from './push-error.ts';

/** An answer, read to its end. */
export interface WholeAnswer {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty where it is not wanted. */
  readonly body: Uint8Array;
}

/** What is read of an answer. */
export interface AnswerRules {
  /** Whom was asked, for errors. */
  readonly url: URL;
  /** Octets of a body, at most. */
  readonly maxResponseSize: number;
  /** True reads the body of answers other than 2xx as well. */
  readonly keepRefusal: boolean;
  /** Called when it has a connection and is about to leave. */
  readonly onStart: () => void;
}

/** A request that is under way. */
export interface Asked {
  /** Rejects with undici's error, with a PushError PROTOCOL for a body that is too long, or with the reason of `abort`. */
  readonly answer: Promise<WholeAnswer>;
  /** Ends it, and its connection where it has one; does nothing once the answer is there. */
  abort(reason: Error): void;
}

/** The error of an answer that is too long. */
export function tooLong(url: URL, maxResponseSize: number): PushError {
  return new PushError(
    'PROTOCOL',
    `${peerOf(url)}: the answer is longer than ${maxResponseSize} octets`,
    false,
  );
}

/** Sends a request. */
export function ask(dispatcher: Dispatcher, request: Dispatcher.DispatchOptions, rules: AnswerRules): Asked {
  const exchange = new Exchange(rules);
  dispatcher.dispatch(request, exchange);
  return { answer: exchange.answer, abort: (reason) => exchange.end(reason) };
}

const nothing = new Uint8Array();

/** Gathers one answer. Methods that begin with `on` are undici's. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<WholeAnswer>;
  readonly #rules: AnswerRules;
  #resolve: (answer: WholeAnswer) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #over: Error | undefined;
  #status = 0;
  #headers: WholeAnswer['headers'] = {};
  #parts: Uint8Array[] = [];
  #size = 0;

  constructor(rules: AnswerRules) {
    this.#rules = rules;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  end(reason: Error): void {
    if (this.#over !== undefined) return;
    this.#reject(reason);
    this.#stop(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Ended while it waited for a connection.
    if (this.#over !== undefined) controller.abort(this.#over);
    else this.#rules.onStart();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: WholeAnswer['headers'],
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const { maxResponseSize } = this.#rules;
    if (Number(headers['content-length'] ?? 0) > maxResponseSize) this.#tooLong();
  }

  onResponseData(_controller: Dispatcher.DispatchController, part: Uint8Array): void {
    if (this.#over !== undefined) return;
    this.#size += part.length;
    if (this.#size > this.#rules.maxResponseSize) this.#tooLong();
    else if (this.#wanted || this.#rules.keepRefusal) this.#parts.push(part);
  }

  onResponseEnd(): void {
    this.#settle();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    // The status says it all, and some servers count its text wrong.
    if (this.#status !== 0 && !this.#wanted) {
      this.#parts = [];
      this.#settle();
    } else this.#reject(error);
    this.#over ??= error;
  }

  get #wanted(): boolean {
    return this.#status >= 200 && this.#status < 300;
  }

  #tooLong(): void {
    const { url, maxResponseSize } = this.#rules;
    const error = tooLong(url, maxResponseSize);
    this.#parts = [];
    if (this.#wanted) this.#reject(error);
    else this.#settle();
    this.#stop(error);
  }

  #settle(): void {
    // Not a Buffer: it is compared with other octets.
    const body = this.#parts.length === 0 ? nothing : new Uint8Array(Buffer.concat(this.#parts));
    this.#resolve({ status: this.#status, headers: this.#headers, body });
  }

  /** What is not read to its end is thrown away, and the connection with it. */
  #stop(reason: Error): void {
    this.#over = reason;
    this.#controller?.abort(reason);
  }
}
