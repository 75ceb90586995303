// What every sender keeps about its pushes: which are under way, and whether there may be more.
import { ValueError } from '../core/index.ts';
import type { Binding, Push, SendResult } from './binding.ts';
import { closedError } from './socket-error.ts';

/** Work that is under way, until no more is taken. */
export class InFlight {
  readonly #what: string;
  #running = 0;
  #closed = false;
  /** Who waits in `close`. */
  #onOver: (() => void)[] = [];

  /** `what` names in errors what is closed, such as `wap sender`. */
  constructor(what: string) {
    this.#what = what;
  }

  /** Begins work. Rejects with a PushError CLOSED after `close`. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError(this.#what));
    const running = work();
    this.#running += 1;
    const settled = (): void => {
      this.#running -= 1;
      if (this.#running === 0) for (const over of this.#onOver.splice(0)) over();
    };
    running.then(settled, settled);
    return running;
  }

  /** Takes no more; resolves when all that has begun is over. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#onOver.push(resolve));
  }
}

/** What a binding has of its own. */
export interface Delivery<To> {
  readonly name: string;
  readonly maxPayload: number;
  /** Carries out one push; as `Binding.send`. */
  deliver(push: Push, to: To, signal: AbortSignal): Promise<SendResult>;
  /** Lets go of what the pushes needed, once none is under way. */
  close?(): Promise<void>;
}

/** A binding that waits for its pushes when it is closed, and takes none afterwards. */
export function tracked<To>(carrier: Delivery<To>): Binding<To> {
  const { name, maxPayload } = carrier;
  const inFlight = new InFlight(`${name} sender`);
  return {
    name,
    maxPayload,
    send: (push, to, signal) => inFlight.run(() => carrier.deliver(push, to, signal)),
    async close() {
      await inFlight.close();
      await carrier.close?.();
    },
  };
}

/** @throws {ValueError} TOO_LONG when the body is beyond what a binding sends */
export function requireSize({ body }: Push, maxPayload: number): void {
  if (body.length <= maxPayload) return;
  throw new ValueError('TOO_LONG', `${body.length} octets, at most ${maxPayload} are sent`, 'body');
}
