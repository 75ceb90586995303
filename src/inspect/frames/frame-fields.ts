// What the readers of a captured frame share: its headers, their fields, and how what is wrong is said.
import { type Annotation, DecodeError, type Deviation } from '../../core/index.ts';

/** One header of a frame; offsets count in the frame. */
export interface FrameHeader {
  readonly name: 'ethernet' | 'linux-cooked' | 'loopback' | 'ip' | 'udp' | 'tcp';
  readonly title: string;
  readonly start: number;
  /** Where what it says it holds ends. */
  readonly end: number;
  readonly annotations: readonly Annotation[];
}

/** A frame, or a datagram, that was read. */
export interface Frame {
  /** Outermost first. */
  readonly headers: readonly FrameHeader[];
  /** UDP or TCP with its ports; absent for what has none, or none in this part. */
  readonly ports?: {
    readonly protocol: 'udp' | 'tcp';
    readonly source: number;
    readonly destination: number;
  };
  /** Where the innermost content stands. */
  readonly start: number;
  readonly end: number;
  /** Name of the innermost protocol. */
  readonly what: string;
  /** Why the content cannot be read without other frames. */
  readonly partial?: string;
  /** How much of it the capture lacks, in words: what is there is read as far as it goes. */
  readonly cut?: string;
  /** The checksum of IPv4 is there and holds. */
  readonly checked?: boolean;
  /** IP does not say how long it is. */
  readonly unsaid?: boolean;
  /** Where reading its headers ended; those before it stand in `headers`. */
  readonly error?: DecodeError;
  /** What does not fit; octets that nobody called a frame are none with one of these. */
  readonly faults: readonly Deviation[];
}

/** Two octets as a number, the most significant first; octets beyond the end are 0. */
export function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

/** A number of 16 bits in hex. */
export function hex16(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** A field of `length` octets at `offset`; `section` is the document and section. */
export function frameField(
  place: readonly [offset: number, length: number],
  field: string,
  value: string,
  section: string,
  meaning = '',
): Annotation {
  return { offset: place[0], length: place[1], field, value, meaning, section };
}

/** What does not fit at `offset`. */
export function frameFault(offset: number, field: string, message: string, section: string): Deviation {
  return { field, offset, bit: 0, value: '', message, section };
}

/** An error about a header; `section` is the document and section. */
export function frameError(
  code: 'UNSUPPORTED' | 'TRUNCATED' | 'BAD_VALUE',
  detail: string,
  path: string,
  offset: number,
  section: string,
): DecodeError {
  const [doc = '', number = ''] = section.split(' §');
  return new DecodeError(code, detail, { path, offset, bit: 0 }, { doc, section: number });
}
