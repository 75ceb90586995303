// The device's end of push over short messages where ModemManager holds the modem. It tells no ports and hands on what follows the
// user data header, of all parts: whether that is a push for the DM client is told from its form.
import {
  type Clock,
  longestMs,
  messageOf,
  PushError,
  sleep,
  systemClock,
  wholeNumber,
} from '../../core/index.ts';
import type { PushReceiver } from '../index.ts';
import {
  deleteMessage,
  findModem,
  listMessages,
  type ManagedInfo,
  readMessage,
  readModem,
} from './manager/manager-modem.ts';
import { openBus, type SystemBus, systemBusAddress } from './manager/system-bus.ts';
import type { ModemReceivingOptions } from './modem-receiver.ts';
import { type ModemCounters, PartDesk } from './receive/part-desk.ts';

/** Settings of a receiver behind ModemManager. Times in milliseconds. */
export interface ManagerReceiverOptions extends Omit<ModemReceivingOptions, 'port' | 'reassembly'> {
  /** Object path of the modem. Default: the first that takes short messages. */
  readonly object?: string | undefined;
  /** Address of the bus. Default: that of the system, `unix:path=/run/dbus/system_bus_socket`. */
  readonly busAddress?: string | undefined;
  /** Until a call is answered. Default 25 000. */
  readonly callMs?: number | undefined;
  /** How often messages are looked for that nobody told of. Default 60 000. */
  readonly lookMs?: number | undefined;
  /** Pause before the first new try; it doubles up to `maxRetryMs`. Default 1000. */
  readonly retryMs?: number | undefined;
  /** Default 60 000. */
  readonly maxRetryMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Called when messages can come, for the first time or again. Must not throw. */
  readonly onReady?: ((modem: string) => void) | undefined;
  /** Called when they cannot. Must not throw. */
  readonly onDown?: ((error: PushError) => void) | undefined;
}

/** MM_SMS_STATE_RECEIVING and MM_SMS_STATE_RECEIVED. */
const receiving = 2;
const received = 3;

/**
 * Receives pushes. A message is deleted when its push was taken; all others stay. Other clients of ModemManager may be quicker:
 * mmsd-tng deletes whatever push is none of its own.
 */
export class ManagerReceiver implements PushReceiver {
  readonly name = 'sms';
  readonly #options: ManagerReceiverOptions;
  readonly #clock: Clock;
  readonly #times: { callMs: number; lookMs: number; retryMs: number; maxRetryMs: number };
  readonly #desk: PartDesk;
  readonly #stop = new AbortController();
  /** Messages that were looked at, by object path. */
  readonly #seen = new Set<string>();
  readonly #doomed = new Set<string>();
  #life: Promise<void> | undefined;
  #onChange: () => void = () => {};

  /** Nothing happens before `start`. @throws {ValueError} for settings that cannot be */
  constructor(options: ManagerReceiverOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    const ms = (name: 'callMs' | 'lookMs' | 'retryMs' | 'maxRetryMs', otherwise: number): number =>
      wholeNumber(options[name] ?? otherwise, 1, longestMs, name);
    this.#times = {
      callMs: ms('callMs', 25_000),
      lookMs: ms('lookMs', 60_000),
      retryMs: ms('retryMs', 1000),
      maxRetryMs: ms('maxRetryMs', 60_000),
    };
    this.#desk = new PartDesk({
      ...options,
      port: 0,
      clock: this.#clock,
      settle: (key, fate) => {
        if (fate === 'again') this.#seen.delete(key);
        if (fate !== 'delete') return;
        this.#doomed.add(key);
        this.#onChange();
      },
    });
  }

  /** Receives until `close`, whatever becomes of bus and modem. */
  start(): void {
    this.#life ??= this.#live();
  }

  counters(): ModemCounters {
    return this.#desk.counters();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#onChange();
    await this.#life;
    this.#desk.close();
  }

  async #live(): Promise<void> {
    const { retryMs, maxRetryMs } = this.#times;
    let pauseMs = retryMs;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#openOnce(() => {
          pauseMs = retryMs;
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const known =
          error instanceof PushError ? error : new PushError('BUS', messageOf(error), true, { cause: error });
        this.#options.onDown?.(known);
        if (!known.retryable) return;
      }
      await sleep(this.#clock, pauseMs, this.#stop.signal);
      pauseMs = Math.min(pauseMs * 2, maxRetryMs);
    }
  }

  async #openOnce(onReady: () => void): Promise<void> {
    const { busAddress = systemBusAddress, object } = this.#options;
    let lost: PushError | undefined;
    const bus = await openBus(busAddress, this.#times.callMs, {
      onSignal: (_, name) => {
        if (/Messaging\.Added$|PropertiesChanged$|ObjectManager\./.test(name)) this.#onChange();
      },
      onOwner: () => {
        lost = new PushError('MODEM_MANAGER', 'ModemManager began anew, or ended', true);
        this.#onChange();
      },
      onClose: () => {
        lost = new PushError('BUS', `${busAddress}: the connection was closed`, true);
        this.#onChange();
      },
    });
    try {
      const modem = await findModem(bus, object);
      // Paths count from 0 again in another life of ModemManager.
      this.#seen.clear();
      this.#doomed.clear();
      onReady();
      this.#options.onReady?.(modem);
      while (lost === undefined && !this.#stop.signal.aborted) {
        const change = this.#change();
        await this.#look(bus, modem);
        await change;
      }
      // What was taken just now is deleted yet.
      if (lost === undefined) await this.#clear(bus, modem);
      else throw lost;
    } finally {
      await bus.close();
    }
  }

  async #look(bus: SystemBus, modem: string): Promise<void> {
    await this.#clear(bus, modem);
    const paths = await listMessages(bus, modem);
    const there = new Set(paths);
    for (const path of this.#seen) if (!there.has(path)) this.#seen.delete(path);
    for (const path of paths) {
      if (this.#seen.has(path)) continue;
      const { from, state, delivered, data } = await readMessage(bus, path);
      if (state === receiving) continue;
      this.#seen.add(path);
      if (state !== received || !delivered) continue;
      if (data.length === 0) this.#desk.pass('data-coding', 'a text', from, 0);
      else this.#desk.takeDatagram(path, from, data);
    }
  }

  async #clear(bus: SystemBus, modem: string): Promise<void> {
    for (const path of this.#doomed) {
      this.#doomed.delete(path);
      try {
        await deleteMessage(bus, modem, path);
      } catch (error) {
        this.#options.onError?.(error);
      }
    }
  }

  /** Resolves when something happened, or after a while. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(this.#times.lookMs, () => done());
      const done = (): void => {
        timer.cancel();
        resolve();
      };
      this.#onChange = done;
    });
  }
}

/** What ModemManager says of a modem, with its object path. @throws {PushError} */
export async function managedModemInfo(
  options: Pick<ManagerReceiverOptions, 'object' | 'busAddress' | 'callMs'>,
): Promise<ManagedInfo & { readonly object: string }> {
  const { busAddress = systemBusAddress, callMs = 25_000, object: named } = options;
  const ignore = (): void => {};
  const bus = await openBus(busAddress, callMs, { onSignal: ignore, onOwner: ignore, onClose: ignore });
  try {
    const object = await findModem(bus, named);
    return { ...(await readModem(bus, object)), object };
  } finally {
    await bus.close();
  }
}
