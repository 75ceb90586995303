// The way of one device to its server: the connections that the whole fleet shares, with the faults of this device, and cut when
// it is killed.
import { type Clock, sleep } from '../../core/index.ts';
import type { DmHttpClient, DmRequest, DmResponse } from '../../device/index.ts';
import { isLoopbackUrl } from '../plan/loopback.ts';

/** What a device's messages meet. */
export interface HttpFaults {
  /** Messages are cut off in the middle. */
  broken: boolean;
  /** Pause before each message, in milliseconds. */
  slowMs: number;
}

/** Carries the messages of one device. */
export class DeviceHttp implements DmHttpClient {
  readonly faults: HttpFaults = { broken: false, slowMs: 0 };
  readonly #shared: DmHttpClient;
  readonly #clock: Clock;
  readonly #anyNetwork: boolean;
  readonly #cut = new AbortController();

  constructor(shared: DmHttpClient, clock: Clock, anyNetwork: boolean) {
    this.#shared = shared;
    this.#clock = clock;
    this.#anyNetwork = anyNetwork;
  }

  async exchange(message: DmRequest): Promise<DmResponse> {
    if (!this.#anyNetwork && !isLoopbackUrl(message.url)) {
      // A server may send its devices elsewhere.
      return { outcome: 'refused', reason: 'the address is not on loopback, and the fleet stays there' };
    }
    const signal =
      message.signal === undefined ? this.#cut.signal : AbortSignal.any([message.signal, this.#cut.signal]);
    const { broken, slowMs } = this.faults;
    if (slowMs > 0) await sleep(this.#clock, slowMs, signal);
    if (signal.aborted) return { outcome: 'stopped' };
    const body = broken ? message.body.subarray(0, message.body.length >> 1) : message.body;
    return await this.#shared.exchange({ ...message, body, signal });
  }

  /** Breaks everything off without a word; nothing goes out any more. */
  cut(): void {
    this.#cut.abort();
  }

  /** The connections are the fleet's. */
  async close(): Promise<void> {}
}
