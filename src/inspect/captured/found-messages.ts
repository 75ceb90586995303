// Messages as they are found in a capture: each gets its number and time, and goes to who takes them.
import type { CaptureTime } from '../capture/packet.ts';
import { timeText } from '../capture/time-stamp.ts';
import type { CapturedMessage, CapturedProtocol, FoundMessage } from '../streams/captured-message.ts';
import { type CapturedFrame, type Ends, named } from './frame-message.ts';

/** Takes what a capture holds, in its order, where `feed` and `end` are to give nothing. */
export interface CaptureSink {
  /** A message that is a frame as it stands: `frameMessage` makes it, in another thread too. */
  frame(frame: CapturedFrame): void;
  /** Any other message. */
  message(message: CapturedMessage): void;
}

/** Numbers messages. */
export class FoundMessages {
  readonly #sink: CaptureSink;
  /** When the last packet was seen. */
  time: CaptureTime | undefined;
  #count = 0;

  constructor(sink: CaptureSink) {
    this.#sink = sink;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** Seconds of the last packet's time; 0 where the capture keeps none. */
  get seconds(): number {
    return this.time?.seconds ?? 0;
  }

  /** A frame that is a message by itself. */
  frame(frame: Omit<CapturedFrame, 'number'>): void {
    this.#count += 1;
    this.#sink.frame({ number: this.#count, ...frame });
  }

  /** Any other message; `seen` is when its last octet was. */
  give(found: Omit<FoundMessage, 'time'>, seen: CaptureTime | undefined): void {
    this.#count += 1;
    const time = seen === undefined ? undefined : timeText(seen);
    const number = this.#count;
    this.#sink.message(time === undefined ? { number, ...found } : { number, time, ...found });
  }

  /** What is said without octets; `missing`: the capture lacks what it is about. */
  note(
    note: string,
    frames: readonly number[],
    protocol: CapturedProtocol,
    ends: Ends = [],
    missing = true,
  ): void {
    const lacks = missing ? ({ missing } as const) : {};
    this.give(
      { ...named(ends), protocol, form: noteForm, octets: noOctets, frames, note, ...lacks },
      this.time,
    );
  }
}

/** The form of what is only said. */
export const noteForm = { kind: 'note' } as const;
/** Its octets. */
export const noOctets = new Uint8Array(0);
