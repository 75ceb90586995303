// Time stamps of captures: units since 1970 of any resolution (pcapng §4.2), and their text.
import type { CaptureTime } from './packet.ts';

/**
 * Reads time stamps of an interface. `resolution` is if_tsresol: a negative power of 10, or of 2 with the first bit set;
 * `offset` is if_tsoffset, in seconds. `undefined` for a resolution that no number of 64 bits counts.
 */
export function timeReader(
  resolution: number,
  offset: number,
): ((high: number, low: number) => CaptureTime) | undefined {
  const power = resolution & 0x7f;
  const binary = (resolution & 0x80) !== 0;
  if (power > (binary ? 63 : 19)) return undefined;
  const units = binary ? 2n ** BigInt(power) : 10n ** BigInt(power);
  const digits = binary ? 9 : Math.min(power, 9);
  // 2^53 microseconds are 285 years: what most files have needs no big numbers.
  const micro = !binary && power === 6;
  return (high, low) => {
    if (micro && high < 0x200000) {
      const all = high * 2 ** 32 + low;
      const seconds = Math.floor(all / 1_000_000);
      return { seconds: seconds + offset, nanoseconds: (all - seconds * 1_000_000) * 1000, digits };
    }
    const all = (BigInt(high) << 32n) | BigInt(low);
    const seconds = all / units;
    const nanoseconds = ((all - seconds * units) * 1_000_000_000n) / units;
    return { seconds: Number(seconds) + offset, nanoseconds: Number(nanoseconds), digits };
  };
}

/** Seconds that a Date can say. */
const lastSecond = 8_640_000_000_000;
let cachedSecond = Number.NaN;
let cachedText = '';

/** As ISO 8601 has it, in UTC, with the digits of the file; `undefined` for a time that no calendar has. */
export function timeText({ seconds, nanoseconds, digits }: CaptureTime): string | undefined {
  if (seconds !== cachedSecond) {
    if (!(Math.abs(seconds) <= lastSecond)) return undefined;
    cachedText = new Date(seconds * 1000).toISOString().slice(0, -5);
    cachedSecond = seconds;
  }
  if (digits === 0) return `${cachedText}Z`;
  return `${cachedText}.${String(1_000_000_000 + nanoseconds).slice(1, 1 + digits)}Z`;
}
