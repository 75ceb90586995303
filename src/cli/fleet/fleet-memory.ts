// What a fleet's process takes: looked at before the fleet, with all devices up, at the end, and all the time between.
import { sweep } from './small-process.ts';

/** Memory of the process, in octets. */
export interface FleetMemory {
  /** Devices that were woken and gone again before `base` was looked at (`--rehearse`). */
  readonly rehearsed: number;
  /** Resident, before there was a fleet. Rubbish is swept up before this look and the next two; nothing else is done for them. */
  readonly base: number;
  /** Resident, when all devices were up. */
  readonly up: number;
  /** Resident, at the end, before anything is stopped. */
  readonly end: number;
  /** Resident, at most, from `base` to the end: the largest of looks four times a second, for which nothing is swept up. */
  readonly peak: number;
  /** In use on the heap and in buffers, before there was a fleet and at the end. */
  readonly usedBase: number;
  readonly usedEnd: number;
  /**
   * Of each device, resident above `base`: when all were up, at the end, and at most. Without a rehearsal that is also what the
   * process needs to have run at all, once for all devices.
   */
  readonly perDeviceUp: number;
  readonly perDeviceEnd: number;
  readonly perDevicePeak: number;
  /** Of each device, of what is in use. */
  readonly perDeviceUsed: number;
}

/** Between two looks for the peak, in milliseconds. */
const peakMs = 250;

/** Looks at this process from the time that it is made; that look is the base. */
export class MemoryWatch {
  readonly #base: MemoryLook;
  readonly #timer: NodeJS.Timeout;
  #up: MemoryLook;
  #end: MemoryLook | undefined;
  #peak: number;

  constructor() {
    this.#base = look();
    this.#up = this.#base;
    this.#peak = this.#base.resident;
    this.#timer = setInterval(() => this.#lookForPeak(), peakMs);
    this.#timer.unref();
  }

  /** All devices are up. */
  up(): void {
    this.#lookForPeak();
    this.#up = look();
  }

  /** The run is over. The first call counts. */
  end(): void {
    if (this.#end !== undefined) return;
    clearInterval(this.#timer);
    this.#lookForPeak();
    this.#end = look();
  }

  /** What a fleet of so many devices came to. */
  report(devices: number, rehearsed: number): FleetMemory {
    const [base, up, end, peak] = [this.#base, this.#up, this.#end ?? look(), this.#peak];
    const each = (before: number, now: number): number => Math.max(0, Math.round((now - before) / devices));
    return {
      rehearsed,
      base: base.resident,
      up: up.resident,
      end: end.resident,
      peak,
      usedBase: base.used,
      usedEnd: end.used,
      perDeviceUp: each(base.resident, up.resident),
      perDeviceEnd: each(base.resident, end.resident),
      perDevicePeak: each(base.resident, peak),
      perDeviceUsed: each(base.used, end.used),
    };
  }

  #lookForPeak(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }
}

interface MemoryLook {
  readonly resident: number;
  /** In use by the program, on the heap and in buffers. */
  readonly used: number;
}

/** Sweeps rubbish up and looks. */
function look(): MemoryLook {
  sweep();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { resident: rss, used: heapUsed + external };
}
