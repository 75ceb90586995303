// How pushes are cut into short messages, with every default filled in and every bound checked.
import { maxParts } from '../../../codec/sms/index.ts';
import type { WspHeader } from '../../../codec/wsp/index.ts';
import { ValueError, wholeNumber } from '../../../core/index.ts';

/** What every road is told about the messages of its pushes. */
export interface SegmentOptions {
  /** Width of the reference of pushes in several messages: 8, or 16 bits. Default 8. */
  readonly referenceBits?: 8 | 16 | undefined;
  /** Messages that one push may take, 1–255. Default 255. */
  readonly maxSegments?: number | undefined;
  /** Port on the device, 0–65535. Default 2948. */
  readonly destinationPort?: number | undefined;
  /** Port of ours, 0–65535. Default 49154. */
  readonly sourcePort?: number | undefined;
  /** WSP headers for every push, after X-Wap-Application-Id. */
  readonly headers?: readonly WspHeader[] | undefined;
}

/** `SegmentOptions` with defaults. */
export interface SegmentSettings {
  readonly referenceBits: 8 | 16;
  readonly maxSegments: number;
  readonly destinationPort: number;
  readonly sourcePort: number;
  readonly headers: readonly WspHeader[];
}

/** Defaults of `SegmentOptions`. */
export const segmentDefaults = Object.freeze({
  referenceBits: 8,
  maxSegments: maxParts,
  destinationPort: 2948,
  sourcePort: 49154,
} as const);

/** Fills in and checks. @throws {ValueError} OUT_OF_RANGE */
export function segmentSettings(options: SegmentOptions): SegmentSettings {
  const d = segmentDefaults;
  const { referenceBits = d.referenceBits } = options;
  if (referenceBits !== 8 && referenceBits !== 16) {
    throw new ValueError('OUT_OF_RANGE', `${String(referenceBits)} is not one of 8, 16`, 'referenceBits');
  }
  return {
    referenceBits,
    maxSegments: wholeNumber(options.maxSegments ?? d.maxSegments, 1, maxParts, 'maxSegments'),
    destinationPort: wholeNumber(options.destinationPort ?? d.destinationPort, 0, 65535, 'destinationPort'),
    sourcePort: wholeNumber(options.sourcePort ?? d.sourcePort, 0, 65535, 'sourcePort'),
    headers: options.headers ?? [],
  };
}
