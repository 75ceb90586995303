// Events as lines, with those summed up that anybody can cause: pushes received, dropped and not acted on.
import { type Clock, type LogSum, LogSummary } from '../../core/index.ts';
import type { DeviceEvent } from './events.ts';

/** Where lines go. */
export interface EventLines {
  readonly clock: Clock;
  /** Writes one event. */
  readonly write: (event: DeviceEvent) => void;
  /** Writes that `count` events like this one, the last of them, came within `withinMs` milliseconds. */
  readonly writeSum: (latest: DeviceEvent, count: number, withinMs: number) => void;
  /** Length of an interval in milliseconds. Default 10000. */
  readonly intervalMs?: number;
  /** Pushes of one kind that are told one by one before counts begin, since somebody may wait for each. Default 8. */
  readonly fewPushes?: number;
}

/**
 * Sorts events into lines: of what receivers dropped the first of each binding and reason at once, then counts; of pushes
 * that were received or not acted on the first few of each binding or reason. All other events are written as they come.
 */
export class EventSummary {
  readonly #write: (event: DeviceEvent) => void;
  readonly #drops: LogSummary<DeviceEvent>;
  readonly #pushes: LogSummary<DeviceEvent>;

  constructor({ clock, write, writeSum, intervalMs, fewPushes = 8 }: EventLines) {
    this.#write = write;
    const settings = {
      clock,
      write,
      writeSum: ({ latest, count, withinMs }: LogSum<DeviceEvent>): void =>
        count === 1 ? write(latest) : writeSum(latest, count, withinMs),
      ...(intervalMs === undefined ? {} : { intervalMs }),
    };
    this.#drops = new LogSummary(settings);
    this.#pushes = new LogSummary({ ...settings, burst: fewPushes });
  }

  /** Writes an event, or counts it. */
  note(event: DeviceEvent): void {
    switch (event.event) {
      case 'dropped':
        this.#drops.note(`${event.binding} ${event.reason}`, event);
        break;
      case 'notification-received':
        this.#pushes.note(`received ${event.binding}`, event);
        break;
      case 'ignored':
        this.#pushes.note(`ignored ${event.reason}`, event);
        break;
      default:
        this.#write(event);
    }
  }

  /** Writes what is still to be told; no timer is left. */
  flush(): void {
    this.#drops.flush();
    this.#pushes.flush();
  }
}
