// For how long a client may take over a body. Node's own limit is one for all requests; here a route whose body may go on for
// as long as its client likes says itself what has to come in time.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Clock, systemClock, type Timer } from '../../core/index.ts';

/** A body that is on its way. */
interface Coming {
  readonly response: ServerResponse;
  /** When it has to be there, of the clock's `monotonic`. */
  readonly until: number;
}

/** Bodies on their way to one server. What is late is answered 408 where no answer has begun, and its connection closed. */
export class BodyTimes {
  readonly #server: Pick<Server, 'emit'>;
  readonly #limitMs: number;
  readonly #clock: Clock;
  readonly #coming = new Map<IncomingMessage, Coming>();
  #sweep: Timer | undefined;

  constructor(server: Pick<Server, 'emit'>, limitMs: number, clock: Clock = systemClock({ unref: true })) {
    this.#server = server;
    this.#limitMs = limitMs;
    this.#clock = clock;
  }

  /** A request has come whose body, if it has one, is to be here in time. */
  requested(request: IncomingMessage, response: ServerResponse): void {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    if (coding !== undefined || (length !== undefined && length !== '0')) this.began(request, response);
  }

  /** From now on, what is meant has the whole time. */
  began(request: IncomingMessage, response: ServerResponse): void {
    this.#coming.set(request, { response, until: this.#clock.monotonic() + this.#limitMs });
    this.#sweep ??= this.#clock.after(Math.min(1000, this.#limitMs), () => this.#look());
  }

  /** It is here, or is not waited for. */
  ended(request: IncomingMessage): void {
    this.#coming.delete(request);
  }

  #look(): void {
    this.#sweep = undefined;
    const now = this.#clock.monotonic();
    for (const [request, { response, until }] of this.#coming) {
      // An answer may go out before the body has been read.
      if (request.complete || request.socket.destroyed) this.#coming.delete(request);
      else if (until <= now) this.#cutOff(request, response);
    }
    if (this.#coming.size > 0) {
      this.#sweep = this.#clock.after(Math.min(1000, this.#limitMs), () => this.#look());
    }
  }

  #cutOff(request: IncomingMessage, response: ServerResponse): void {
    this.#coming.delete(request);
    const late = Object.assign(new Error('the body did not come in time'), {
      code: 'ERR_HTTP_REQUEST_TIMEOUT',
    });
    // The same as what Node does with a header that is late.
    if (response.headersSent) request.socket.destroy();
    else this.#server.emit('clientError', late, request.socket);
  }
}
