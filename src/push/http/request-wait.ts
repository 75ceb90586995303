// How long a connection may take for a request.
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../core/index.ts';

/** The time limit of one connection: from its start, or its last answer, to the end of a request. */
export class RequestWait {
  timedOut = false;
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #socket: Socket;
  readonly #onTimeout: (octets: number) => void;
  #timer: Timer | undefined;
  #from = 0;

  constructor(clock: Clock, limitMs: number, socket: Socket, onTimeout: (octets: number) => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#socket = socket;
    this.#onTimeout = onTimeout;
  }

  /** True when part of a request has come. */
  get inRequest(): boolean {
    return this.#socket.bytesRead > this.#from;
  }

  begin(): void {
    this.stop();
    this.#from = this.#socket.bytesRead;
    if (this.#socket.destroyed) return;
    this.#timer = this.#clock.after(this.#limitMs, () => {
      if (this.inRequest) {
        this.timedOut = true;
        this.#onTimeout(this.#socket.bytesRead - this.#from);
      }
      this.#socket.destroy();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
